#include "agentecho/readers/dialects/value_reader.h"

#include <optional>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"
#include "agentecho/readers/dialects/walk.h"
#include "agentecho/readers/written/python_literal.h"
#include "agentecho/trajectory/error_result.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;
namespace dom = simdjson::dom;

namespace {
constexpr std::string_view kErrorKey = "error";
}

ValueReader::ValueReader() {
  // Unescaping needs the parser's implementation, which is made with its first memory. Without it
  // every string is refused.
  [[maybe_unused]] const simdjson::error_code error = unescaper_.allocate(64);
}

void ValueReader::begin(std::string_view json, TextArena& arena) {
  arena_ = &arena;
  json_end_ = json.data() + json.size();
  depth_ = 0;
  problem_.clear();
}

std::string_view ValueReader::text_from(od::value& value) const {
  const char* at = token_of(value).data();
  return {at, static_cast<std::size_t>(json_end_ - at)};
}

simdjson::error_code ValueReader::read_string(od::value value, std::string_view& text) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type != od::json_type::string) return simdjson::SUCCESS;
  const std::string_view token = token_of(value);
  od::raw_json_string raw;
  if (const auto error = value.get_raw_json_string().get(raw)) return error;
  return json_text::unescape(unescaper_, raw, token.data() + token.size(), *arena_, text)
             ? simdjson::SUCCESS
             : simdjson::STRING_ERROR;
}

simdjson::error_code ValueReader::read_text(od::value value, std::string_view& text) {
  od::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == od::json_type::string) return read_string(value, text);
  std::string_view json;
  if (type == od::json_type::object || type == od::json_type::array) {
    if (const auto error = raw_json(value, json)) return error;
  } else if (type != od::json_type::null) {
    json = trimmed(token_of(value));
  }
  text = arena_->copy(json);
  return simdjson::SUCCESS;
}

simdjson::error_code ValueReader::read_word(od::value value, std::string_view& word) {
  const std::string_view token = trimmed(token_of(value));
  if (token.size() < 2 || token.find('\\') != std::string_view::npos) {
    return read_string(value, word);
  }
  word = token.substr(1, token.size() - 2);
  return simdjson::SUCCESS;
}

bool ValueReader::open(std::string_view text, std::string_view& json, od::document& document) {
  constexpr int kDeepest = 3;  // JSON in texts in JSON
  const std::string_view bare = trimmed(text);
  if (bare.size() < 2 || (bare[0] != '[' && bare[0] != '{') || depth_ == kDeepest) return false;
  json = padded_copy(bare, *arena_);
  simdjson::dom::element valid;
  if (checker_.parse(json.data(), json.size()).get(valid)) {
    const auto literal = written::whole_python_literal(bare);
    if (!literal) return false;
    json = padded_copy(*literal, *arena_);
    if (checker_.parse(json.data(), json.size()).get(valid)) return false;
  }
  const auto depth = static_cast<std::size_t>(depth_);
  if (parsers_.size() == depth) parsers_.push_back(std::make_unique<od::parser>());
  return parsers_[depth]
             ->iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING)
             .get(document) == simdjson::SUCCESS;
}

namespace {

// Null, false or the empty string; for other words than `error` also 0 and what holds nothing.
bool says_no_error(std::string_view key, const dom::element& value) {
  std::string_view text;
  bool flag = false;
  if (value.is_null()) return true;
  if (!value.get(text)) return text.empty();
  if (!value.get(flag)) return !flag;
  if (key == kErrorKey) return false;
  double number = 0;
  dom::array list;
  dom::object object;
  if (!value.get(number)) return number == 0;
  if (!value.get(list)) return list.size() == 0;
  return !value.get(object) && object.size() == 0;
}

}  // namespace

ErrorMember ValueReader::error_member(std::string_view text) {
  constexpr std::string_view kOfMcp[] = {"content", "meta", "_meta", "iserror"};
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return ErrorMember::kNone;
  const std::vector<PeekedMember> members = peek_members(text, 1);
  if (members.empty()) return ErrorMember::kNone;
  const std::string first = ascii_lowered(members[0].name);
  const bool begins_with_word = is_error_word(first);
  const bool mcp = is_in(kOfMcp, first) && find_word(text, "\"isError\"") != kNowhere;
  if (!begins_with_word && !mcp && find_word(text, "\"error\"") == kNowhere) {
    return ErrorMember::kNone;
  }
  scratch_.assign(text);
  scratch_.append(simdjson::SIMDJSON_PADDING, ' ');
  dom::object object;
  if (checker_.parse(scratch_.data(), text.size(), false).get(object)) return ErrorMember::kNone;
  ErrorMember said = ErrorMember::kNone;
  bool is_first = true;
  for (const auto& [key, value] : object) {
    const bool word = is_first && begins_with_word;
    is_first = false;
    bool flag = false;
    if (mcp && key == "isError" && !value.get(flag) && flag) return ErrorMember::kSet;
    if (key == kErrorKey) {
      said = says_no_error(key, value) ? ErrorMember::kEmpty : ErrorMember::kSet;
    } else if (word && says_no_error(ascii_lowered(key), value)) {
      said = ErrorMember::kEmpty;
    }
  }
  return said;
}

simdjson::error_code ValueReader::refuse(std::string why) {
  problem_ = std::move(why);
  return simdjson::INCORRECT_TYPE;
}

bool holds_data(od::value value) {
  od::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  if (type == od::json_type::string) return peek_holds_data(token_of(value));
  if (type != od::json_type::object && type != od::json_type::array) return false;
  // The token of a container ends where the next one begins, so what follows it is in the text.
  const std::string_view token = token_of(value);
  return token.data()[token.size()] != '}' && token.data()[token.size()] != ']';
}

}  // namespace agentecho::dialects

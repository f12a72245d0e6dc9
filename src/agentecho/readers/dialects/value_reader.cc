#include "agentecho/readers/dialects/value_reader.h"

#include <optional>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"
#include "agentecho/readers/dialects/walk.h"
#include "agentecho/readers/written/python_literal.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;

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

bool ValueReader::is_error_object(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  if (find_word(text, "\"error\"") == std::string_view::npos) return false;
  scratch_.assign(text);
  scratch_.append(simdjson::SIMDJSON_PADDING, ' ');
  simdjson::dom::object object;
  if (checker_.parse(scratch_.data(), text.size(), false).get(object)) return false;
  bool truthy = false;
  for (const auto& [key, value] : object) {
    if (key != "error") continue;
    std::string_view string;
    const bool is_empty_string = !value.get(string) && string.empty();
    bool flag = true;
    const bool is_false = !value.get(flag) && !flag;
    truthy = !value.is_null() && !is_false && !is_empty_string;
  }
  return truthy;
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

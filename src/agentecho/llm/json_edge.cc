#include "agentecho/llm/json_edge.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"

namespace agentecho::llm {

namespace {

// Stops at the first key that an object has twice and at excessive depth.
class StrictScan final : public nlohmann::json_sax<Json> {
 public:
  const std::string& problem() const { return problem_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override {
    if (keys_.back().insert(key).second) return true;
    problem_ = fmt::format("the key \"{}\" occurs twice in one object", elided(printable(key), 60));
    return false;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    problem_ = fmt::format("not valid JSON (at byte {})", position);
    return false;
  }

 private:
  bool open() {
    keys_.emplace_back();
    if (keys_.size() <= kMaxJsonDepth) return true;
    problem_ = "the JSON is nested too deeply";
    return false;
  }
  bool close() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;
  std::string problem_;
};

}  // namespace

Result<Json> parse_strict(std::string_view text) {
  StrictScan scan;
  if (!Json::sax_parse(text, &scan)) return fail(ErrorKind::kInput, scan.problem());
  Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return fail(ErrorKind::kInput, "not valid JSON");
  return value;
}

namespace {

void make_whole(Json& value) {
  constexpr double kMostExact = 9007199254740992;  // 2^53
  if (value.is_structured()) {
    for (Json& part : value) make_whole(part);
  } else if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) <= kMostExact && std::trunc(number) == number) {
      value = static_cast<std::int64_t>(number);
    }
  }
}

}  // namespace

Result<Json> parse_reply(std::string_view text) {
  auto value = parse_strict(text);
  if (value) make_whole(*value);
  return value;
}

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_text(std::string& out, const std::string& text) {
  if (!is_valid_utf8(text)) {
    out += to_text(text);
    return;
  }
  const auto needs_escape = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
  };
  out += '"';
  for (auto at = text.begin(); at != text.end();) {
    const auto special = std::find_if(at, text.end(), needs_escape);
    out.append(at, special);
    if (special == text.end()) break;
    const std::string escaped = to_text(std::string(1, *special));
    out.append(escaped, 1, escaped.size() - 2);
    at = special + 1;
  }
  out += '"';
}

const Json* member(const Json& value, const char* key) {
  if (!value.is_object()) return nullptr;
  const auto it = value.find(key);
  return it == value.end() ? nullptr : &*it;
}

std::string string_member(const Json& value, const char* key) {
  const Json* found = member(value, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> integer_member(const Json& value, const char* key) {
  const Json* found = member(value, key);
  if (found == nullptr || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

}  // namespace agentecho::llm

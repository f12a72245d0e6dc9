#include "agentecho/readers/dialects/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho::json_text {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hexadecimal digits at `at`; -1 when there are none.
std::int32_t hex4(const char* at, const char* end) {
  if (end - at < 4) return -1;
  std::int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const int digit = hex_digit(at[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::uint32_t c, std::string& out) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// One escape sequence at `at` (behind the backslash); advances `at`. False: not a JSON escape.
bool append_escape(const char*& at, const char* end, std::string& out) {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
  if (at >= end) return false;
  const char name = *at++;
  if (const std::size_t i = kNames.find(name); i != std::string_view::npos) {
    out += kValues[i];
    return true;
  }
  const std::int32_t unit = name == 'u' ? hex4(at, end) : -1;
  if (unit < 0) return false;
  at += 4;
  auto code_point = static_cast<std::uint32_t>(unit);
  const bool high = code_point >= 0xD800 && code_point < 0xDC00;
  if (high && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
    const std::int32_t low = hex4(at + 2, end);
    if (low >= 0xDC00 && low < 0xE000) {
      at += 6;
      code_point =
          0x10000 + ((code_point - 0xD800) << 10) + static_cast<std::uint32_t>(low - 0xDC00);
    }
  }
  const bool lone = code_point >= 0xD800 && code_point < 0xE000;
  append_utf8(lone ? 0xFFFD : code_point, out);
  return true;
}

bool unescape_leniently(const char* at, const char* end, std::string& out) {
  while (at < end && *at != '"') {
    if (*at != '\\') {
      out += *at++;
    } else if (!append_escape(++at, end, out)) {
      return false;
    }
  }
  return at < end;
}

// Between a key and its colon, as far as somebody looks.
constexpr std::size_t kMostBlanks = 16;

bool needs_no_escape(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

thread_local bool escapes_in_keys = false;

}  // namespace

bool unescape(simdjson::ondemand::parser& parser, simdjson::ondemand::raw_json_string raw,
              const char* end, TextArena& arena, std::string_view& text) {
  // An unescaped string is never longer than its escaped form, which ends before `end`.
  const auto room = static_cast<std::size_t>(end - raw.raw()) + simdjson::SIMDJSON_PADDING;
  auto* place = reinterpret_cast<std::uint8_t*>(arena.reserve(room));
  if (parser.unescape(raw, place).get(text) == simdjson::SUCCESS) {
    arena.commit(text.size());
    return true;
  }
  std::string lenient;
  if (!unescape_leniently(raw.raw(), end, lenient)) return false;
  text = arena.copy(lenient);
  return true;
}

std::string unescaped(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element text;
  std::string_view value;
  const std::string_view string = dialects::peek_value(json);
  if (parser.parse(string.data(), string.size()).get(text) || text.get(value)) return {};
  return std::string(value);
}

std::string_view raw_key(simdjson::ondemand::raw_json_string key) {
  const char* begin = key.raw();
  const char* at = begin;
  while (*at != '"') {
    if (*at++ != '\\') continue;
    escapes_in_keys = true;
    ++at;
  }
  return {begin, static_cast<std::size_t>(at - begin)};
}

bool met_escapes_in_keys() { return std::exchange(escapes_in_keys, false); }

std::optional<std::string> with_plain_keys(std::string_view json) {
  std::string plain;
  std::size_t copied = 0;
  const char* const end = json.data() + json.size();
  for (std::size_t at = json.find('"'); at < json.size(); at = json.find('"', at)) {
    const std::size_t begin = ++at;
    bool has_escapes = false;
    for (; at < json.size() && json[at] != '"'; at += json[at] == '\\' ? 2 : 1) {
      has_escapes = has_escapes || json[at] == '\\';
    }
    if (at >= json.size()) break;
    const std::size_t close = at++;
    if (!has_escapes || !trimmed(json.substr(at, kMostBlanks)).starts_with(':')) continue;
    std::string key;
    if (!unescape_leniently(json.data() + begin, end, key) || !needs_no_escape(key)) continue;
    plain += json.substr(copied, begin - copied);
    plain += key;
    copied = close;
  }
  if (copied == 0) return std::nullopt;
  return plain += json.substr(copied);
}

std::string canonical_number(std::string_view token) {
  if (token.find_first_of(".eE") == std::string_view::npos) return std::string(token);
  const double value = std::strtod(std::string(token).c_str(), nullptr);
  if (std::isfinite(value) && value == std::trunc(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

}  // namespace agentecho::json_text

#include "agentecho/readers/formats/json_repair.h"

#include <cctype>
#include <cstddef>

#include "agentecho/base/text.h"

namespace agentecho::formats {

namespace {

constexpr std::size_t kDigitsThatFit = 18;  // any integer of so many fits in 64 bits

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int surrogate_at(std::string_view json, std::size_t i) {
  // 0: none; 1: high; 2: low
  if (i + 6 > json.size() || json[i] != '\\' || json[i + 1] != 'u') return 0;
  if (json[i + 2] != 'd' && json[i + 2] != 'D') return 0;
  const char c = json[i + 3];
  if (c == '8' || c == '9' || c == 'a' || c == 'b' || c == 'A' || c == 'B') return 1;
  return std::isxdigit(static_cast<unsigned char>(c)) != 0 && !is_digit(c) ? 2 : 0;
}

// A string from its opening quote; where it ends.
std::size_t copy_string(std::string_view json, std::size_t i, std::string& out) {
  out += json[i++];
  while (i < json.size() && json[i] != '"') {
    if (json[i] != '\\') {
      out += json[i++];
      continue;
    }
    const int surrogate = surrogate_at(json, i);
    if (surrogate == 1 && surrogate_at(json, i + 6) == 2) {
      out.append(json, i, 12);
      i += 12;
    } else if (surrogate != 0) {
      out += "\\ufffd";
      i += 6;
    } else {
      out.append(json, i, 2);
      i += 2;
    }
  }
  if (i < json.size()) out += json[i++];
  return i;
}

std::size_t copy_number(std::string_view json, std::size_t i, std::string& out) {
  std::size_t end = i + (json[i] == '-' ? 1 : 0);
  if (json.substr(end).starts_with("Infinity")) {
    out += "null";
    return end + 8;
  }
  const std::size_t digits = end;
  while (end < json.size() && is_digit(json[end])) ++end;
  const bool integer =
      end == json.size() || (json[end] != '.' && json[end] != 'e' && json[end] != 'E');
  if (integer && end - digits > kDigitsThatFit) {
    out += '"';
    out.append(json, i, end - i);
    out += '"';
  } else {
    out.append(json, i, end - i);
  }
  return end;
}

}  // namespace

std::string repaired(std::string_view json) {
  const std::string valid = with_valid_utf8(json);
  json = valid;
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size();) {
    const char c = json[i];
    if (c == '"') {
      i = copy_string(json, i, out);
    } else if (is_digit(c) || c == '-') {
      i = copy_number(json, i, out);
      // The rest of a fraction or exponent is copied byte by byte: it holds no more integers of
      // note.
      while (i < json.size() && (is_digit(json[i]) || json[i] == '.' || json[i] == 'e' ||
                                 json[i] == 'E' || json[i] == '+' || json[i] == '-')) {
        out += json[i++];
      }
    } else if (json.substr(i).starts_with("NaN")) {
      out += "null";
      i += 3;
    } else if (json.substr(i).starts_with("Infinity")) {
      out += "null";
      i += 8;
    } else {
      out += c;
      ++i;
    }
  }
  return out;
}

std::optional<std::string> closed(std::string_view json) {
  json = trimmed(json);
  if (!json.starts_with('{')) return std::nullopt;
  std::string open;          // the brackets that are open, innermost last
  std::size_t complete = 0;  // the end of the last member or element that is complete
  std::string open_then;     // what was open there
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      std::size_t end = i + 1;
      while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      i = end;
      continue;
    }
    if (c == '{' || c == '[') {
      open += c;
      complete = i + 1;
      open_then = open;
    } else if (c == '}' || c == ']') {
      if (open.empty()) break;
      open.pop_back();
      complete = i + 1;
      open_then = open;
      if (open.empty()) break;
    } else if (c == ',') {
      complete = i;
      open_then = open;
    }
  }
  std::string out(json.substr(0, complete));
  for (; !open_then.empty(); open_then.pop_back()) out += open_then.back() == '{' ? '}' : ']';
  return out;
}

}  // namespace agentecho::formats

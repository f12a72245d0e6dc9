#include "agentecho/readers/dialects/json_peek.h"

#include <algorithm>

#include "agentecho/base/structural_scan.h"

namespace agentecho::dialects {

namespace {

void skip_space(std::string_view& rest) {
  while (!rest.empty() &&
         (rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\r' || rest[0] == '\t')) {
    rest.remove_prefix(1);
  }
}

// Behind an odd number of backslashes, which begin behind the string's opening quote.
bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t first = at;
  while (first > 1 && text[first - 1] == '\\') --first;
  return (at - first) % 2 == 1;
}

// Behind the string whose opening quote `rest` begins with, and what stands in it.
std::string_view take_string(std::string_view& rest) {
  std::size_t end = rest.find('"', 1);
  while (end != std::string_view::npos && is_escaped(rest, end)) end = rest.find('"', end + 1);
  const std::string_view text = rest.substr(1, std::min(end, rest.size()) - 1);
  rest.remove_prefix(std::min(text.size() + 2, rest.size()));
  return text;
}

// Behind the value that `rest` begins with.
void skip_value(std::string_view& rest) {
  if (rest.empty()) return;
  std::size_t end = 0;
  if (rest[0] == '"') {
    take_string(rest);
    return;
  }
  if (rest[0] == '{' || rest[0] == '[') {
    StructuralScan().find_end(rest.data(), rest.size(), end, true);
  } else {
    const auto mark = std::find_if(rest.begin(), rest.end(),
                                   [](char c) { return c == ',' || c == '}' || c == ']'; });
    end = static_cast<std::size_t>(mark - rest.begin());
  }
  rest.remove_prefix(end);
}

}  // namespace

std::vector<PeekedMember> peek_members(std::string_view json, std::size_t most) {
  std::vector<PeekedMember> members;
  skip_space(json);
  if (json.empty() || json[0] != '{') return members;
  json.remove_prefix(1);
  while (members.size() < most) {
    skip_space(json);
    if (json.empty() || json[0] != '"') break;
    const std::string_view name = take_string(json);
    skip_space(json);
    if (json.empty() || json[0] != ':') break;
    json.remove_prefix(1);
    skip_space(json);
    members.push_back({name, json});
    if (members.size() == most) break;
    skip_value(json);
    skip_space(json);
    if (json.empty() || json[0] != ',') break;
    json.remove_prefix(1);
  }
  return members;
}

std::string_view peek_first_element(std::string_view json) {
  skip_space(json);
  if (json.empty() || json[0] != '[') return {};
  json.remove_prefix(1);
  skip_space(json);
  return !json.empty() && json[0] == ']' ? std::string_view{} : json;
}

std::vector<std::string_view> peek_elements(std::string_view json, std::size_t most) {
  std::vector<std::string_view> elements;
  std::string_view rest = peek_first_element(json);
  while (!rest.empty() && elements.size() < most) {
    elements.push_back(rest);
    if (elements.size() == most) break;
    skip_value(rest);
    skip_space(rest);
    if (rest.empty() || rest[0] != ',') break;
    rest.remove_prefix(1);
    skip_space(rest);
  }
  return elements;
}

std::string_view peek_value(std::string_view json) {
  skip_space(json);
  std::string_view rest = json;
  skip_value(rest);
  std::string_view value = json.substr(0, json.size() - rest.size());
  while (!value.empty() && (value.back() == ' ' || value.back() == '\n' || value.back() == '\r' ||
                            value.back() == '\t')) {
    value.remove_suffix(1);
  }
  return value;
}

std::string_view peek_string(std::string_view value) {
  return value.empty() || value[0] != '"' ? std::string_view{} : take_string(value);
}

bool peek_holds_data(std::string_view value) {
  skip_space(value);
  if (value.empty()) return false;
  const char open = value[0];
  if (open == '"') {  // also where an empty list or object was written as a text
    return value.size() > 1 && value[1] != '"' && !value.starts_with("\"[]\"") &&
           !value.starts_with("\"{}\"");
  }
  if (open != '{' && open != '[') return false;
  value.remove_prefix(1);
  skip_space(value);
  return !value.empty() && value[0] != '}' && value[0] != ']';
}

std::string name_members(std::string_view object, std::size_t most) {
  const std::vector<PeekedMember> members = peek_members(object, most + 1);
  std::string text;
  for (std::size_t i = 0; i < members.size() && i < most; ++i) {
    if (i > 0) text += i + 1 == members.size() ? " and " : ", ";
    text += '`';
    text += members[i].name;
    text += '`';
  }
  if (members.size() > most) text += ", …";
  return text;
}

}  // namespace agentecho::dialects

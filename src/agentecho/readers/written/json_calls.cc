#include "agentecho/readers/written/json_calls.h"

#include <simdjson.h>

#include <algorithm>

#include "agentecho/base/text.h"
#include "agentecho/readers/written/python_literal.h"

namespace agentecho::written {

namespace {

// The deepest nesting that is taken for a call's JSON.
constexpr std::size_t kDeepestCall = 256;

constexpr const char* kNameKeys[] = {"name",      "function",      "tool",
                                     "tool_name", "function_name", "action"};
constexpr const char* kArgumentKeys[] = {"arguments", "parameters", "args",   "params",
                                         "input",     "tool_input", "kwargs", "action_input"};

// The call that an object is, read by the parser of the whole log, which takes a tenth of the time.
bool add_json_call(simdjson::dom::element json, std::vector<Call>& calls) {
  simdjson::dom::object object;
  simdjson::dom::element inner;
  if (json.get(object)) return false;
  if (!object["function"].get(inner) && inner.is_object()) return add_json_call(inner, calls);
  const auto first_of = [&](const auto& keys, simdjson::dom::element& found) {
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](const char* key) { return !object[key].get(found); });
  };
  simdjson::dom::element name;
  simdjson::dom::element arguments;
  std::string_view text;
  if (!first_of(kNameKeys, name) || name.get(text)) return false;
  const bool given = first_of(kArgumentKeys, arguments);
  if (!given && object.size() > 1) return false;
  Call call{std::string(text), "{}"};
  if (given && !arguments.is_null()) {
    call.arguments = arguments.get(text) ? simdjson::minify(arguments) : std::string(text);
  }
  calls.push_back(std::move(call));
  return true;
}

bool add_json_calls(simdjson::dom::element json, std::vector<Call>& calls) {
  simdjson::dom::array list;
  if (json.get(list)) return add_json_call(json, calls);
  if (list.size() == 0) return false;
  for (const simdjson::dom::element one : list) {
    if (!add_json_calls(one, calls)) return false;
  }
  return true;
}

// {"name": …, "arguments": …} in its usual spellings, or a list of such.
bool add_json_calls(const Json& json, std::vector<Call>& calls) {
  if (json.is_array()) {
    return !json.empty() && std::all_of(json.begin(), json.end(), [&](const Json& one) {
      return add_json_calls(one, calls);
    });
  }
  if (!json.is_object()) return false;
  if (const auto function = json.find("function"); function != json.end()) {
    if (function->is_object()) return add_json_calls(*function, calls);
  }
  const auto first_of = [&](const auto& keys) -> const Json* {
    for (const char* key : keys) {
      if (const auto found = json.find(key); found != json.end()) return &*found;
    }
    return nullptr;
  };
  const Json* name = first_of(kNameKeys);
  const Json* arguments = first_of(kArgumentKeys);
  if (name == nullptr || !name->is_string() || (arguments == nullptr && json.size() > 1)) {
    return false;
  }
  Call call{name->get<std::string>(), "{}"};
  if (arguments != nullptr && !arguments->is_null()) {
    call.arguments = arguments->is_string() ? arguments->get<std::string>() : dumped(*arguments);
  }
  calls.push_back(std::move(call));
  return true;
}

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' ||
           c == ':';
  });
}

bool is_shallow(std::string_view json) {
  std::size_t depth = 0;
  for (const char c : json) {
    if (c == '{' || c == '[') ++depth;
    if (depth > kDeepestCall) return false;
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return true;
}

std::string as_json(std::string_view text) {
  const std::string_view value = trimmed(text);
  if (is_shallow(value) && Json::accept(value.begin(), value.end())) return std::string(value);
  return dumped(Json(std::string(text)));
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t json_end(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
      continue;
    }
    if ((c == '{' || c == '[') && ++depth > kDeepestCall) return kNowhere;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return kNowhere;
}

std::string_view without_separator(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text.front() == ',' || text.front() == ';')) {
    text = trimmed(text.substr(1));
  }
  return text;
}

bool add_json_calls(std::string_view text, std::vector<Call>& calls) {
  text = trimmed(text);
  const std::size_t before = calls.size();
  std::size_t n = 0;
  while (!text.empty()) {  // one object, or one after the other
    const bool opens = text.front() == '{' || text.front() == '[';
    std::size_t end = opens ? json_end(text) : kNowhere;
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element element;
    if (end != kNowhere && !parser.parse(text.data(), end).get(element)) {
      if (!add_json_calls(element, calls)) {
        calls.resize(before);
        return false;
      }
      ++n;
      text = without_separator(text.substr(end));
      continue;
    }
    // What that parser refuses: numbers beyond 64 bits, and the notation of Python.
    Json json = end == kNowhere ? Json(Json::value_t::discarded)
                                : Json::parse(text.substr(0, end), nullptr, false);
    if (json.is_discarded() && opens) {
      if (const auto literal = python_literal(text, end)) {
        json = Json::parse(*literal, nullptr, false);
      }
    }
    if (json.is_discarded() || !add_json_calls(json, calls)) {
      calls.resize(before);
      return false;
    }
    ++n;
    text = without_separator(text.substr(end));
  }
  return n > 0;
}

}  // namespace agentecho::written

// Walks over values that are parsed on demand. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "agentecho/readers/dialects/json_text.h"

namespace agentecho::dialects {

// Whether the value is of this type; false as well where it has none (damaged JSON).
inline bool is_type(simdjson::ondemand::value& value, simdjson::ondemand::json_type wanted) {
  simdjson::ondemand::json_type type;
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
}

// From the value's first character to where the next token begins.
inline std::string_view token_of(simdjson::ondemand::value& value) {
  return value.raw_json_token();
}

// A list or object whole, as written. The value must not be read afterwards.
inline simdjson::error_code raw_json(simdjson::ondemand::value& value, std::string_view& json) {
  return simdjson::to_json_string(value).get(json);
}

// A value as an object or a list, kOf: nothing where it is something else.
template <simdjson::ondemand::json_type kOf, class T>
simdjson::error_code get_if(simdjson::ondemand::value value, std::optional<T>& as) {
  simdjson::ondemand::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type != kOf) return simdjson::SUCCESS;
  return value.get<T>().get(as.emplace());
}

// Calls body(key, value) for each member, until one gives an error.
template <class Body>
simdjson::error_code for_members(simdjson::ondemand::object& object, Body body) {
  for (auto field : object) {
    if (field.error()) return field.error();
    simdjson::ondemand::raw_json_string key;
    simdjson::ondemand::value member;
    if (const auto error = field.key().get(key)) return error;
    if (const auto error = field.value().get(member)) return error;
    if (const auto error = body(json_text::raw_key(key), member)) return error;
  }
  return simdjson::SUCCESS;
}

// The same where the value is an object; other values have no members.
template <class Body>
simdjson::error_code for_members(simdjson::ondemand::value value, Body body) {
  using simdjson::ondemand::json_type;
  std::optional<simdjson::ondemand::object> object;
  const auto error = get_if<json_type::object>(value, object);
  return error || !object ? error : for_members(*object, body);
}

// Calls body(element) for each element of a list; other values have no elements.
template <class Body>
simdjson::error_code for_elements(simdjson::ondemand::value value, Body body) {
  using simdjson::ondemand::json_type;
  std::optional<simdjson::ondemand::array> array;
  if (const auto error = get_if<json_type::array>(value, array)) return error;
  if (!array) return simdjson::SUCCESS;
  for (auto element : *array) {
    simdjson::ondemand::value item;
    if (const auto error = element.get(item)) return error;
    if (const auto error = body(item)) return error;
  }
  return simdjson::SUCCESS;
}

}  // namespace agentecho::dialects

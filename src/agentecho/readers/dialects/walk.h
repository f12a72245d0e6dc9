// Walks over values that are parsed on demand. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "agentecho/readers/dialects/json_text.h"

namespace agentecho::dialects {

// Whether the value is of this type; false as well where it has none (damaged JSON).
inline bool is_type(simdjson::ondemand::value& value, simdjson::ondemand::json_type wanted) {
  simdjson::ondemand::json_type type;
  return value.type().get(type) == simdjson::SUCCESS && type == wanted;
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

}  // namespace agentecho::dialects

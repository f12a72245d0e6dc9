// JSON documents with a schema version. Only included by .cc files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho::rps {

// An object with "schema_version": 1; else an error of what `wrong(message)` makes.
template <class Wrong>
Result<nlohmann::ordered_json> parse_versioned(std::string_view text, const Wrong& wrong) {
  auto json = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return wrong("not a JSON object");
  if (!json.contains("schema_version") || json["schema_version"] != 1) {
    return wrong("\"schema_version\" must be 1");
  }
  return json;
}

}  // namespace agentecho::rps

// JSON documents with a schema version. Only included by .cc files.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/base/ordered_json.h"

namespace agentecho::rps {

// What an error in a document says: which document, and where its form is explained.
struct WrongDocument {
  std::string_view document;
  std::string_view hint;

  Unexpected operator()(std::string_view message) const {
    return fail(ErrorKind::kInput, std::string(document).append(": ").append(message),
                std::string(hint));
  }
};

// What `read` makes of an object with "schema_version": 1.
template <class Read>
auto parse_versioned(std::string_view text, const WrongDocument& wrong, Read read)
    -> decltype(read(Json())) {
  auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return wrong("not a JSON object");
  if (!json.contains("schema_version") || json["schema_version"] != 1) {
    return wrong("\"schema_version\" must be 1");
  }
  return read(json);
}

}  // namespace agentecho::rps

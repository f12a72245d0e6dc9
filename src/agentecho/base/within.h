// Errors in a file that the user named.
#pragma once

#include <string>
#include <utility>

#include "agentecho/base/error.h"

namespace agentecho {

// The same error, its message with the file in front: "tools.json: not a JSON object".
inline Error within(const std::string& file, Error error) {
  error.message = file + ": " + error.message;
  return error;
}

}  // namespace agentecho

// The kinds of errors by name, for what machines read: JSON documents, exceptions of Python.
#pragma once

#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho {

// "failed", "usage", "input", "budget", "interrupted".
std::string_view name_of(ErrorKind kind);

}  // namespace agentecho

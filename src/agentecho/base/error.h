// Expected failures are values: every function that can fail on its input returns Result<T>.
// Programmer errors assert. Only the program maps an ErrorKind to an exit code
// (apps/agentecho/exit_code.h).
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace agentecho {

enum class ErrorKind {
  kFailed,       // the work could not be done or is incomplete
  kUsage,        // the request itself makes no sense
  kInput,        // the data handed in are not valid
  kBudget,       // stopped by a budget or quota; the same request goes on later
  kInterrupted,  // stopped by the user
};

// What went wrong and where (message), and what to do next (hint, may be empty). Both are plain
// sentences without a trailing full stop or line break.
struct Error {
  ErrorKind kind = ErrorKind::kFailed;
  std::string message;
  std::string hint;
};

template <class T>
using Result = tl::expected<T, Error>;

using Unexpected = tl::unexpected<Error>;

inline Unexpected fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return Unexpected(Error{kind, std::move(message), std::move(hint)});
}

}  // namespace agentecho

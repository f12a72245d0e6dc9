// The exit codes of the program: a promise to scripts (docs/cli.md).
#pragma once

#include <cstddef>
#include <iterator>

#include "agentecho/base/error.h"

namespace agentecho::cli {

enum ExitCode {
  kDone = 0,
  kFailedOrIncomplete = 1,
  kUsageError = 2,
  kInvalidInput = 3,
  kGateTripped = 4,
  kBudgetStop = 5,
  kInterruptedBySignal = 130,
};

constexpr int exit_code_of(ErrorKind kind) {
  constexpr ExitCode kCodes[] = {kFailedOrIncomplete, kUsageError, kInvalidInput, kBudgetStop,
                                 kInterruptedBySignal};
  static_assert(std::size(kCodes) == static_cast<std::size_t>(ErrorKind::kInterrupted) + 1);
  return kCodes[static_cast<std::size_t>(kind)];
}

}  // namespace agentecho::cli

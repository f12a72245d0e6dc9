// The exit codes of the program: a promise to scripts (docs/cli.md).
#pragma once

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
  switch (kind) {
    case ErrorKind::kFailed:
      return kFailedOrIncomplete;
    case ErrorKind::kUsage:
      return kUsageError;
    case ErrorKind::kInput:
      return kInvalidInput;
    case ErrorKind::kGate:
      return kGateTripped;
    case ErrorKind::kBudget:
      return kBudgetStop;
    case ErrorKind::kInterrupted:
      return kInterruptedBySignal;
  }
  return kFailedOrIncomplete;
}

}  // namespace agentecho::cli

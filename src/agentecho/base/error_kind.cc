#include "agentecho/base/error_kind.h"

namespace agentecho {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kFailed:
      return "failed";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kInput:
      return "input";
    case ErrorKind::kGate:
      return "gate";
    case ErrorKind::kBudget:
      return "budget";
    case ErrorKind::kInterrupted:
      return "interrupted";
  }
  return "failed";
}

}  // namespace agentecho

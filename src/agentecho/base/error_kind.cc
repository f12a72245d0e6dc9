#include "agentecho/base/error_kind.h"

#include "agentecho/base/enum_names.h"

namespace agentecho {

std::string_view name_of(ErrorKind kind) {
  return name_in<ErrorKind::kInterrupted>({"failed", "usage", "input", "budget", "interrupted"},
                                          kind);
}

}  // namespace agentecho

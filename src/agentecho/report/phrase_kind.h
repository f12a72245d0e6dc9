// What a shared phrase is, in every table and file.
#pragma once

#include <string_view>

#include "agentecho/base/enum_names.h"
#include "agentecho/metrics/rps/phrases.h"

namespace agentecho::rps {

inline std::string_view name_of(PhraseKind kind) {
  return name_in<PhraseKind::kClosing>({"phrase", "opening", "closing"}, kind);
}

}  // namespace agentecho::rps

// Outcomes as counts.
#pragma once

#include <cstddef>

#include "agentecho/base/outcome_counts.h"
#include "agentecho/llm/chat.h"

namespace agentecho::llm {

inline void count_outcome(OutcomeKind kind, OutcomeCounts& counts) {
  std::uint64_t* const by_kind[] = {&counts.scored, &counts.unparseable, &counts.refused,
                                    &counts.failed, &counts.skipped};
  ++*by_kind[static_cast<std::size_t>(kind)];
}

}  // namespace agentecho::llm

// How many questions to a judge ended how (llm::OutcomeKind says what each means).
#pragma once

#include <cstdint>

namespace agentecho {

struct OutcomeCounts {
  std::uint64_t scored = 0;
  std::uint64_t unparseable = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
};

}  // namespace agentecho

#include "agentecho/metrics/baselines/call_frequency.h"

#include <algorithm>

#include "agentecho/base/multiset.h"

namespace agentecho {

std::optional<double> call_frequency_similarity(std::span<const std::uint32_t> a,
                                                std::span<const std::uint32_t> b) {
  if (a.empty() && b.empty()) return std::nullopt;
  return 2 * static_cast<double>(common_elements(a, b)) / static_cast<double>(a.size() + b.size());
}

std::vector<std::uint32_t> call_multiset(std::span<const std::uint32_t> calls) {
  std::vector<std::uint32_t> sorted(calls.begin(), calls.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace agentecho

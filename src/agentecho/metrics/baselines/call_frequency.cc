#include "agentecho/metrics/baselines/call_frequency.h"

#include <algorithm>
#include <vector>

#include "agentecho/base/multiset.h"

namespace agentecho {

std::optional<double> call_frequency_similarity(std::span<const std::uint32_t> a,
                                                std::span<const std::uint32_t> b) {
  if (a.empty() && b.empty()) return std::nullopt;
  std::vector<std::uint32_t> of_a(a.begin(), a.end());
  std::vector<std::uint32_t> of_b(b.begin(), b.end());
  std::sort(of_a.begin(), of_a.end());
  std::sort(of_b.begin(), of_b.end());
  return 2 * static_cast<double>(common_elements(of_a, of_b)) /
         static_cast<double>(a.size() + b.size());
}

}  // namespace agentecho

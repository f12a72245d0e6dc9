#include "agentecho/metrics/baselines/call_frequency.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace agentecho {

std::optional<double> call_frequency_similarity(std::span<const std::uint32_t> a,
                                                std::span<const std::uint32_t> b) {
  if (a.empty() && b.empty()) return std::nullopt;
  std::vector<std::uint32_t> of_a(a.begin(), a.end());
  std::vector<std::uint32_t> of_b(b.begin(), b.end());
  std::sort(of_a.begin(), of_a.end());
  std::sort(of_b.begin(), of_b.end());
  std::vector<std::uint32_t> shared;
  std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                        std::back_inserter(shared));
  return 2 * static_cast<double>(shared.size()) / static_cast<double>(a.size() + b.size());
}

}  // namespace agentecho

// Call frequency: does one run call each tool as often as the other, and not only whether?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace agentecho {

// The Dice coefficient of two multisets (Dice 1945, doi:10.2307/1932409) of tools called:
// 2 Σ_t min(n_A(t), n_B(t)) / (|A| + |B|), where n_X(t) counts the calls of tool t in run X. From 0
// (no tool in common) to 1 (each tool as often); nothing when neither run calls anything. Each run
// as its call_multiset(); linear in the calls.
std::optional<double> call_frequency_similarity(std::span<const std::uint32_t> a,
                                                std::span<const std::uint32_t> b);

// The calls of a run in the order that call_frequency_similarity() wants. Its own does not matter.
std::vector<std::uint32_t> call_multiset(std::span<const std::uint32_t> calls);

}  // namespace agentecho

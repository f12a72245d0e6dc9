// Adjusted p values when much is tested.
//
// benjamini_hochberg() controls the false discovery rate: calling everything with an adjusted p of
// at most q a finding keeps the expected share of false findings (the false discovery rate) at most
// q.
//
// A missing p value (a test that was undefined) stays missing and does not count as a test.
// O(n log n).
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace agentecho {

// Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995): valid when the tests are independent or
// positively dependent.
std::vector<std::optional<double>> benjamini_hochberg(
    std::span<const std::optional<double>> p_values);

// S. Holm, Scand. J. Statist. 6 (1979): the probability of any false finding is at most the level,
// for any dependence.
std::vector<double> holm(std::span<const double> p_values);
std::vector<std::optional<double>> holm(std::span<const std::optional<double>> p_values);

}  // namespace agentecho

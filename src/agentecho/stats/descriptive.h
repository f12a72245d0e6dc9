// Summaries of a list of numbers. Values are finite; what a list is too short for is nullopt.
#pragma once

#include <optional>
#include <span>

namespace agentecho {

// Arithmetic mean; nullopt for an empty list.
std::optional<double> mean(std::span<const double> values);

// Standard deviation with n - 1 (two-pass, so that a large common offset costs no digits); nullopt
// for fewer than two values.
std::optional<double> standard_deviation(std::span<const double> values);

// Standard deviation (n - 1) over the magnitude of the mean; nullopt for fewer than two values or
// mean 0.
std::optional<double> coefficient_of_variation(std::span<const double> values);

// The quantile at `probability` in [0, 1] with linear interpolation between order statistics
// (numpy.quantile's default, type 7 of Hyndman and Fan 1996); nullopt for an empty list.
std::optional<double> quantile(std::span<const double> values, double probability);

// The same on at least one value, in place: reorders the values; O(n).
double select_quantile(std::span<double> values, double probability);

}  // namespace agentecho

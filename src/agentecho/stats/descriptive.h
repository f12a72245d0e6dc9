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

// 0 for no values.
double largest_magnitude(std::span<const double> values);

// Whether a spread of numbers up to `largest` in magnitude is rounding: no more than 1e-9 times
// `largest`, or times 1 where that is less, since small numbers are often differences of scores of
// the order of 1. True of NaN. Such a spread counts as none: nothing is measured in it.
bool is_rounding(double spread, double largest);

// Whether a sum of squares is the rounding of a larger one, `whole`, from which the rest was taken
// away: no more than 1e-12 times it. True of NaN.
bool is_cancelled(double squares, double whole);

// The standard deviation to measure in: nullopt too where it is rounding.
std::optional<double> spread_above_rounding(std::span<const double> values);

// Standard deviation (n - 1) over the magnitude of the mean; nullopt for fewer than two values or
// a mean that is 0 but for rounding.
std::optional<double> coefficient_of_variation(std::span<const double> values);

// The quantile at `probability` in [0, 1] with linear interpolation between order statistics
// (numpy.quantile's default, type 7 of Hyndman and Fan 1996); nullopt for an empty list.
std::optional<double> quantile(std::span<const double> values, double probability);

// The same on at least one value, in place: reorders the values; O(n).
double select_quantile(std::span<double> values, double probability);

}  // namespace agentecho

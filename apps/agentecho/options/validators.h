// Checks of option values that CLI11 does not have.
#pragma once

#include <CLI/CLI.hpp>
#include <cmath>
#include <string>

namespace agentecho::cli {

// A finite number from `low` to `high`; CLI::Range lets NaN through.
inline CLI::Validator finite_range(double low, double high) {
  const auto check = [low, high](std::string& text) -> std::string {
    double value = 0;
    const bool good = CLI::detail::lexical_cast(text, value) && std::isfinite(value) &&
                      value >= low && value <= high;
    if (good) return {};
    return "not a number from " + std::to_string(low) + " to " + std::to_string(high) + ": " + text;
  };
  return CLI::Validator(check, "");
}

}  // namespace agentecho::cli

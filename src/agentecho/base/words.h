// Words and counts in sentences, and words of a shell's command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

// "1 trajectory", "1,538 trajectories"
std::string counted(std::uint64_t n, std::string_view singular, std::string_view plural);

// With so many digits after the point; what rounds to 0 has no sign: "0.00", never "-0.00".
std::string fixed(double value, int digits);

// The same for an interval's bounds, where room is short: ".81", "-.20", "1.00".
std::string fixed_bound(double value, int digits);

// "12 %", of a share from 0 to 1
std::string percent(double share);

// "p = 0.012" with as many digits, or "p < .001" where they would all be 0
std::string p_in_words(double p, int digits);

// "a", "a and b", "a, b and c"; `last` stands before the last.
std::string listed(std::span<const std::string> words, std::string_view last = " and ");

// As a POSIX shell takes it for one word: in quotes where it must be.
std::string shell_quoted(std::string_view word);

// The words of a command line, each quoted where it must be, a space between.
std::string shell_line(std::span<const std::string> words);

}  // namespace agentecho

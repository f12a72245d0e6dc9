// 2-gram overlap: how many word bigrams two agents' responses share (METHOD 5).
//
// The Dice coefficient of two sets, 2 |A n B| / (|A| + |B|) (L. R. Dice, "Measures of the Amount of
// Ecologic Association Between Species", Ecology 26 (1945) 297-302, doi:10.2307/1932409), of the
// lowercased word bigrams of all responses of one trajectory.
//
// [choice] A response is the text of an assistant message; reasoning, calls and results are not. A
// word is a longest run of ASCII letters, ASCII digits and bytes from 0x80 up, so words of any
// script hold together and every other character separates ("don't" is two words, "12.50" too);
// only ASCII letters are lowercased. A bigram is two words that follow each other in one message:
// none crosses from one message to the next. Writing without spaces (Chinese, Japanese) gives long
// words and so few bigrams.
//
// Bigrams are compared by 64-bit hashes (XXH3 of each word, combined): a trajectory of 10,000
// bigrams has a false match with another of that size with a probability below 1e-11. The features
// do not depend on the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// The hashes of the bigrams of all responses, sorted, each once; empty when no response has two
// words. O(bytes + bigrams log bigrams).
std::vector<std::uint64_t> response_bigrams(const Trajectory& trajectory);

// Dice coefficient of two such sets, in [0, 1]; nullopt when both are empty (no evidence), 0 when
// one is. Both must be sorted and free of duplicates. O(|a| + |b|).
std::optional<double> dice(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace agentecho

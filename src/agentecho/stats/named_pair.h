// A pair that was named before looking, against pairs of strangers: no search, and no assumption on
// how strangers' scores are distributed.
//
// If the named pair were one more pair of strangers, every place among them would be as likely as
// any other, so
//
//   p = (1 + sum over strangers q of c_q) / (1 + number of strangers),
//
// where c_q is 1 when q scores at least as high as the named pair, else 0 (a permutation p value:
// B. Phipson, G. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010), doi:10.2202/1544-6115.1585). A pair
// whose score rests on less data strays further by chance: strangers are given the noise that they
// lack, c_q = P(score_q + sqrt(max(0, error^2 - error_q^2)) Z >= score), Z standard normal.
// Strangers with larger errors are taken as they are, which errs on the safe side.
//
// One-sided, and never below 1 / (1 + number of strangers). Relatives that pass for strangers make
// p larger, never smaller.
#pragma once

#include <optional>
#include <span>

namespace agentecho {

struct ScoredPair {
  double score = 0;
  double error = 0;  // standard error of the score
};

// Nothing without strangers. O(strangers).
std::optional<double> named_pair_p(const ScoredPair& named, std::span<const ScoredPair> strangers);

}  // namespace agentecho

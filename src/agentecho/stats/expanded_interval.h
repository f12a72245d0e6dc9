// Percentile intervals over few clusters are too narrow: the bootstrap's spread is that of n
// clusters divided by n, not n - 1, and its quantiles are normal where those of Student belong. An
// "expanded" percentile interval takes quantiles so much further out that it has the length of
// Student's: tails of Phi(-sqrt(n / (n - 1)) t) with t the quantile of the wanted level at n - 1
// degrees of freedom. (T. Hesterberg, "What teachers should know about the bootstrap", The American
// Statistician 69 (2015), doi:10.1080/00031305.2015.1089789, section 5.3.)
#pragma once

#include <cstddef>

namespace agentecho {

// The level to ask percentile_interval() for, so that the interval has about `level` (in (0, 1))
// over this many clusters, at least two; always above `level` and below 1.
double expanded_level(double level, std::size_t clusters);

// The one-sided p value that agrees with those intervals, where a share of the replicates (in
// (0, 1)) lies beyond the value that is tested: below (1 - level) / 2 where the value lies below
// the interval of `level`.
double expanded_p(double share, std::size_t clusters);

}  // namespace agentecho

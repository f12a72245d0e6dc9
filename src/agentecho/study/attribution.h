// Which model of a pool is the likeliest teacher of a student, or none of them.
//
// For each kind of evidence (a metric) the additive model score_ij = mu + a_i + a_j + e_ij is
// fitted to all pairs of the pool with the student (stats/affinity.h), so that a pair is judged
// against what its two members are like with everybody. The scores, each divided by the spread of
// its own affinities, add up to one combined score; its affinity is the evidence. The t statistic
// of a pair is its deleted residual over the spread of all other pairs, the one-sided p value is
// Student's, and Holm's correction over the candidates (S. Holm, Scand. J. Statist. 6 (1979)) keeps
// the probability of naming anybody when nobody is unusual at most 1 - level.
//
// What it cannot tell: why two models are alike. A sister model, the student before training, and a
// teacher all show as affinity; leave relatives that are known out of the pool, or read the answer
// as "relative or teacher".
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/stats/pair_table.h"
#include "agentecho/study/compare.h"

namespace agentecho {

struct Candidate {
  std::string model;
  std::vector<std::optional<double>>
      scores;                        // similarity to the student, by AttributionResults::evidence
  std::optional<double> affinity;    // of the combined score, in standard deviations of affinities
  std::optional<double> statistic;   // t
  std::optional<double> p_value;     // one-sided: more alike than two models that typical
  std::optional<double> p_adjusted;  // Holm, over the candidates
};

// One table of pair scores for each kind of evidence over the same items; `student` is one of the
// items. Candidates come in the order of items, without the student, and without names. Errors
// (kInput): too few models (five are the fewest), a pair of the student without a score, scores
// that are all alike: nothing can be said then.
Result<std::vector<Candidate>> attribute_scores(const std::vector<PairTable>& evidence,
                                                std::size_t student);

struct AttributionOptions {
  std::vector<std::string> candidates;  // empty: every other model
  // Names of families; of each the metric that stands for it beyond chance, in equal parts.
  std::vector<std::string> metrics = {"ags", "bigram"};
  MandatoryTools mandatory;
  double level = 0.95;
  unsigned threads = 0;
};

struct AttributionResults {
  Provenance provenance;
  std::string student;
  std::vector<Metric> evidence;
  double level = 0.95;
  std::uint32_t fewest_tasks = 0;     // that the student shares with a candidate
  std::vector<Candidate> candidates;  // likeliest first
  std::optional<std::string> named;   // the first one, when its adjusted p value is below 1 - level
  std::string verdict;
  std::vector<std::string> warnings;
};

// Errors: kUsage for an unknown model or a student among the candidates; those of attribute_scores
// and make_metrics();
// kInput for fewer than two tasks in common with a candidate.
Result<AttributionResults> attribute(const LoadedCorpus& loaded, const std::string& student,
                                     const AttributionOptions& options);

}  // namespace agentecho

// Which model of a pool is the likeliest teacher of a student, or none of them.
//
// Without the student's runs before training: for each kind of evidence (a metric) the additive
// model score_ij = mu + a_i + a_j + e_ij is fitted to all pairs of the pool with the student
// (stats/affinity.h), so that a pair is judged against what its two members are like with
// everybody. The scores, each divided by the spread of its own affinities, add up to one combined
// score; its affinity is the evidence: e_ij of the fit over all pairs (METHOD 6), as in `evidence`.
// The t statistic of a pair is the externally studentised residual, whose spread is that of a fit
// without the pair; the one-sided p value is Student's.
//
// With them: the student's movement (after less before) toward each candidate, in each kind of
// evidence over the spread of the movements, added up; each candidate's movement is held against
// the movements toward the others (Crawford and Howell's t, stats/single_case.h). Nobody is named
// unless exchanging before and after task by task shows that anything changed at all.
//
// p values are corrected over the candidates by Holm (S. Holm, Scand. J. Statist. 6 (1979)). Those
// of strangers are not what Student's t says, since they share a few habits by chance: the error
// rate is the share of simulated pools without any teacher of the student in which the smallest
// adjusted p value is as small (`study attribution` measures it).
//
// What it cannot tell: why two models are alike, and which of the two learnt from the other. A
// sister model, the student before training, and a teacher all show as affinity; leave relatives
// that are known out of the pool, or read the answer as "relative or teacher".
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/stats/pair_table.h"
#include "agentecho/study/compare.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

struct Candidate {
  std::string model;
  std::vector<std::optional<double>>
      scores;  // similarity to the student, by AttributionResults::evidence
  // After less before, by evidence; empty without the runs before.
  std::vector<std::optional<double>> steps;
  // Of the combined score, in standard deviations of all pairs' affinities; with the runs before,
  // the combined movement in standard deviations of movements.
  std::optional<double> affinity;
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

// By candidate and evidence: the student's movements, after less before. Fills in all figures; a
// name and scores are the caller's. Errors (kInput): fewer than four candidates, a movement that is
// undefined, movements that are all alike.
Result<std::vector<Candidate>> attribute_movements(
    const std::vector<std::vector<std::optional<double>>>& steps);

// Share of pools without a teacher of the student in which the smallest adjusted p value is at most
// this one: factor * p ^ exponent, at most 1. [choice] Fitted to the larger of two such shares in
// simulated pools of eight: nothing was learnt; taught at full strength by somebody who is not in
// the pool (docs/laboratory.md).
struct FalseNames {
  double factor = 1;
  double exponent = 1;
  double rate(double p_adjusted) const;
};
FalseNames false_names(bool with_before);

struct AttributionOptions {
  std::string before;                   // the student before training; empty: not known
  std::vector<std::string> candidates;  // names and globs; empty: every other model
  // Names of families; of each the metric that stands for it beyond chance, in equal parts.
  std::vector<std::string> metrics = {"ags", "bigram"};
  MandatoryTools mandatory;
  double level = 0.95;
  std::size_t replicates = 10'000;  // of the exchange of before and after
  std::uint64_t seed = 1;
  unsigned threads = 0;
};

struct AttributionResults {
  Provenance provenance;
  std::string student;
  std::string before;  // may be empty
  std::vector<Metric> evidence;
  double level = 0.95;
  std::uint32_t fewest_tasks = 0;     // that the student shares with a candidate
  std::vector<Candidate> candidates;  // likeliest first
  // How often somebody comes out as likely where nobody of the pool taught (FalseNames), of the
  // first candidate.
  std::optional<double> error_rate;
  // With the runs before: that anything changed between them and the first candidate against the
  // others; the least two-sided p value over the evidence times their number.
  std::optional<double> changed_p;
  // The first one, when error_rate is below 1 - level, and with the runs before, changed_p as well
  // and the student came nearer to it.
  std::optional<std::string> named;
  VerdictParagraph verdict;
  std::vector<std::string> warnings;
};

// Errors: kUsage for an unknown model, or a student or its runs before among the candidates; those
// of attribute_scores and make_metrics(); kInput for fewer than two tasks in common with a
// candidate.
Result<AttributionResults> attribute(const LoadedCorpus& loaded, const std::string& student,
                                     const AttributionOptions& options);

}  // namespace agentecho

#include "agentecho/scoring/dependency_coverage.h"

#include <algorithm>
#include <span>

namespace agentecho {

namespace {

// Sums over the pairs of runs, for the first model and the second.
enum CandidateColumn : std::size_t {
  kCandidatesAskedA,
  kCandidatesAnsweredA,
  kCandidatesAskedB,
  kCandidatesAnsweredB,
  kCandidateColumns
};

}  // namespace

std::vector<Ratio> add_dependency_coverage(MetricSet& set, const Corpus& corpus) {
  const auto& runs = corpus.trajectories();
  const bool all_answered = std::all_of(runs.begin(), runs.end(), [](const CorpusTrajectory& run) {
    return run.candidates.answered == run.candidates.asked;
  });
  if (all_answered) return {};
  Measure measure;
  measure.columns = kCandidateColumns;
  measure.mismatches = kEveryOther;
  measure.fill = [&runs](const RunPairs& pairs, std::span<double> row) {
    for (const RunPair pair : pairs) {
      row[kCandidatesAskedA] += runs[pair.a].candidates.asked;
      row[kCandidatesAnsweredA] += runs[pair.a].candidates.answered;
      row[kCandidatesAskedB] += runs[pair.b].candidates.asked;
      row[kCandidatesAnsweredB] += runs[pair.b].candidates.answered;
    }
  };
  const std::size_t first = set.add(std::move(measure));
  return {{first + kCandidatesAnsweredA, first + kCandidatesAskedA},
          {first + kCandidatesAnsweredB, first + kCandidatesAskedB}};
}

}  // namespace agentecho

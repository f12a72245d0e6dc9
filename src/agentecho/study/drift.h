// Same or changed: are the new runs of an agent like its baseline runs, beyond the noise between
// runs of the same agent? (METHOD 10)
//
// For each task with runs of both sides and each channel (run_distance.h): B = mean distance of a
// baseline run and a new one; W = mean distance of two runs of the same side, sides weighed equally
// where both have two runs; excess e = B - W (an energy statistic: G. Székely, M. Rizzo, J. Stat.
// Plan. Inference 143 (2013), doi:10.1016/j.jspi.2013.03.018). E and W are means over the tasks
// that have a W. Test: all runs of each task re-labelled (stats/stratified_permutation.h), max-T
// over channels. Interval of E: bootstrap over tasks, with the expanded percentiles of T.
// Hesterberg (Am. Stat. 69 (2015), doi:10.1080/00031305.2015.1089789), since plain ones are too
// narrow for few tasks.
//
// Of one run of each task and side W is lent by other runs: p is then that of the bootstrap, with
// the tails of the interval, and Holm's over channels.
//
// Verdict of a channel, at level alpha and margin delta:
//   changed       adjusted p < alpha and E > delta W; never where the least p is not below alpha
//   same          the upper limit of E - delta W is below 0 [choice: W is uncertain too, so the
//                 margin is resampled with E], over twenty tasks at least; or no two runs differ at
//                 all, of so many that a change of the margin would show
//   cannot tell   everything else; always where no side has two runs of any task
// As a whole: changed if any channel is, same if all are, else cannot tell.
//
// Large tasks: more than 64 runs a side are dealt into blocks at random, each a stratum of its own,
// so that time grows with the runs and not with their square; the labels are exchangeable within a
// block as they are within a task. B and W are then means over the blocks, not over all pairs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/stats/stratified_permutation.h"
#include "agentecho/study/drift_evidence.h"
#include "agentecho/study/drift_side.h"
#include "agentecho/study/run_distance.h"

namespace agentecho {

enum class Verdict : std::uint8_t { kChanged, kSame, kCannotTell };
std::string_view name_of(Verdict verdict);  // "changed", "same", "cannot tell"

struct DriftOptions {
  double level = 0.95;   // 1 - alpha
  double margin = 0.25;  // delta, in units of W
  std::size_t replicates = 10'000;
  std::uint64_t seed = 1;
  unsigned threads = 0;
  // Other runs whose noise is lent where no task has two runs of one side; may be null.
  const Corpus* noise = nullptr;
};

// What would turn "cannot tell" into an answer, if the means stay as they are.
struct Needed {
  Verdict toward = Verdict::kCannotTell;
  std::size_t tasks = 0;  // with as many runs of each as now
  std::size_t runs = 0;   // of each side and task, with as many tasks as now; 0: not known
};

struct ChannelDrift {
  Channel channel{};
  bool absent = false;                // no run shows anything in it: no part of the verdict
  std::optional<double> between;      // B
  std::optional<double> within;       // W
  std::optional<double> excess;       // E
  std::optional<Interval> interval;   // of E
  std::optional<double> over_margin;  // upper limit of E - margin W
  std::optional<double> p;
  std::optional<double> p_adjusted;
  std::optional<double> strength;  // E in standard deviations of its re-labellings
  bool identical = false;          // every two runs of a task agree
  Verdict verdict = Verdict::kCannotTell;
  std::optional<Needed> needed;
};

struct SideSummary {
  std::string model;
  std::size_t runs = 0;  // in all
  std::size_t tasks = 0;
  std::size_t runs_compared = 0;  // on common tasks
};

struct OutcomeDrift {
  bool recorded = false;         // on both sides
  std::optional<double> before;  // success rate: mean over common tasks
  std::optional<double> after;
  std::optional<double> p_worse;  // re-labelling: success fell as much
  bool worse = false;             // p_worse < alpha
};

struct DriftResults {
  SideSummary before;
  SideSummary after;
  DriftOptions options;
  std::size_t common_tasks = 0;
  std::size_t noise_tasks = 0;  // common tasks with two runs of a side: those that are tested
  std::size_t blocks = 0;       // strata
  std::size_t dealt_tasks = 0;  // of these, with more runs than have all their pairs looked at
  std::size_t cut_tasks = 0;    // with more runs that lend their noise than are looked at
  std::size_t copies = 0;       // new runs with the content of a baseline run of the task
  bool lent_noise = false;
  std::size_t median_runs = 0;  // of a side, over tested tasks
  double least_p = 1;           // adjusted, that these numbers of runs allow
  // All re-labellings, where they are listed and not drawn.
  std::optional<std::size_t> listed_deals;
  Verdict verdict = Verdict::kCannotTell;
  std::vector<ChannelDrift> channels;  // in the order of Channel
  OutcomeDrift outcome;
  std::vector<Moved> moved;           // what moved, by channel, the clearest first
  std::vector<std::string> warnings;  // what to know before believing anything

  // Nothing is told then: no channel is the same, or changed.
  bool all_copies() const { return copies > 0 && copies == after.runs_compared; }
};

// Errors (kInput): no task in common; features without habits.
Result<DriftResults> drift(const DriftSide& before, const DriftSide& after,
                           const DriftOptions& options);

}  // namespace agentecho

// What fills the columns of one family of metrics, a task at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/metrics/ags/optional_tools.h"
#include "agentecho/scoring/metric_columns.h"

namespace agentecho {

// Mandatory and optional tools of every task of the corpus, over a pool of models.
struct ToolSplit {
  std::vector<TaskTools> tasks;  // by TaskIndex
  // For rule kFile: tools by task; tasks that are not listed have none.
  static ToolSplit make(const Corpus& corpus, std::span<const ModelIndex> pool,
                        const MandatoryRule& rule,
                        const std::vector<std::vector<ToolIndex>>& listed = {});
};

// The trials of two models on one task. For a model with itself both sides are the same.
struct TaskTrials {
  TaskIndex task = 0;
  std::span<const CorpusTrajectory> a;
  std::span<const CorpusTrajectory> b;
  bool self = false;

  // All pairs; for a model with itself, the unordered pairs of different trials.
  std::size_t pairs() const { return self ? a.size() * (a.size() - 1) / 2 : a.size() * b.size(); }
  // The few that costly measures compare (METHOD 4): trial i with trial i, a model's own trials
  // each with the next.
  std::vector<rps::TrialPair> paired() const {
    return self ? rps::self_paired_trials(a.size()) : rps::paired_trials(a.size(), b.size());
  }
  template <class Visit>
  void for_each_pair(Visit&& visit) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
      for (std::size_t j = self ? i + 1 : 0; j < b.size(); ++j) visit(a[i], b[j]);
    }
  }
};

// The columns of one family in a row.
class FamilyColumns {
 public:
  FamilyColumns(Family family, std::span<double> columns)
      : first_(kFirstColumn[static_cast<std::size_t>(family)]), columns_(columns) {}
  double& operator[](Column column) const {
    return columns_[static_cast<std::size_t>(column) - first_];
  }

 private:
  std::size_t first_;
  std::span<double> columns_;
};

class FamilyScorer {
 public:
  virtual ~FamilyScorer() = default;
  virtual Family family() const = 0;
  // trials.pairs() > 0; all columns are 0 before. Called from several threads.
  virtual void score(const TaskTrials& trials, const FamilyColumns& columns) const = 0;
};

// These refer to `corpus` and `split`.
std::unique_ptr<FamilyScorer> make_ags_scorer(const Corpus& corpus, const ToolSplit& split);
// Trial i with trial i, a model with itself each trial with the next (METHOD 4): by the local
// judge, for a corpus with stage profiles, or as was judged.
std::unique_ptr<FamilyScorer> make_rps_scorer(const JudgedMetrics& judged = {});
// The mean over all trial pairs. The corpus has word bigrams.
std::unique_ptr<FamilyScorer> make_bigram_scorer();
// The mean over all trial pairs; nodes are calls labelled with their tools, edges those of E_s and
// E_d.
std::unique_ptr<FamilyScorer> make_ged_scorer(const Corpus& corpus);
// The same trial pairs as RPS.
std::unique_ptr<FamilyScorer> make_rse_scorer(const JudgedValues& judged);
// The mean over all trial pairs.
std::unique_ptr<FamilyScorer> make_embedding_scorer(const JudgedValues& values);

}  // namespace agentecho

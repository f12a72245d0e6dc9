#include <algorithm>
#include <bit>
#include <cassert>

#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/scoring/family_scorer.h"

namespace agentecho {

namespace {

// For every trajectory of the corpus, which optional tools of its task it calls: bits in the order
// of TaskTools::optional.
class OptionalCalls {
 public:
  OptionalCalls(const Corpus& corpus, const ToolSplit& split) {
    begin_.reserve(corpus.trajectories().size() + 1);
    for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
      begin_.push_back(words_.size());
      const std::vector<ToolIndex>& optional = split.tasks[trajectory.task].optional;
      words_.resize(words_.size() + (optional.size() + 63) / 64, 0);
      for (std::size_t i = 0; i < optional.size(); ++i) {
        const bool called =
            std::binary_search(trajectory.tools.begin(), trajectory.tools.end(), optional[i]);
        if (called) words_[begin_.back() + i / 64] |= std::uint64_t{1} << (i % 64);
      }
    }
    begin_.push_back(words_.size());
  }

  std::span<const std::uint64_t> of(std::size_t trajectory) const {
    return std::span(words_).subspan(begin_[trajectory],
                                     begin_[trajectory + 1] - begin_[trajectory]);
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::size_t> begin_;
};

std::uint32_t count_bits(std::span<const std::uint64_t> words) {
  int n = 0;
  for (const std::uint64_t word : words) n += std::popcount(word);
  return static_cast<std::uint32_t>(n);
}

std::uint32_t count_differences(std::span<const std::uint64_t> a,
                                std::span<const std::uint64_t> b) {
  int n = 0;
  for (std::size_t i = 0; i < a.size(); ++i) n += std::popcount(a[i] ^ b[i]);
  return static_cast<std::uint32_t>(n);
}

// Sums over the trajectory pairs of one task.
class TaskSums {
 public:
  explicit TaskSums(std::size_t n_optional) : n_optional_(static_cast<double>(n_optional)) {}

  void add(const CorpusTrajectory& a, const CorpusTrajectory& b,
           std::span<const std::uint64_t> calls_a, std::span<const std::uint64_t> calls_b) {
    ++pairs_;
    seq_ += sequence_similarity(a.counts, b.counts);
    dep_ += dependency_similarity(a.counts, b.counts);
    agreement_ += n_optional_ - count_differences(calls_a, calls_b);
    calls_a_ += count_bits(calls_a);
    calls_b_ += count_bits(calls_b);
    if (const auto score = calibrated_sequence_similarity(a.counts, b.counts)) {
      calibrated_seq_ += *score;
      ++calibrated_seq_pairs_;
    }
    if (const auto score = calibrated_dependency_similarity(a.counts, b.counts)) {
      calibrated_dep_ += *score;
      ++calibrated_dep_pairs_;
    }
  }

  // A model with itself has one rate: the mean of both sides.
  void share_rates() { calls_a_ = calls_b_ = (calls_a_ + calls_b_) / 2; }

  void write(const FamilyColumns& columns) const {
    const auto set = [&](Column column, double value) { columns[column] = value; };
    const double n = pairs_;
    set(Column::kTasks, 1);
    set(Column::kSeq, seq_ / n);
    set(Column::kDep, dep_ / n);
    if (n_optional_ > 0) {
      set(Column::kNodeTasks, 1);
      set(Column::kNode, agreement_ / n / n_optional_);
      set(Column::kCells, n_optional_);
      set(Column::kAgreement, agreement_ / n);
      set(Column::kCallsA, calls_a_ / n);
      set(Column::kCallsB, calls_b_ / n);
    }
    if (calibrated_seq_pairs_ > 0) {
      set(Column::kCalibratedSeqTasks, 1);
      set(Column::kCalibratedSeq, calibrated_seq_ / calibrated_seq_pairs_);
    }
    if (calibrated_dep_pairs_ > 0) {
      set(Column::kCalibratedDepTasks, 1);
      set(Column::kCalibratedDep, calibrated_dep_ / calibrated_dep_pairs_);
    }
  }

 private:
  double n_optional_;
  std::uint32_t pairs_ = 0;
  double seq_ = 0;
  double dep_ = 0;
  double agreement_ = 0;
  double calls_a_ = 0;
  double calls_b_ = 0;
  double calibrated_seq_ = 0;
  double calibrated_dep_ = 0;
  int calibrated_seq_pairs_ = 0;
  int calibrated_dep_pairs_ = 0;
};

class AgsScorer final : public FamilyScorer {
 public:
  AgsScorer(const Corpus& corpus, const ToolSplit& split)
      : corpus_(corpus), split_(split), calls_(corpus, split) {
    assert(split.tasks.size() == corpus.tasks().size());
  }

  Family family() const override { return Family::kAgs; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    TaskSums sums(split_.tasks[trials.task].optional.size());
    const CorpusTrajectory* const first = corpus_.trajectories().data();
    trials.for_each_pair([&](const CorpusTrajectory& a, const CorpusTrajectory& b) {
      sums.add(a, b, calls_.of(static_cast<std::size_t>(&a - first)),
               calls_.of(static_cast<std::size_t>(&b - first)));
    });
    if (trials.self) sums.share_rates();
    sums.write(columns);
  }

 private:
  const Corpus& corpus_;
  const ToolSplit& split_;
  OptionalCalls calls_;
};

}  // namespace

ToolSplit ToolSplit::make(const Corpus& corpus, std::span<const ModelIndex> pool,
                          const MandatoryRule& rule,
                          const std::vector<std::vector<ToolIndex>>& listed) {
  ToolSplit split;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    std::vector<std::vector<ToolIndex>> successful;
    for (const ModelIndex model : pool) {
      for (const CorpusTrajectory& trajectory : corpus.trials(model, task)) {
        if (trajectory.success) successful.push_back(trajectory.tools);
      }
    }
    const std::span<const ToolIndex> mandatory = task < listed.size()
                                                     ? std::span<const ToolIndex>(listed[task])
                                                     : std::span<const ToolIndex>{};
    split.tasks.push_back(split_tools(successful, rule, mandatory));
  }
  return split;
}

std::unique_ptr<FamilyScorer> make_ags_scorer(const Corpus& corpus, const ToolSplit& split) {
  return std::make_unique<AgsScorer>(corpus, split);
}

}  // namespace agentecho

#include "agentecho/study/pair_scores.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "agentecho/base/parallel.h"
#include "agentecho/metrics/ags/similarity.h"

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

  std::uint32_t pairs() const { return pairs_; }

  Row row() const {
    Row row{};
    const auto set = [&](Column column, double value) {
      row[static_cast<std::size_t>(column)] = value;
    };
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
    return row;
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

PairScores score_pair(const Corpus& corpus, const ToolSplit& split, const OptionalCalls& calls,
                      ModelIndex a, ModelIndex b) {
  PairScores scores{a, b, {}};
  const CorpusTrajectory* const first = corpus.trajectories().data();
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto trials_a = corpus.trials(a, task);
    const auto trials_b = corpus.trials(b, task);
    TaskSums sums(split.tasks[task].optional.size());
    for (std::size_t i = 0; i < trials_a.size(); ++i) {
      for (std::size_t j = a == b ? i + 1 : 0; j < trials_b.size(); ++j) {
        sums.add(trials_a[i], trials_b[j], calls.of(static_cast<std::size_t>(&trials_a[i] - first)),
                 calls.of(static_cast<std::size_t>(&trials_b[j] - first)));
      }
    }
    if (sums.pairs() == 0) continue;
    if (a == b) sums.share_rates();
    scores.tasks.push_back({task, sums.pairs(), sums.row()});
  }
  return scores;
}

std::optional<double> quotient(double numerator, double denominator) {
  if (denominator <= 0) return std::nullopt;
  return numerator / denominator;
}

std::optional<double> mean_of_three(std::optional<double> x, std::optional<double> y,
                                    std::optional<double> z) {
  if (!x || !y || !z) return std::nullopt;
  return (*x + *y + *z) / 3;
}

}  // namespace

std::string_view name_of(Score score) {
  constexpr std::string_view kNames[] = {"s_node", "s_seq", "s_dep", "ags"};
  return kNames[static_cast<std::size_t>(score) % 4];
}

std::optional<double> derive(Score score, std::span<const double, kColumns> sums) {
  const auto at = [&](Column column) { return sums[static_cast<std::size_t>(column)]; };
  switch (score) {
    case Score::kSNode:
      return quotient(at(Column::kNode), at(Column::kNodeTasks));
    case Score::kSSeq:
      return quotient(at(Column::kSeq), at(Column::kTasks));
    case Score::kSDep:
      return quotient(at(Column::kDep), at(Column::kTasks));
    case Score::kAgs:
      return mean_of_three(derive(Score::kSNode, sums), derive(Score::kSSeq, sums),
                           derive(Score::kSDep, sums));
    case Score::kCalibratedSNode: {
      const double cells = at(Column::kCells);
      if (cells <= 0) return std::nullopt;
      return cohen_kappa(at(Column::kAgreement) / cells, at(Column::kCallsA) / cells,
                         at(Column::kCallsB) / cells);
    }
    case Score::kCalibratedSSeq:
      return quotient(at(Column::kCalibratedSeq), at(Column::kCalibratedSeqTasks));
    case Score::kCalibratedSDep:
      return quotient(at(Column::kCalibratedDep), at(Column::kCalibratedDepTasks));
    case Score::kCalibratedAgs:
      return mean_of_three(derive(Score::kCalibratedSNode, sums),
                           derive(Score::kCalibratedSSeq, sums),
                           derive(Score::kCalibratedSDep, sums));
  }
  return std::nullopt;
}

double tasks_behind(Score score, std::span<const double, kColumns> sums) {
  const auto at = [&](Column column) { return sums[static_cast<std::size_t>(column)]; };
  switch (score) {
    case Score::kSNode:
    case Score::kAgs:
    case Score::kCalibratedSNode:
    case Score::kCalibratedAgs:
      return at(Column::kNodeTasks);
    case Score::kSSeq:
    case Score::kSDep:
      return at(Column::kTasks);
    case Score::kCalibratedSSeq:
      return at(Column::kCalibratedSeqTasks);
    case Score::kCalibratedSDep:
      return at(Column::kCalibratedDepTasks);
  }
  return 0;
}

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

std::vector<PairScores> score_pairs(const Corpus& corpus, const ToolSplit& split,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                    unsigned threads) {
  assert(split.tasks.size() == corpus.tasks().size());
  const OptionalCalls calls(corpus, split);
  std::vector<PairScores> scores(pairs.size());
  parallel_for(pairs.size(), threads, [&](std::size_t i) {
    scores[i] = score_pair(corpus, split, calls, pairs[i].first, pairs[i].second);
  });
  return scores;
}

}  // namespace agentecho

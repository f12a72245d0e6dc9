#include <optional>
#include <vector>

#include "agentecho/corpus/labelled_graphs.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/metrics/baselines/ged.h"
#include "agentecho/scoring/family_scorer.h"

namespace agentecho {

namespace {

// The mean of scores of which some are undefined.
class PartialMean {
 public:
  void add(const std::optional<double>& score) {
    if (!score) return;
    sum_ += *score;
    ++n_;
  }
  bool defined() const { return n_ > 0; }
  double value() const { return sum_ / n_; }

 private:
  double sum_ = 0;
  int n_ = 0;
};

class BigramScorer final : public FamilyScorer {
 public:
  Family family() const override { return Family::kBigram; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    PartialMean mean;
    trials.for_each_pair([&](const CorpusTrajectory& a, const CorpusTrajectory& b) {
      mean.add(dice(*a.verbal->bigrams, *b.verbal->bigrams));
    });
    if (!mean.defined()) return;
    columns[Column::kBigramTasks] = 1;
    columns[Column::kBigram] = mean.value();
  }
};

class GedScorer final : public FamilyScorer {
 public:
  explicit GedScorer(const Corpus& corpus) : first_(corpus.trajectories().data()) {
    for (const CorpusTrajectory& t : corpus.trajectories())
      graphs_.push_back(action_labelled_graph(t));
  }

  Family family() const override { return Family::kGed; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    PartialMean similarity;
    PartialMean at_most;
    PartialMean exact;
    trials.for_each_pair([&](const CorpusTrajectory& a, const CorpusTrajectory& b) {
      const auto result = graph_edit_distance(graph(a), graph(b)).value();
      similarity.add(result.similarity());
      at_most.add(result.similarity_at_most());
      if (result.similarity()) exact.add(result.exact ? 1.0 : 0.0);
    });
    if (!similarity.defined()) return;
    columns[Column::kGedTasks] = 1;
    columns[Column::kGed] = similarity.value();
    columns[Column::kGedAtMost] = at_most.value();
    columns[Column::kGedExactShare] = exact.value();
  }

 private:
  const LabelledGraph& graph(const CorpusTrajectory& trajectory) const {
    return graphs_[static_cast<std::size_t>(&trajectory - first_)];
  }

  const CorpusTrajectory* first_;
  std::vector<LabelledGraph> graphs_;
};

class RseScorer final : public FamilyScorer {
 public:
  explicit RseScorer(const JudgedValues& judged) : judged_(judged) {}

  Family family() const override { return Family::kRse; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    PartialMean mean;
    for (const rps::TrialPair& pair : trials.paired()) {
      columns[Column::kRsePairs] += 1;
      const auto* const value =
          judged_.values.find(trials.a[pair.a].content, trials.b[pair.b].content);
      if (value == nullptr || !*value) continue;
      columns[Column::kRseScored] += 1;
      mean.add(*value);
    }
    if (!mean.defined()) return;
    columns[Column::kRseTasks] = 1;
    columns[Column::kRse] = mean.value();
  }

 private:
  const JudgedValues& judged_;
};

class EmbeddingScorer final : public FamilyScorer {
 public:
  explicit EmbeddingScorer(const JudgedValues& values) : values_(values) {}

  Family family() const override { return Family::kEmbedding; }

  void score(const TaskTrials& trials, const FamilyColumns& columns) const override {
    PartialMean mean;
    trials.for_each_pair([&](const CorpusTrajectory& a, const CorpusTrajectory& b) {
      const auto* const value = values_.values.find(a.content, b.content);
      if (value != nullptr) mean.add(*value);
    });
    if (!mean.defined()) return;
    columns[Column::kEmbeddingTasks] = 1;
    columns[Column::kEmbedding] = mean.value();
  }

 private:
  const JudgedValues& values_;
};

}  // namespace

std::unique_ptr<FamilyScorer> make_rse_scorer(const JudgedValues& judged) {
  return std::make_unique<RseScorer>(judged);
}

std::unique_ptr<FamilyScorer> make_embedding_scorer(const JudgedValues& values) {
  return std::make_unique<EmbeddingScorer>(values);
}

std::unique_ptr<FamilyScorer> make_bigram_scorer() { return std::make_unique<BigramScorer>(); }

std::unique_ptr<FamilyScorer> make_ged_scorer(const Corpus& corpus) {
  return std::make_unique<GedScorer>(corpus);
}

}  // namespace agentecho

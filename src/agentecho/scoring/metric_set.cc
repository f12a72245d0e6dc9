#include "agentecho/scoring/metric_set.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "agentecho/corpus/labelled_graphs.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/metrics/baselines/ged.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"

namespace agentecho {

namespace {

// Sets of tools as rows of bits: the optional tools of every task, the calls of every trajectory.
class OptionalTools {
 public:
  OptionalTools(const Corpus& corpus, const ToolSplit& split)
      : words_((corpus.tools().size() + 63) / 64) {
    optional_.resize(split.tasks.size() * words_, 0);
    for (std::size_t task = 0; task < split.tasks.size(); ++task) {
      for (const ToolIndex tool : split.tasks[task].optional) set(optional_, task, tool);
    }
    called_.resize(corpus.trajectories().size() * words_, 0);
    for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
      for (const ToolIndex tool : trajectory.tools) set(called_, tasks_.size(), tool);
      tasks_.push_back(trajectory.task);
    }
  }

  // Cells of two trajectories: {tools optional in both tasks, agreements, calls of a, calls of b}.
  Cells compare(TrialPair pair) const {
    Cells cells{};
    for (std::size_t w = 0; w < words_; ++w) {
      const std::uint64_t both =
          optional_[tasks_[pair.a] * words_ + w] & optional_[tasks_[pair.b] * words_ + w];
      if (both == 0) continue;
      const std::uint64_t of_a = called_[pair.a * words_ + w] & both;
      const std::uint64_t of_b = called_[pair.b * words_ + w] & both;
      cells[0] += std::popcount(both);
      cells[1] += std::popcount(both & ~(of_a ^ of_b));
      cells[2] += std::popcount(of_a);
      cells[3] += std::popcount(of_b);
    }
    return cells;
  }

 private:
  void set(std::vector<std::uint64_t>& bits, std::size_t row, ToolIndex tool) const {
    bits[row * words_ + tool / 64] |= std::uint64_t{1} << (tool % 64);
  }

  std::size_t words_;
  std::vector<std::uint64_t> optional_;  // by task
  std::vector<std::uint64_t> called_;    // by trajectory
  std::vector<TaskIndex> tasks_;         // by trajectory
};

// similarity(pair) -> std::optional<double>
template <class Similarity>
Measure mean_measure(std::string name, Similarity similarity) {
  Measure measure;
  measure.name = std::move(name);
  measure.add = [similarity = std::move(similarity)](std::span<const TrialPair> pairs,
                                                     Cells& cells) {
    for (const TrialPair& pair : pairs) {
      const std::optional<double> value = similarity(pair);
      if (!value) continue;
      cells[0] += 1;
      cells[1] += *value;
    }
  };
  return measure;
}

// One value for each trajectory of the corpus, for measures to share.
template <class Make>
auto for_each_trajectory(const Corpus& corpus, const Make& make) {
  using Value = decltype(make(corpus.trajectories().front()));
  auto values = std::make_shared<std::vector<Value>>();
  values->reserve(corpus.trajectories().size());
  for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
    values->push_back(make(trajectory));
  }
  return std::shared_ptr<const std::vector<Value>>(std::move(values));
}

Measure cosine_measure(std::string name, const Corpus& corpus,
                       std::array<double, 3> (*vector_of)(const ActionCounts&)) {
  const auto vectors = for_each_trajectory(
      corpus, [&](const CorpusTrajectory& t) { return MeasuredVector(vector_of(t.counts)); });
  return mean_measure(std::move(name), [vectors](TrialPair pair) {
    return std::optional(cosine_similarity((*vectors)[pair.a], (*vectors)[pair.b]));
  });
}

Measure calibrated_measure(std::string name, const Corpus& corpus,
                           CalibratedFeatures (*features_of)(const ActionCounts&)) {
  const auto features =
      for_each_trajectory(corpus, [&](const CorpusTrajectory& t) { return features_of(t.counts); });
  return mean_measure(std::move(name), [features](TrialPair pair) {
    return calibrated_similarity((*features)[pair.a], (*features)[pair.b]);
  });
}

}  // namespace

std::optional<double> measure_score(const Measure& measure, std::span<const double> sums) {
  if (sums[0] <= 0) return std::nullopt;
  if (measure.pooling == Pooling::kMean) return sums[1] / sums[0];
  return cohen_kappa(sums[1] / sums[0], sums[2] / sums[0], sums[3] / sums[0]);
}

std::size_t MetricSet::columns() const { return first_column(measures.size()); }

std::size_t MetricSet::first_column(std::size_t measure) const {
  std::size_t columns = 0;
  for (std::size_t m = 0; m < measure; ++m) columns += measures[m].columns();
  return columns;
}

std::optional<std::size_t> MetricSet::find(std::string_view metric) const {
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].name == metric) return m;
  }
  return std::nullopt;
}

std::optional<double> MetricSet::score(std::size_t metric, std::span<const double> sums) const {
  double total = 0;
  for (const std::size_t part : metrics[metric].parts) {
    const auto score =
        measure_score(measures[part], sums.subspan(first_column(part), measures[part].columns()));
    if (!score) return std::nullopt;
    total += *score;
  }
  return total / static_cast<double>(metrics[metric].parts.size());
}

void add_wording_metrics(MetricSet& set, const Corpus& corpus) {
  const auto judge = std::make_shared<const rps::LocalJudge>();
  const std::span<const CorpusTrajectory> trajectories = corpus.trajectories();
  Measure rps = mean_measure("rps", [judge, trajectories](TrialPair pair) -> std::optional<double> {
    const auto verdict =
        rps::judge_profiles(*judge, rps::default_taxonomy(), *trajectories[pair.a].verbal->stages,
                            *trajectories[pair.b].verbal->stages);
    const rps::TaskRps task = rps::score_task({&verdict, 1});
    return task.mean ? std::optional(task.mean->overall) : std::nullopt;
  });
  rps.mismatches = 1;
  rps.paired_trials = true;
  Measure bigram = mean_measure("bigram", [trajectories](TrialPair pair) {
    return dice(*trajectories[pair.a].verbal->bigrams, *trajectories[pair.b].verbal->bigrams);
  });
  bigram.mismatches = 2;
  for (Measure* measure : {&rps, &bigram}) {
    set.measures.push_back(std::move(*measure));
  }
  const std::size_t n = set.measures.size();
  set.metrics.push_back({"rps", "RPS", Channel::kWording, {n - 2}, true});
  set.metrics.push_back({"bigram", "2-gram", Channel::kWording, {n - 1}, true});
}

MetricSet action_metrics(const Corpus& corpus, const ToolSplit& split,
                         const ActionMetricOptions& options) {
  const auto tools = std::make_shared<const OptionalTools>(corpus, split);
  MetricSet set;
  set.measures.push_back(mean_measure("s_node", [tools](TrialPair pair) {
    const Cells cells = tools->compare(pair);
    return cells[0] > 0 ? std::optional(cells[1] / cells[0]) : std::nullopt;
  }));
  set.measures.push_back(cosine_measure("s_seq", corpus, sequence_vector));
  set.measures.push_back(cosine_measure("s_dep", corpus, dependency_vector));
  Measure kappa;
  kappa.name = "calibrated_s_node";
  kappa.pooling = Pooling::kKappa;
  kappa.add = [tools](std::span<const TrialPair> pairs, Cells& cells) {
    for (const TrialPair& pair : pairs) {
      const Cells more = tools->compare(pair);
      for (std::size_t c = 0; c < cells.size(); ++c) cells[c] += more[c];
    }
  };
  set.measures.push_back(std::move(kappa));
  set.measures.push_back(
      calibrated_measure("calibrated_s_seq", corpus, calibrated_sequence_features));
  set.measures.push_back(
      calibrated_measure("calibrated_s_dep", corpus, calibrated_dependency_features));
  set.metrics = {{"s_node", "S_node", Channel::kAction, {0}, false},
                 {"s_seq", "S_seq", Channel::kAction, {1}, false},
                 {"s_dep", "S_dep", Channel::kAction, {2}, false},
                 {"ags", "AGS", Channel::kAction, {0, 1, 2}, true},
                 {"calibrated_s_node", "cal S_node", Channel::kAction, {3}, false},
                 {"calibrated_s_seq", "cal S_seq", Channel::kAction, {4}, false},
                 {"calibrated_s_dep", "cal S_dep", Channel::kAction, {5}, false},
                 {"calibrated_ags", "cal AGS", Channel::kAction, {3, 4, 5}, false}};
  if (options.ged) {
    const auto graphs = for_each_trajectory(corpus, action_labelled_graph);
    Measure ged = mean_measure("ged", [graphs](TrialPair pair) {
      return graph_edit_distance((*graphs)[pair.a], (*graphs)[pair.b]).value().similarity();
    });
    ged.mismatches = 1;
    set.measures.push_back(std::move(ged));
    set.metrics.push_back({"ged", "GED", Channel::kAction, {6}, true});
  }
  return set;
}

}  // namespace agentecho

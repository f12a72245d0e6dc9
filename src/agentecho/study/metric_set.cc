#include "agentecho/study/metric_set.h"

#include <algorithm>
#include <bit>
#include <memory>

#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/metrics/baselines/ged.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/study/verbal_features.h"

namespace agentecho {

namespace {

// Sets of tools as rows of bits: the optional tools of every task.
class OptionalTools {
 public:
  OptionalTools(std::size_t tools, const ToolSplit& split) : words_((tools + 63) / 64) {
    bits_.resize(split.tasks.size() * words_, 0);
    for (std::size_t task = 0; task < split.tasks.size(); ++task) {
      for (const ToolIndex tool : split.tasks[task].optional) {
        bits_[task * words_ + tool / 64] |= std::uint64_t{1} << (tool % 64);
      }
    }
  }

  // Cells of two trajectories: {tools optional in both tasks, agreements, calls of a, calls of b}.
  Cells compare(const CorpusTrajectory& a, const CorpusTrajectory& b) const {
    Cells cells{};
    for (std::size_t w = 0; w < words_; ++w) {
      const std::uint64_t both = bits_[a.task * words_ + w] & bits_[b.task * words_ + w];
      if (both == 0) continue;
      const std::uint64_t of_a = called(a, w) & both;
      const std::uint64_t of_b = called(b, w) & both;
      cells[0] += std::popcount(both);
      cells[1] += std::popcount(both & ~(of_a ^ of_b));
      cells[2] += std::popcount(of_a);
      cells[3] += std::popcount(of_b);
    }
    return cells;
  }

 private:
  static std::uint64_t called(const CorpusTrajectory& trajectory, std::size_t word) {
    std::uint64_t bits = 0;
    for (const ToolIndex tool : trajectory.tools) {
      if (tool / 64 == word) bits |= std::uint64_t{1} << (tool % 64);
    }
    return bits;
  }

  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

using TrialSimilarity =
    std::function<std::optional<double>(const CorpusTrajectory&, const CorpusTrajectory&)>;

Measure mean_measure(std::string name, TrialSimilarity similarity) {
  Measure measure;
  measure.name = std::move(name);
  measure.add = [similarity = std::move(similarity)](
                    const CorpusTrajectory& a, const CorpusTrajectory& b, Cells& cells) {
    if (const auto value = similarity(a, b)) {
      cells[0] += 1;
      cells[1] += *value;
    }
  };
  return measure;
}

// Nodes are calls labelled with their tools, edges E_s and E_d together.
LabelledGraph labelled_graph(const CorpusTrajectory& trajectory) {
  LabelledGraph graph;
  graph.node_labels = trajectory.calls;
  graph.edges = trajectory.dependencies;
  std::vector<bool> depends(trajectory.calls.size(), false);
  for (const auto& edge : trajectory.dependencies) depends[edge.second] = true;
  for (std::uint32_t i = 1; i < trajectory.calls.size(); ++i) {
    if (!depends[i]) graph.edges.emplace_back(i - 1, i);
  }
  return graph;
}

std::optional<double> ged_similarity(const CorpusTrajectory& a, const CorpusTrajectory& b) {
  GedOptions options;
  options.max_states = 500;
  options.perturbations = 20;
  const auto result = graph_edit_distance(labelled_graph(a), labelled_graph(b), options);
  return result ? result->similarity() : std::nullopt;
}

std::optional<double> measure_score(const Measure& measure, std::span<const double> sums) {
  if (sums[0] <= 0) return std::nullopt;
  if (measure.pooling == Pooling::kMean) return sums[1] / sums[0];
  return cohen_kappa(sums[1] / sums[0], sums[2] / sums[0], sums[3] / sums[0]);
}

}  // namespace

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
    const auto score = measure_score(measures[part],
                                     sums.subspan(first_column(part), measures[part].columns()));
    if (!score) return std::nullopt;
    total += *score;
  }
  return total / static_cast<double>(metrics[metric].parts.size());
}

void add_wording_metrics(MetricSet& set) {
  const auto judge = std::make_shared<const rps::LocalJudge>();
  Measure rps = mean_measure(
      "rps",
      [judge](const CorpusTrajectory& a, const CorpusTrajectory& b) -> std::optional<double> {
        const auto verdict = rps::judge_profiles(*judge, rps::default_taxonomy(), *a.verbal->stages,
                                                 *b.verbal->stages);
        const rps::TaskRps task = rps::score_task({&verdict, 1});
        return task.mean ? std::optional(task.mean->overall) : std::nullopt;
      });
  rps.mismatches = 1;
  rps.paired_trials = true;
  Measure bigram = mean_measure("bigram", [](const CorpusTrajectory& a, const CorpusTrajectory& b) {
    return dice(*a.verbal->bigrams, *b.verbal->bigrams);
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
  const auto tools = std::make_shared<const OptionalTools>(corpus.tools().size(), split);
  MetricSet set;
  set.measures.push_back(
      mean_measure("s_node", [tools](const CorpusTrajectory& a, const CorpusTrajectory& b) {
        const Cells cells = tools->compare(a, b);
        return cells[0] > 0 ? std::optional(cells[1] / cells[0]) : std::nullopt;
      }));
  set.measures.push_back(
      mean_measure("s_seq", [](const CorpusTrajectory& a, const CorpusTrajectory& b) {
        return std::optional(sequence_similarity(a.counts, b.counts));
      }));
  set.measures.push_back(
      mean_measure("s_dep", [](const CorpusTrajectory& a, const CorpusTrajectory& b) {
        return std::optional(dependency_similarity(a.counts, b.counts));
      }));
  Measure kappa;
  kappa.name = "calibrated_s_node";
  kappa.pooling = Pooling::kKappa;
  kappa.add = [tools](const CorpusTrajectory& a, const CorpusTrajectory& b, Cells& cells) {
    const Cells more = tools->compare(a, b);
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c] += more[c];
  };
  set.measures.push_back(std::move(kappa));
  set.measures.push_back(
      mean_measure("calibrated_s_seq", [](const CorpusTrajectory& a, const CorpusTrajectory& b) {
        return calibrated_sequence_similarity(a.counts, b.counts);
      }));
  set.measures.push_back(
      mean_measure("calibrated_s_dep", [](const CorpusTrajectory& a, const CorpusTrajectory& b) {
        return calibrated_dependency_similarity(a.counts, b.counts);
      }));
  set.metrics = {{"s_node", "S_node", Channel::kAction, {0}, false},
                 {"s_seq", "S_seq", Channel::kAction, {1}, false},
                 {"s_dep", "S_dep", Channel::kAction, {2}, false},
                 {"ags", "AGS", Channel::kAction, {0, 1, 2}, true},
                 {"calibrated_s_node", "cal S_node", Channel::kAction, {3}, false},
                 {"calibrated_s_seq", "cal S_seq", Channel::kAction, {4}, false},
                 {"calibrated_s_dep", "cal S_dep", Channel::kAction, {5}, false},
                 {"calibrated_ags", "cal AGS", Channel::kAction, {3, 4, 5}, false}};
  if (options.ged) {
    Measure ged = mean_measure("ged", ged_similarity);
    ged.mismatches = 1;
    set.measures.push_back(std::move(ged));
    set.metrics.push_back({"ged", "GED", Channel::kAction, {6}, true});
  }
  return set;
}

}  // namespace agentecho

// Action Graph Similarity, profiles "paper" and "calibrated" (METHOD 3).
#include <fmt/format.h>

#include <bit>
#include <map>
#include <memory>

#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/scoring/dependency_coverage.h"
#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho {

namespace {

// Decisions on the tools that are optional in the tasks of both runs.
struct Decisions {
  double tools = 0;
  double agreements = 0;
  double calls_a = 0;
  double calls_b = 0;
};

// Sets of tools as rows of bits: the optional tools of every task, the calls of every trajectory.
class OptionalTools {
 public:
  OptionalTools(const Corpus& corpus, const ToolSplit& split) {
    std::map<ToolIndex, std::size_t> places;  // of tools that are optional somewhere
    for (const TaskTools& task : split.tasks) {
      for (const ToolIndex tool : task.optional) places.try_emplace(tool, places.size());
    }
    words_ = (places.size() + 63) / 64;
    const auto set = [&](std::vector<std::uint64_t>& bits, std::size_t row, ToolIndex tool) {
      const auto place = places.find(tool);
      if (place == places.end()) return;
      bits[row * words_ + place->second / 64] |= std::uint64_t{1} << (place->second % 64);
    };
    optional_.resize(split.tasks.size() * words_, 0);
    for (std::size_t task = 0; task < split.tasks.size(); ++task) {
      for (const ToolIndex tool : split.tasks[task].optional) set(optional_, task, tool);
    }
    called_.resize(corpus.trajectories().size() * words_, 0);
    for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
      for (const ToolIndex tool : trajectory.tools) set(called_, runs_.size(), tool);
      runs_.push_back({trajectory.task, trajectory.model});
    }
  }

  Decisions compare(RunPair pair) const {
    Decisions decisions;
    for (std::size_t w = 0; w < words_; ++w) {
      const std::uint64_t both =
          optional_[runs_[pair.a].task * words_ + w] & optional_[runs_[pair.b].task * words_ + w];
      if (both == 0) continue;
      const std::uint64_t of_a = called_[pair.a * words_ + w] & both;
      const std::uint64_t of_b = called_[pair.b * words_ + w] & both;
      decisions.tools += std::popcount(both);
      decisions.agreements += std::popcount(both & ~(of_a ^ of_b));
      decisions.calls_a += std::popcount(of_a);
      decisions.calls_b += std::popcount(of_b);
    }
    return decisions;
  }

  bool same_model(RunPair pair) const { return runs_[pair.a].model == runs_[pair.b].model; }

 private:
  struct Run {
    TaskIndex task;
    ModelIndex model;
  };
  std::size_t words_ = 0;
  std::vector<std::uint64_t> optional_;  // by task
  std::vector<std::uint64_t> called_;    // by trajectory
  std::vector<Run> runs_;                // by trajectory
};

// Columns of S_node: one where a tool is optional, the mean share of agreements; then means over
// all pairs of runs of the optional tools, agreements, and calls of both sides.
enum NodeColumn : std::size_t {
  kNode,
  kShare,
  kTools,
  kAgreements,
  kCallsA,
  kCallsB,
  kNodeColumns
};

// [choice] On different tasks (for the chance level) the tools compared are those that are optional
// in both: where one task leaves no choice, no decision can agree.
Measure node_measure(const Corpus& corpus, const ToolSplit& split) {
  Measure measure;
  measure.columns = kNodeColumns;
  measure.mismatches = kEveryOther;
  measure.fill = [tools = std::make_shared<const OptionalTools>(corpus, split)](
                     const RunPairs& pairs, std::span<double> row) {
    double share = 0;
    double with_tools = 0;
    Decisions sums;
    for (const RunPair pair : pairs) {
      const Decisions decisions = tools->compare(pair);
      if (decisions.tools > 0) {
        ++with_tools;
        share += decisions.agreements / decisions.tools;
      }
      sums.tools += decisions.tools;
      sums.agreements += decisions.agreements;
      sums.calls_a += decisions.calls_a;
      sums.calls_b += decisions.calls_b;
    }
    if (with_tools == 0) return;
    // One model has one rate: the mean of both sides.
    if (tools->same_model(pairs.front())) {
      sums.calls_a = sums.calls_b = (sums.calls_a + sums.calls_b) / 2;
    }
    const auto n = static_cast<double>(pairs.size());
    row[kNode] = 1;
    row[kShare] = share / with_tools;
    row[kTools] = sums.tools / n;
    row[kAgreements] = sums.agreements / n;
    row[kCallsA] = sums.calls_a / n;
    row[kCallsB] = sums.calls_b / n;
  };
  return measure;
}

Measure cosine_measure(const Corpus& corpus,
                       std::array<double, 3> (*vector_of)(const ActionCounts&)) {
  const auto vectors = for_each_trajectory(
      corpus, [&](const CorpusTrajectory& t) { return MeasuredVector(vector_of(t.counts)); });
  Measure measure = mean_measure([vectors](RunPair pair) {
    return std::optional(cosine_similarity((*vectors)[pair.a], (*vectors)[pair.b]));
  });
  measure.mismatches = kEveryOther;
  return measure;
}

Measure calibrated_measure(const Corpus& corpus,
                           CalibratedFeatures (*features_of)(const ActionCounts&)) {
  const auto features =
      for_each_trajectory(corpus, [&](const CorpusTrajectory& t) { return features_of(t.counts); });
  Measure measure = mean_measure([features](RunPair pair) {
    return calibrated_similarity((*features)[pair.a], (*features)[pair.b]);
  });
  measure.mismatches = kEveryOther;
  return measure;
}

// The last three metrics and their mean, which carries the tasks of the first.
void add_ags(MetricSet& set, MetricGroup group, std::string slug, std::string title) {
  const std::size_t n = set.metrics.size();
  for (std::size_t part = n - 3; part < n; ++part) set.metrics[part].group = group;
  Metric ags;
  ags.slug = std::move(slug);
  ags.title = std::move(title);
  ags.group = group;
  ags.formula = MeanOf{{n - 3, n - 2, n - 1}};
  ags.tasks = set.metrics[n - 3].tasks;
  set.metrics.push_back(std::move(ags));
}

}  // namespace

void add_ags_metrics(MetricSet& set, const MetricSources& sources) {
  const Corpus& corpus = sources.corpus;
  const std::size_t node = set.add(node_measure(corpus, sources.split));
  const std::vector<Ratio> coverage = add_dependency_coverage(set, corpus);
  const auto add = [&](std::string slug, std::string title, std::size_t first) {
    set.metrics.push_back(mean_metric(std::move(slug), std::move(title), first));
  };
  add("s_node", "S_node", node);
  add("s_seq", "S_seq", set.add(cosine_measure(corpus, sequence_vector)));
  add("s_dep", "S_dep", set.add(cosine_measure(corpus, dependency_vector)));
  set.metrics.back().coverage = coverage;
  // Any two runs that chain calls are near 1.
  set.metrics.back().interval = IntervalRule::kBounded;
  add_ags(set, MetricGroup::kPaper, "ags", "AGS");
  set.metrics.back().evidence = true;
  add("calibrated_s_node", "S_node cal.", node);
  Metric& kappa = set.metrics.back();
  kappa.formula = Kappa{node + kTools, node + kAgreements, node + kCallsA, node + kCallsB};
  if (sources.split.small_pool()) {
    kappa.undefined = fmt::format("the pool has fewer than {} models", kFewestPoolModels);
  }
  add("calibrated_s_seq", "S_seq cal.",
      set.add(calibrated_measure(corpus, calibrated_sequence_features)));
  add("calibrated_s_dep", "S_dep cal.",
      set.add(calibrated_measure(corpus, calibrated_dependency_features)));
  set.metrics.back().coverage = coverage;
  add_ags(set, MetricGroup::kCalibrated, "calibrated_ags", "AGS cal.");
  set.counts.push_back({"n_optional_tools", {}, node + kTools});
  for (std::size_t side = 0; side < coverage.size(); ++side) {
    const char* const name = side == 0 ? "a" : "b";
    set.counts.push_back({fmt::format("candidates_asked_{}", name), {}, coverage[side].count});
    set.counts.push_back({fmt::format("candidates_answered_{}", name), {}, coverage[side].sum});
  }
}

MetricSet s_node_alone(const Corpus& corpus, const ToolSplit& split) {
  MetricSet set;
  set.metrics.push_back(mean_metric("s_node", "S_node", set.add(node_measure(corpus, split))));
  return set;
}

}  // namespace agentecho

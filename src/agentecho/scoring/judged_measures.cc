#include "agentecho/scoring/judged_measures.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "agentecho/scoring/family_scorer.h"

namespace agentecho {

namespace {

// Of one pair of trajectories: how much was asked, how much was answered, and what came of it.
struct Judged {
  double asked = 0;
  double answered = 0;
  std::optional<double> value;
};

using LookUp = std::function<Judged(const CorpusTrajectory&, const CorpusTrajectory&)>;
using ModelPairs = std::set<std::pair<ModelIndex, ModelIndex>>;

// Pairs of models of which too little was answered.
ModelPairs uncovered_pairs(const Corpus& corpus, const LookUp& look_up, double least_coverage) {
  ModelPairs uncovered;
  for (ModelIndex a = 0; a < corpus.models().size(); ++a) {
    for (ModelIndex b = a; b < corpus.models().size(); ++b) {
      double asked = 0;
      double answered = 0;
      for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
        const TaskTrials trials{task, corpus.trials(a, task), corpus.trials(b, task), a == b};
        for (const rps::TrialPair& pair : trials.paired()) {
          const Judged judged = look_up(trials.a[pair.a], trials.b[pair.b]);
          asked += judged.asked;
          answered += judged.answered;
        }
      }
      if (asked > 0 && answered < least_coverage * asked) uncovered.emplace(a, b);
    }
  }
  return uncovered;
}

Measure judged_measure(std::string name, const Corpus& corpus, LookUp look_up, ModelPairs left_out,
                       bool paired_trials) {
  Measure measure;
  measure.name = std::move(name);
  measure.mismatches = 0;
  measure.paired_trials = paired_trials;
  const std::span<const CorpusTrajectory> trajectories = corpus.trajectories();
  measure.add = [=, look_up = std::move(look_up), left_out = std::move(left_out)](
                    std::span<const TrialPair> pairs, Cells& cells) {
    for (const TrialPair& pair : pairs) {
      const CorpusTrajectory& a = trajectories[pair.a];
      const CorpusTrajectory& b = trajectories[pair.b];
      if (left_out.contains(std::minmax(a.model, b.model))) continue;
      const std::optional<double> value = look_up(a, b).value;
      if (!value) continue;
      cells[0] += 1;
      cells[1] += *value;
    }
  };
  return measure;
}

Judged judged_rps(const JudgedRps& judged, const CorpusTrajectory& a, const CorpusTrajectory& b) {
  const rps::TrajectoryPairVerdict* const verdict = judged.verdicts.find(a.content, b.content);
  if (verdict == nullptr) return {};
  const rps::TaskRps task = rps::score_task({verdict, 1});
  return {static_cast<double>(task.counts.shared), static_cast<double>(task.counts.scored),
          task.mean ? std::optional(task.mean->overall) : std::nullopt};
}

Judged judged_value(const JudgedValues& judged, const CorpusTrajectory& a,
                    const CorpusTrajectory& b) {
  const std::optional<double>* const value = judged.values.find(a.content, b.content);
  if (value == nullptr) return {};
  return {1, value->has_value() ? 1.0 : 0.0, *value};
}

// As a new metric, or in the place of the one of that name.
void put(MetricSet& set, Metric metric, Measure measure) {
  if (const auto there = set.find(metric.name)) {
    set.measures[set.metrics[*there].parts.front()] = std::move(measure);
    return;
  }
  metric.parts = {set.measures.size()};
  set.measures.push_back(std::move(measure));
  set.metrics.push_back(std::move(metric));
}

}  // namespace

void add_judged_metrics(MetricSet& set, const Corpus& corpus, const JudgedMetrics& judged,
                        double least_coverage) {
  if (judged.rps != nullptr) {
    const LookUp look_up = [rps = judged.rps](const auto& a, const auto& b) {
      return judged_rps(*rps, a, b);
    };
    put(set, {"rps", "RPS", Channel::kWording, {}, true},
        judged_measure("rps", corpus, look_up, uncovered_pairs(corpus, look_up, least_coverage),
                       true));
  }
  if (judged.rse != nullptr) {
    const LookUp look_up = [rse = judged.rse](const auto& a, const auto& b) {
      return judged_value(*rse, a, b);
    };
    put(set, {"rse", "RSE", Channel::kWording, {}, false},
        judged_measure("rse", corpus, look_up, uncovered_pairs(corpus, look_up, least_coverage),
                       true));
  }
  if (judged.embedding != nullptr) {
    const LookUp look_up = [embedding = judged.embedding](const auto& a, const auto& b) {
      return judged_value(*embedding, a, b);
    };
    put(set, {"embedding", "embed.", Channel::kWording, {}, false},
        judged_measure("embedding", corpus, look_up, {}, false));
  }
}

}  // namespace agentecho

#include "agentecho/study/task_shares.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "agentecho/stats/descriptive.h"

namespace agentecho {

namespace {

std::vector<std::size_t> ranked_metrics(const MetricSet& set) {
  std::vector<std::size_t> metrics;
  for (const char* name : {"s_node", "s_seq", "s_dep"}) {
    if (const auto found = set.find(name)) metrics.push_back(*found);
  }
  for (std::size_t m = 0; m < set.metrics.size(); ++m) {
    if (set.metrics[m].evidence && set.metrics[m].channel == MetricChannel::kWording) {
      metrics.push_back(m);
    }
  }
  if (metrics.empty()) {
    metrics.resize(set.metrics.size());
    std::iota(metrics.begin(), metrics.end(), std::size_t{0});
  }
  return metrics;
}

struct Sum {
  double total = 0;
  double n = 0;
};

// Mean over channels of the mean over a channel's metrics; nothing when all are missing.
std::optional<double> mean_over_channels(const MetricSet& set,
                                         const std::vector<std::size_t>& metrics,
                                         const std::vector<std::optional<double>>& values) {
  std::array<Sum, 2> channels{};
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    if (!values[k]) continue;
    Sum& sum = channels[static_cast<std::size_t>(set.metrics[metrics[k]].channel)];
    sum.total += *values[k];
    ++sum.n;
  }
  Sum all;
  for (const Sum& sum : channels) {
    if (sum.n == 0) continue;
    all.total += sum.total / sum.n;
    ++all.n;
  }
  if (all.n == 0) return std::nullopt;
  return all.total / all.n;
}

}  // namespace

TaskShares share_among_tasks(const Study& study, ModelIndex a, ModelIndex b) {
  TaskShares shares;
  shares.metrics = ranked_metrics(study.metrics);
  std::vector<ModelPair> pairs{{std::min(a, b), std::max(a, b)}};
  for (ModelIndex other = 0; other < study.corpus.models().size(); ++other) {
    if (other == a || other == b) continue;
    ++shares.others;
    pairs.emplace_back(std::min(a, other), std::max(a, other));
    pairs.emplace_back(std::min(b, other), std::max(b, other));
  }
  const std::vector<PairRows> rows = score_rows(study, pairs);
  const std::size_t columns = study.metrics.columns();
  const auto score_of = [&](const PairRows& pair, std::size_t i, std::size_t metric) {
    return study.metrics.score(metric, std::span(pair.rows).subspan(i * columns, columns));
  };
  std::vector<std::map<TaskIndex, Sum>> usual(shares.metrics.size());
  for (std::size_t p = 1; p < rows.size(); ++p) {
    for (std::size_t i = 0; i < rows[p].tasks.size(); ++i) {
      for (std::size_t k = 0; k < shares.metrics.size(); ++k) {
        if (const auto score = score_of(rows[p], i, shares.metrics[k])) {
          Sum& sum = usual[k][rows[p].tasks[i]];
          sum.total += *score;
          ++sum.n;
        }
      }
    }
  }
  for (std::size_t i = 0; i < rows[0].tasks.size(); ++i) {
    TaskShare& share = shares.tasks.emplace_back();
    share.task = rows[0].tasks[i];
    for (std::size_t k = 0; k < shares.metrics.size(); ++k) {
      share.scores.push_back(score_of(rows[0], i, shares.metrics[k]));
      const Sum sum = usual[k][share.task];
      std::optional<double>& excess = share.excess.emplace_back();
      if (share.scores[k] && sum.n > 0) excess = *share.scores[k] - sum.total / sum.n;
    }
  }
  // What the ranking goes by, in standard deviations over the tasks.
  std::vector<std::vector<std::optional<double>>> standardised(shares.tasks.size());
  for (std::size_t k = 0; k < shares.metrics.size(); ++k) {
    const auto value_of = [&](const TaskShare& share) {
      return shares.others > 0 ? share.excess[k] : share.scores[k];
    };
    std::vector<double> values;
    for (const TaskShare& share : shares.tasks) {
      if (const auto value = value_of(share)) values.push_back(*value);
    }
    const auto sd = spread_above_rounding(values);
    if (!sd && values.size() > 1) shares.even.push_back(shares.metrics[k]);
    for (std::size_t i = 0; i < shares.tasks.size(); ++i) {
      const auto value = value_of(shares.tasks[i]);
      standardised[i].push_back(value && sd ? std::optional(*value / *sd) : std::nullopt);
    }
  }
  for (std::size_t i = 0; i < shares.tasks.size(); ++i) {
    shares.tasks[i].rank_score = mean_over_channels(study.metrics, shares.metrics, standardised[i]);
  }
  std::stable_sort(shares.tasks.begin(), shares.tasks.end(),
                   [](const TaskShare& x, const TaskShare& y) {
                     if (!x.rank_score || !y.rank_score) return x.rank_score.has_value();
                     return *x.rank_score > *y.rank_score;
                   });
  return shares;
}

}  // namespace agentecho

#include "agentecho/study/diversity_likeness.h"

#include <algorithm>
#include <cmath>

#include "agentecho/scoring/outcome_metrics.h"
#include "agentecho/stats/gaps.h"

namespace agentecho {

namespace {

constexpr std::size_t kPairsHeld = 512;  // whose replicates are held
constexpr std::size_t kRunsWithThemselves = 1000;

// The score of a run with itself: as alike as anything can be.
std::optional<double> score_with_itself(const Study& study, std::size_t metric) {
  const MetricSet& set = study.metrics;
  const std::size_t runs = study.corpus.trajectories().size();
  const std::size_t step = std::max<std::size_t>(1, runs / kRunsWithThemselves);
  std::vector<double> sums(set.columns(), 0.0);
  std::vector<double> row(set.columns());
  for (std::size_t run = 0; run < runs; run += step) {
    std::fill(row.begin(), row.end(), 0.0);
    const auto number = static_cast<std::uint32_t>(run);
    const RunPair itself{number, number};
    for (std::size_t m = 0; m < set.measures.size(); ++m) {
      set.measures[m].fill(std::span(&itself, 1),
                           std::span(row).subspan(set.first_column(m), set.measures[m].columns));
    }
    for (std::size_t c = 0; c < row.size(); ++c) sums[c] += row[c];
  }
  return set.score(metric, sums);
}

// What turns the scores of one metric into rho.
struct LikenessScale {
  const Study& study;
  std::size_t metric = 0;
  std::span<const ModelPair> pairs;
  std::vector<double> chance;    // by pair; NaN: not known
  bool corrected = false;        // the score is a correlation already
  std::vector<PairRows> selves;  // of models with several runs of a task
  double bound = 1;              // the ceiling where no model has one

  // By model: its own likeness to itself, or the mean of those that have one, or the bound.
  std::vector<double> ceilings(std::span<const double> own) const {
    const double usual = mean_of_defined(own);
    std::vector<double> by_model(study.corpus.models().size(), std::isnan(usual) ? bound : usual);
    for (std::size_t s = 0; s < selves.size(); ++s) {
      if (!std::isnan(own[s])) by_model[selves[s].a] = own[s];
    }
    return by_model;
  }

  double ceiling(std::size_t pair, std::span<const double> by_model) const {
    return (by_model[pairs[pair].first] + by_model[pairs[pair].second]) / 2;
  }

  double rho(std::size_t pair, double score, std::span<const double> by_model) const {
    if (corrected || std::isnan(score)) return score;
    return position(score, chance[pair], ceiling(pair, by_model)).value_or(kNaN);
  }

  // Of a score that has none.
  std::string_view why_no_rho(std::size_t pair, std::span<const double> by_model) const {
    if (std::isnan(chance[pair])) return "no chance level";
    if (std::isnan(ceiling(pair, by_model))) return "no ceiling";
    return "the ceiling is not above chance";
  }
};

std::uint32_t tasks_of(const Study& study, std::size_t metric, const PairRows& rows) {
  const std::size_t columns = study.metrics.columns();
  const std::size_t column = study.metrics.metrics[metric].tasks;
  std::uint32_t n = 0;
  for (std::size_t at = column; at < rows.rows.size(); at += columns) n += rows.rows[at] > 0;
  return n;
}

constexpr std::string_view kKappaOfOneTask = "on one common task κ is 0 whatever the two do";

// On one task as many pairs of trials agree as the rates of the two give, so that kappa is no
// measurement there.
bool needs_more_tasks(const LikenessScale& scale, const PairRows& rows) {
  return scale.corrected && tasks_of(scale.study, scale.metric, rows) < kFewestTasks;
}

// On tasks that carry it.
std::string_view why_no_score(const LikenessScale& scale, const PairRows& rows) {
  if (needs_more_tasks(scale, rows)) return kKappaOfOneTask;
  return scale.corrected ? "all outcomes on the common tasks are the same"
                         : "undefined on the common tasks";
}

double score_of(const LikenessScale& scale, const PairRows& rows) {
  if (needs_more_tasks(scale, rows)) return kNaN;
  const MetricSet& metrics = scale.study.metrics;
  return metrics.score(scale.metric, column_sums(metrics, rows)).value_or(kNaN);
}

// How often a score has no rho among its resamples, since the ceiling is not above chance there.
struct Unscaled {
  std::size_t times = 0;
  std::size_t of = 0;

  // [choice] In more resamples than an interval leaves out on one side. The ratio has no bounds
  // then (E. C. Fieller, J. R. Stat. Soc. B 16 (1954)): resamples that were left out are those in
  // which it is largest.
  bool too_often(double level) const {
    return static_cast<double>(times) > (1 - level) / 2 * static_cast<double>(of);
  }
};

constexpr std::string_view kUnscaled = "in too many resamples the ceiling is not above chance";

// The replicates of the mean rho.
struct Resampled {
  MeansOfDefined means;
  Unscaled unscaled;
};

// Intervals of every rho, and the replicates of their mean.
Resampled resample(const LikenessScale& scale, std::span<const PairRows> rows, Likeness& likeness) {
  const std::size_t replicates = scale.study.bootstrap.replicates;
  Resampled resampled{MeansOfDefined(replicates), {}};
  const std::vector<double> own = replicate_scores(scale.study, scale.selves, scale.metric);
  std::vector<std::vector<double>> ceilings;  // by replicate
  for (std::size_t r = 0; r < replicates && !scale.corrected; ++r) {
    ceilings.push_back(
        scale.ceilings(std::span(own).subspan(r * scale.selves.size(), scale.selves.size())));
  }
  std::vector<double> values(replicates);
  for (std::size_t from = 0; from < rows.size(); from += kPairsHeld) {
    const auto block = rows.subspan(from, std::min(kPairsHeld, rows.size() - from));
    const std::vector<double> scores = replicate_scores(scale.study, block, scale.metric);
    for (std::size_t p = 0; p < block.size(); ++p) {
      Estimate& rho = likeness.pairs[from + p].rho;
      if (!rho.value) continue;
      Unscaled unscaled;
      for (std::size_t r = 0; r < replicates; ++r) {
        const auto of_replicate =
            scale.corrected ? std::span<const double>() : std::span<const double>(ceilings[r]);
        const double score = scores[r * block.size() + p];
        values[r] = scale.rho(from + p, score, of_replicate);
        unscaled.of += std::isnan(score) ? 0 : 1;
        unscaled.times += !std::isnan(score) && std::isnan(values[r]) ? 1 : 0;
      }
      resampled.means.add(values);
      resampled.unscaled.times += unscaled.times;
      resampled.unscaled.of += unscaled.of;
      if (rho.n_tasks < kFewestTasks) continue;
      if (unscaled.too_often(scale.study.bootstrap.level)) {
        rho.reason = kUnscaled;
      } else {
        rho.interval = percentile_interval(values, scale.study.bootstrap.level);
      }
    }
  }
  return resampled;
}

// The interval of the mean rho, and that of the number at its ends: a larger rho is a smaller
// number.
void find_intervals(const Resampled& resampled, double level, EffectiveNumber& effective) {
  if (resampled.unscaled.too_often(level)) {
    effective.rho.reason = kUnscaled;
    if (effective.number.value) effective.number.reason = kUnscaled;
    return;
  }
  std::vector<double> rhos;
  for (std::size_t r = 0; r < resampled.means.places(); ++r) {
    rhos.push_back(resampled.means.mean(r));
  }
  effective.rho.interval = percentile_interval(rhos, level);
  if (!effective.rho.interval || !effective.number.value) return;
  const auto low = effective_number(effective.models, effective.rho.interval->high);
  const auto high = effective_number(effective.models, effective.rho.interval->low);
  if (low && high) {
    effective.number.interval = Interval{*low, *high};
  } else {
    effective.number.reason = "no upper limit, since the mean likeness may be -1/(N - 1) or less";
  }
}

// Why no pair has a rho, where it is the same for all.
std::string_view common_reason(std::span<const PairLikeness> pairs) {
  if (pairs.empty()) return {};
  const std::string_view first = pairs.front().rho.reason;
  const bool same = std::all_of(pairs.begin(), pairs.end(),
                                [&](const PairLikeness& pair) { return pair.rho.reason == first; });
  return same ? first : std::string_view{};
}

void find_effective(const LikenessScale& scale, const Resampled& resampled, Likeness& likeness) {
  EffectiveNumber& effective = likeness.effective;
  std::vector<char> takes_part(scale.study.corpus.models().size(), 0);
  std::vector<double> defined_rho;
  for (std::size_t p = 0; p < scale.pairs.size(); ++p) {
    const Estimate& rho = likeness.pairs[p].rho;
    if (!rho.value) continue;
    takes_part[scale.pairs[p].first] = takes_part[scale.pairs[p].second] = 1;
    defined_rho.push_back(*rho.value);
    effective.rho.n_tasks = std::max(effective.rho.n_tasks, rho.n_tasks);
  }
  effective.pairs = defined_rho.size();
  effective.models =
      static_cast<std::size_t>(std::count(takes_part.begin(), takes_part.end(), char{1}));
  if (defined_rho.empty()) {
    effective.rho.reason = common_reason(likeness.pairs);
    return;
  }
  effective.rho.value = mean_of_defined(defined_rho);
  effective.number.value = effective_number(effective.models, *effective.rho.value);
  effective.number.n_tasks = effective.rho.n_tasks;
  if (!effective.number.value) {
    effective.number.reason = "the mean likeness is at most -1/(N - 1)";
  }
  if (effective.rho.n_tasks < kFewestTasks) return;
  find_intervals(resampled, scale.study.bootstrap.level, effective);
}

Likeness weigh(const LikenessScale& scale, const std::vector<char>& left_out) {
  Likeness likeness;
  const Metric& metric = scale.study.metrics.metrics[scale.metric];
  likeness.slug = metric.slug;
  likeness.title = metric.title;
  std::vector<double> own;
  for (const PairRows& self : scale.selves) own.push_back(score_of(scale, self));
  likeness.upper_bound = std::isnan(mean_of_defined(own));
  likeness.own = defined(mean_of_defined(own));
  const std::vector<double> ceilings = scale.ceilings(own);
  const std::vector<PairRows> rows = score_rows(scale.study, scale.pairs);
  for (std::size_t p = 0; p < scale.pairs.size(); ++p) {
    PairLikeness& pair = likeness.pairs.emplace_back();
    const auto [a, b] = scale.pairs[p];
    if (!left_out.empty() && (left_out[a] != 0 || left_out[b] != 0)) {
      pair.rho.reason = "no outcome of one of the two is recorded";
      continue;
    }
    const double score = score_of(scale, rows[p]);
    pair.score = defined(score);
    pair.chance = scale.corrected ? 0 : defined(scale.chance[p]);
    pair.ceiling = scale.corrected ? 1 : defined(scale.ceiling(p, ceilings));
    pair.rho.n_tasks = tasks_of(scale.study, scale.metric, rows[p]);
    pair.rho.value = defined(scale.rho(p, score, ceilings));
    if (pair.rho.value) continue;
    if (pair.score) {
      pair.rho.reason = scale.why_no_rho(p, ceilings);
    } else if (pair.rho.n_tasks > 0) {
      pair.rho.reason = why_no_score(scale, rows[p]);
    }
  }
  find_effective(scale, resample(scale, rows, likeness), likeness);
  return likeness;
}

}  // namespace

Likeness likeness_of_errors(const Study& study, std::span<const ModelPair> pairs,
                            const std::vector<char>& recorded) {
  const Study outcomes{study.corpus, error_consistency_alone(study.corpus), study.bootstrap,
                       study.threads};
  LikenessScale scale{outcomes, 0, pairs, {}, true, {}, 1};
  std::vector<ModelPair> selves;
  for (const ModelPair& self : self_pairs(study.corpus)) {
    if (recorded[self.first] != 0) selves.push_back(self);
  }
  scale.selves = score_rows(outcomes, selves);
  std::vector<char> left_out;
  for (const char known : recorded) left_out.push_back(known != 0 ? 0 : 1);
  Likeness likeness = weigh(scale, left_out);
  likeness.errors = true;
  likeness.upper_bound = false;
  return likeness;
}

Likeness likeness_of_habits(const Study& study, std::size_t metric,
                            std::span<const ModelPair> pairs,
                            const std::vector<std::optional<double>>& chance) {
  LikenessScale scale{study, metric, pairs, {}, false, score_rows(study, self_pairs(study.corpus)),
                      kNaN};
  for (const auto& level : chance) scale.chance.push_back(level.value_or(kNaN));
  scale.bound = score_with_itself(study, metric).value_or(kNaN);
  return weigh(scale, {});
}

}  // namespace agentecho

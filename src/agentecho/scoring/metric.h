// What pairs of models are compared by, as data: measures of trajectories, and metrics made of
// them.
//
// A measure turns the pairs of runs of one task into a row of a few numbers (columns). A metric is
// a formula over the sums of columns, so that a resample of tasks only reweights rows. Everything
// else follows from this: intervals, chance levels, ceilings, affinities, families, the tests of
// `distill` and all tables take any metric. To add one, see metric_registry.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agentecho/scoring/run_pairs.h"

namespace agentecho {

// The share of answers below which what was judged of a pair is withheld, unless one says
// otherwise.
inline constexpr double kLeastCoverage = 0.8;

// Other tasks that each task is set against for the chance level: all of them, so that nothing is
// left to the seed. For measures that are cheap, as those of actions are.
inline constexpr std::uint32_t kEveryOther = std::numeric_limits<std::uint32_t>::max();

struct Measure {
  std::size_t columns = 2;
  // Other tasks that each task is set against for the chance level; 0: no chance level.
  std::uint32_t mismatches = 10;
  // Trial i with trial i only, and a model's own trials each with the next (METHOD 4, to bound
  // cost); else all pairs of trials.
  bool paired_trials = false;
  // Writes the row of one task, which is all 0 before; a column stays 0 where it is undefined.
  // Called from several threads.
  std::function<void(const RunPairs&, std::span<double> row)> fill;
};

// What a metric looks at. Channels weigh equally in the combined evidence.
enum class MetricChannel : std::uint8_t { kAction, kWording };

// How tables are grouped.
enum class MetricGroup : std::uint8_t { kPaper, kCalibrated, kRps, kBaseline };
std::string_view name_of(MetricGroup group);  // "paper", "calibrated", "rps", "baseline"

// How the interval of a metric is made of its replicates over tasks.
enum class IntervalRule : std::uint8_t {
  kPercentile,
  // Most tasks lie at the bound 1 and few far below, so that a sample often holds none of the few:
  // allows for tasks at either bound that were not met (stats/bounded_mean.h).
  kBounded,
  // Percentiles with the length of Student's interval (stats/expanded_interval.h).
  kExpanded,
};

// One column's sum over that of another. The mean over tasks where `count` holds ones.
struct Ratio {
  std::size_t sum = 0;
  std::size_t count = 0;
};
// Cohen's kappa over all cells, from their number, agreements, and decisions of both sides.
struct Kappa {
  std::size_t cells = 0;
  std::size_t agreements = 0;
  std::size_t a = 0;
  std::size_t b = 0;
};
// The mean of metrics that stand before it in the set; undefined when one of them is.
struct MeanOf {
  std::vector<std::size_t> metrics;
};

struct Metric {
  std::string slug;    // "calibrated_s_node": for files and the command line
  std::string title;   // "S_node cal.": for people; empty: in files only
  std::string family;  // "ags": the name of its entry in the registry
  MetricGroup group = MetricGroup::kBaseline;
  MetricChannel channel = MetricChannel::kAction;
  std::variant<Ratio, Kappa, MeanOf> formula;
  std::size_t tasks = 0;  // the column that is above 0 on the tasks that carry it
  bool evidence = false;  // takes part in the combined evidence
  // Answered / asked, of a metric that is a Ratio with other columns: where one of them is below
  // MetricSet::least_coverage it is withheld, and with it every MeanOf that it is a part of.
  std::vector<Ratio> coverage{};
  std::string undefined{};  // not empty: it is undefined for every pair, for this reason
  int digits = 3;           // shown
  IntervalRule interval = IntervalRule::kPercentile;
};

// A column that reports show as it is, summed over tasks.
struct CountColumn {
  std::string slug;  // "rps_shared_stages"
  std::string family;
  std::size_t column = 0;
};

struct MetricSet {
  std::vector<Measure> measures;
  std::vector<Metric> metrics;
  std::vector<Metric> details;  // parts of what families measure that only `compare` shows
  std::vector<CountColumn> counts;
  double least_coverage = 0;

  // Returns the place of its first column in a row.
  std::size_t add(Measure measure);
  // The details become metrics, after all others.
  void show_details();

  std::size_t columns() const { return columns_; }
  std::size_t first_column(std::size_t measure) const { return first_[measure]; }
  std::optional<std::size_t> find(std::string_view slug) const;
  // The same for one that is known to be there.
  std::size_t at(std::string_view slug) const { return find(slug).value(); }

  // The one that tables are sorted by: AGS where it is there, else the first.
  std::size_t lead() const { return find("ags").value_or(0); }

  // From column sums over tasks; nothing where it is undefined.
  std::optional<double> score(std::size_t metric, std::span<const double> sums) const;
  // The metrics that these sums have too few answers for, ascending.
  std::vector<std::size_t> uncovered(std::span<const double> sums) const;
  // Is it a mean over tasks, or a mean of such means?
  bool is_mean_over_tasks(std::size_t metric) const;

 private:
  std::size_t columns_ = 0;
  std::vector<std::size_t> first_;
};

}  // namespace agentecho

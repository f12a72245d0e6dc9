#include "agentecho/evaluation/judge_agreement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "agentecho/base/parallel.h"
#include "agentecho/stats/agreement.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

namespace {

constexpr std::array<double, 5> kWholeScores = {1, 2, 3, 4, 5};

double score_of(const rps::PairScore& score, std::size_t which) { return list_of(score)[which]; }

double whole(double score) {
  return std::clamp(std::round(score), kWholeScores.front(), kWholeScores.back());
}

// The clusters of the bootstrap.
class Tasks {
 public:
  explicit Tasks(std::span<const std::uint32_t> task_of_pair) {
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (const std::uint32_t task : task_of_pair) {
      const auto next = static_cast<std::uint32_t>(numbers.size());
      of_pair_.push_back(numbers.try_emplace(task, next).first->second);
    }
    count_ = numbers.size();
  }

  std::size_t count() const { return count_; }
  std::uint32_t of_pair(std::size_t pair) const { return of_pair_[pair]; }

 private:
  std::vector<std::uint32_t> of_pair_;
  std::size_t count_ = 0;
};

// Figures with intervals, all on the same resamples of tasks.
class Resamples {
 public:
  Resamples(std::size_t tasks, const BootstrapOptions& bootstrap, unsigned threads)
      : resampler_(tasks, tasks < kFewestTasks ? 0 : bootstrap.replicates, bootstrap.seed),
        level_(bootstrap.level),
        threads_(threads) {}

  // value(sums over tasks) -> Statistic<double>. rows: tasks x columns. n_tasks: those that have
  // something in their row. One figure for each of `values`.
  template <class Value>
  std::vector<Figure> of_sums(std::size_t n_tasks, std::span<const double> rows,
                              std::size_t columns, std::span<const Value> values) const {
    std::vector<double> totals(columns, 0.0);
    for (std::size_t i = 0; i < rows.size(); ++i) totals[i % columns] += rows[i];
    std::vector<double> sums(resampler_.replicates() * columns);
    if (resampler_.replicates() > 0) resampler_.weighted_sums(rows, columns, sums);
    std::vector<Figure> figures;
    for (const Value& value : values) {
      figures.push_back(figure(n_tasks, value(totals), [&](std::size_t replicate) {
        return value(std::span<const double>(sums).subspan(replicate * columns, columns));
      }));
    }
    return figures;
  }

  // of_replicate(replicate) -> Statistic<double>; called from several threads. n_tasks: those that
  // the value is of.
  template <class OfReplicate>
  Figure figure(std::size_t n_tasks, Statistic<double> value,
                const OfReplicate& of_replicate) const {
    Figure figure;
    figure.value = value;
    if (!value || n_tasks < kFewestTasks || resampler_.replicates() == 0) return figure;
    std::vector<double> replicates(resampler_.replicates());
    parallel_for(replicates.size(), threads_, [&](std::size_t replicate) {
      replicates[replicate] = of_replicate(replicate).value_or(kNaN);
    });
    figure.interval = percentile_interval(replicates, level_);
    return figure;
  }

  unsigned count(std::size_t replicate, std::size_t task) const {
    return resampler_.count(replicate, task);
  }

 private:
  Resampler resampler_;
  double level_;
  unsigned threads_;
};

// One judge at one temperature.
struct Rater {
  std::string judge;
  std::optional<double> temperature;
  std::vector<const JudgeRating*> ratings;

  bool indifferent() const { return ratings.front()->indifferent; }
  // nullptr when it was not asked that way.
  const JudgeRating* under(int side_order, int repeat) const {
    for (const JudgeRating* rating : ratings) {
      if (rating->indifferent) return rating;
      if (rating->side_order == side_order && rating->repeat == repeat) return rating;
    }
    return nullptr;
  }
};

// In the order of first appearance.
std::vector<Rater> raters_of(std::span<const JudgeRating> ratings) {
  std::vector<Rater> raters;
  for (const JudgeRating& rating : ratings) {
    auto found = std::find_if(raters.begin(), raters.end(), [&](const Rater& rater) {
      return rater.judge == rating.judge && rater.temperature == rating.temperature;
    });
    if (found == raters.end()) {
      raters.push_back({rating.judge, rating.temperature, {}});
      found = raters.end() - 1;
    }
    found->ratings.push_back(&rating);
  }
  return raters;
}

[[maybe_unused]] bool are_distinct(std::span<const JudgeRating> ratings) {
  std::set<std::tuple<std::string, std::optional<double>, int, int>> seen;
  return std::all_of(ratings.begin(), ratings.end(), [&](const JudgeRating& r) {
    return seen.emplace(r.judge, r.temperature, r.side_order, r.repeat).second;
  });
}

// Two ratings whose scores are set against each other.
using RatingPair = std::pair<const JudgeRating*, const JudgeRating*>;

// What both were asked in the same way.
std::vector<RatingPair> same_askings(const Rater& first, const Rater& second) {
  std::vector<RatingPair> pairs;
  const bool by_second = first.indifferent();
  for (const JudgeRating* rating : by_second ? second.ratings : first.ratings) {
    const JudgeRating* const other =
        (by_second ? first : second).under(rating->side_order, rating->repeat);
    if (other == nullptr) continue;
    pairs.push_back(by_second ? RatingPair{other, rating} : RatingPair{rating, other});
  }
  return pairs;
}

std::vector<RatingPair> both_orders(const Rater& rater) {
  std::vector<RatingPair> pairs;
  if (rater.indifferent()) return pairs;
  for (const JudgeRating* rating : rater.ratings) {
    const JudgeRating* const swapped = rater.under(1, rating->repeat);
    if (rating->side_order == 0 && swapped != nullptr) pairs.emplace_back(rating, swapped);
  }
  return pairs;
}

std::vector<RatingPair> repeats_of(const Rater& rater) {
  std::vector<RatingPair> pairs;
  if (rater.indifferent()) return pairs;
  for (const JudgeRating* first : rater.ratings) {
    for (const JudgeRating* second : rater.ratings) {
      if (first->side_order == second->side_order && first->repeat < second->repeat) {
        pairs.emplace_back(first, second);
      }
    }
  }
  return pairs;
}

struct Cases {
  std::vector<std::uint32_t> task;
  std::vector<double> first;
  std::vector<double> second;
};

Cases cases_of(const Tasks& tasks, std::span<const RatingPair> pairs, std::size_t which) {
  Cases cases;
  for (const RatingPair& pair : pairs) {
    for (std::size_t i = 0; i < pair.first->scores.size(); ++i) {
      const auto& a = pair.first->scores[i];
      const auto& b = pair.second->scores[i];
      if (!a || !b) continue;
      cases.task.push_back(tasks.of_pair(i));
      cases.first.push_back(score_of(*a, which));
      cases.second.push_back(score_of(*b, which));
    }
  }
  return cases;
}

// What the figures of a comparison need, as sums over cases.
enum CaseSum : std::size_t {
  kCases,
  kDifference,          // of the scores as they are
  kAbsoluteDifference,  // likewise
  kExact,               // of whole scores, from here on
  kWithinOne,
  kSquaredDifference,
  kFirst,
  kSecond,
  kFirstSquared,
  kSecondSquared,
  kCaseSums
};

std::vector<double> case_rows(const Cases& cases, std::size_t n_tasks) {
  std::vector<double> rows(n_tasks * kCaseSums, 0.0);
  for (std::size_t i = 0; i < cases.task.size(); ++i) {
    double* const row = &rows[cases.task[i] * kCaseSums];
    const double difference = cases.first[i] - cases.second[i];
    const double x = whole(cases.first[i]);
    const double y = whole(cases.second[i]);
    row[kCases] += 1;
    row[kDifference] += difference;
    row[kAbsoluteDifference] += std::fabs(difference);
    row[kExact] += x == y ? 1 : 0;
    row[kWithinOne] += std::fabs(x - y) <= 1 ? 1 : 0;
    row[kSquaredDifference] += (x - y) * (x - y);
    row[kFirst] += x;
    row[kSecond] += y;
    row[kFirstSquared] += x * x;
    row[kSecondSquared] += y * y;
  }
  return rows;
}

using CaseSums = std::span<const double>;
using FigureOfSums = Statistic<double> (*)(CaseSums);

template <CaseSum column>
Statistic<double> mean_of(CaseSums sums) {
  if (sums[kCases] == 0) return undefined(Undefined::kTooFew);
  return sums[column] / sums[kCases];
}

// quadratic_weighted_kappa() of stats/agreement.h with the sum over all pairs of cases of
// (x_i - y_j)^2 written out; every sum is of whole numbers, so nothing is lost.
Statistic<double> quadratic_kappa(CaseSums sums) {
  const double n = sums[kCases];
  if (n == 0) return undefined(Undefined::kTooFew);
  const double expected =
      n * sums[kFirstSquared] + n * sums[kSecondSquared] - 2 * sums[kFirst] * sums[kSecond];
  if (expected == 0) return undefined(Undefined::kConstant);
  return 1 - n * sums[kSquaredDifference] / expected;
}

constexpr std::array<FigureOfSums, 5> kFiguresOfSums = {
    mean_of<kDifference>, mean_of<kAbsoluteDifference>, mean_of<kExact>, mean_of<kWithinOne>,
    quadratic_kappa};

// Spearman's coefficient of cases that may count several times each; values are sorted once.
class WeightedRankCorrelation {
 public:
  WeightedRankCorrelation(CaseSums first, CaseSums second) : first_(first), second_(second) {}

  // weight: of each case; with all weights 1 that of stats/correlation.h.
  Statistic<double> of(std::span<const unsigned> weight) const {
    double n = 0;
    for (const unsigned w : weight) n += w;
    if (n < 3) return undefined(Undefined::kTooFew);
    const std::vector<double> x = first_.centred_ranks(weight, n);
    const std::vector<double> y = second_.centred_ranks(weight, n);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const double rank_x = x[first_.level(i)];
      const double rank_y = y[second_.level(i)];
      xx += weight[i] * rank_x * rank_x;
      yy += weight[i] * rank_y * rank_y;
      xy += weight[i] * rank_x * rank_y;
    }
    if (xx == 0 || yy == 0) return undefined(Undefined::kConstant);
    return std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  }

 private:
  // The values as places among the distinct ones.
  class Levels {
   public:
    explicit Levels(CaseSums values) {
      std::vector<double> distinct(values.begin(), values.end());
      std::sort(distinct.begin(), distinct.end());
      distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
      count_ = distinct.size();
      for (const double value : values) {
        level_.push_back(static_cast<std::uint32_t>(
            std::lower_bound(distinct.begin(), distinct.end(), value) - distinct.begin()));
      }
    }

    std::uint32_t level(std::size_t i) const { return level_[i]; }

    // By level: the mean rank of its cases, less the mean of all ranks.
    std::vector<double> centred_ranks(std::span<const unsigned> weight, double n) const {
      std::vector<double> ranks(count_, 0.0);
      for (std::size_t i = 0; i < level_.size(); ++i) ranks[level_[i]] += weight[i];
      double before = 0;
      for (double& rank : ranks) {
        const double here = rank;
        rank = before + (here + 1) / 2 - (n + 1) / 2;
        before += here;
      }
      return ranks;
    }

   private:
    std::vector<std::uint32_t> level_;
    std::size_t count_ = 0;
  };

  Levels first_;
  Levels second_;
};

Figure rank_correlation(std::size_t n_tasks, const Cases& cases, const Resamples& resamples) {
  const WeightedRankCorrelation correlation(cases.first, cases.second);
  const std::vector<unsigned> once(cases.task.size(), 1);
  return resamples.figure(n_tasks, correlation.of(once), [&](std::size_t replicate) {
    std::vector<unsigned> weight(cases.task.size());
    for (std::size_t i = 0; i < weight.size(); ++i) {
      weight[i] = resamples.count(replicate, cases.task[i]);
    }
    return correlation.of(weight);
  });
}

// Rows whose column is not 0.
std::uint32_t rows_with(std::span<const double> rows, std::size_t columns, std::size_t column) {
  std::uint32_t count = 0;
  for (std::size_t i = column; i < rows.size(); i += columns) count += rows[i] > 0 ? 1 : 0;
  return count;
}

ScoreAgreement agreement_of(const Tasks& tasks, std::span<const RatingPair> pairs,
                            std::size_t which, const Resamples& resamples) {
  const Cases cases = cases_of(tasks, pairs, which);
  const std::vector<double> rows = case_rows(cases, tasks.count());
  ScoreAgreement agreement;
  agreement.cases = cases.task.size();
  agreement.tasks = rows_with(rows, kCaseSums, kCases);
  const auto figures = resamples.of_sums(agreement.tasks, rows, kCaseSums,
                                         std::span<const FigureOfSums>(kFiguresOfSums));
  agreement.mean_difference = figures[0];
  agreement.mean_absolute_difference = figures[1];
  agreement.exact = figures[2];
  agreement.within_one = figures[3];
  agreement.quadratic_kappa = figures[4];
  agreement.spearman = rank_correlation(agreement.tasks, cases, resamples);
  return agreement;
}

RatingComparison compare(const Tasks& tasks, const Rater& first, const Rater& second,
                         std::span<const RatingPair> pairs, const Resamples& resamples) {
  RatingComparison comparison{first.judge, first.temperature, second.judge, second.temperature, {}};
  for (std::size_t which = 0; which < kJudgeScores.size(); ++which) {
    comparison.scores[which] = agreement_of(tasks, pairs, which, resamples);
  }
  return comparison;
}

// Counts of the whole scores, their coincidences, and units.
constexpr std::size_t kUnits = kWholeScores.size() + kWholeScores.size() * kWholeScores.size();
constexpr std::size_t kAlphaColumns = kUnits + 1;

// The scores of one unit, as columns.
void add_unit(std::span<const double> scores, double* row) {
  if (scores.size() < 2) return;
  const double weight = 1 / static_cast<double>(scores.size() - 1);
  const auto place = [](double score) { return static_cast<std::size_t>(score) - 1; };
  for (std::size_t i = 0; i < scores.size(); ++i) {
    row[place(scores[i])] += 1;
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (i == j) continue;
      row[kWholeScores.size() + place(scores[i]) * kWholeScores.size() + place(scores[j])] +=
          weight;
    }
  }
  row[kUnits] += 1;
}

template <MeasurementLevel level>
Statistic<double> alpha_of(CaseSums sums) {
  constexpr std::size_t kN = kWholeScores.size();
  return krippendorff_alpha_of_sums(kWholeScores, sums.subspan(0, kN), sums.subspan(kN, kN * kN),
                                    level);
}

JudgesAlpha alpha_of_judges(const Tasks& tasks, std::span<const Rater* const> judges,
                            std::size_t n_pairs, std::size_t which, const Resamples& resamples) {
  // Every way in which one of them was asked.
  std::vector<std::pair<int, int>> askings;
  for (const Rater* judge : judges) {
    if (judge->indifferent()) continue;
    for (const JudgeRating* rating : judge->ratings) {
      askings.emplace_back(rating->side_order, rating->repeat);
    }
  }
  if (askings.empty()) askings.emplace_back(0, 0);
  std::sort(askings.begin(), askings.end());
  askings.erase(std::unique(askings.begin(), askings.end()), askings.end());

  std::vector<double> rows(tasks.count() * kAlphaColumns, 0.0);
  JudgesAlpha alpha;
  for (const auto& [side_order, repeat] : askings) {
    for (std::size_t i = 0; i < n_pairs; ++i) {
      std::vector<double> scores;
      for (const Rater* judge : judges) {
        const JudgeRating* const rating = judge->under(side_order, repeat);
        if (rating == nullptr || !rating->scores[i]) continue;
        scores.push_back(whole(score_of(*rating->scores[i], which)));
      }
      alpha.units += scores.size() >= 2 ? 1 : 0;
      add_unit(scores, &rows[tasks.of_pair(i) * kAlphaColumns]);
    }
  }
  constexpr std::array<FigureOfSums, 2> kAlphas = {alpha_of<MeasurementLevel::kInterval>,
                                                   alpha_of<MeasurementLevel::kOrdinal>};
  const auto figures = resamples.of_sums(rows_with(rows, kAlphaColumns, kUnits), rows,
                                         kAlphaColumns, std::span<const FigureOfSums>(kAlphas));
  alpha.interval = figures[0];
  alpha.ordinal = figures[1];
  return alpha;
}

std::vector<RatingCoverage> coverage_of(std::span<const JudgeRating> ratings) {
  std::vector<RatingCoverage> coverage;
  for (const JudgeRating& rating : ratings) {
    const auto scored = std::count_if(rating.scores.begin(), rating.scores.end(),
                                      [](const auto& score) { return score.has_value(); });
    coverage.push_back({rating.judge, rating.temperature, rating.side_order, rating.repeat,
                        rating.indifferent, rating.scores.size(),
                        static_cast<std::uint64_t>(scored)});
  }
  return coverage;
}

}  // namespace

JudgeAgreement compare_ratings(std::span<const std::uint32_t> task_of_pair,
                               std::span<const JudgeRating> ratings,
                               const BootstrapOptions& bootstrap, unsigned threads) {
  assert(are_distinct(ratings));
  const Tasks tasks(task_of_pair);
  const Resamples resamples(tasks.count(), bootstrap, threads);
  JudgeAgreement results;
  results.block_pairs = task_of_pair.size();
  results.tasks = static_cast<std::uint32_t>(tasks.count());
  results.coverage = coverage_of(ratings);

  const std::vector<Rater> raters = raters_of(ratings);
  std::vector<const Rater*> judges;  // each at its first temperature
  for (const Rater& rater : raters) {
    if (const auto orders = both_orders(rater); !orders.empty()) {
      results.orders.push_back(compare(tasks, rater, rater, orders, resamples));
    }
    if (const auto repeats = repeats_of(rater); !repeats.empty()) {
      results.repeats.push_back(compare(tasks, rater, rater, repeats, resamples));
    }
    const auto first = std::find_if(judges.begin(), judges.end(), [&](const Rater* judge) {
      return judge->judge == rater.judge;
    });
    if (first == judges.end()) {
      judges.push_back(&rater);
    } else {
      results.temperatures.push_back(
          compare(tasks, **first, rater, same_askings(**first, rater), resamples));
    }
  }
  for (std::size_t j = 1; j < judges.size(); ++j) {
    results.judges.push_back(
        compare(tasks, *judges[0], *judges[j], same_askings(*judges[0], *judges[j]), resamples));
  }
  results.n_judges = judges.size();
  if (judges.size() > 1) {
    for (std::size_t which = 0; which < kJudgeScores.size(); ++which) {
      results.alpha[which] = alpha_of_judges(tasks, judges, task_of_pair.size(), which, resamples);
    }
  }
  return results;
}

}  // namespace agentecho

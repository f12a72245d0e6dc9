#include "agentecho/scoring/metric_bootstrap.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "agentecho/base/parallel.h"
#include "agentecho/base/workspaces.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/kappa_of_rates.h"

namespace agentecho {

namespace {

constexpr std::size_t kPairsPerTile = 4;  // replicates of more do not stay in the cache
constexpr std::size_t kWorthSharing = 2;  // occurrences
constexpr std::size_t kSharedBytes = 64'000'000;
constexpr std::size_t kSharedPerTask = 64;  // columns that one thread resamples at a time

// One column of one pair.
struct Place {
  std::size_t pair = 0;
  std::size_t column = 0;
};

// What a tile is worked on with. It goes from tile to tile, since memory that the system gives is
// cleared first.
struct Scratch {
  std::vector<double> values;  // clusters x places
  std::vector<double> sums;    // places x replicates
  std::vector<double> scores;  // metrics x replicates
};

// At least so many, of which what was there before says nothing.
double* room_for(std::vector<double>& values, std::size_t count) {
  if (values.size() < count) values.resize(count);
  return values.data();
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15;
  return hash ^ hash >> 29;
}

class MetricBootstrap {
 public:
  MetricBootstrap(const Study& study, std::span<const PairRows> rows,
                  std::span<const std::size_t> metrics, const Resampler& draws)
      : study_(study),
        rows_(rows),
        metrics_(metrics),
        all_columns_(study.metrics.columns()),
        resampler_(draws) {
    find_needed();
  }

  void run(const TakeReplicates& take) {
    share_columns();
    const std::size_t tiles = (rows_.size() + kPairsPerTile - 1) / kPairsPerTile;
    parallel_for(tiles, study_.threads, "bootstrap", [&](std::size_t tile) {
      const std::size_t first = tile * kPairsPerTile;
      scratch_.lend([&](Scratch& scratch) {
        run_tile(first, std::min(kPairsPerTile, rows_.size() - first), take, scratch);
      });
    });
  }

 private:
  // The metrics wanted and those that they are made of, in the order of the set, and their columns.
  void find_needed() {
    const MetricSet& set = study_.metrics;
    std::vector<bool> needed(set.metrics.size(), false);
    wanted_.assign(needed.size(), kUnwanted);
    for (std::size_t k = 0; k < metrics_.size(); ++k) {
      needed[metrics_[k]] = true;
      wanted_[metrics_[k]] = k;
    }
    is_part_.assign(needed.size(), false);
    for (std::size_t m = needed.size(); m-- > 0;) {
      const auto* const mean = std::get_if<MeanOf>(&set.metrics[m].formula);
      if (!needed[m] || mean == nullptr) continue;
      for (const std::size_t part : mean->metrics) needed[part] = is_part_[part] = true;
    }
    place_.assign(set.columns(), 0);
    std::vector<bool> used(set.columns(), false);
    for (std::size_t m = 0; m < needed.size(); ++m) {
      if (!needed[m]) continue;
      needed_.push_back(m);
      if (const auto* const ratio = std::get_if<Ratio>(&set.metrics[m].formula)) {
        used[ratio->sum] = used[ratio->count] = true;
      } else if (const auto* const kappa = std::get_if<Kappa>(&set.metrics[m].formula)) {
        used[kappa->cells] = used[kappa->agreements] = used[kappa->a] = used[kappa->b] = true;
      }
    }
    for (std::size_t c = 0; c < used.size(); ++c) {
      if (!used[c]) continue;
      place_[c] = columns_.size();
      columns_.push_back(c);
    }
  }

  std::uint64_t fingerprint(const Place& place) const {
    const PairRows& pair = rows_[place.pair];
    std::uint64_t hash = 1;
    for (std::size_t t = 0; t < pair.tasks.size(); ++t) {
      const double value = pair.rows[t * all_columns_ + columns_[place.column]];
      hash = mixed(hash, std::bit_cast<std::uint64_t>(value) + pair.tasks[t]);
    }
    return hash;
  }

  bool equal(const Place& x, const Place& y) const {
    const PairRows& a = rows_[x.pair];
    const PairRows& b = rows_[y.pair];
    if (a.tasks != b.tasks) return false;
    for (std::size_t t = 0; t < a.tasks.size(); ++t) {
      if (a.rows[t * all_columns_ + columns_[x.column]] !=
          b.rows[t * all_columns_ + columns_[y.column]]) {
        return false;
      }
    }
    return true;
  }

  // Finds the columns that repeat most, and resamples them.
  void share_columns() {
    const std::size_t width = columns_.size();
    std::vector<std::uint64_t> fingerprints(rows_.size() * width);
    parallel_for(rows_.size(), study_.threads, [&](std::size_t p) {
      for (std::size_t c = 0; c < width; ++c) fingerprints[p * width + c] = fingerprint({p, c});
    });
    struct Found {
      std::size_t first;
      std::size_t times;
    };
    std::unordered_map<std::uint64_t, Found> found;
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
      ++found.try_emplace(fingerprints[i], Found{i, 0}).first->second.times;
    }
    std::vector<Found> repeated;
    for (const auto& [hash, column] : found) {
      if (column.times >= kWorthSharing) repeated.push_back(column);
    }
    std::sort(repeated.begin(), repeated.end(), [](const Found& x, const Found& y) {
      return x.times != y.times ? x.times > y.times : x.first < y.first;
    });
    const std::size_t most = kSharedBytes / (sizeof(double) * resampler_.replicates());
    if (repeated.size() > most) repeated.resize(most);

    std::unordered_map<std::uint64_t, std::uint32_t> numbers;
    std::vector<Place> shared;
    for (const Found& column : repeated) {
      numbers[fingerprints[column.first]] = static_cast<std::uint32_t>(shared.size());
      shared.push_back({column.first / width, column.first % width});
    }
    shared_of_.assign(rows_.size() * width, kOwn);
    parallel_for(rows_.size(), study_.threads, [&](std::size_t p) {
      for (std::size_t c = 0; c < width; ++c) {
        const auto number = numbers.find(fingerprints[p * width + c]);
        if (number == numbers.end() || !equal({p, c}, shared[number->second])) continue;
        shared_of_[p * width + c] = number->second;
      }
    });
    const std::size_t replicates = resampler_.replicates();
    shared_sums_ = std::make_unique_for_overwrite<double[]>(shared.size() * replicates);
    parallel_for((shared.size() + kSharedPerTask - 1) / kSharedPerTask, study_.threads,
                 [&](std::size_t block) {
                   const std::size_t begin = block * kSharedPerTask;
                   const std::size_t n = std::min(kSharedPerTask, shared.size() - begin);
                   scratch_.lend([&](Scratch& scratch) {
                     resample(std::span(shared).subspan(begin, n), scratch.values,
                              std::span(shared_sums_.get() + begin * replicates, n * replicates));
                   });
                 });
  }

  // sums: places x replicates
  void resample(std::span<const Place> places, std::vector<double>& values,
                std::span<double> sums) const {
    values.assign(resampler_.clusters() * places.size(), 0.0);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const PairRows& pair = rows_[places[i].pair];
      const std::size_t column = columns_[places[i].column];
      for (std::size_t t = 0; t < pair.tasks.size(); ++t) {
        values[pair.tasks[t] * places.size() + i] = pair.rows[t * all_columns_ + column];
      }
    }
    resampler_.weighted_sums_by_column(values, places.size(), sums);
  }

  void run_tile(std::size_t first, std::size_t n, const TakeReplicates& take,
                Scratch& scratch) const {
    const std::size_t width = columns_.size();
    const std::size_t replicates = resampler_.replicates();
    std::vector<Place> own;
    for (std::size_t i = first * width; i < (first + n) * width; ++i) {
      if (shared_of_[i] == kOwn) own.push_back({i / width, i % width});
    }
    // Written before they are read, as are the scores.
    double* const own_sums = room_for(scratch.sums, own.size() * replicates);
    resample(own, scratch.values, std::span(own_sums, own.size() * replicates));

    const std::size_t metrics = study_.metrics.metrics.size();
    double* const scores = room_for(scratch.scores, metrics * replicates);
    const auto scores_of = [&](std::size_t metric) {
      return std::span(scores + metric * replicates, replicates);
    };
    std::vector<const double*> sums(width);
    std::size_t next = 0;
    for (std::size_t p = first; p < first + n; ++p) {
      for (std::size_t c = 0; c < width; ++c) {
        const std::uint32_t shared = shared_of_[p * width + c];
        sums[c] = shared == kOwn ? own_sums + next++ * replicates
                                 : shared_sums_.get() + shared * replicates;
      }
      const auto hand_over = [&](std::size_t metric) {
        if (wanted_[metric] != kUnwanted) take(p, wanted_[metric], scores_of(metric));
      };
      for (const std::size_t m : needed_) {
        score_metric(m, sums, scores, scores_of(m));
        if (!is_part_[m]) hand_over(m);
      }
      for (const std::size_t m : needed_) {  // by now their means are made
        if (is_part_[m]) hand_over(m);
      }
    }
  }

  // MetricSet::score() of every replicate; `scores` has those of the metrics before it.
  void score_metric(std::size_t metric, std::span<const double* const> sums, const double* scores,
                    std::span<double> values) const {
    const Metric& of = study_.metrics.metrics[metric];
    if (!of.undefined.empty()) {
      std::fill(values.begin(), values.end(), kNaN);
    } else if (const auto* const ratio = std::get_if<Ratio>(&of.formula)) {
      const double* sum = sums[place_[ratio->sum]];
      const double* count = sums[place_[ratio->count]];
      for (std::size_t r = 0; r < values.size(); ++r) {
        const double share = sum[r] / count[r];
        values[r] = count[r] > 0 ? share : kNaN;
      }
    } else if (const auto* const kappa = std::get_if<Kappa>(&of.formula)) {
      const double* cells = sums[place_[kappa->cells]];
      const double* agreements = sums[place_[kappa->agreements]];
      const double* a = sums[place_[kappa->a]];
      const double* b = sums[place_[kappa->b]];
      for (std::size_t r = 0; r < values.size(); ++r) {
        const double of_shares =
            kappa_of_rates(agreements[r] / cells[r], a[r] / cells[r], b[r] / cells[r]);
        values[r] = cells[r] > 0 ? of_shares : kNaN;
      }
    } else {
      const std::vector<std::size_t>& parts = std::get<MeanOf>(of.formula).metrics;
      std::fill(values.begin(), values.end(), 0.0);
      for (const std::size_t part : parts) {
        const double* of_part = scores + part * values.size();
        for (std::size_t r = 0; r < values.size(); ++r) values[r] += of_part[r];
      }
      const double n = static_cast<double>(parts.size());
      for (double& value : values) value /= n;
    }
  }

  static constexpr std::size_t kUnwanted = std::numeric_limits<std::size_t>::max();
  static constexpr std::uint32_t kOwn = std::numeric_limits<std::uint32_t>::max();

  const Study& study_;
  std::span<const PairRows> rows_;
  std::span<const std::size_t> metrics_;
  std::size_t all_columns_;
  const Resampler& resampler_;
  std::vector<std::size_t> needed_;        // metrics, ascending
  std::vector<std::size_t> wanted_;        // by metric, its place in metrics_, or kUnwanted
  std::vector<bool> is_part_;              // by metric: of the mean of a later one
  std::vector<std::size_t> columns_;       // of a row, those that the metrics need
  std::vector<std::size_t> place_;         // by column of a row, its place in columns_
  std::vector<std::uint32_t> shared_of_;   // pairs x columns_: number of the shared column, or kOwn
  std::unique_ptr<double[]> shared_sums_;  // shared columns x replicates
  Workspaces<Scratch> scratch_{[] { return Scratch{}; }};
};

}  // namespace

void bootstrap_metrics(const Study& study, std::span<const PairRows> rows,
                       std::span<const std::size_t> metrics, const TakeReplicates& take,
                       const Resampler* draws) {
  if (study.bootstrap.replicates == 0 || study.corpus.tasks().size() == 0 || rows.empty()) return;
  std::optional<Resampler> own;
  if (draws == nullptr) draws = &own.emplace(draws_of(study));
  MetricBootstrap(study, rows, metrics, *draws).run(take);
}

}  // namespace agentecho

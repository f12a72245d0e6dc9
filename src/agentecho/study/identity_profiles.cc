#include "agentecho/study/identity_profiles.h"

#include <algorithm>
#include <cmath>

#include "agentecho/base/parallel.h"

namespace agentecho {

namespace {

// ln(n + 1/2) for the counts that occur.
class LogTable {
 public:
  explicit LogTable(std::uint64_t largest) {
    values_.resize(std::min<std::uint64_t>(largest + 1, kLongest));
    for (std::size_t n = 0; n < values_.size(); ++n) {
      values_[n] = static_cast<float>(std::log(static_cast<double>(n) + 0.5));
    }
  }
  float operator()(std::uint32_t n) const {
    return n < values_.size() ? values_[n]
                              : static_cast<float>(std::log(static_cast<double>(n) + 0.5));
  }

 private:
  static constexpr std::uint64_t kLongest = 1 << 20;
  std::vector<float> values_;
};

// Counts of all reference runs of one kind.
struct Profiles {
  std::size_t models = 0;
  std::vector<std::uint32_t> counts;  // events x models
  std::vector<std::uint64_t> totals;  // by model
  std::size_t shown = 0;              // events that any run shows
};

Profiles count_all(std::span<const ScoredRun> runs, EventKind kind, std::size_t models) {
  Profiles profiles;
  profiles.models = models;
  profiles.counts.assign(std::size_t{kEventBuckets} * models, 0);
  profiles.totals.assign(models, 0);
  std::vector<bool> shown(kEventBuckets, false);
  for (const ScoredRun& run : runs) {
    if (run.model == kNoProfile) continue;
    for (const MarkCount& event : (*run.events)[static_cast<std::size_t>(kind)]) {
      profiles.counts[event.mark * models + run.model] += event.count;
      profiles.totals[run.model] += event.count;
      shown[event.mark] = true;
    }
  }
  profiles.shown = static_cast<std::size_t>(std::count(shown.begin(), shown.end(), true));
  return profiles;
}

// The profiles without the runs of one task, for the events that its runs show.
class ProfilesWithoutTask {
 public:
  ProfilesWithoutTask(const Profiles& all, std::span<const ScoredRun> runs,
                      std::span<const std::uint32_t> of_task, EventKind kind,
                      const LogTable& log_of)
      : models_(all.models), kind_(static_cast<std::size_t>(kind)) {
    std::vector<std::uint32_t> place(kEventBuckets, 0);  // 1 + the event's place among the rows
    std::vector<std::uint32_t> marks;
    for (const std::uint32_t r : of_task) {
      for (const MarkCount& event : (*runs[r].events)[kind_]) {
        if (place[event.mark] != 0) continue;
        marks.push_back(event.mark);
        place[event.mark] = static_cast<std::uint32_t>(marks.size());
      }
    }
    std::vector<std::uint32_t> counts(marks.size() * models_);
    for (std::size_t i = 0; i < marks.size(); ++i) {
      std::copy_n(&all.counts[marks[i] * models_], models_, &counts[i * models_]);
    }
    std::vector<std::uint64_t> totals = all.totals;
    for (const std::uint32_t r : of_task) {
      if (runs[r].model == kNoProfile) continue;
      for (const MarkCount& event : (*runs[r].events)[kind_]) {
        counts[(place[event.mark] - 1) * models_ + runs[r].model] -= event.count;
        totals[runs[r].model] -= event.count;
      }
    }
    for (std::size_t m = 0; m < models_; ++m) {
      log_totals_.push_back(
          std::log(static_cast<double>(totals[m]) +
                   0.5 * static_cast<double>(std::max<std::size_t>(1, all.shown))));
    }
    rows_.resize(counts.size());
    known_.resize(marks.size());
    for (std::size_t i = 0; i < marks.size(); ++i) {
      const std::uint32_t* row = &counts[i * models_];
      known_[i] = std::any_of(row, row + models_, [](std::uint32_t n) { return n > 0; });
      for (std::size_t m = 0; m < models_; ++m) rows_[i * models_ + m] = log_of(row[m]);
    }
    place_ = std::move(place);
  }

  void score(const ScoredRun& run, std::span<double> sums, std::span<float> scores) const {
    std::fill(sums.begin(), sums.end(), 0.0);
    std::uint64_t events = 0;
    for (const MarkCount& event : (*run.events)[kind_]) {
      const std::size_t i = place_[event.mark] - 1;
      if (!known_[i]) continue;
      events += event.count;
      const float* row = &rows_[i * models_];
      const auto times = static_cast<double>(event.count);
      for (std::size_t m = 0; m < models_; ++m) sums[m] += times * static_cast<double>(row[m]);
    }
    for (std::size_t m = 0; m < models_; ++m) {
      scores[m] = events == 0
                      ? 0.0f
                      : static_cast<float>(sums[m] / static_cast<double>(events) - log_totals_[m]);
    }
  }

 private:
  std::size_t models_;
  std::size_t kind_;
  std::vector<std::uint32_t> place_;
  std::vector<float> rows_;
  std::vector<char> known_;
  std::vector<double> log_totals_;
};

std::vector<std::vector<std::uint32_t>> by_task(std::span<const ScoredRun> runs) {
  std::uint32_t tasks = 0;
  for (const ScoredRun& run : runs) tasks = std::max(tasks, run.task + 1);
  std::vector<std::vector<std::uint32_t>> lists(tasks);
  for (std::size_t r = 0; r < runs.size(); ++r) {
    lists[runs[r].task].push_back(static_cast<std::uint32_t>(r));
  }
  return lists;
}

}  // namespace

std::vector<float> log_likelihoods(std::span<const ScoredRun> runs, EventKind kind,
                                   std::size_t models, unsigned threads) {
  const Profiles all = count_all(runs, kind, models);
  const std::uint32_t largest =
      all.counts.empty() ? 0 : *std::max_element(all.counts.begin(), all.counts.end());
  const LogTable log_of(largest);
  const auto tasks = by_task(runs);
  std::vector<float> scores(runs.size() * models);
  parallel_for(tasks.size(), threads, "profiles", [&](std::size_t t) {
    if (tasks[t].empty()) return;
    const ProfilesWithoutTask profiles(all, runs, tasks[t], kind, log_of);
    std::vector<double> sums(models);
    for (const std::uint32_t r : tasks[t]) {
      profiles.score(runs[r], sums, std::span(scores).subspan(r * models, models));
    }
  });
  return scores;
}

}  // namespace agentecho

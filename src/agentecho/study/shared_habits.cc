#include "agentecho/study/shared_habits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <unordered_map>

#include "agentecho/stats/descriptive.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostExamples = 3;

// What every other model does on one task: mean of r_k r_l over pairs of others, and their mean
// rate.
struct OtherRates {
  double pairs_both = 0;
  double rate = 0;
};

std::optional<OtherRates> others_on(std::span<const float> rates, ModelIndex a, ModelIndex b) {
  double sum = 0;
  double squares = 0;
  double n = 0;
  for (std::size_t model = 0; model < rates.size(); ++model) {
    if (model == a || model == b || rates[model] < 0) continue;
    const double rate = rates[model];
    sum += rate;
    squares += rate * rate;
    ++n;
  }
  if (n < 2) return std::nullopt;
  return OtherRates{(sum * sum - squares) / (n * (n - 1)), sum / n};
}

// "22" with single trials, "17.1" with several.
std::string tasks_text(double tasks) {
  const bool whole = std::abs(tasks - std::round(tasks)) < 1e-6;
  return fmt::format("{:.{}f}", tasks, whole ? 0 : 1);
}

constexpr const char* kRateNames[] = {
    "reads directly after a write", "reads directly before a write",
    "calls the same tool again after an error", "calls that reuse an earlier result"};

}  // namespace

std::vector<HabitFinder::ModelRates> HabitFinder::rates_of_models(const Corpus& corpus) {
  std::vector<ModelRates> sums(corpus.models().size());
  for (const CorpusTrajectory& t : corpus.trajectories()) {
    const ActionCounts& c = t.counts;
    const double done[kRates] = {double(c.verified), double(c.confirmed), double(c.retried),
                                 double(c.reusing)};
    const double possible[kRates] = {double(c.writes), double(c.writes), double(c.errors),
                                     double(c.calls > 0 ? c.calls - 1 : 0)};
    for (std::size_t r = 0; r < kRates; ++r) {
      sums[t.model][r].done += done[r];
      sums[t.model][r].possible += possible[r];
    }
  }
  return sums;
}

std::vector<SharedRate> HabitFinder::shared_rates(ModelIndex a, ModelIndex b) const {
  const std::vector<ModelRates>& sums = rates_;
  std::vector<SharedRate> shared;
  for (std::size_t r = 0; r < kRates; ++r) {
    std::vector<double> others;
    for (ModelIndex model = 0; model < sums.size(); ++model) {
      if (model != a && model != b && sums[model][r].possible > 0) {
        others.push_back(sums[model][r].done / sums[model][r].possible);
      }
    }
    const auto sd = spread_above_rounding(others);
    if (!sd || sums[a][r].possible == 0 || sums[b][r].possible == 0) continue;
    const SharedRate rate{kRateNames[r], sums[a][r].done / sums[a][r].possible,
                          sums[b][r].done / sums[b][r].possible, *mean(others), *sd};
    const double z_a = (rate.a - rate.others_mean) / *sd;
    const double z_b = (rate.b - rate.others_mean) / *sd;
    if (z_a * z_b > 0 && std::min(std::abs(z_a), std::abs(z_b)) > 1) shared.push_back(rate);
  }
  return shared;
}

HabitFinder::HabitFinder(const Corpus& corpus, const ToolSplit& split)
    : corpus_(corpus), rates_(rates_of_models(corpus)) {
  const std::size_t models = corpus.models().size();
  const std::size_t tasks = corpus.tasks().size();
  std::vector<float> impossible(tasks * models, -1.0f);
  std::vector<float> not_done = impossible;  // but possible wherever there are runs
  for (const CorpusTrajectory& t : corpus.trajectories()) not_done[t.task * models + t.model] = 0;

  std::map<ToolIndex, std::size_t> calls;
  for (const TaskTools& task : split.tasks) {
    for (const ToolIndex tool : task.optional) {
      if (!calls.try_emplace(tool, habits_.size()).second) continue;
      habits_.push_back({SharedHabit::Kind::kCalls, tool, 0, impossible});
    }
  }
  const auto sequence = [](ToolIndex tool, ToolIndex next) {
    return std::uint64_t{tool} << 32 | next;
  };
  std::unordered_map<std::uint64_t, std::size_t> sequences;
  for (const CorpusTrajectory& t : corpus.trajectories()) {
    for (std::size_t i = 1; i < t.calls.size(); ++i) {
      const ToolIndex tool = t.calls[i - 1];
      const ToolIndex next = t.calls[i];
      if (!sequences.try_emplace(sequence(tool, next), habits_.size()).second) continue;
      habits_.push_back({SharedHabit::Kind::kSequence, tool, next, not_done});
    }
  }
  std::vector<std::uint64_t> seen;  // sequences of one run
  for (TaskIndex task = 0; task < tasks; ++task) {
    for (ModelIndex model = 0; model < models; ++model) {
      const auto trials = corpus.trials(model, task);
      if (trials.empty()) continue;
      const std::size_t cell = task * models + model;
      const float share = 1.0f / static_cast<float>(trials.size());
      for (const ToolIndex tool : split.tasks[task].optional) habits_[calls[tool]].rates[cell] = 0;
      for (const CorpusTrajectory& t : trials) {
        for (const ToolIndex tool : t.tools) {
          const auto found = calls.find(tool);
          if (found == calls.end()) continue;
          float& rate = habits_[found->second].rates[cell];
          if (rate >= 0) rate += share;
        }
        seen.clear();
        for (std::size_t i = 1; i < t.calls.size(); ++i) {
          seen.push_back(sequence(t.calls[i - 1], t.calls[i]));
        }
        std::sort(seen.begin(), seen.end());
        seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
        for (const std::uint64_t key : seen) habits_[sequences.at(key)].rates[cell] += share;
      }
    }
  }
  for (const auto& [tool, place] : calls) {
    Habit avoids{SharedHabit::Kind::kAvoids, tool, 0, habits_[place].rates};
    for (float& rate : avoids.rates) {
      if (rate >= 0) rate = std::max(0.0f, 1 - rate);
    }
    habits_.push_back(std::move(avoids));
  }
}

SharedHabits HabitFinder::find(ModelIndex a, ModelIndex b, std::size_t most) const {
  SharedHabits found{a, b, {}, shared_rates(a, b)};
  const std::size_t models = corpus_.models().size();
  for (const Habit& habit : habits_) {
    SharedHabit shared;
    shared.kind = habit.kind;
    shared.tool = corpus_.tools()[habit.tool];
    if (habit.kind == SharedHabit::Kind::kSequence) shared.next = corpus_.tools()[habit.next];
    std::vector<std::pair<double, TaskIndex>> examples;  // the others' rate, the task
    for (TaskIndex task = 0; task < corpus_.tasks().size(); ++task) {
      const std::span<const float> rates = std::span(habit.rates).subspan(task * models, models);
      if (rates[a] < 0 || rates[b] < 0) continue;
      const auto others = others_on(rates, a, b);
      if (!others) continue;
      ++shared.tasks;
      shared.expected += others->pairs_both;
      shared.together += double{rates[a]} * rates[b];
      shared.excess += double{rates[a]} * rates[b] - others->pairs_both;
      if (rates[a] >= 0.5f && rates[b] >= 0.5f) {
        ++shared.both;
        examples.emplace_back(others->rate, task);
      }
    }
    if (shared.excess <= 1e-9 || shared.both == 0) continue;
    std::sort(examples.begin(), examples.end());
    for (std::size_t i = 0; i < std::min(kMostExamples, examples.size()); ++i) {
      shared.rarest.push_back(examples[i].second);
    }
    found.habits.push_back(std::move(shared));
  }
  std::stable_sort(found.habits.begin(), found.habits.end(),
                   [](const SharedHabit& x, const SharedHabit& y) { return x.excess > y.excess; });
  if (found.habits.size() > most) found.habits.resize(most);
  return found;
}

std::string in_words(const SharedHabit& habit) {
  switch (habit.kind) {
    case SharedHabit::Kind::kCalls:
      return fmt::format(
          "both call {} in {} of {} tasks where it is optional; two other models in {:.1f} on "
          "average",
          habit.tool, tasks_text(habit.together), habit.tasks, habit.expected);
    case SharedHabit::Kind::kAvoids:
      return fmt::format(
          "both avoid {} in {} of {} tasks where it is optional; two other models in {:.1f} on "
          "average",
          habit.tool, tasks_text(habit.together), habit.tasks, habit.expected);
    case SharedHabit::Kind::kSequence:
      return fmt::format(
          "both call {} directly after {} in {} of {} tasks; two other models in {:.1f} on average",
          habit.next, habit.tool, tasks_text(habit.together), habit.tasks, habit.expected);
  }
  return {};
}

std::string in_words(const SharedRate& rate) {
  return fmt::format("{}: {:.0f} % and {:.0f} %, others {:.0f} % (SD {:.0f})", rate.name,
                     100 * rate.a, 100 * rate.b, 100 * rate.others_mean, 100 * rate.others_sd);
}

}  // namespace agentecho

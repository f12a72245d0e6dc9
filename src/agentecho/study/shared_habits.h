// What two models both do that others do not: the habits behind a similarity, in countable form.
//
// A habit is something a run either does or does not: call a tool that the task leaves optional,
// avoid it, or call one tool directly after another. Per task a model has the share of its trials
// that do. Two models share a habit as far as both do it on the same tasks more often than two
// other models: excess = sum over common tasks of r_a r_b - (mean over pairs of other models of r_k
// r_l).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/tool_split.h"

namespace agentecho {

struct SharedHabit {
  enum class Kind : std::uint8_t { kCalls, kAvoids, kSequence };
  Kind kind = Kind::kCalls;
  std::string tool;
  std::string next;       // kSequence: the tool called directly after
  std::size_t tasks = 0;  // on which the habit is possible, with runs of both and of two others
  std::size_t both = 0;   // on which both do it in at least half of their trials
  double together = 0;  // sum of r_a r_b: tasks on which both do it, trials counted by their share
  double expected = 0;  // the same for two other models, on average
  double excess = 0;    // see above
  std::vector<TaskIndex> rarest;  // at most three, where both do it and fewest others do
};

struct SharedRate {
  std::string name;  // "reads after a write"
  double a = 0;      // shares over all runs
  double b = 0;
  double others_mean = 0;
  double others_sd = 0;
};

struct SharedHabits {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::vector<SharedHabit> habits;  // largest excess first, only excesses above 0
  std::vector<SharedRate> rates;    // both on one side of the others' mean by more than one SD
};

class HabitFinder {
 public:
  // Cost: trajectories x calls; memory: habits x tasks x models floats. `corpus` must outlive it.
  HabitFinder(const Corpus& corpus, const ToolSplit& split);

  // At most `most` habits. With fewer than two other models there is nothing to compare with and
  // both lists are empty.
  SharedHabits find(ModelIndex a, ModelIndex b, std::size_t most) const;

 private:
  struct Habit {
    SharedHabit::Kind kind;
    ToolIndex tool;
    ToolIndex next;
    std::vector<float> rates;  // tasks x models; negative: not possible or no runs
  };

  struct RateSums {
    double done = 0;
    double possible = 0;
  };
  static constexpr std::size_t kRates = 4;
  using ModelRates = std::array<RateSums, kRates>;

  static std::vector<ModelRates> rates_of_models(const Corpus& corpus);
  std::vector<SharedRate> shared_rates(ModelIndex a, ModelIndex b) const;

  const Corpus& corpus_;
  std::vector<ModelRates> rates_;  // by model
  std::vector<Habit> habits_;
};

// "both call calculate in 31 of 40 tasks where it is optional; two other models would in 12.3"
std::string in_words(const SharedHabit& habit);
std::string in_words(const SharedRate& rate);

}  // namespace agentecho

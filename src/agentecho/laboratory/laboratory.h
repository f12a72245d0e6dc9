// The laboratory: what the analyses find where the truth is known (the simulated world), over many
// seeded runs.
//
// A run samples agents of families of its own, lets them work on the same tasks, trains a student
// on traces of other tasks, and hands the trajectories to distill's or attribute's arithmetic.
// Nothing is written or parsed: trajectories go straight to features. Run r of a study depends on
// the seed and r alone, so a longer study continues a shorter one and the number of threads never
// shows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/progress.h"
#include "agentecho/scoring/metric.h"

namespace agentecho {

struct LaboratoryOptions {
  std::size_t runs = 400;  // of a study in all, shared among its conditions
  std::size_t tasks = 100;
  std::size_t lessons =
      200;  // traces that a student sees, where the condition does not say otherwise
  std::size_t controls = 3;
  std::uint64_t seed = 1;
  std::vector<std::string> metrics = {"ags", "bigram", "ged"};  // names of families
  unsigned threads = 0;
  ProgressSink* progress = nullptr;
};

// What was done to the student between before and after.
enum class Treatment : std::uint8_t {
  kNothing,        // new runs of the same agent
  kDistilled,      // trained on the teacher's traces
  kFromControl,    // trained on the first control's traces
  kFromBystander,  // trained on traces of an agent that has no role
  kFromSister,     // trained on traces of a model of the teacher's family
  kFromStudent,    // trained on traces of a student of the teacher
  kFromAncestor,   // the teacher and the student are both trained on one ancestor's traces
  kSharedTasks,    // the teacher and the student are both trained on the public solutions
  kBetter,         // slips 15 % before and none after; habits as they were
  kDrifted,        // every habit moved at random
};
std::string_view describe(Treatment treatment);

struct Condition {
  std::string label;
  Treatment treatment = Treatment::kNothing;
  double strength = 1;
  std::size_t lessons = 200;
  std::size_t tasks = 100;
  std::int64_t trials = 1;
  std::size_t controls = 3;
  std::size_t bystanders = 1;  // further models of the pool
};

// One metric under one condition: `n` runs in which it is defined.
struct ConditionSummary {
  std::string label;
  Treatment treatment = Treatment::kNothing;
  std::string slug;  // of the metric
  std::string title;
  std::size_t n = 0;
  std::optional<double> toward_teacher;  // mean of after - before
  std::optional<double> toward_control;
  std::optional<double> difference;  // mean over runs, against the mean of the controls
  std::optional<double> difference_sd;
  std::optional<double> rejected;    // share with two-sided p < 0.05
  std::optional<double> toward_p01;  // share with a positive difference and p < 0.01
  // Share in which the step toward the teacher stands out among those toward the controls
  // (Crawford and Howell, one-sided p < 0.05) and something changed (p < 0.05).
  std::optional<double> stands_out;
  // Share in which the teacher is the one approached most, among it and the controls.
  std::optional<double> first;
};

// The studies of differences: "power", "direction", "false-alarms", "confounders", "sensitivity".
std::vector<Condition> conditions_of(std::string_view study, const LaboratoryOptions& options);
// By condition, then score. The runs are shared evenly among the conditions (at least one each).
std::vector<ConditionSummary> run_conditions(const std::vector<Condition>& conditions,
                                             const LaboratoryOptions& options);

// The study "attribution": eight candidates of eight families and a student of a ninth, analysed
// without and with the student's runs before training.
struct AttributionSummary {
  std::string label;
  bool with_before = false;
  bool teacher_in_pool = false;
  std::size_t n = 0;
  double top = 0;          // the teacher comes first
  double named = 0;        // somebody is named at the 5 % level
  double named_right = 0;  // the teacher is named
  double none = 0;         // nobody is named
  // Where nobody of the pool taught: the smallest adjusted p value that 5 %, 1 % of the runs have;
  // what FalseNames is fitted to.
  std::optional<double> p_of_5_percent;
  std::optional<double> p_of_1_percent;
};
// Of all names at all levels, how often those with a stated error rate in a class are wrong: what
// the rates are worth in this mixture of conditions.
struct Reliability {
  bool with_before = false;
  double below = 0;  // stated error rate: above the class before, at most this
  std::size_t n = 0;
  double wrong = 0;  // the first candidate is not the teacher
};
struct AttributionStudy {
  std::vector<AttributionSummary> conditions;
  std::vector<Reliability> reliability;
};
AttributionStudy run_attribution(const LaboratoryOptions& options);

// The central range that holds at least 95 % of a binomial proportion's distribution: where a share
// of `n` may lie when the truth is `share`.
struct Band {
  double low = 0;
  double high = 1;
};
Band binomial_band(std::size_t n, double share);

}  // namespace agentecho

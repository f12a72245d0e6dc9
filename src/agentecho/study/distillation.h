// The controlled distillation experiment (METHOD 6; paper, tables 3 and 8): did a model come nearer
// to a teacher than to controls between two moments?
//
//   difference = [S(after, teacher) - S(before, teacher)]
//              - [S(after, control) - S(before, control)]
//
// paired by task, for each control and for their mean. Only tasks that all roles have count, and
// for each score only those in which it is defined for every pair, so that one set of tasks stands
// behind a row.
//
// Interval: percentile bootstrap over tasks. p value: under the null hypothesis that before and
// after are exchangeable within each task (nothing happened but new runs), exchanging them on any
// subset of tasks changes the sign of those tasks' differences; for the calibrated S_node and AGS,
// which are no means over tasks, the exchanged sums are scored anew.
//
// What that test cannot say: it takes teacher and controls as given. Any change of habits brings a
// model nearer to one given model than to another, so a rejection means "changed", not "distilled".
// The question "toward this teacher rather than any bystander" is answered by the controls: is the
// step toward the teacher further out than one more control's would be (Crawford and Howell's t,
// stats/single_case.h; Holm over the teachers where several are tried, in the verdict over its
// scores as well)? It leads, the other test
// says whether anything changed, and the step has its own interval. With fewer than five controls
// it finds little; relatives of the student among them favour any teacher, since who was near moves
// away.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/single_case.h"
#include "agentecho/study/compare.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

struct DistillationRoles {
  std::string before;
  std::string after;
  std::string teacher;
  std::vector<std::string> controls;          // at least one
  std::vector<std::string> other_teachers{};  // tried as well
};

// With fewer controls the teacher's place among them says little.
inline constexpr std::size_t kEnoughControls = 5;

struct DistillationOptions {
  std::vector<std::string> pool;  // decides which tools are optional; empty: every model loaded
  MandatoryTools mandatory;
  // Its replicates and seed serve the tests too, unless replicates is 0.
  BootstrapOptions bootstrap;
  std::vector<std::string> metrics = {"ags"};  // names of families (metric_registry.h)
  unsigned threads = 0;
};

// Rows (scoring/metric.h) by pair, then task. Pairs: (before, teacher), (after, teacher), then
// (before, control), (after, control) for each control.
struct DistillationTable {
  MetricSet metrics;  // what the rows hold; its measures are not needed
  std::size_t n_tasks = 0;
  std::size_t n_controls = 0;
  std::vector<double> rows;  // (2 + 2 n_controls) * n_tasks * metrics.columns()

  std::span<double> row(std::size_t pair, std::size_t task) {
    return std::span(rows).subspan((pair * n_tasks + task) * metrics.columns(), metrics.columns());
  }
  std::span<const double> row(std::size_t pair, std::size_t task) const {
    return std::span(rows).subspan((pair * n_tasks + task) * metrics.columns(), metrics.columns());
  }
};

// Movements of one score. Values are missing where the score is undefined, the interval and the p
// value with fewer than two tasks.
struct Movement {
  std::optional<double> teacher_before, teacher_after;
  std::optional<double> control_before,
      control_after;  // of one control, or means over the controls
  std::optional<double> difference;
  std::optional<Interval> interval;
  std::optional<double> p_value;  // two-sided
  std::uint32_t n_tasks = 0;      // that carry the score
};
using Movements = std::vector<Movement>;  // by metric

struct DistillationEstimates {
  Movements mean;                   // against the mean of the controls
  std::vector<Movements> controls;  // against each
  // By metric: the step toward the teacher (after less before) with its interval, and against the
  // steps toward the controls; nothing where a step is undefined or there are too few controls.
  std::vector<std::optional<double>> steps;
  std::vector<std::optional<Interval>> step_intervals;
  std::vector<std::optional<SingleCase>> among;
  std::optional<std::size_t> ags;  // its place among the metrics
};

// The arithmetic alone. The result does not depend on anything but the arguments.
DistillationEstimates estimate_distillation(const DistillationTable& table,
                                            const BootstrapOptions& options);

// How the movement of AGS toward the teacher ranks among those toward the controls: 1 is the
// largest. If the teacher were one more control, each rank would be equally likely, so p = rank /
// (controls + 1), which cannot be less than 1 / (controls + 1).
struct Yardstick {
  std::uint32_t rank = 1;
  double p_value = 1;
};
// Nothing where AGS is undefined.
std::optional<Yardstick> yardstick(const DistillationEstimates& estimates);

// One of the teachers among the controls.
struct TeacherStanding {
  std::string teacher;
  std::vector<std::optional<double>> steps;       // by metric
  std::vector<std::optional<SingleCase>> among;   // by metric
  std::vector<std::optional<double>> p_adjusted;  // by metric: Holm, over the teachers
};

// One of the scores that the verdict speaks of, with the p values of the first teacher: of its step
// among those toward the controls, corrected (Holm) over these scores and all teachers, and that
// anything changed, corrected over these scores.
struct LeadingScore {
  std::size_t metric = 0;  // place in DistillationResults::metrics
  std::optional<double> among_p;
  std::optional<double> changed_p;
};

struct DistillationResults {
  Provenance provenance;
  DistillationRoles roles;
  std::uint32_t n_tasks = 0;      // that all roles have
  std::uint32_t n_tasks_any = 0;  // that some role has
  std::vector<Metric> metrics;
  DistillationEstimates estimates;        // of the first teacher
  std::vector<TeacherStanding> teachers;  // as named; the first is roles.teacher
  std::optional<Yardstick> yardstick;
  std::vector<LeadingScore> leading;  // wording (RPS, else 2-gram overlap), then AGS
  std::string nothing_optional;       // why S_node and AGS are undefined, where they are
  VerdictParagraph verdict;           // of the leading scores
  std::vector<std::string> warnings;
};

// Errors: kUsage for a role that is missing or names an unknown model, or a model in two roles or
// twice in one; kInput for a role without a task in common with the others, for fewer than two
// common tasks, and when before and after are the same runs: there is nothing to test.
Result<DistillationResults> distill(const LoadedCorpus& loaded, const DistillationRoles& roles,
                                    const DistillationOptions& options);

// The rows of one experiment, on the tasks that all roles have. `models`: before, after, teacher,
// controls.
DistillationTable tabulate_distillation(const Study& study, std::span<const ModelIndex> models);

}  // namespace agentecho

#include "agentecho/study/distillation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "agentecho/base/random.h"
#include "agentecho/base/version.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/multiple_testing.h"
#include "agentecho/stats/permutation.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/families.h"

namespace agentecho {

namespace {

constexpr std::uint64_t kExchangeStream = std::uint64_t{1} << 40;  // beside those of the bootstrap

using ValuesByMetric = std::vector<std::optional<double>>;

ValuesByMetric values_of(const MetricSet& metrics, std::span<const double> sums) {
  ValuesByMetric values;
  for (std::size_t m = 0; m < metrics.metrics.size(); ++m) {
    values.push_back(metrics.score(m, sums));
  }
  return values;
}

void add_row(std::span<double> sums, std::span<const double> row) {
  for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += row[c];
}

// A model before and after, against one other model.
struct Side {
  const DistillationTable& table;
  std::size_t other;  // 0 is the teacher, then the controls

  const MetricSet& metrics() const { return table.metrics; }
  std::size_t n_tasks() const { return table.n_tasks; }
  std::span<const double> before(std::size_t task) const { return table.row(2 * other, task); }
  std::span<const double> after(std::size_t task) const { return table.row(2 * other + 1, task); }
};

struct MetricSums {
  std::vector<double> before, after;
  explicit MetricSums(const MetricSet& metrics)
      : before(metrics.columns(), 0.0), after(metrics.columns(), 0.0) {}
};

MetricSums sums_of(const Side& side) {
  MetricSums sums(side.metrics());
  for (std::size_t t = 0; t < side.n_tasks(); ++t) {
    add_row(sums.before, side.before(t));
    add_row(sums.after, side.after(t));
  }
  return sums;
}

// After less before, by metric; NaN where undefined.
using Steps = std::vector<double>;

Steps steps_of(const MetricSet& metrics, std::span<const double> before,
               std::span<const double> after) {
  Steps steps(metrics.metrics.size(), kNaN);
  for (std::size_t m = 0; m < steps.size(); ++m) {
    const auto x = metrics.score(m, before);
    const auto y = metrics.score(m, after);
    if (x && y) steps[m] = *y - *x;
  }
  return steps;
}

// Of every replicate of the bootstrap.
std::vector<Steps> resampled_steps(const Side& side, const Resampler& resampler) {
  const std::size_t columns = side.metrics().columns();
  std::vector<double> values;
  values.reserve(side.n_tasks() * 2 * columns);
  for (std::size_t t = 0; t < side.n_tasks(); ++t) {
    values.insert(values.end(), side.before(t).begin(), side.before(t).end());
    values.insert(values.end(), side.after(t).begin(), side.after(t).end());
  }
  std::vector<double> sums(resampler.replicates() * 2 * columns);
  resampler.weighted_sums(values, 2 * columns, sums);
  std::vector<Steps> steps(resampler.replicates());
  for (std::size_t r = 0; r < steps.size(); ++r) {
    const auto row = std::span<const double>(sums).subspan(r * 2 * columns, 2 * columns);
    steps[r] = steps_of(side.metrics(), row.first(columns), row.last(columns));
  }
  return steps;
}

// The same when before and after are exchanged on the tasks of a random subset, the same subsets
// for every side.
std::vector<Steps> exchanged_steps(const Side& side, const PermutationOptions& options) {
  std::vector<Steps> steps(options.replicates);
  for (std::size_t r = 0; r < steps.size(); ++r) {
    Rng rng(options.seed, kExchangeStream + r);
    MetricSums sums(side.metrics());
    std::uint64_t bits = 0;
    for (std::size_t t = 0; t < side.n_tasks(); ++t, bits >>= 1) {
      if (t % 64 == 0) bits = rng.bits();
      const bool exchange = (bits & 1) != 0;
      add_row(sums.before, exchange ? side.after(t) : side.before(t));
      add_row(sums.after, exchange ? side.before(t) : side.after(t));
    }
    steps[r] = steps_of(side.metrics(), sums.before, sums.after);
  }
  return steps;
}

// The means over tasks that such a metric is made of.
std::vector<Ratio> parts_of(const MetricSet& metrics, std::size_t metric) {
  const auto& formula = metrics.metrics[metric].formula;
  if (const auto* const ratio = std::get_if<Ratio>(&formula)) return {*ratio};
  std::vector<Ratio> parts;
  for (const std::size_t part : std::get<MeanOf>(formula).metrics) {
    for (const Ratio& ratio : parts_of(metrics, part)) parts.push_back(ratio);
  }
  return parts;
}

// What each task adds to the step of a metric that is a mean over tasks, times the number of tasks:
// the mean is the step.
std::vector<double> task_steps(const Side& side, const MetricSums& sums, std::size_t metric) {
  const std::vector<Ratio> parts = parts_of(side.metrics(), metric);
  std::vector<double> steps(side.n_tasks(), 0.0);
  for (const Ratio& part : parts) {
    const double weight = static_cast<double>(side.n_tasks()) / sums.before[part.count] /
                          static_cast<double>(parts.size());
    for (std::size_t t = 0; t < steps.size(); ++t) {
      steps[t] += weight * (side.after(t)[part.sum] - side.before(t)[part.sum]);
    }
  }
  return steps;
}

// Everything about one side, or about the mean of several.
struct Progress {
  ValuesByMetric before, after;              // by metric
  std::vector<Steps> resampled, exchanged;   // by replicate
  std::vector<std::vector<double>> by_task;  // by metric; empty where that is no mean over tasks
};

Progress progress_of(const Side& side, const std::optional<Resampler>& resampler,
                     const PermutationOptions& options) {
  const MetricSet& metrics = side.metrics();
  const std::size_t n = metrics.metrics.size();
  Progress progress;
  const MetricSums sums = sums_of(side);
  progress.before = values_of(metrics, sums.before);
  progress.after = values_of(metrics, sums.after);
  progress.by_task.resize(n);
  if (side.n_tasks() < kFewestTasks) return progress;
  if (resampler) progress.resampled = resampled_steps(side, *resampler);
  bool exchanges = false;
  for (std::size_t m = 0; m < n; ++m) {
    if (!progress.before[m]) continue;
    if (!metrics.is_mean_over_tasks(m)) {
      exchanges = true;
    } else if (progress.after[m]) {
      progress.by_task[m] = task_steps(side, sums, m);
    }
  }
  if (exchanges) progress.exchanged = exchanged_steps(side, options);
  return progress;
}

std::optional<double> plus(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

void add_progress(Progress& sum, const Progress& other) {
  for (std::size_t m = 0; m < sum.before.size(); ++m) {
    sum.before[m] = plus(sum.before[m], other.before[m]);
    sum.after[m] = plus(sum.after[m], other.after[m]);
    for (std::size_t t = 0; t < sum.by_task[m].size(); ++t) {
      sum.by_task[m][t] = t < other.by_task[m].size() ? sum.by_task[m][t] + other.by_task[m][t] : 0;
    }
  }
  const auto add = [](std::vector<Steps>& to, const std::vector<Steps>& from) {
    for (std::size_t r = 0; r < std::min(to.size(), from.size()); ++r) {
      for (std::size_t m = 0; m < to[r].size(); ++m) to[r][m] += from[r][m];
    }
  };
  add(sum.resampled, other.resampled);
  add(sum.exchanged, other.exchanged);
}

// After less before, by metric.
ValuesByMetric steps_of(const Progress& progress) {
  ValuesByMetric steps(progress.before.size());
  for (std::size_t m = 0; m < steps.size(); ++m) {
    if (progress.before[m] && progress.after[m])
      steps[m] = *progress.after[m] - *progress.before[m];
  }
  return steps;
}

std::vector<std::optional<Interval>> step_intervals_of(const Progress& progress,
                                                       const ValuesByMetric& steps, double level) {
  std::vector<std::optional<Interval>> intervals(steps.size());
  for (std::size_t m = 0; m < steps.size(); ++m) {
    if (!steps[m]) continue;
    std::vector<double> replicates;
    for (const Steps& resampled : progress.resampled) replicates.push_back(resampled[m]);
    intervals[m] = percentile_interval(replicates, level);
  }
  return intervals;
}

std::vector<std::optional<SingleCase>> among_controls(const ValuesByMetric& teacher,
                                                      std::span<const ValuesByMetric> controls) {
  std::vector<std::optional<SingleCase>> among(teacher.size());
  for (std::size_t m = 0; m < teacher.size(); ++m) {
    std::vector<double> steps;
    for (const ValuesByMetric& control : controls) {
      if (control[m]) steps.push_back(*control[m]);
    }
    if (teacher[m] && steps.size() == controls.size()) {
      among[m] = single_case_test(*teacher[m], steps);
    }
  }
  return among;
}

void divide(Progress& progress, double n) {
  for (std::size_t m = 0; m < progress.before.size(); ++m) {
    if (progress.before[m]) *progress.before[m] /= n;
    if (progress.after[m]) *progress.after[m] /= n;
    for (double& step : progress.by_task[m]) step /= n;
  }
  for (auto* const steps : {&progress.resampled, &progress.exchanged}) {
    for (Steps& values : *steps) {
      for (double& value : values) value /= n;
    }
  }
}

std::optional<double> exchange_p(const Progress& teacher, const Progress& control, std::size_t m,
                                 double observed) {
  if (teacher.exchanged.empty() || control.exchanged.empty()) return std::nullopt;
  const double limit = std::abs(observed) * (1 - 1e-9) - 1e-15;
  std::size_t as_extreme = 1;
  for (std::size_t r = 0; r < teacher.exchanged.size(); ++r) {
    // An exchange that leaves the score undefined counts against the finding.
    if (!(std::abs(teacher.exchanged[r][m] - control.exchanged[r][m]) < limit)) ++as_extreme;
  }
  return static_cast<double>(as_extreme) / static_cast<double>(teacher.exchanged.size() + 1);
}

std::optional<double> sign_flip_p(const Progress& teacher, const Progress& control, std::size_t m,
                                  const PermutationOptions& options) {
  std::vector<double> differences = teacher.by_task[m];
  if (differences.empty() || control.by_task[m].size() != differences.size()) return std::nullopt;
  for (std::size_t t = 0; t < differences.size(); ++t) differences[t] -= control.by_task[m][t];
  const auto test = sign_flip_test(differences, options);
  if (!test) return std::nullopt;
  return test->p.two_sided;
}

// `tasks`: by metric, how many carry it.
Movements movements_of(const Progress& teacher, const Progress& control, const MetricSet& metrics,
                       std::span<const std::uint32_t> tasks, const BootstrapOptions& bootstrap,
                       const PermutationOptions& permutation) {
  Movements movements(metrics.metrics.size());
  for (std::size_t m = 0; m < movements.size(); ++m) {
    Movement& movement = movements[m];
    movement.n_tasks = tasks[m];
    movement.teacher_before = teacher.before[m];
    movement.teacher_after = teacher.after[m];
    movement.control_before = control.before[m];
    movement.control_after = control.after[m];
    if (!teacher.before[m] || !teacher.after[m] || !control.before[m] || !control.after[m])
      continue;
    movement.difference =
        (*teacher.after[m] - *teacher.before[m]) - (*control.after[m] - *control.before[m]);
    if (movement.n_tasks < kFewestTasks) continue;
    std::vector<double> replicates(std::min(teacher.resampled.size(), control.resampled.size()));
    for (std::size_t r = 0; r < replicates.size(); ++r) {
      replicates[r] = teacher.resampled[r][m] - control.resampled[r][m];
    }
    movement.interval = percentile_interval(replicates, bootstrap.level);
    movement.p_value = metrics.is_mean_over_tasks(m)
                           ? sign_flip_p(teacher, control, m, permutation)
                           : exchange_p(teacher, control, m, *movement.difference);
  }
  return movements;
}

// A score that is undefined on a task for one pair is left out there for all.
void align(DistillationTable& table) {
  const std::size_t n_pairs = 2 + 2 * table.n_controls;
  for (const Metric& metric : table.metrics.metrics) {
    const auto* const ratio = std::get_if<Ratio>(&metric.formula);
    if (ratio == nullptr || ratio->count != metric.tasks) continue;
    for (std::size_t t = 0; t < table.n_tasks; ++t) {
      bool everywhere = true;
      for (std::size_t p = 0; p < n_pairs; ++p)
        everywhere = everywhere && table.row(p, t)[ratio->count] > 0;
      if (everywhere) continue;
      for (std::size_t p = 0; p < n_pairs; ++p)
        table.row(p, t)[ratio->count] = table.row(p, t)[ratio->sum] = 0;
    }
  }
}

bool has_task(const Corpus& corpus, ModelIndex model, TaskIndex task) {
  return !corpus.trials(model, task).empty();
}

std::vector<TaskIndex> common_tasks(const Corpus& corpus, std::span<const ModelIndex> models) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    if (std::all_of(models.begin(), models.end(),
                    [&](ModelIndex model) { return has_task(corpus, model, task); })) {
      tasks.push_back(task);
    }
  }
  return tasks;
}

bool same_runs(const Corpus& corpus, ModelIndex a, ModelIndex b, std::span<const TaskIndex> tasks) {
  const auto same = [](const CorpusTrajectory& x, const CorpusTrajectory& y) {
    return x.content == y.content;
  };
  return std::all_of(tasks.begin(), tasks.end(), [&](TaskIndex task) {
    const auto x = corpus.trials(a, task);
    const auto y = corpus.trials(b, task);
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
  });
}

Unexpected named_twice(const std::string& model, std::string_view role) {
  return fail(ErrorKind::kUsage, fmt::format("\"{}\" is named twice as a {}", model, role));
}

Result<std::vector<ModelIndex>> models_of(const Corpus& corpus, const DistillationRoles& roles) {
  std::vector<std::pair<std::string_view, std::string>> named = {
      {"before", roles.before}, {"after", roles.after}, {"teacher", roles.teacher}};
  for (const std::string& control : roles.controls) named.emplace_back("control", control);
  if (roles.controls.empty()) named.emplace_back("control", "");
  for (const std::string& control : roles.controls) {
    if (std::count(roles.controls.begin(), roles.controls.end(), control) > 1) {
      return named_twice(control, "control");
    }
  }
  std::vector<ModelIndex> models;
  for (const auto& [role, name] : named) {
    if (name.empty()) {
      return fail(ErrorKind::kUsage, fmt::format("no model is named for the role \"{}\"", role),
                  "the roles are before, after, teacher and at least one control");
    }
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    if (std::find(models.begin(), models.end(), *model) != models.end()) {
      return fail(ErrorKind::kUsage,
                  fmt::format("\"{}\" has two roles; each role needs a model of its own", name));
    }
    models.push_back(*model);
  }
  return models;
}

// Which role is to blame when no task is common to all.
Error no_common_task(const Corpus& corpus, std::span<const ModelIndex> models) {
  for (std::size_t i = 1; i < models.size(); ++i) {
    if (common_tasks(corpus, models.first(i + 1)).empty()) {
      return {ErrorKind::kInput,
              fmt::format("\"{}\" has no task in common with {}", corpus.models()[models[i]],
                          i == 1 ? fmt::format("\"{}\"", corpus.models()[models[0]])
                                 : "the roles before it"),
              "`agentecho inspect` shows who has which tasks"};
    }
  }
  return {ErrorKind::kInput, "the roles have no task in common", {}};
}

// Nothing where it was not computed.
const Movement* ags_of(const DistillationEstimates& estimates) {
  return estimates.ags ? &estimates.mean[*estimates.ags] : nullptr;
}

std::string signed_value(double x) {
  const std::string text = fixed(x, 3);
  return text.starts_with('-') ? text : "+" + text;
}

// Whether the tests of a score were carried out.
bool is_tested(const DistillationResults& results, const LeadingScore& score) {
  return results.estimates.mean[score.metric].difference && score.changed_p;
}

// What one metric says of the first teacher: in words that follow the metric's title, and in
// figures.
struct Said {
  std::string title;
  std::string words;
  std::string figures;
};

// "+0.165 (95 % interval +0.113 to +0.215, 12 tasks)"
std::string step_text(const DistillationResults& results, std::size_t m, double level) {
  const auto& interval = results.estimates.step_intervals[m];
  std::string text = signed_value(*results.estimates.steps[m]) + " (";
  if (interval) {
    text += fmt::format("{:g} % interval {} to {}, ", level * 100, signed_value(interval->low),
                        signed_value(interval->high));
  }
  return text + counted(results.estimates.mean[m].n_tasks, "task", "tasks") + ")";
}

Said said_by(const DistillationResults& results, const LeadingScore& score, double level) {
  const DistillationRoles& roles = results.roles;
  const std::size_t m = score.metric;
  const Movement& movement = results.estimates.mean[m];
  Said said{results.metrics[m].title, {}, {}};
  if (!movement.difference) {
    said.words = fmt::format("nothing can be said, since no common task carries it{}",
                             said.title == "AGS" ? ": " + results.nothing_optional : "");
    return said;
  }
  if (!is_tested(results, score)) {
    said.words = "nothing can be said: too few tasks for a test";
    return said;
  }
  const bool changed = is_below_alpha(*score.changed_p, level);
  const std::string change =
      fmt::format("that {} changed is {} ({})", changed ? "something" : "anything",
                  changed ? "shown" : "not shown", p_in_words(*score.changed_p, 4));
  const std::string step = step_text(results, m, level);
  if (!score.among_p) {
    said.words = fmt::format(
        "whether \"{}\" moved toward \"{}\" rather than toward any bystander cannot be told: {} no "
        "yardstick",
        roles.after, roles.teacher,
        roles.controls.size() == 1 ? "one control is" : "controls that are all alike are");
    said.figures = fmt::format("the step toward \"{}\" is {}; {}", roles.teacher, step, change);
    return said;
  }
  const bool stands_out = is_below_alpha(*score.among_p, level);
  const auto& interval = results.estimates.step_intervals[m];
  const bool nearer = *results.estimates.steps[m] > 0 && (!interval || interval->low > 0);
  if (stands_out && changed && nearer) {
    said.words = fmt::format("\"{}\" came nearer to \"{}\" than to models that had no part in it",
                             roles.after, roles.teacher);
  } else if (stands_out && !nearer) {
    said.words = fmt::format("\"{}\" did not come nearer to \"{}\", but moved away from the others",
                             roles.after, roles.teacher);
  } else {
    said.words = fmt::format(
        "\"{}\" is not shown to have moved toward \"{}\" rather than toward {} controls, which is "
        "no "
        "evidence that nothing was learnt",
        roles.after, roles.teacher, roles.controls.size());
  }
  said.figures = fmt::format(
      "the step {} among those toward the controls (t = {:+.2f}, {}), {}; the step itself is {}",
      stands_out ? "stands out" : "does not stand out", results.teachers.front().among[m]->t,
      p_in_words(*score.among_p, 4), change, step);
  return said;
}

// Metrics that say the same share a sentence.
void say(const std::vector<Said>& all, VerdictParagraph& verdict) {
  std::vector<Said> sentences;
  for (const Said& said : all) {
    if (!sentences.empty() && sentences.back().words == said.words) {
      sentences.back().title += " and " + said.title;
    } else {
      sentences.push_back(said);
    }
  }
  for (const Said& sentence : sentences) {
    verdict.found += fmt::format("{}By {}, {}.", verdict.found.empty() ? "" : " ", sentence.title,
                                 sentence.words);
  }
  for (const Said& said : all) {
    if (said.figures.empty()) continue;
    verdict.sureness +=
        fmt::format("{}{}: {}.", verdict.sureness.empty() ? "" : " ", said.title, said.figures);
  }
}

// Wording, then AGS: what is there of them.
std::vector<LeadingScore> leading_scores(const DistillationResults& results) {
  std::vector<LeadingScore> leading;
  const auto find = [&](std::string_view slug) {
    for (std::size_t m = 0; m < results.metrics.size(); ++m) {
      if (results.metrics[m].slug == slug) return leading.push_back({m, {}, {}}), true;
    }
    return false;
  };
  if (!find("rps")) find("bigram");
  find("ags");
  std::vector<std::optional<double>> changed;
  std::vector<std::optional<double>> among;  // of the first teacher, then of the others
  for (const LeadingScore& score : leading) {
    changed.push_back(results.estimates.mean[score.metric].p_value);
  }
  for (const TeacherStanding& teacher : results.teachers) {
    for (const LeadingScore& score : leading) {
      const auto& standing = teacher.among[score.metric];
      among.push_back(standing ? std::optional(standing->p_greater) : std::nullopt);
    }
  }
  changed = holm(changed);
  among = holm(among);
  for (std::size_t i = 0; i < leading.size(); ++i) {
    leading[i].changed_p = changed[i];
    leading[i].among_p = among[i];
  }
  return leading;
}

// "p is corrected for 2 scores and 3 teachers (Holm)."
std::string correction_in_words(const DistillationResults& results) {
  std::vector<std::string> corrected;
  const auto tested =
      std::count_if(results.leading.begin(), results.leading.end(),
                    [&](const LeadingScore& score) { return is_tested(results, score); });
  if (tested > 1) corrected.push_back(fmt::format("{} scores", tested));
  if (tested > 0 && results.teachers.size() > 1) {
    corrected.push_back(fmt::format("{} teachers", results.teachers.size()));
  }
  return corrected.empty()
             ? std::string{}
             : fmt::format(" p is corrected for {} (Holm).", fmt::join(corrected, " and "));
}

VerdictParagraph in_words(const DistillationResults& results, double level) {
  VerdictParagraph verdict;
  std::vector<Said> said;
  for (const LeadingScore& score : results.leading) {
    said.push_back(said_by(results, score, level));
  }
  say(said, verdict);
  verdict.sureness += correction_in_words(results);
  if (said.empty()) verdict.found = "No verdict: neither wording nor AGS was asked for.";
  const DistillationRoles& roles = results.roles;
  verdict.basis = fmt::format("It rests on {} that all roles have, and on {}.",
                              counted(results.n_tasks, "task", "tasks"),
                              counted(roles.controls.size(), "control", "controls"));
  verdict.elsewhere =
      "Any change of habits, whatever its cause, moves a model nearer to one of two given models: "
      "the figures show a change and its direction, not its cause. Who of several is the likeliest "
      "teacher is what `agentecho attribute` asks (docs/which-number.md).";
  verdict.next = {"agentecho", "attribute",  "--student", roles.after,
                  "--before",  roles.before, "PATHS"};
  return verdict;
}

// Of the models of the roles, those of one family by their names.
void warn_of_relatives(const DistillationRoles& roles, std::vector<std::string>& warnings) {
  const auto related = [](const std::string& x, const std::string& y) {
    return !family_from_name(x).empty() && family_from_name(x) == family_from_name(y);
  };
  std::vector<std::string> of_student;
  std::vector<std::string> of_teacher;
  for (const std::string& control : roles.controls) {
    if (related(control, roles.before) || related(control, roles.after)) {
      of_student.push_back(control);
    } else if (related(control, roles.teacher)) {
      of_teacher.push_back(control);
    }
  }
  if (!of_student.empty()) {
    warnings.push_back(
        fmt::format("by name a relative of the student is among the controls ({}): whoever was "
                    "near before moves "
                    "away with any change, which favours any teacher; leave relatives out",
                    fmt::join(of_student, ", ")));
  }
  if (!of_teacher.empty()) {
    warnings.push_back(fmt::format(
        "by name a relative of the teacher is among the controls ({}): who moves toward "
        "the teacher moves toward it as well, which hides the teacher",
        fmt::join(of_teacher, ", ")));
  }
}

// Holm, for each metric over the teachers that have a test.
void correct_for_teachers(std::vector<TeacherStanding>& teachers) {
  for (TeacherStanding& teacher : teachers) teacher.p_adjusted.resize(teacher.among.size());
  for (std::size_t m = 0; m < teachers.front().among.size(); ++m) {
    std::vector<std::optional<double>> p_values;
    for (const TeacherStanding& teacher : teachers) {
      p_values.push_back(teacher.among[m] ? std::optional(teacher.among[m]->p_greater)
                                          : std::nullopt);
    }
    p_values = holm(p_values);
    for (std::size_t i = 0; i < teachers.size(); ++i) teachers[i].p_adjusted[m] = p_values[i];
  }
}

void add_warnings(const LoadedCorpus& loaded, DistillationResults& results) {
  const Movement* const ags = ags_of(results.estimates);
  if (results.n_tasks < results.n_tasks_any) {
    results.warnings.push_back(
        fmt::format("only {} of the roles' {} tasks are common to all; the others do not count",
                    results.n_tasks, results.n_tasks_any));
  }
  if (ags != nullptr && ags->n_tasks == 0) {
    results.warnings.push_back(results.nothing_optional + "; S_node and AGS are undefined");
  } else if (ags != nullptr && ags->n_tasks < kFewTasks) {
    results.warnings.push_back(
        fmt::format("AGS rests on fewer than {} tasks ({}): too few to conclude from", kFewTasks,
                    ags->n_tasks));
  }
  if (results.roles.controls.size() < kEnoughControls) {
    results.warnings.push_back(
        fmt::format("fewer than {} controls ({}): the teacher's place among them says little",
                    kEnoughControls, results.roles.controls.size()));
  }
  warn_of_relatives(results.roles, results.warnings);
  if (auto note = small_pool_note(results.provenance.pool.size()); note && ags != nullptr) {
    results.warnings.push_back(*note);
  }
  if (auto guessed = guessed_tools_warning(loaded.corpus, loaded.catalog))
    results.warnings.push_back(*guessed);
}

}  // namespace

DistillationEstimates estimate_distillation(const DistillationTable& table,
                                            const BootstrapOptions& bootstrap) {
  PermutationOptions permutation;
  permutation.seed = bootstrap.seed;
  std::optional<Resampler> resampler;
  if (bootstrap.replicates > 0) {
    permutation.replicates = bootstrap.replicates;
    if (table.n_tasks > 0) resampler.emplace(table.n_tasks, bootstrap.replicates, bootstrap.seed);
  }
  DistillationEstimates estimates;
  estimates.ags = table.metrics.find("ags");
  const Progress teacher = progress_of({table, 0}, resampler, permutation);
  std::vector<std::uint32_t> tasks;
  for (const Metric& metric : table.metrics.metrics) {
    tasks.push_back(0);
    for (std::size_t t = 0; t < table.n_tasks; ++t)
      tasks.back() += table.row(0, t)[metric.tasks] > 0;
  }
  estimates.steps = steps_of(teacher);
  estimates.step_intervals = step_intervals_of(teacher, estimates.steps, bootstrap.level);
  std::vector<ValuesByMetric> control_steps;
  std::optional<Progress> mean;
  for (std::size_t c = 0; c < table.n_controls; ++c) {
    Progress control = progress_of({table, 1 + c}, resampler, permutation);
    control_steps.push_back(steps_of(control));
    estimates.controls.push_back(
        movements_of(teacher, control, table.metrics, tasks, bootstrap, permutation));
    if (mean) {
      add_progress(*mean, control);
    } else {
      mean = std::move(control);
    }
  }
  estimates.among = among_controls(estimates.steps, control_steps);
  if (!mean) return estimates;
  if (table.n_controls == 1) {
    estimates.mean = estimates.controls.front();
    return estimates;
  }
  divide(*mean, static_cast<double>(table.n_controls));
  estimates.mean = movements_of(teacher, *mean, table.metrics, tasks, bootstrap, permutation);
  return estimates;
}

std::optional<Yardstick> yardstick(const DistillationEstimates& estimates) {
  if (!estimates.ags) return std::nullopt;
  Yardstick result;
  for (const Movements& control : estimates.controls) {
    const Movement& ags = control[*estimates.ags];
    if (!ags.difference) return std::nullopt;
    if (*ags.difference <= 0) ++result.rank;  // this control's movement was at least as large
  }
  result.p_value =
      static_cast<double>(result.rank) / static_cast<double>(estimates.controls.size() + 1);
  return result;
}

DistillationTable tabulate_distillation(const Study& study, std::span<const ModelIndex> models) {
  const std::vector<TaskIndex> tasks = common_tasks(study.corpus, models);
  std::vector<ModelPair> pairs;
  for (const ModelIndex other : models.subspan(2)) {
    pairs.emplace_back(models[0], other);
    pairs.emplace_back(models[1], other);
  }
  const std::vector<PairRows> rows = score_rows(study, pairs);
  DistillationTable table{study.metrics, tasks.size(), models.size() - 3, {}};
  table.metrics.measures.clear();
  const std::size_t columns = table.metrics.columns();
  table.rows.resize(pairs.size() * tasks.size() * columns);
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < rows[p].tasks.size() && at < tasks.size(); ++i) {
      if (rows[p].tasks[i] != tasks[at]) continue;
      const auto row = std::span(rows[p].rows).subspan(i * columns, columns);
      std::copy(row.begin(), row.end(), table.row(p, at++).begin());
    }
  }
  align(table);
  return table;
}

Result<DistillationResults> distill(const LoadedCorpus& loaded, const DistillationRoles& roles,
                                    const DistillationOptions& options) {
  const Corpus& corpus = loaded.corpus;
  auto models = models_of(corpus, roles);
  if (!models) return Unexpected(models.error());
  const auto pool = require_models(corpus, options.pool);
  if (!pool) return Unexpected(pool.error());
  const auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());
  const ToolSplit split = ToolSplit::make(corpus, *pool, options.mandatory.rule, *listed);
  auto metrics = make_metrics(options.metrics, {corpus, split});
  if (!metrics) return Unexpected(metrics.error());
  for (const std::string& name : roles.other_teachers) {
    DistillationRoles other = roles;
    other.teacher = name;
    const auto with_other = models_of(corpus, other);
    if (!with_other) return Unexpected(with_other.error());
    const auto& others = roles.other_teachers;
    if (name == roles.teacher || std::count(others.begin(), others.end(), name) > 1) {
      return named_twice(name, "teacher");
    }
    if (common_tasks(corpus, *with_other).empty()) {
      return Unexpected(no_common_task(corpus, *with_other));
    }
  }
  const std::vector<TaskIndex> tasks = common_tasks(corpus, *models);
  if (tasks.empty()) return Unexpected(no_common_task(corpus, *models));
  if (tasks.size() < kFewestTasks) {
    return fail(ErrorKind::kInput,
                "the roles have only one task in common; a test paired by task needs more",
                "`agentecho inspect` shows who has which tasks");
  }
  if (same_runs(corpus, (*models)[0], (*models)[1], tasks)) {
    return fail(
        ErrorKind::kInput,
        fmt::format("\"{}\" and \"{}\" are the same runs: nothing changed that could be tested",
                    roles.before, roles.after),
        "before and after must be two models, or two rounds of runs");
  }
  DistillationResults results;
  results.roles = roles;
  results.n_tasks = static_cast<std::uint32_t>(tasks.size());
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    results.n_tasks_any += std::any_of(models->begin(), models->end(), [&](ModelIndex model) {
      return has_task(corpus, model, task);
    });
  }
  results.provenance =
      make_provenance(loaded, *pool, options.mandatory, options.bootstrap, options.metrics);
  const Study study{corpus, std::move(*metrics), options.bootstrap, options.threads};
  results.metrics = study.metrics.metrics;
  results.estimates =
      estimate_distillation(tabulate_distillation(study, *models), options.bootstrap);
  results.teachers.push_back({roles.teacher, results.estimates.steps, results.estimates.among, {}});
  BootstrapOptions untested = options.bootstrap;
  untested.replicates = 1;
  for (const std::string& name : roles.other_teachers) {
    std::vector<ModelIndex> others = *models;
    others[2] = require_model(corpus, name).value();
    const DistillationEstimates of_other =
        estimate_distillation(tabulate_distillation(study, others), untested);
    results.teachers.push_back({name, of_other.steps, of_other.among, {}});
  }
  correct_for_teachers(results.teachers);
  results.yardstick = yardstick(results.estimates);
  results.leading = leading_scores(results);
  results.nothing_optional = why_nothing_optional(split, tasks);
  results.verdict = in_words(results, options.bootstrap.level);
  add_warnings(loaded, results);
  return results;
}

}  // namespace agentecho

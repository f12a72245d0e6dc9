#include "agentecho/study/distillation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "agentecho/base/random.h"
#include "agentecho/stats/permutation.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/study/graph_edit_scores.h"

namespace agentecho {

namespace {

constexpr std::uint32_t kFewestTasks = 2;
constexpr std::uint32_t kFewTasks = 20;
constexpr std::uint64_t kExchangeStream = std::uint64_t{1} << 40;  // beside those of the bootstrap

constexpr std::size_t column(Column c) { return static_cast<std::size_t>(c); }
constexpr std::size_t metric(Score s) { return static_cast<std::size_t>(s); }
constexpr std::size_t kGedTasks = kColumns;
constexpr std::size_t kGed = kColumns + 1;

using Values = std::array<std::optional<double>, kDistillationMetrics>;

Values values_of(const DistillationRow& sums) {
  Values values;
  const std::span<const double, kColumns> scores(sums.data(), kColumns);
  for (std::size_t s = 0; s < kScores; ++s) values[s] = derive(static_cast<Score>(s), scores);
  if (sums[kGedTasks] > 0) values[kGraphEditMetric] = sums[kGed] / sums[kGedTasks];
  return values;
}

void add_row(DistillationRow& sums, const DistillationRow& row) {
  for (std::size_t c = 0; c < kDistillationColumns; ++c) sums[c] += row[c];
}

// A model before and after, against one other model.
struct Side {
  std::span<const DistillationRow> before, after;  // by task
};

Side side_of(const DistillationTable& table, std::size_t other) {
  const std::span rows(table.rows);
  return {rows.subspan(2 * other * table.n_tasks, table.n_tasks),
          rows.subspan((2 * other + 1) * table.n_tasks, table.n_tasks)};
}

DistillationRow sum_of(std::span<const DistillationRow> rows) {
  DistillationRow sums{};
  for (const DistillationRow& row : rows) add_row(sums, row);
  return sums;
}

// After less before, by metric; NaN where undefined.
using Steps = std::array<double, kDistillationMetrics>;

Steps steps_of(const DistillationRow& before, const DistillationRow& after) {
  const Values x = values_of(before);
  const Values y = values_of(after);
  Steps steps;
  for (std::size_t m = 0; m < kDistillationMetrics; ++m) {
    steps[m] = x[m] && y[m] ? *y[m] - *x[m] : std::numeric_limits<double>::quiet_NaN();
  }
  return steps;
}

// Of every replicate of the bootstrap.
std::vector<Steps> resampled_steps(const Side& side, const Resampler& resampler) {
  const std::size_t n_tasks = side.before.size();
  constexpr std::size_t kBoth = 2 * kDistillationColumns;
  std::vector<double> values(n_tasks * kBoth);
  for (std::size_t t = 0; t < n_tasks; ++t) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(t * kBoth);
    std::copy(side.after[t].begin(), side.after[t].end(),
              std::copy(side.before[t].begin(), side.before[t].end(), place));
  }
  std::vector<double> sums(resampler.replicates() * kBoth);
  resampler.weighted_sums(values, kBoth, sums);
  std::vector<Steps> steps(resampler.replicates());
  for (std::size_t r = 0; r < steps.size(); ++r) {
    DistillationRow before, after;
    const double* const row = sums.data() + r * kBoth;
    std::copy_n(row, kDistillationColumns, before.begin());
    std::copy_n(row + kDistillationColumns, kDistillationColumns, after.begin());
    steps[r] = steps_of(before, after);
  }
  return steps;
}

// The same when before and after are exchanged on the tasks of a random subset, the same subsets
// for every side.
std::vector<Steps> exchanged_steps(const Side& side, const PermutationOptions& options) {
  std::vector<Steps> steps(options.replicates);
  for (std::size_t r = 0; r < steps.size(); ++r) {
    Rng rng(options.seed, kExchangeStream + r);
    DistillationRow before{}, after{};
    std::uint64_t bits = 0;
    for (std::size_t t = 0; t < side.before.size(); ++t, bits >>= 1) {
      if (t % 64 == 0) bits = rng.bits();
      const bool exchange = (bits & 1) != 0;
      add_row(before, exchange ? side.after[t] : side.before[t]);
      add_row(after, exchange ? side.before[t] : side.after[t]);
    }
    steps[r] = steps_of(before, after);
  }
  return steps;
}

// Metrics that are means over tasks, and AGS, which is a mean of such means.
struct Part {
  std::size_t tasks, value;  // columns
};
std::vector<Part> parts_of(std::size_t m) {
  constexpr Part kNode{column(Column::kNodeTasks), column(Column::kNode)};
  constexpr Part kSeq{column(Column::kTasks), column(Column::kSeq)};
  constexpr Part kDep{column(Column::kTasks), column(Column::kDep)};
  if (m == metric(Score::kSNode)) return {kNode};
  if (m == metric(Score::kSSeq)) return {kSeq};
  if (m == metric(Score::kSDep)) return {kDep};
  if (m == metric(Score::kAgs)) return {kNode, kSeq, kDep};
  if (m == metric(Score::kCalibratedSSeq)) {
    return {{column(Column::kCalibratedSeqTasks), column(Column::kCalibratedSeq)}};
  }
  if (m == metric(Score::kCalibratedSDep)) {
    return {{column(Column::kCalibratedDepTasks), column(Column::kCalibratedDep)}};
  }
  if (m == kGraphEditMetric) return {{kGedTasks, kGed}};
  return {};
}

// What each task adds to the step of such a metric, times the number of tasks: the mean is the
// step.
std::vector<double> task_steps(const Side& side, std::size_t m) {
  const std::vector<Part> parts = parts_of(m);
  const DistillationRow sums = sum_of(side.before);
  const auto n_tasks = static_cast<double>(side.before.size());
  std::vector<double> steps(side.before.size(), 0.0);
  for (const Part& part : parts) {
    const double weight = n_tasks / sums[part.tasks] / static_cast<double>(parts.size());
    for (std::size_t t = 0; t < steps.size(); ++t) {
      steps[t] += weight * (side.after[t][part.value] - side.before[t][part.value]);
    }
  }
  return steps;
}

// Everything about one side, or about the mean of several.
struct Progress {
  Values before, after;
  std::vector<Steps> resampled, exchanged;
  std::array<std::vector<double>, kDistillationMetrics> by_task;
};

Progress progress_of(const Side& side, const std::optional<Resampler>& resampler,
                     const PermutationOptions& options) {
  Progress progress;
  progress.before = values_of(sum_of(side.before));
  progress.after = values_of(sum_of(side.after));
  if (side.before.size() < kFewestTasks) return progress;
  if (resampler) progress.resampled = resampled_steps(side, *resampler);
  if (progress.before[metric(Score::kCalibratedSNode)]) {
    progress.exchanged = exchanged_steps(side, options);
  }
  for (std::size_t m = 0; m < kDistillationMetrics; ++m) {
    if (progress.before[m] && progress.after[m]) progress.by_task[m] = task_steps(side, m);
  }
  return progress;
}

std::optional<double> plus(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return std::nullopt;
  return *a + *b;
}

void add_progress(Progress& sum, const Progress& other) {
  for (std::size_t m = 0; m < kDistillationMetrics; ++m) {
    sum.before[m] = plus(sum.before[m], other.before[m]);
    sum.after[m] = plus(sum.after[m], other.after[m]);
    for (std::size_t t = 0; t < sum.by_task[m].size(); ++t) {
      sum.by_task[m][t] = t < other.by_task[m].size() ? sum.by_task[m][t] + other.by_task[m][t] : 0;
    }
  }
  const auto add = [](std::vector<Steps>& to, const std::vector<Steps>& from) {
    for (std::size_t r = 0; r < std::min(to.size(), from.size()); ++r) {
      for (std::size_t m = 0; m < kDistillationMetrics; ++m) to[r][m] += from[r][m];
    }
  };
  add(sum.resampled, other.resampled);
  add(sum.exchanged, other.exchanged);
}

void divide(Progress& progress, double n) {
  for (std::size_t m = 0; m < kDistillationMetrics; ++m) {
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

Movements movements_of(const Progress& teacher, const Progress& control,
                       const DistillationRow& sums, const BootstrapOptions& bootstrap,
                       const PermutationOptions& permutation) {
  Movements movements;
  for (std::size_t m = 0; m < kDistillationMetrics; ++m) {
    Movement& movement = movements[m];
    movement.n_tasks = static_cast<std::uint32_t>(
        m == kGraphEditMetric
            ? sums[kGedTasks]
            : tasks_behind(static_cast<Score>(m),
                           std::span<const double, kColumns>(sums.data(), kColumns)));
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
    movement.p_value = parts_of(m).empty() ? exchange_p(teacher, control, m, *movement.difference)
                                           : sign_flip_p(teacher, control, m, permutation);
  }
  return movements;
}

// A score that is undefined on a task for one pair is left out there for all.
void align(DistillationTable& table) {
  struct Group {
    std::size_t tasks;
    std::vector<std::size_t> values;
  };
  const Group groups[] = {
      {column(Column::kCalibratedSeqTasks), {column(Column::kCalibratedSeq)}},
      {column(Column::kCalibratedDepTasks), {column(Column::kCalibratedDep)}},
      {kGedTasks, {kGed}},
  };
  const std::size_t n_pairs = 2 + 2 * table.n_controls;
  for (std::size_t t = 0; t < table.n_tasks; ++t) {
    for (const Group& group : groups) {
      bool everywhere = true;
      for (std::size_t p = 0; p < n_pairs; ++p) {
        everywhere = everywhere && table.rows[p * table.n_tasks + t][group.tasks] > 0;
      }
      if (everywhere) continue;
      for (std::size_t p = 0; p < n_pairs; ++p) {
        DistillationRow& row = table.rows[p * table.n_tasks + t];
        row[group.tasks] = 0;
        for (const std::size_t value : group.values) row[value] = 0;
      }
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

Result<std::vector<ModelIndex>> models_of(const Corpus& corpus, const DistillationRoles& roles) {
  std::vector<std::pair<std::string_view, std::string>> named = {
      {"before", roles.before}, {"after", roles.after}, {"teacher", roles.teacher}};
  for (const std::string& control : roles.controls) named.emplace_back("control", control);
  if (roles.controls.empty()) named.emplace_back("control", "");
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

std::string signed_value(double x) { return fmt::format("{:+.3f}", x); }

std::string figures(const Movement& movement, double level) {
  std::string text = "AGS " + signed_value(*movement.difference);
  std::vector<std::string> notes;
  if (movement.interval) {
    notes.push_back(fmt::format("{:g} % interval {} to {}", level * 100,
                                signed_value(movement.interval->low),
                                signed_value(movement.interval->high)));
  }
  if (movement.p_value) notes.push_back(fmt::format("p = {:.4f}", *movement.p_value));
  notes.push_back(fmt::format("{} tasks", movement.n_tasks));
  return fmt::format("{} ({})", text, fmt::join(notes, ", "));
}

std::string verdict_of(const DistillationResults& results, double level) {
  const DistillationRoles& roles = results.roles;
  const Movement& ags = results.estimates.mean[metric(Score::kAgs)];
  if (!ags.difference) return "No verdict: no common task has optional tools, so AGS is undefined.";
  if (!ags.p_value) return "No verdict: too few tasks for a test.";
  const bool rejected = *ags.p_value < 1 - level;
  const bool one_sided = !ags.interval || ags.interval->low > 0 || ags.interval->high < 0;
  const double step = *ags.teacher_after - *ags.teacher_before;
  const std::string against =
      roles.controls.size() == 1 ? "the control" : "the mean of the controls";
  std::string text;
  if (!rejected) {
    return fmt::format(
        "No difference is shown: {} of \"{}\" against {}. That is not evidence that nothing was "
        "learnt.",
        figures(ags, level), roles.teacher, against);
  }
  if (!one_sided) {
    return fmt::format("Undecided: {}; the test rejects, but the interval holds 0.",
                       figures(ags, level));
  }
  if (*ags.difference > 0 && step > 0) {
    text = fmt::format(
        "\"{}\" is nearer to \"{}\" than \"{}\" was, by more than it came nearer to {}: {}.",
        roles.after, roles.teacher, roles.before, against, figures(ags, level));
  } else if (*ags.difference > 0) {
    text = fmt::format(
        "\"{}\" did not come nearer to \"{}\" (AGS {}); it moved away from {} more: {}.",
        roles.after, roles.teacher, signed_value(step), against, figures(ags, level));
  } else {
    text = fmt::format("The change of \"{}\" favours {} over \"{}\": {}.", roles.after, against,
                       roles.teacher, figures(ags, level));
  }
  if (roles.controls.size() == 1) {
    text +=
        " One control is no yardstick: any change of habits, whatever its cause, moves a model "
        "nearer to one of two "
        "given models.";
  } else if (results.yardstick) {
    text += fmt::format(
        " Among the teacher and {} controls, the movement toward the teacher has rank {}; were the "
        "teacher no more than "
        "another control, a rank that high would have probability {:.3f}.",
        roles.controls.size(), results.yardstick->rank, results.yardstick->p_value);
  }
  return text + " The figures show a change and its direction, not its cause.";
}

void add_warnings(const LoadedCorpus& loaded, DistillationResults& results) {
  const Movement& ags = results.estimates.mean[metric(Score::kAgs)];
  if (results.n_tasks < results.n_tasks_any) {
    results.warnings.push_back(
        fmt::format("only {} of the roles' {} tasks are common to all; the others do not count",
                    results.n_tasks, results.n_tasks_any));
  }
  if (ags.n_tasks == 0) {
    results.warnings.push_back("no common task has optional tools; S_node and AGS are undefined");
  } else if (ags.n_tasks < kFewTasks) {
    results.warnings.push_back(fmt::format(
        "AGS rests on fewer than {} tasks ({}): too few to conclude from", kFewTasks, ags.n_tasks));
  }
  if (auto guessed = guessed_tools_warning(loaded.corpus, loaded.catalog))
    results.warnings.push_back(*guessed);
}

}  // namespace

std::string_view distillation_metric_name(std::size_t m) {
  return m == kGraphEditMetric ? "ged" : name_of(static_cast<Score>(m));
}

std::string_view distillation_metric_profile(std::size_t m) {
  if (m == kGraphEditMetric) return "baseline";
  return m < metric(Score::kCalibratedSNode) ? "paper" : "calibrated";
}

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
  const Progress teacher = progress_of(side_of(table, 0), resampler, permutation);
  const DistillationRow sums = sum_of(side_of(table, 0).before);
  std::optional<Progress> mean;
  for (std::size_t c = 0; c < table.n_controls; ++c) {
    Progress control = progress_of(side_of(table, 1 + c), resampler, permutation);
    estimates.controls.push_back(movements_of(teacher, control, sums, bootstrap, permutation));
    if (mean) {
      add_progress(*mean, control);
    } else {
      mean = std::move(control);
    }
  }
  if (!mean) return estimates;
  if (table.n_controls == 1) {
    estimates.mean = estimates.controls.front();
    return estimates;
  }
  divide(*mean, static_cast<double>(table.n_controls));
  estimates.mean = movements_of(teacher, *mean, sums, bootstrap, permutation);
  return estimates;
}

std::optional<Yardstick> yardstick(const DistillationEstimates& estimates) {
  Yardstick result;
  for (const Movements& control : estimates.controls) {
    const Movement& ags = control[metric(Score::kAgs)];
    if (!ags.difference) return std::nullopt;
    if (*ags.difference <= 0) ++result.rank;  // this control's movement was at least as large
  }
  result.p_value =
      static_cast<double>(result.rank) / static_cast<double>(estimates.controls.size() + 1);
  return result;
}

DistillationTable tabulate_distillation(const Corpus& corpus, std::span<const ModelIndex> models,
                                        std::span<const ModelIndex> pool,
                                        const DistillationOptions& options) {
  const std::vector<TaskIndex> tasks = common_tasks(corpus, models);
  std::vector<std::pair<ModelIndex, ModelIndex>> pairs;
  for (const ModelIndex other : models.subspan(2)) {
    pairs.emplace_back(models[0], other);
    pairs.emplace_back(models[1], other);
  }
  const ToolSplit split = ToolSplit::make(corpus, pool, options.rule);
  const std::vector<PairScores> scores = score_pairs(corpus, split, pairs, options.threads);
  DistillationTable table{tasks.size(), models.size() - 3, {}};
  table.rows.resize(pairs.size() * tasks.size());
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const std::span rows = std::span(table.rows).subspan(p * tasks.size(), tasks.size());
    std::size_t at = 0;
    for (const TaskScore& score : scores[p].tasks) {
      if (at == tasks.size()) break;
      if (score.task != tasks[at]) continue;
      std::copy(score.row.begin(), score.row.end(), rows[at++].begin());
    }
    if (!options.graph_edits) continue;
    const auto edits =
        score_graph_edits(corpus, pairs[p].first, pairs[p].second, tasks, options.threads);
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      rows[t][kGedTasks] = edits[t] ? 1 : 0;
      rows[t][kGed] = edits[t].value_or(0);
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
  std::vector<ModelIndex> pool;
  for (const std::string& name : options.pool.empty() ? corpus.models() : options.pool) {
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    pool.push_back(*model);
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
  results.provenance = {
      std::string(version()), loaded.report.files, loaded.settings, {}, to_string(options.rule), {},
      options.bootstrap};
  for (const ModelIndex model : pool) results.provenance.pool.push_back(corpus.models()[model]);
  results.estimates = estimate_distillation(tabulate_distillation(corpus, *models, pool, options),
                                            options.bootstrap);
  results.yardstick = yardstick(results.estimates);
  results.verdict = verdict_of(results, options.bootstrap.level);
  add_warnings(loaded, results);
  return results;
}

}  // namespace agentecho

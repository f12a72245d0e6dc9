#include "agentecho/study/diversity.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/words.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/most_different.h"
#include "agentecho/stats/pair_table.h"
#include "agentecho/study/diversity_likeness.h"

namespace agentecho {

namespace {

double mean_over_trials(std::span<const CorpusTrajectory> trials,
                        double (*value)(const CorpusTrajectory&)) {
  double sum = 0;
  for (const CorpusTrajectory& run : trials) sum += value(run);
  return sum / static_cast<double>(trials.size());
}

double success_of(const CorpusTrajectory& run) { return run.success ? 1 : 0; }
double calls_of(const CorpusTrajectory& run) { return run.counts.calls; }
double errors_of(const CorpusTrajectory& run) { return run.counts.errors; }

Conduct conduct_of(const Corpus& corpus, ModelIndex model, std::span<const TaskIndex> tasks,
                   bool recorded) {
  Conduct conduct;
  if (tasks.empty()) return conduct;
  double success = 0;
  for (const TaskIndex task : tasks) {
    const auto trials = corpus.trials(model, task);
    success += mean_over_trials(trials, success_of);
    conduct.calls += mean_over_trials(trials, calls_of);
    conduct.errors += mean_over_trials(trials, errors_of);
  }
  const auto n = static_cast<double>(tasks.size());
  if (recorded) conduct.success = success / n;
  conduct.calls /= n;
  conduct.errors /= n;
  return conduct;
}

// Those that all of the models have.
std::vector<TaskIndex> tasks_of(const Corpus& corpus, std::initializer_list<ModelIndex> models) {
  std::vector<TaskIndex> tasks;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const bool all = std::all_of(models.begin(), models.end(), [&](ModelIndex model) {
      return !corpus.trials(model, task).empty();
    });
    if (all) tasks.push_back(task);
  }
  return tasks;
}

std::vector<char> recorded_models(const Corpus& corpus) {
  std::vector<char> recorded(corpus.models().size(), 0);
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (run.reward) recorded[run.model] = 1;
  }
  return recorded;
}

void describe_models(const Corpus& corpus, const std::vector<char>& recorded,
                     DiversityResults& results) {
  results.models.resize(corpus.models().size());
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    ModelDiversity& model = results.models[run.model];
    ++model.runs;
    model.unrecorded += run.reward ? 0 : 1;
    if (recorded[run.model] == 0) continue;
    ++results.judged_runs;
    results.failed_runs += run.success ? 0 : 1;
  }
  for (ModelIndex m = 0; m < results.models.size(); ++m) {
    ModelDiversity& model = results.models[m];
    const std::vector<TaskIndex> tasks = tasks_of(corpus, {m});
    model.tasks = tasks.size();
    model.conduct = conduct_of(corpus, m, tasks, recorded[m] != 0);
    for (const Likeness& likeness : results.likenesses) {
      double sum = 0;
      double n = 0;
      for (std::size_t p = 0; p < results.pairs.size(); ++p) {
        const auto [a, b] = results.pairs[p];
        if ((a != m && b != m) || !likeness.pairs[p].rho.value) continue;
        sum += *likeness.pairs[p].rho.value;
        ++n;
      }
      model.rho.push_back(n > 0 ? std::optional(sum / n) : std::nullopt);
    }
  }
}

PairTable table_of(const DiversityResults& results, const Likeness& likeness) {
  PairTable table(results.models.size());
  for (std::size_t p = 0; p < results.pairs.size(); ++p) {
    table.set(results.pairs[p].first, results.pairs[p].second, likeness.pairs[p].rho.value);
  }
  return table;
}

// The sets of 2, 3, … models that are least alike in errors and in the leading habit.
class DifferentFinder {
 public:
  DifferentFinder(const Study& study, const std::vector<char>& recorded,
                  const std::vector<std::vector<std::optional<double>>>& chance,
                  DiversityResults& results)
      : study_(study), recorded_(recorded), chance_(chance), results_(results) {}

  void find(std::size_t likeness) {
    const Likeness& by = results_.likenesses[likeness];
    const PairTable table = table_of(results_, by);
    const std::size_t most = std::min(results_.options.most_different, by.effective.models);
    for (std::size_t k = 2; k <= most; ++k) {
      const auto found = most_different(table, k);
      if (!found) continue;
      DifferentModels& set = results_.different.emplace_back();
      set.likeness = likeness;
      set.exact = found->exact;
      set.models.assign(found->items.begin(), found->items.end());
      set.effective = effective_of(by, set.models);
      set.success = mean_success(set.models);
    }
  }

 private:
  EffectiveNumber effective_of(const Likeness& by, const std::vector<ModelIndex>& models) const {
    std::vector<ModelPair> pairs;
    std::vector<std::optional<double>> chance;
    const std::size_t metric = by.errors ? 0 : study_.metrics.at(by.slug);
    for (std::size_t p = 0; p < results_.pairs.size(); ++p) {
      const auto [a, b] = results_.pairs[p];
      if (std::find(models.begin(), models.end(), a) == models.end() ||
          std::find(models.begin(), models.end(), b) == models.end()) {
        continue;
      }
      pairs.push_back(results_.pairs[p]);
      if (!by.errors) chance.push_back(chance_[p][metric]);
    }
    return (by.errors ? likeness_of_errors(study_, pairs, recorded_)
                      : likeness_of_habits(study_, metric, pairs, chance))
        .effective;
  }

  std::optional<double> mean_success(const std::vector<ModelIndex>& models) const {
    double sum = 0;
    for (const ModelIndex model : models) {
      const auto& success = results_.models[model].conduct.success;
      if (!success) return std::nullopt;
      sum += *success;
    }
    return sum / static_cast<double>(models.size());
  }

  const Study& study_;
  const std::vector<char>& recorded_;
  const std::vector<std::vector<std::optional<double>>>& chance_;
  DiversityResults& results_;
};

// Success of the one less that of the other, task by task, resampled over tasks.
Estimate gain_of(const Study& study, const Resampler& resampler, std::span<const TaskIndex> tasks,
                 ModelIndex model, ModelIndex other) {
  const Corpus& corpus = study.corpus;
  Estimate gain;
  gain.n_tasks = static_cast<std::uint32_t>(tasks.size());
  std::vector<double> rows(corpus.tasks().size() * 2, 0.0);
  double sum = 0;
  for (const TaskIndex task : tasks) {
    const double difference = mean_over_trials(corpus.trials(other, task), success_of) -
                              mean_over_trials(corpus.trials(model, task), success_of);
    rows[2 * task] = 1;
    rows[2 * task + 1] = difference;
    sum += difference;
  }
  gain.value = sum / static_cast<double>(tasks.size());
  if (tasks.size() < kFewestTasks || study.bootstrap.replicates == 0) return gain;
  std::vector<double> sums(resampler.replicates() * 2);
  resampler.weighted_sums(rows, 2, sums);
  std::vector<double> gains;
  for (std::size_t r = 0; r < resampler.replicates(); ++r) {
    gains.push_back(sums[2 * r + 1] / sums[2 * r]);  // 0/0: no common task was drawn
  }
  gain.interval = percentile_interval(gains, study.bootstrap.level);
  return gain;
}

void find_substitutes(const Study& study, const std::vector<char>& recorded,
                      DiversityResults& results) {
  const Corpus& corpus = study.corpus;
  const auto models = static_cast<ModelIndex>(corpus.models().size());
  const Likeness& habits = results.likenesses[*results.habits];
  const Resampler resampler(corpus.tasks().size(), study.bootstrap.replicates,
                            study.bootstrap.seed);
  for (ModelIndex model = 0; model < models; ++model) {
    std::vector<std::pair<ModelIndex, std::size_t>> others;  // and the place of the pair
    for (ModelIndex other = 0; other < models; ++other) {
      if (other == model) continue;
      const std::size_t place = pair_index(model, other, models);
      if (habits.pairs[place].rho.value) others.emplace_back(other, place);
    }
    std::stable_sort(others.begin(), others.end(), [&](const auto& x, const auto& y) {
      return *habits.pairs[x.second].rho.value > *habits.pairs[y.second].rho.value;
    });
    others.resize(std::min(others.size(), results.options.nearest));
    for (const auto& [other, place] : others) {
      const std::vector<TaskIndex> tasks = tasks_of(corpus, {model, other});
      const bool both = recorded[model] != 0 && recorded[other] != 0;
      Substitute& substitute = results.substitutes.emplace_back();
      substitute.model = model;
      substitute.other = other;
      substitute.tasks = tasks.size();
      substitute.rho = habits.pairs[place].rho;
      if (results.errors) {
        substitute.kappa = results.likenesses[*results.errors].pairs[place].rho.value;
      }
      substitute.its = conduct_of(corpus, other, tasks, recorded[other] != 0);
      substitute.own = conduct_of(corpus, model, tasks, recorded[model] != 0);
      if (both) substitute.success_gain = gain_of(study, resampler, tasks, model, other);
    }
  }
}

std::vector<IdenticalModels> find_identical(const Corpus& corpus,
                                            std::span<const ModelPair> pairs) {
  std::vector<IdenticalModels> identical;
  for (const auto& [a, b] : pairs) {
    IdenticalModels found{a, b, 0, 0};
    for (const TaskIndex task : tasks_of(corpus, {a, b})) {
      const auto others = corpus.trials(b, task);
      for (const CorpusTrajectory& run : corpus.trials(a, task)) {
        ++found.runs;
        found.same += std::any_of(others.begin(), others.end(), [&](const CorpusTrajectory& other) {
          return other.content == run.content;
        });
      }
    }
    if (2 * found.same > found.runs) identical.push_back(found);
  }
  return identical;
}

// The one that was asked for, call frequency, or the first that is defined.
std::optional<std::size_t> leading_habit(const DiversityResults& results,
                                         const std::optional<std::string>& named) {
  const std::string wanted = named.value_or("frequency");
  std::optional<std::size_t> first;
  for (std::size_t place = 0; place < results.likenesses.size(); ++place) {
    const Likeness& likeness = results.likenesses[place];
    if (likeness.errors || likeness.effective.pairs == 0) continue;
    if (likeness.slug == wanted) return place;
    if (!first) first = place;
  }
  return named ? std::nullopt : first;
}

// The metric of the study that stands for a family.
Result<std::string> metric_of_family(const Study& study, const std::string& name) {
  auto family = find_metric_family(name);
  if (!family) return Unexpected(family.error());
  const std::string slug((*family)->beyond_chance.empty() ? (*family)->name
                                                          : (*family)->beyond_chance);
  if (!study.metrics.find(slug)) {
    return fail(ErrorKind::kUsage, fmt::format("{} is not among the metrics", name),
                "--metrics says what is computed");
  }
  return slug;
}

void warn(const Corpus& corpus, DiversityResults& results) {
  for (const IdenticalModels& same : results.identical) {
    results.warnings.push_back(
        fmt::format("{} and {} are one system under two names, or copies: {} of {} runs are the "
                    "same",
                    corpus.models()[same.a], corpus.models()[same.b], same.same, same.runs));
  }
  std::vector<std::string> none;
  std::size_t some = 0;
  for (ModelIndex m = 0; m < results.models.size(); ++m) {
    const ModelDiversity& model = results.models[m];
    if (model.unrecorded == model.runs) {
      none.push_back(corpus.models()[m]);
    } else {
      some += model.unrecorded;
    }
  }
  if (!none.empty()) {
    const bool all = none.size() == results.models.size();
    results.warnings.push_back(fmt::format(
        "no outcome is recorded for {} of {} models{}: they have no error consistency "
        "and no success rate",
        none.size(), results.models.size(), all ? "" : fmt::format(" ({})", listed(none))));
  }
  if (some > 0) {
    results.warnings.push_back(fmt::format(
        "{} runs have no recorded outcome and count as failed (a missing reward is no success)",
        some));
  }
}

}  // namespace

std::optional<double> effective_number(std::size_t n, double rho) {
  const double effect = 1 + (static_cast<double>(n) - 1) * std::min(rho, 1.0);
  if (n == 0 || is_rounding(effect, 1)) return std::nullopt;
  return static_cast<double>(n) / effect;
}

Result<DiversityResults> diversity(const Study& study, const DiversityOptions& options) {
  const Corpus& corpus = study.corpus;
  if (corpus.models().size() < 2) {
    return fail(ErrorKind::kInput, "there is only one model in the input: nothing to be diverse",
                "name the logs of other models on the same tasks");
  }
  std::optional<std::string> named;
  if (options.by) {
    auto slug = metric_of_family(study, *options.by);
    if (!slug) return Unexpected(slug.error());
    named = std::move(*slug);
  }
  DiversityResults results;
  results.options = options;
  results.pairs = all_pairs(corpus);
  const bool common = std::any_of(results.pairs.begin(), results.pairs.end(), [&](const auto& p) {
    return !tasks_of(corpus, {p.first, p.second}).empty();
  });
  if (!common) {
    return fail(ErrorKind::kInput, "no two models have a task in common",
                "tasks are the same where benchmark, domain and task id are; `agentecho inspect` "
                "shows them");
  }
  const std::vector<char> recorded = recorded_models(corpus);
  if (std::count(recorded.begin(), recorded.end(), char{1}) >= 2) {
    results.likenesses.push_back(likeness_of_errors(study, results.pairs, recorded));
    if (results.likenesses.front().effective.pairs > 0) results.errors = 0;
  }
  const auto chance = chance_levels(study, results.pairs);
  for (std::size_t metric = 0; metric < study.metrics.metrics.size(); ++metric) {
    std::vector<std::optional<double>> of_metric;
    for (const auto& of_pair : chance) of_metric.push_back(of_pair[metric]);
    results.likenesses.push_back(likeness_of_habits(study, metric, results.pairs, of_metric));
  }
  results.habits = leading_habit(results, named);
  describe_models(corpus, recorded, results);
  DifferentFinder finder(study, recorded, chance, results);
  if (results.errors) finder.find(*results.errors);
  if (results.habits) finder.find(*results.habits);
  if (results.habits) find_substitutes(study, recorded, results);
  results.identical = find_identical(corpus, results.pairs);
  warn(corpus, results);
  return results;
}

}  // namespace agentecho

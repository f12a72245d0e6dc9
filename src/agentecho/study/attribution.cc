#include "agentecho/study/attribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "agentecho/base/version.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/affinity.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/stats/multiple_testing.h"
#include "agentecho/stats/significance.h"
#include "agentecho/stats/single_case.h"
#include "agentecho/study/distillation.h"
#include "agentecho/study/families.h"

namespace agentecho {

namespace {

constexpr std::size_t kFewestModels = 5;

// The sum of the scores, each in units of the spread of its affinities.
Result<PairTable> combine(const std::vector<PairTable>& evidence) {
  const std::size_t items = evidence.front().items();
  PairTable sum(items);
  for (std::size_t e = 0; e < evidence.size(); ++e) {
    const auto fit = fit_affinity(evidence[e]);
    if (!fit) {
      return fail(ErrorKind::kInput,
                  fmt::format("nothing can be attributed: {}", undefined_text(fit.error())));
    }
    if (!fit->spread)
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: no pair is more alike than the others");
    for (std::size_t i = 0; i < items; ++i) {
      for (std::size_t j = i + 1; j < items; ++j) {
        const auto score = evidence[e].at(i, j);
        const auto before = e == 0 ? std::optional(0.0) : sum.at(i, j);
        sum.set(i, j,
                score && before ? std::optional(*before + *score / *fit->spread) : std::nullopt);
      }
    }
  }
  return sum;
}

constexpr std::size_t kFewestCandidates = 4;
constexpr std::size_t kControlsProposed = 5;  // in the command to type next

// Why nobody is named, as the end of a sentence.
std::string why_nobody(const AttributionResults& results) {
  const Candidate& first = results.candidates.front();
  const double error = results.error_rate.value_or(1);
  if (!is_below_alpha(error, results.level)) {
    return fmt::format(
        "in {:.0f} % of simulated pools of eight models that hold no teacher somebody stands out "
        "as "
        "much as the first here, \"{}\" ({}, which takes the candidates for independent)",
        100 * error, first.model, p_in_words(first.p_adjusted.value_or(1), 3));
  }
  if (!is_below_alpha(results.changed_p.value_or(1), results.level)) {
    return fmt::format("that anything changed between \"{}\" and \"{}\" is not shown (p = {:.3f})",
                       results.before, results.student, results.changed_p.value_or(1));
  }
  return fmt::format("\"{}\" did not come nearer to the first, \"{}\"", results.student,
                     first.model);
}

// Candidates to be controls of the first one: by their names no relatives of it or of the student.
std::vector<std::string> controls_for(const AttributionResults& results) {
  const std::string& teacher = results.candidates.front().model;
  std::vector<std::string> controls;
  for (const Candidate& candidate : results.candidates) {
    const std::string family = family_from_name(candidate.model);
    const bool relative = candidate.model == teacher ||
                          (!family.empty() && (family == family_from_name(teacher) ||
                                               family == family_from_name(results.student)));
    if (!relative && controls.size() < kControlsProposed) controls.push_back(candidate.model);
  }
  return controls;
}

VerdictParagraph in_words(const AttributionResults& results) {
  const bool movements = !results.before.empty();
  VerdictParagraph verdict;
  if (!results.named) {
    verdict.found = fmt::format("No teacher of \"{}\" is named: none of {} candidates stands out.",
                                results.student, results.candidates.size());
    verdict.sureness = fmt::format(
        "Why (at the {:g} % level): {}. That does not clear them: a teacher may leave too few "
        "traces, or "
        "be outside the pool.",
        100 * (1 - results.level), why_nobody(results));
  } else {
    verdict.found = fmt::format(
        "\"{}\" is the likeliest teacher of \"{}\" of {} candidates: {}.", *results.named,
        results.student, results.candidates.size(),
        movements ? fmt::format("the student came nearer to it than \"{}\" was, and by more than "
                                "toward the others",
                                results.before)
                  : "the two are more alike than two models that typical");
    verdict.sureness = fmt::format(
        "Where none of the candidates taught anybody, somebody stands out like this in {:.1f} % of "
        "simulated pools of eight. {} Nor does it say why: a relative of the teacher, or a common "
        "source, would show in the same way.",
        100 * results.error_rate.value_or(1),
        movements ? "Movement has a direction in time, but not between the two."
                  : fmt::format("Similarity has no direction: it says as much of \"{}\" as a "
                                "teacher of \"{}\".",
                                results.student, *results.named));
  }
  const std::string tasks = counted(results.fewest_tasks, "task", "tasks");
  verdict.basis = fmt::format(
      "It rests on {}, in a pool of {} models.",
      movements ? fmt::format("{} that \"{}\", \"{}\" and all {} candidates have", tasks,
                              results.before, results.student, results.candidates.size())
                : fmt::format("at least {} that the student shares with each candidate", tasks),
      results.provenance.pool.size());
  verdict.elsewhere =
      "`agentecho evidence` sets the strongest of all pairs against those of strangers, by words "
      "alone, so its p of the same pair is another and mostly larger (docs/which-number.md).";
  const std::vector<std::string> controls = controls_for(results);
  if (movements && !controls.empty()) {
    verdict.next = {"agentecho", "distill",       "--before",  results.before,
                    "--after",   results.student, "--teacher", results.candidates.front().model};
    for (const std::string& model : controls) {
      verdict.next.insert(verdict.next.end(), {"--control", model});
    }
    verdict.next.push_back("PATHS");
  } else {
    verdict.next = {"agentecho", "explain", results.student, results.candidates.front().model,
                    "PATHS"};
  }
  return verdict;
}

// Movements are weighed on the tasks that all roles have. Where that leaves out some of those which
// the first two, the student before and after, have in common: how many, and whose runs cost most.
std::optional<std::string> tasks_left_out(const Corpus& corpus, std::span<const ModelIndex> roles) {
  std::size_t own = 0;
  std::size_t common = 0;
  std::vector<std::size_t> lost_by(roles.size());  // tasks that this candidate alone lacks
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const auto lacks = [&](ModelIndex model) { return corpus.trials(model, task).empty(); };
    if (lacks(roles[0]) || lacks(roles[1])) continue;
    ++own;
    const auto missing = std::count_if(roles.begin(), roles.end(), lacks);
    common += missing == 0 ? 1 : 0;
    if (missing != 1) continue;
    const auto at = std::find_if(roles.begin(), roles.end(), lacks);
    ++lost_by[static_cast<std::size_t>(at - roles.begin())];
  }
  if (common == own) return std::nullopt;
  std::string text = fmt::format(
      "only {} of the {} that the student has before and after are common to all candidates; the "
      "others do not count",
      common, counted(own, "task", "tasks"));
  const auto worst = std::max_element(lost_by.begin(), lost_by.end());
  if (*worst > 0) {
    const auto role = static_cast<std::size_t>(worst - lost_by.begin());
    text += fmt::format(" (without \"{}\" among them {} would)", corpus.models()[roles[role]],
                        common + *worst);
  }
  return text;
}

// The table with another of the roles in the place of the teacher.
DistillationTable with_teacher(DistillationTable table, std::size_t other) {
  if (other == 0) return table;
  const std::size_t size = 2 * table.n_tasks * table.metrics.columns();
  std::swap_ranges(table.rows.begin(), table.rows.begin() + static_cast<std::ptrdiff_t>(size),
                   table.rows.begin() + static_cast<std::ptrdiff_t>(other * size));
  return table;
}

// The sums over tasks of one pair of the table.
std::vector<double> sums_of(const DistillationTable& table, std::size_t pair) {
  std::vector<double> sums(table.metrics.columns(), 0.0);
  for (std::size_t t = 0; t < table.n_tasks; ++t) {
    const auto row = table.row(pair, t);
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += row[c];
  }
  return sums;
}

void adjust(std::vector<Candidate>& candidates) {
  std::vector<double> p_values;
  for (const Candidate& candidate : candidates) p_values.push_back(*candidate.p_value);
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t c = 0; c < candidates.size(); ++c) candidates[c].p_adjusted = adjusted[c];
}

Result<void> weigh_movements(const Study& study, std::span<const std::size_t> places,
                             std::span<const ModelIndex> roles, const AttributionOptions& options,
                             AttributionResults& results) {
  const DistillationTable table = tabulate_distillation(study, roles);
  results.fewest_tasks = static_cast<std::uint32_t>(table.n_tasks);
  if (table.n_tasks < kFewestTasks) {
    return fail(ErrorKind::kInput,
                fmt::format("\"{}\", \"{}\" and the candidates have {} in common", results.student,
                            results.before, table.n_tasks == 0 ? "no task" : "only one task"),
                "name the other candidates with --candidates");
  }
  std::vector<std::vector<std::optional<double>>> steps;
  std::vector<std::vector<std::optional<double>>> after;
  for (std::size_t c = 0; c + 2 < roles.size(); ++c) {
    const auto then = sums_of(table, 2 * c);
    const auto now = sums_of(table, 2 * c + 1);
    steps.emplace_back();
    after.emplace_back();
    for (const std::size_t place : places) {
      const auto x = study.metrics.score(place, then);
      const auto y = study.metrics.score(place, now);
      steps.back().push_back(x && y ? std::optional(*y - *x) : std::nullopt);
      after.back().push_back(y);
    }
  }
  auto candidates = attribute_movements(steps);
  if (!candidates) return Unexpected(candidates.error());
  for (std::size_t c = 0; c < candidates->size(); ++c) (*candidates)[c].scores = after[c];
  const std::size_t first =
      static_cast<std::size_t>(std::max_element(candidates->begin(), candidates->end(),
                                                [](const Candidate& x, const Candidate& y) {
                                                  return *x.statistic < *y.statistic;
                                                }) -
                               candidates->begin());
  const DistillationEstimates changed =
      estimate_distillation(with_teacher(table, first), {options.replicates, options.seed, 0.95});
  results.changed_p = 1;
  for (const std::size_t place : places) {
    const double p = changed.mean[place].p_value.value_or(1) * static_cast<double>(places.size());
    results.changed_p = std::min(*results.changed_p, p);
  }
  results.candidates = std::move(*candidates);
  return {};
}

// The last of the models is the student.
Result<void> weigh_affinities(const Study& study, std::span<const std::size_t> places,
                              std::span<const ModelIndex> models, AttributionResults& results) {
  const Corpus& corpus = study.corpus;
  const ModelIndex student = models.back();
  results.fewest_tasks = static_cast<std::uint32_t>(corpus.tasks().size());
  std::vector<ModelPair> pairs;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = i + 1; j < models.size(); ++j) pairs.emplace_back(models[i], models[j]);
  }
  const std::vector<PairRows> rows = score_rows(study, pairs);
  std::vector<PairTable> evidence(places.size(), PairTable(models.size()));
  for (const PairRows& pair : rows) {
    const auto place = [&](ModelIndex model) {
      return static_cast<std::size_t>(std::find(models.begin(), models.end(), model) -
                                      models.begin());
    };
    const std::vector<double> sums = column_sums(study.metrics, pair);
    for (std::size_t e = 0; e < evidence.size(); ++e) {
      evidence[e].set(place(pair.a), place(pair.b), study.metrics.score(places[e], sums));
    }
    if (pair.b != student) continue;
    results.fewest_tasks =
        std::min(results.fewest_tasks, static_cast<std::uint32_t>(pair.tasks.size()));
    if (pair.tasks.size() < kFewestTasks) {
      return fail(
          ErrorKind::kInput,
          fmt::format("\"{}\" and \"{}\" have {} in common", results.student,
                      corpus.models()[pair.a], pair.tasks.empty() ? "no task" : "only one task"),
          "name the other candidates with --candidates");
    }
  }
  auto candidates = attribute_scores(evidence, models.size() - 1);
  if (!candidates) return Unexpected(candidates.error());
  results.candidates = std::move(*candidates);
  return {};
}

}  // namespace

Result<std::vector<Candidate>> attribute_scores(const std::vector<PairTable>& evidence,
                                                std::size_t student) {
  const std::size_t items = evidence.front().items();
  if (items < kFewestModels) {
    return fail(
        ErrorKind::kInput,
        fmt::format("{} too few to say what a usual similarity is; {} are the fewest",
                    items == 1 ? "1 model is" : fmt::format("{} models are", items), kFewestModels),
        "add models that had no part in it to the pool");
  }
  auto combined = combine(evidence);
  if (!combined) return Unexpected(combined.error());
  const auto fit = fit_affinity(*combined);
  if (!fit) {
    return fail(ErrorKind::kInput,
                fmt::format("nothing can be attributed: {}", undefined_text(fit.error())));
  }
  const double sd = fit->spread.value_or(1);
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < items; ++i) {
    if (i == student) continue;
    Candidate& candidate = candidates.emplace_back();
    for (const PairTable& table : evidence) candidate.scores.push_back(table.at(student, i));
    const auto pair =
        std::find_if(fit->pairs.begin(), fit->pairs.end(), [&](const PairAffinity& p) {
          return p.pair.first == std::min(i, student) && p.pair.second == std::max(i, student);
        });
    if (pair == fit->pairs.end() || !pair->residual || !pair->studentised || !pair->p_value) {
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: a candidate has no score with the student");
    }
    candidate.affinity = *pair->residual / sd;
    candidate.statistic = pair->studentised;
    candidate.p_value = *pair->studentised > 0 ? *pair->p_value / 2 : 1 - *pair->p_value / 2;
  }
  adjust(candidates);
  return candidates;
}

Result<std::vector<Candidate>> attribute_movements(
    const std::vector<std::vector<std::optional<double>>>& steps) {
  if (steps.size() < kFewestCandidates) {
    return fail(
        ErrorKind::kInput,
        fmt::format("{} too few to say how far a student moves by chance; {} are the fewest",
                    counted(steps.size(), "candidate is", "candidates are"), kFewestCandidates),
        "add models that had no part in it to the pool");
  }
  std::vector<double> sums(steps.size(), 0.0);
  for (std::size_t e = 0; e < steps.front().size(); ++e) {
    std::vector<double> of_evidence;
    for (const auto& candidate : steps) {
      if (!candidate[e]) {
        return fail(ErrorKind::kInput,
                    "nothing can be attributed: a candidate has no score with the student");
      }
      of_evidence.push_back(*candidate[e]);
    }
    const auto spread = spread_above_rounding(of_evidence);
    if (!spread) {
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: the student moved toward all candidates alike");
    }
    const double weight = 1 / (*spread * static_cast<double>(steps.front().size()));
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += weight * of_evidence[c];
  }
  const auto tests = each_against_the_others(sums);
  std::vector<Candidate> candidates(steps.size());
  for (std::size_t c = 0; c < steps.size(); ++c) {
    if (!tests[c]) {
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: the student moved toward all candidates alike");
    }
    candidates[c].steps = steps[c];
    candidates[c].affinity = sums[c];
    candidates[c].statistic = tests[c]->t;
    candidates[c].p_value = tests[c]->p_greater;
  }
  adjust(candidates);
  return candidates;
}

double FalseNames::rate(double p_adjusted) const {
  return std::min(1.0, factor * std::pow(p_adjusted, exponent));
}

FalseNames false_names(bool with_before) {
  return with_before ? FalseNames{1.0, 1.0} : FalseNames{1.5, 0.7};
}

Result<AttributionResults> attribute(const LoadedCorpus& loaded, const std::string& student,
                                     const AttributionOptions& options) {
  const Corpus& corpus = loaded.corpus;
  auto index = require_model(corpus, student);
  if (!index) return Unexpected(index.error());
  std::optional<ModelIndex> before;
  if (!options.before.empty()) {
    auto found = require_model(corpus, options.before);
    if (!found) return Unexpected(found.error());
    if (*found == *index) {
      return fail(ErrorKind::kUsage,
                  fmt::format("\"{}\" cannot be its own model before training", student));
    }
    before = *found;
  }
  auto named = require_models(corpus, options.candidates);
  if (!named) return Unexpected(named.error());
  const auto outright = [&](const std::string& name) {
    return std::find(options.candidates.begin(), options.candidates.end(), name) !=
           options.candidates.end();
  };
  if (outright(student)) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" cannot be its own teacher", student));
  }
  if (before && outright(options.before)) {
    return fail(ErrorKind::kUsage,
                fmt::format("\"{}\" cannot be before training and a teacher", options.before));
  }
  std::vector<ModelIndex> models;
  std::copy_if(named->begin(), named->end(), std::back_inserter(models),
               [&](ModelIndex model) { return model != *index && model != before; });
  const std::vector<ModelIndex> teachers = models;
  models.push_back(*index);
  if (before) models.push_back(*before);
  const auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());
  const ToolSplit split = ToolSplit::make(corpus, models, options.mandatory.rule, *listed);
  auto metrics = make_metrics(options.metrics, {corpus, split});
  if (!metrics) return Unexpected(metrics.error());
  const Study study{corpus, std::move(*metrics), {0, 0, options.level}, options.threads};

  AttributionResults results;
  results.student = student;
  results.before = options.before;
  std::vector<std::size_t> places;  // of the evidence among the metrics
  for (const std::string& name : options.metrics) {
    const MetricFamily& family = **find_metric_family(name);
    places.push_back(
        study.metrics.at(family.beyond_chance.empty() ? family.name : family.beyond_chance));
    results.evidence.push_back(study.metrics.metrics[places.back()]);
  }
  results.level = options.level;
  Result<void> weighed;
  if (before) {
    std::vector<ModelIndex> roles = {*before, *index};
    roles.insert(roles.end(), teachers.begin(), teachers.end());
    weighed = weigh_movements(study, places, roles, options, results);
    if (auto left_out = tasks_left_out(corpus, roles)) results.warnings.push_back(*left_out);
  } else {
    weighed = weigh_affinities(study, places, models, results);
  }
  if (!weighed) return Unexpected(weighed.error());
  for (std::size_t c = 0; c < results.candidates.size(); ++c)
    results.candidates[c].model = corpus.models()[teachers[c]];
  std::stable_sort(
      results.candidates.begin(), results.candidates.end(),
      [](const Candidate& x, const Candidate& y) { return *x.statistic > *y.statistic; });
  const Candidate& first = results.candidates.front();
  results.error_rate = false_names(before.has_value()).rate(*first.p_adjusted);
  const bool nearer = !before || *first.affinity > 0;
  if (is_below_alpha(*results.error_rate, options.level) &&
      is_below_alpha(results.changed_p.value_or(0), options.level) && nearer) {
    results.named = first.model;
  }
  results.provenance =
      make_provenance(loaded, models, options.mandatory, study.bootstrap, options.metrics);
  results.verdict = in_words(results);
  if (results.fewest_tasks < kFewTasks) {
    results.warnings.push_back(
        fmt::format("fewer than {} tasks in common with a candidate ({}): too few to conclude from",
                    kFewTasks, results.fewest_tasks));
  }
  if (auto guessed = guessed_tools_warning(corpus, loaded.catalog))
    results.warnings.push_back(*guessed);
  return results;
}

}  // namespace agentecho

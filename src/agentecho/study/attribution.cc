#include "agentecho/study/attribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "agentecho/base/version.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/stats/affinity.h"
#include "agentecho/stats/multiple_testing.h"

namespace agentecho {

namespace {

constexpr std::size_t kFewestModels = 5;

std::optional<double> spread(const AffinityFit& fit) {
  double squares = 0;
  std::size_t n = 0;
  for (const PairAffinity& pair : fit.pairs) {
    if (!pair.residual) continue;
    squares += *pair.residual * *pair.residual;
    ++n;
  }
  const double sd = n > 0 ? std::sqrt(squares / static_cast<double>(n)) : 0;
  if (!(sd > 1e-12)) return std::nullopt;
  return sd;
}

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
    const auto sd = spread(*fit);
    if (!sd)
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: no pair is more alike than the others");
    for (std::size_t i = 0; i < items; ++i) {
      for (std::size_t j = i + 1; j < items; ++j) {
        const auto score = evidence[e].at(i, j);
        const auto before = e == 0 ? std::optional(0.0) : sum.at(i, j);
        sum.set(i, j, score && before ? std::optional(*before + *score / *sd) : std::nullopt);
      }
    }
  }
  return sum;
}

std::string in_words(const AttributionResults& results) {
  const Candidate& first = results.candidates.front();
  if (!results.named) {
    return fmt::format(
        "None of these stands out at the {:g} % level: the nearest, \"{}\", has an adjusted p "
        "value of {:.3f}. That does "
        "not clear it: a teacher may leave too few traces, or be outside the pool.",
        (1 - results.level) * 100, first.model, first.p_adjusted.value_or(1));
  }
  return fmt::format(
      "\"{}\" is the likeliest of {} candidates: more alike to \"{}\" than two models that typical "
      "would be by chance (adjusted "
      "p = {:.4f}). That is a relation, not its cause: a relative of \"{}\" would show in the same "
      "way.",
      *results.named, results.candidates.size(), results.student, first.p_adjusted.value_or(1),
      results.student);
}

}  // namespace

Result<std::vector<Candidate>> attribute_scores(const std::vector<PairTable>& evidence,
                                                std::size_t student) {
  const std::size_t items = evidence.front().items();
  if (items < kFewestModels) {
    return fail(
        ErrorKind::kInput,
        fmt::format("{} models are too few to say what a usual similarity is; {} are the fewest",
                    items, kFewestModels),
        "add bystanders to the pool");
  }
  auto combined = combine(evidence);
  if (!combined) return Unexpected(combined.error());
  const auto fit = fit_affinity(*combined);
  if (!fit) {
    return fail(ErrorKind::kInput,
                fmt::format("nothing can be attributed: {}", undefined_text(fit.error())));
  }
  const double sd = spread(*fit).value_or(1);
  std::vector<Candidate> candidates;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < items; ++i) {
    if (i == student) continue;
    Candidate& candidate = candidates.emplace_back();
    for (const PairTable& table : evidence) candidate.scores.push_back(table.at(student, i));
    const auto pair =
        std::find_if(fit->pairs.begin(), fit->pairs.end(), [&](const PairAffinity& p) {
          return p.pair.first == std::min(i, student) && p.pair.second == std::max(i, student);
        });
    if (pair == fit->pairs.end() || !pair->deleted_residual || !pair->studentised ||
        !pair->p_value) {
      return fail(ErrorKind::kInput,
                  "nothing can be attributed: a candidate has no score with the student");
    }
    candidate.affinity = *pair->deleted_residual / sd;
    candidate.statistic = pair->studentised;
    candidate.p_value = *pair->studentised > 0 ? *pair->p_value / 2 : 1 - *pair->p_value / 2;
    p_values.push_back(*candidate.p_value);
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t c = 0; c < candidates.size(); ++c) candidates[c].p_adjusted = adjusted[c];
  return candidates;
}

Result<AttributionResults> attribute(const LoadedCorpus& loaded, const std::string& student,
                                     const AttributionOptions& options) {
  const Corpus& corpus = loaded.corpus;
  auto index = require_model(corpus, student);
  if (!index) return Unexpected(index.error());
  std::vector<ModelIndex> models;
  for (const std::string& name :
       options.candidates.empty() ? corpus.models() : options.candidates) {
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    if (*model == *index) {
      if (options.candidates.empty()) continue;
      return fail(ErrorKind::kUsage, fmt::format("\"{}\" cannot be its own teacher", student));
    }
    if (std::find(models.begin(), models.end(), *model) == models.end()) models.push_back(*model);
  }
  models.push_back(*index);
  std::vector<ModelPair> pairs;
  for (std::size_t i = 0; i < models.size(); ++i) {
    for (std::size_t j = i + 1; j < models.size(); ++j) pairs.emplace_back(models[i], models[j]);
  }
  const auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());
  const ToolSplit split = ToolSplit::make(corpus, models, options.mandatory.rule, *listed);
  auto metrics = make_metrics(options.metrics, {corpus, split});
  if (!metrics) return Unexpected(metrics.error());
  const Study study{corpus, std::move(*metrics), {0, 0, options.level}, options.threads};
  const std::vector<PairRows> rows = score_rows(study, pairs);

  AttributionResults results;
  results.student = student;
  std::vector<std::size_t> places;  // of the evidence among the metrics
  for (const std::string& name : options.metrics) {
    const MetricFamily& family = **find_metric_family(name);
    places.push_back(
        study.metrics.at(family.beyond_chance.empty() ? family.name : family.beyond_chance));
    results.evidence.push_back(study.metrics.metrics[places.back()]);
  }
  results.level = options.level;
  results.fewest_tasks = static_cast<std::uint32_t>(corpus.tasks().size());
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
    if (pair.b != *index) continue;
    results.fewest_tasks =
        std::min(results.fewest_tasks, static_cast<std::uint32_t>(pair.tasks.size()));
    if (pair.tasks.size() < kFewestTasks) {
      return fail(
          ErrorKind::kInput,
          fmt::format("\"{}\" and \"{}\" have {} in common", student, corpus.models()[pair.a],
                      pair.tasks.empty() ? "no task" : "only one task"),
          "name the other candidates with --candidates");
    }
  }
  auto candidates = attribute_scores(evidence, models.size() - 1);
  if (!candidates) return Unexpected(candidates.error());
  for (std::size_t c = 0; c < candidates->size(); ++c)
    (*candidates)[c].model = corpus.models()[models[c]];
  std::stable_sort(
      candidates->begin(), candidates->end(),
      [](const Candidate& x, const Candidate& y) { return *x.statistic > *y.statistic; });
  results.candidates = std::move(*candidates);
  if (*results.candidates.front().p_adjusted < 1 - options.level)
    results.named = results.candidates.front().model;
  results.provenance = {std::string(version()),
                        loaded.report.files,
                        loaded.settings,
                        loaded.success_only,
                        {},
                        to_string(options.mandatory.rule),
                        options.mandatory.file,
                        study.bootstrap,
                        options.metrics,
                        study.metrics.find("rps") ? "local" : ""};
  for (const ModelIndex model : models) results.provenance.pool.push_back(corpus.models()[model]);
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

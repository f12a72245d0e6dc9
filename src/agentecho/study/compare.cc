#include "agentecho/study/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agentecho/base/version.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/validity.h"

namespace agentecho {

namespace {

// Below this many tasks a percentile interval is known to be too narrow, and single tasks decide.
constexpr std::uint32_t kFewTasks = 20;

using ModelPair = std::pair<ModelIndex, ModelIndex>;

std::vector<ModelPair> pairs_among(const Corpus& corpus, const std::vector<ModelIndex>& models,
                                   std::optional<ModelIndex> reference) {
  std::vector<ModelPair> pairs;
  const auto add = [&](ModelIndex a, ModelIndex b) {
    if (a != b || corpus.most_trials(a) > 1) pairs.emplace_back(a, b);
  };
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (reference) {
      add(*reference, models[i]);
      continue;
    }
    for (std::size_t j = i; j < models.size(); ++j) add(models[i], models[j]);
  }
  return pairs;
}

void warn_about_few_tasks(CompareResults& results) {
  std::size_t few = 0;
  std::size_t none = 0;
  std::size_t unconnected = 0;
  std::uint32_t fewest = kFewTasks;
  for (const PairResult& pair : results.pairs) {
    if (pair.scores.tasks.empty()) {
      ++unconnected;
      continue;
    }
    const std::uint32_t n = pair.at(Score::kSNode).n_tasks;
    if (n == 0) ++none;
    if (n > 0 && n < kFewTasks) {
      ++few;
      fewest = std::min(fewest, n);
    }
  }
  if (unconnected > 0) {
    results.warnings.push_back(
        fmt::format("{} of {} pairs have no task in common; their scores are undefined",
                    unconnected, results.pairs.size()));
  }
  if (none > 0) {
    results.warnings.push_back(fmt::format(
        "{} of {} pairs have no task with optional tools; S_node and AGS are undefined for them",
        none, results.pairs.size()));
  }
  if (few > 0) {
    results.warnings.push_back(
        fmt::format("S_node rests on fewer than {} tasks for {} of {} pairs (fewest: {}): too few "
                    "for it, for AGS and "
                    "for their intervals to mean much",
                    kFewTasks, few, results.pairs.size(), fewest));
  }
}

Result<void> require_parts(const Corpus& corpus, const CompareOptions& options) {
  VerbalParts parts = parts_for(options.families);
  if (options.judged.rps != nullptr) parts.stages = false;
  for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
    if (has_parts(trajectory.verbal.get(), parts)) continue;
    return fail(ErrorKind::kInput,
                "the corpus was loaded without the verbal features that these metrics need");
  }
  return {};
}

PairResult to_result(const Corpus& corpus, PairScores&& scores, const Estimates& estimates) {
  PairResult result;
  result.a = corpus.models()[scores.a];
  result.b = corpus.models()[scores.b];
  result.estimates = estimates;
  for (const TaskScore& task : scores.tasks) result.trajectory_pairs += task.trajectory_pairs;
  result.scores = std::move(scores);
  return result;
}

// Takes away what rests on too few judgements. Returns whether it did.
bool withhold(PairResult& pair, Score coverage, double least, std::initializer_list<Score> scores) {
  const std::optional<double> share = pair.at(coverage).value;
  if (!share || *share >= least) return false;
  for (const Score score : scores) {
    Estimate& estimate = pair.estimates[static_cast<std::size_t>(score)];
    estimate.value.reset();
    estimate.interval.reset();
  }
  return true;
}

void withhold_uncovered(CompareResults& results, double least) {
  std::size_t rps = 0;
  std::size_t rse = 0;
  for (PairResult& pair : results.pairs) {
    pair.rps_withheld = withhold(
        pair, Score::kCoverage, least,
        {Score::kStyle, Score::kStructure, Score::kAlignment, Score::kOverall, Score::kPooled});
    pair.rse_withheld = withhold(pair, Score::kRseCoverage, least, {Score::kRse});
    rps += pair.rps_withheld ? 1 : 0;
    rse += pair.rse_withheld ? 1 : 0;
  }
  const auto warn = [&](std::size_t n, std::string_view score) {
    if (n == 0) return;
    results.warnings.push_back(
        fmt::format("{} of {} of {} pairs is withheld: fewer than {:g} % of its judgements came",
                    score, n, results.pairs.size(), 100 * least));
  };
  warn(rps, "RPS");
  warn(rse, "RSE");
}

}  // namespace

VerbalParts parts_for(const FamilySet& families) {
  return {families.has(Family::kRps), families.has(Family::kBigram)};
}

Result<std::vector<ModelPair>> pairs_to_compare(const Corpus& corpus,
                                                const CompareOptions& options) {
  auto models = require_models(corpus, options.models);
  if (!models) return Unexpected(models.error());
  std::optional<ModelIndex> reference;
  if (options.reference) {
    auto found = require_model(corpus, *options.reference);
    if (!found) return Unexpected(found.error());
    reference = *found;
  }
  std::vector<ModelPair> pairs = pairs_among(corpus, *models, reference);
  if (pairs.empty()) {
    return fail(
        ErrorKind::kInput,
        fmt::format("there is only one model, \"{}\", with one trial per task: nothing to compare",
                    corpus.models()[models->front()]),
        "name the logs of a second model, or of a second trial");
  }
  return pairs;
}

Result<CompareResults> compare(const LoadedCorpus& loaded, const CompareOptions& options) {
  const Corpus& corpus = loaded.corpus;
  auto models = require_models(corpus, options.models);
  if (!models) return Unexpected(models.error());
  auto pool = require_models(corpus, options.pool);
  if (!pool) return Unexpected(pool.error());
  auto pairs = pairs_to_compare(corpus, options);
  if (!pairs) return Unexpected(pairs.error());
  const auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());

  if (auto there = require_parts(corpus, options); !there) {
    return Unexpected(there.error());
  }
  JudgedMetrics judged = options.judged;
  if (loaded.taxonomy) judged.taxonomy = &loaded.taxonomy->taxonomy;
  const ToolSplit split = ToolSplit::make(corpus, *pool, options.mandatory.rule, *listed);
  std::vector<PairScores> scores =
      score_pairs(corpus, split, *pairs, options.threads, options.families, judged);
  const std::vector<Estimates> estimates =
      estimate(scores, corpus.tasks().size(), options.bootstrap, options.threads);

  CompareResults results;
  results.provenance = {std::string(version()),
                        loaded.report.files,
                        loaded.settings,
                        loaded.success_only,
                        {},
                        to_string(options.mandatory.rule),
                        options.mandatory.file,
                        options.bootstrap,
                        options.families,
                        options.families.has(Family::kRps) ? "local" : "",
                        {},
                        {},
                        {},
                        options.least_coverage};
  if (judged.rps != nullptr) {
    results.provenance.rps_backend = judged.rps->judge;
    results.provenance.rps_annotator = judged.rps->annotator;
  }
  if (judged.rse != nullptr) results.provenance.rse_judge = judged.rse->source;
  if (judged.embedding != nullptr) results.provenance.embedding_model = judged.embedding->source;
  for (const ModelIndex model : *pool) results.provenance.pool.push_back(corpus.models()[model]);
  results.loaded = corpus.trajectories().size();
  results.diagnostics = loaded.report.diagnostics;
  results.dropped = results.diagnostics.count(DiagnosticKind::kNoAssistantMessage) +
                    results.diagnostics.count(DiagnosticKind::kDuplicate) +
                    results.diagnostics.count(DiagnosticKind::kUnsuccessful);
  for (const ModelIndex model : *models) results.models.push_back(corpus.models()[model]);
  results.tasks = corpus.tasks();
  results.reference = options.reference.value_or("");
  for (std::size_t i = 0; i < scores.size(); ++i) {
    results.pairs.push_back(to_result(corpus, std::move(scores[i]), estimates[i]));
  }
  if (options.show_shared) {
    auto shared = shared_wording(loaded, options.show_shared->first, options.show_shared->second);
    if (!shared) return Unexpected(shared.error());
    results.shared = std::move(*shared);
  }
  warn_about_few_tasks(results);
  withhold_uncovered(results, options.least_coverage);
  if (auto guessed = guessed_tools_warning(corpus, loaded.catalog))
    results.warnings.push_back(*guessed);
  return results;
}

}  // namespace agentecho

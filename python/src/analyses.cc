#include "analyses.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/select.h"
#include "agentecho/judged/judge_rps.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/report/arrow_tables.h"
#include "agentecho/report/attribution_report.h"
#include "agentecho/report/compare_report.h"
#include "agentecho/report/distillation_report.h"
#include "agentecho/report/diversity_report.h"
#include "agentecho/report/drift_report.h"
#include "agentecho/report/evidence_plots.h"
#include "agentecho/report/evidence_report.h"
#include "agentecho/report/explain_report.h"
#include "agentecho/report/html.h"
#include "agentecho/report/identify_report.h"
#include "agentecho/report/lineage_tables.h"
#include "agentecho/report/page_data.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/study/attribution.h"
#include "agentecho/study/distillation.h"
#include "agentecho/study/evidence.h"
#include "agentecho/study/identify.h"
#include "agentecho/study/lineage.h"
#include "agentecho/study/reading_notes.h"
#include "agentecho/study/study_setting.h"

namespace agentecho::python {

namespace {

Result<MandatoryTools> mandatory_of(const StudyRequest& request) {
  MandatoryTools tools;
  if (!request.mandatory_json.empty()) {
    tools.rule.kind = MandatoryRule::Kind::kFile;
    tools.file = "mandatory";
    tools.json = request.mandatory_json;
  } else {
    auto rule = parse_mandatory_rule(request.mandatory);
    if (!rule) return Unexpected(rule.error());
    tools.rule = *rule;
  }
  tools.rule.min_support = request.min_support;
  return tools;
}

// All that a Study refers to, and the Study.
struct Setting : StudySetting {
  SharedCorpus held;
  std::optional<Study> study;

  const LoadedCorpus& loaded() const { return *held->loaded; }
};

Result<std::shared_ptr<Setting>> settle(const SharedCorpus& held, const StudyRequest& request) {
  auto mandatory = mandatory_of(request);
  if (!mandatory) return Unexpected(mandatory.error());
  auto settled = settle_study(*held->loaded, {request.pool,
                                              std::move(*mandatory),
                                              request.families_json,
                                              {},
                                              request.bootstrap,
                                              request.metrics});
  if (!settled) return Unexpected(settled.error());
  auto setting = std::make_shared<Setting>();
  static_cast<StudySetting&>(*setting) = std::move(*settled);
  setting->held = held;
  const Corpus& corpus = held->loaded->corpus;
  auto metrics = make_metrics(request.metrics, {corpus, setting->split});
  if (!metrics) return Unexpected(metrics.error());
  setting->study.emplace(Study{corpus, std::move(*metrics), request.bootstrap, request.threads});
  return setting;
}

Answer answer_of(DataReport report, const Provenance& provenance) {
  const bool ags = std::count(provenance.metrics.begin(), provenance.metrics.end(), "ags") > 0;
  if (const auto note = small_pool_note(provenance.pool.size()); note && ags) {
    report.notes.push_back(*note);
  }
  Answer answer;
  answer.json = report_to_json(report, provenance);
  answer.verdict = paragraph_of(report.verdict);
  const auto held = std::make_shared<const DataReport>(std::move(report));
  answer.text = [held, provenance] {
    return render_report(*held, {}) + render_provenance(provenance, {});
  };
  for (const DataTable& table : held->tables) {
    answer.tables.emplace_back(table.name, [held, &table] { return to_arrow(table); });
  }
  return answer;
}

template <class Options>
Result<Options> with_study(const StudyRequest& request) {
  Options options;
  auto mandatory = mandatory_of(request);
  if (!mandatory) return Unexpected(mandatory.error());
  options.mandatory = std::move(*mandatory);
  options.metrics = request.metrics;
  options.threads = request.threads;
  return options;
}

// The first of the families' own metrics, of all pairs.
std::optional<std::size_t> main_metric(const CompareResults& results) {
  const auto& metrics = results.metrics.metrics;
  const auto metric = std::find_if(metrics.begin(), metrics.end(),
                                   [](const Metric& m) { return m.slug == m.family; });
  if (metric == metrics.end() || !results.reference.empty()) return std::nullopt;
  return static_cast<std::size_t>(metric - metrics.begin());
}

// It as a heat map in the order of the names.
std::string matrix_of(const CompareResults& results) {
  MatrixPlot plot;
  const std::size_t at = *main_metric(results);
  plot.title = results.metrics.metrics[at].title;
  for (const PairResult& pair : results.pairs) {
    for (const std::string& name : {pair.a, pair.b}) {
      if (std::find(plot.names.begin(), plot.names.end(), name) == plot.names.end()) {
        plot.names.push_back(name);
      }
    }
  }
  std::sort(plot.names.begin(), plot.names.end());
  plot.values.assign(plot.names.size(), std::vector<std::optional<double>>(plot.names.size()));
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::lower_bound(plot.names.begin(), plot.names.end(), name) -
                                    plot.names.begin());
  };
  for (const PairResult& pair : results.pairs) {
    plot.values[place(pair.a)][place(pair.b)] = pair.estimates[at].value;
    plot.values[place(pair.b)][place(pair.a)] = pair.estimates[at].value;
  }
  return plot_matrix(plot);
}

std::vector<std::string_view> texts_of(const rps::StageBlock& block) {
  std::vector<std::string_view> texts;
  for (const std::uint32_t number : block.numbers) texts.push_back((*block.items)[number].text);
  return texts;
}

// The caller's judge behind the interface of the library's; keeps the first reason for no score.
class AskingJudge final : public rps::PatternJudge {
 public:
  explicit AskingJudge(const CallerJudge& judge) : judge_(judge) {}

  std::string name() const override { return judge_.name; }

  std::vector<Result<rps::PairScore>> judge(std::span<const rps::BlockPair> pairs) const override {
    std::vector<Result<rps::PairScore>> scores;
    for (const rps::BlockPair& pair : pairs) scores.push_back(score(pair));
    return scores;
  }

  std::size_t failures() const { return failures_; }
  const std::optional<Error>& first() const { return first_; }

 private:
  Result<rps::PairScore> score(const rps::BlockPair& pair) const {
    auto given = judge_.ask({pair.a.stage, texts_of(pair.a), texts_of(pair.b)});
    if (given && std::any_of(given->begin(), given->end(),
                             [](double score) { return !(score >= 1 && score <= 5); })) {
      given = fail(ErrorKind::kInput, "a score outside of 1 to 5");
    }
    if (given) return rps::PairScore{(*given)[0], (*given)[1], (*given)[2], (*given)[3]};
    ++failures_;
    if (!first_) first_ = given.error();
    return Unexpected(given.error());
  }

  const CallerJudge& judge_;
  mutable std::size_t failures_ = 0;
  mutable std::optional<Error> first_;
};

// What the caller's judge says of all pairs that are compared.
Result<JudgedRps> ask_caller(const LoadedCorpus& loaded, const CompareOptions& options,
                             const CallerJudge& judge, std::vector<std::string>& warnings) {
  const auto models = pairs_to_compare(loaded.corpus, options);
  if (!models) return Unexpected(models.error());
  const TrajectoryPairs paired = paired_trajectories(loaded, *models);
  if (paired.without_text > 0) {
    return fail(ErrorKind::kInput, "a judge reads texts, which this corpus does not hold",
                "load the logs with transcripts=True");
  }
  const rps::LocalAnnotator annotator(loaded.taxonomy ? loaded.taxonomy->taxonomy
                                                      : rps::default_taxonomy());
  const AskingJudge asking(judge);
  JudgedRps judged = judge_rps(paired.pairs, annotator, asking);
  if (asking.first()) {
    if (asking.first()->kind == ErrorKind::kInterrupted) return Unexpected(*asking.first());
    warnings.push_back(fmt::format("the judge gave no score for {} of {} questions; the first: {}",
                                   asking.failures(), judged.block_pairs, asking.first()->message));
  }
  return judged;
}

}  // namespace

std::vector<std::string> in_order(std::vector<std::string> metrics) {
  const std::vector<std::string> known = metric_names();
  const auto place = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) - known.begin();
  };
  std::stable_sort(metrics.begin(), metrics.end(),
                   [&](const auto& a, const auto& b) { return place(a) < place(b); });
  return metrics;
}

Result<Answer> compare(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& reference, const std::vector<std::string>& models,
                       const std::vector<std::string>& show_shared, const CallerJudge* judge) {
  auto options = with_study<CompareOptions>(request);
  if (!options) return Unexpected(options.error());
  options->bootstrap = request.bootstrap;
  options->pool = request.pool;
  options->models = models;
  if (!reference.empty()) options->reference = reference;
  if (show_shared.size() == 2) options->show_shared = {show_shared[0], show_shared[1]};
  std::vector<std::string> warnings;
  JudgedRps judged;
  if (judge != nullptr) {
    auto asked = ask_caller(*corpus->loaded, *options, *judge, warnings);
    if (!asked) return Unexpected(asked.error());
    judged = std::move(*asked);
    options->judged.rps = &judged;
    options->least_coverage = judge->least_coverage;
    if (corpus->loaded->taxonomy) options->judged.taxonomy = &corpus->loaded->taxonomy->taxonomy;
  }
  auto compared = agentecho::compare(*corpus->loaded, *options);
  if (!compared) return Unexpected(compared.error());
  const auto results = std::make_shared<const CompareResults>(std::move(*compared));
  Answer answer;
  answer.json = compare_to_json(*results);
  answer.warnings = std::move(warnings);
  answer.warnings.insert(answer.warnings.end(), results->warnings.begin(), results->warnings.end());
  answer.verdict = paragraph_of(results->verdict);
  answer.text = [results] { return render_compare(*results, {}); };
  answer.tables = {{"pairs", [results] { return to_arrow(pairs_table(*results)); }},
                   {"tasks", [results] { return to_arrow(tasks_table(*results)); }}};
  if (main_metric(*results)) {
    answer.figures = {{"matrix", [results] { return matrix_of(*results); }}};
  }
  return answer;
}

Result<Answer> evidence(const SharedCorpus& corpus, const StudyRequest& request,
                        std::size_t explained, const std::string& cohorts,
                        const std::vector<std::string>& pair) {
  auto settled = settle(corpus, request);
  if (!settled) return Unexpected(settled.error());
  const std::shared_ptr<Setting> setting = *settled;
  const LoadedCorpus& loaded = setting->loaded();
  if (loaded.corpus.models().size() < 2) {
    return fail(ErrorKind::kInput, "there is only one model in the input: no pair to weigh",
                "load the logs of other models");
  }
  auto kinds = cohort_kinds(loaded.corpus, cohorts);
  if (!kinds) return Unexpected(kinds.error());
  const auto named = named_pair(loaded.corpus, pair, "pair");
  if (!named) return Unexpected(named.error());
  const Study& study = *setting->study;
  const bool wording = parts_for(request.metrics).stages;
  std::shared_ptr<const LineageResults> lineage;
  if (wording || parts_for(request.metrics).bigrams) {
    lineage = std::make_shared<const LineageResults>(weigh_lineage(
        loaded.corpus, setting->families, {study.bootstrap, std::move(*kinds), study.threads}));
  }
  EvidenceOptions options;
  options.pairs_explained = explained;
  if (lineage) options.explained = strongest_by_words(*lineage, explained, *named);
  auto results = std::make_shared<EvidenceResults>(
      weigh_evidence(study, setting->split, setting->families, options));
  if (wording) explain_wording(loaded, *results);
  DataReport report = evidence_report(study, *results);
  lead_with_lineage(report, loaded.corpus, lineage.get(), *named);
  for (std::string& note : reading_notes(loaded, study.metrics.find("ags").has_value()))
    report.notes.push_back(std::move(note));
  Answer answer = answer_of(report, setting->provenance);
  answer.verdict = report.verdict.found;
  // A figure that cannot be drawn is not among them.
  const auto matrix = [setting, results, lineage](const char* metric) {
    return evidence_matrix(*setting->study, *results, lineage.get(), metric, "");
  };
  for (const char* metric : {"words", "lineage"}) {
    if (!matrix(metric)) continue;
    answer.figures.emplace_back("matrix", [matrix, metric] { return matrix(metric).value_or(""); });
    break;
  }
  if (!results->no_clustering) {
    answer.figures.emplace_back("tree", [setting, results] {
      return evidence_tree(*setting->study, *results).value_or("");
    });
  }
  const auto data = [setting, results, lineage, named = *named](const PageOptions& page) {
    return make_page_data({setting->loaded(),
                           *setting->study,
                           setting->split,
                           *results,
                           lineage.get(),
                           named,
                           {},
                           setting->provenance},
                          page);
  };
  answer.page = [data](const std::string& title, bool transcripts,
                       const std::vector<std::string>& redact) -> Result<std::string> {
    PageOptions page;
    page.title = title;
    page.command = "agentecho.evidence(…).to_html()";
    page.transcripts = transcripts;
    page.redact = redact;
    auto made = data(page);
    if (!made) return Unexpected(made.error());
    return make_page(*made, page.title);
  };
  return answer;
}

Result<Answer> distill(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& before, const std::string& after,
                       const std::vector<std::string>& teachers,
                       const std::vector<std::string>& controls) {
  auto options = with_study<DistillationOptions>(request);
  if (!options) return Unexpected(options.error());
  options->bootstrap = request.bootstrap;
  options->pool = request.pool;
  DistillationRoles roles{before, after, teachers.empty() ? "" : teachers.front(), controls};
  if (!teachers.empty()) roles.other_teachers.assign(teachers.begin() + 1, teachers.end());
  auto distilled = agentecho::distill(*corpus->loaded, roles, *options);
  if (!distilled) return Unexpected(distilled.error());
  const auto results = std::make_shared<const DistillationResults>(std::move(*distilled));
  Answer answer;
  answer.json = distillation_to_json(*results, false);
  answer.text = [results] {
    return render_report(distillation_report(*results), {}) +
           render_provenance(results->provenance, {});
  };
  answer.verdict = paragraph_of(results->verdict);
  answer.warnings = results->warnings;
  answer.tables = {{"standings", [results] { return to_arrow(standings_table(*results)); }},
                   {"movements", [results] { return to_arrow(distillation_table(*results)); }}};
  return answer;
}

Result<Answer> attribute(const SharedCorpus& corpus, const StudyRequest& request,
                         const std::string& student, const std::string& before,
                         const std::vector<std::string>& candidates) {
  auto options = with_study<AttributionOptions>(request);
  if (!options) return Unexpected(options.error());
  options->candidates = candidates;
  options->before = before;
  options->replicates = request.bootstrap.replicates;
  options->seed = request.bootstrap.seed;
  options->level = request.bootstrap.level;
  auto attributed = agentecho::attribute(*corpus->loaded, student, *options);
  if (!attributed) return Unexpected(attributed.error());
  const auto results = std::make_shared<const AttributionResults>(std::move(*attributed));
  Answer answer;
  answer.json = attribution_to_json(*results);
  answer.text = [results] {
    return render_report(attribution_report(*results), {}) +
           render_provenance(results->provenance, {});
  };
  answer.verdict = paragraph_of(results->verdict);
  answer.warnings = results->warnings;
  answer.tables = {{"candidates", [results] { return to_arrow(candidates_table(*results)); }}};
  return answer;
}

Result<Answer> drift(const SharedCorpus& before, const std::string& before_model,
                     const SharedCorpus& after, const std::string& after_model,
                     const SharedCorpus& noise, const StudyRequest& request, double margin) {
  const auto first = make_side(*before->loaded, before_model, "baseline_model");
  if (!first) return Unexpected(first.error());
  const auto second = make_side(*after->loaded, after_model, "model");
  if (!second) return Unexpected(second.error());
  DriftOptions options;
  options.level = request.bootstrap.level;
  options.margin = margin;
  options.replicates = request.bootstrap.replicates;
  options.seed = request.bootstrap.seed;
  options.threads = request.threads;
  if (noise) options.noise = &noise->loaded->corpus;
  auto results = agentecho::drift(*first, *second, options);
  if (!results) return Unexpected(results.error());
  const auto phrases =
      moved_phrases(*before->loaded, *after->loaded, first->name(), second->name());
  results->moved.insert(results->moved.end(), phrases.begin(), phrases.end());
  Answer answer =
      answer_of(drift_report(*results),
                make_provenance({before->loaded.get(), after->loaded.get()}, request.bootstrap));
  answer.verdict = drift_verdict(*results);
  answer.warnings = results->warnings;
  return answer;
}

Result<Answer> explain(const SharedCorpus& corpus, const StudyRequest& request,
                       const std::string& a, const std::string& b) {
  auto settled = settle(corpus, request);
  if (!settled) return Unexpected(settled.error());
  const Setting& setting = **settled;
  const LoadedCorpus& loaded = setting.loaded();
  const auto first = require_model(loaded.corpus, a);
  if (!first) return Unexpected(first.error());
  const auto second = require_model(loaded.corpus, b);
  if (!second) return Unexpected(second.error());
  if (*first == *second) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" is like itself in everything", a),
                "name two models");
  }
  constexpr std::size_t kMost = 8;
  PairExplanation explained;
  explained.a = *first;
  explained.b = *second;
  explained.tasks = share_among_tasks(*setting.study, *first, *second);
  if (explained.tasks.tasks.empty()) {
    return fail(ErrorKind::kInput, fmt::format("\"{}\" and \"{}\" have no task in common", a, b));
  }
  explained.habits = HabitFinder(loaded.corpus, setting.split).find(*first, *second, kMost);
  if (parts_for(request.metrics).stages) {
    explained.wording = shared_wording(loaded, *first, *second, kMost);
  }
  return answer_of(pair_report(*setting.study, explained), setting.provenance);
}

Result<Answer> identify(const SharedCorpus& reference, const SharedCorpus& unknown,
                        const StudyRequest& request, const std::string& model,
                        const std::string& claimed, const std::vector<std::string>& channels) {
  const auto models = models_to_identify(unknown->loaded->corpus, model);
  if (!models) return Unexpected(models.error());
  auto counted = identity_channels(channels);
  if (!counted) return Unexpected(counted.error());
  IdentifyOptions options;
  options.level = request.bootstrap.level;
  options.replicates = request.bootstrap.replicates;
  options.seed = request.bootstrap.seed;
  options.threads = request.threads;
  options.channels = std::move(*counted);
  options.claimed = claimed;
  const auto results =
      agentecho::identify(reference->loaded->corpus, unknown->loaded->corpus, *models, options);
  if (!results) return Unexpected(results.error());
  Answer answer = answer_of(
      identify_report(*results),
      make_provenance({reference->loaded.get(), unknown->loaded.get()}, request.bootstrap));
  answer.verdict = identify_verdict(*results);
  answer.warnings = results->warnings;
  return answer;
}

Result<Answer> diversity(const SharedCorpus& corpus, const StudyRequest& request,
                         const DiversityOptions& options) {
  auto settled = settle(corpus, request);
  if (!settled) return Unexpected(settled.error());
  const Setting& setting = **settled;
  const auto results = agentecho::diversity(*setting.study, options);
  if (!results) return Unexpected(results.error());
  Answer answer = answer_of(diversity_report(*setting.study, *results), setting.provenance);
  answer.warnings = results->warnings;
  return answer;
}

Result<Answer> explain_task(const LoadRequest& logs, const StudyRequest& request,
                            const TaskRequest& what, const std::atomic<bool>& stop) {
  std::vector<std::string> warnings;
  auto options = options_of_files(logs, stop, warnings);
  if (!options) return Unexpected(options.error());
  const Selection selection{
      .models = {what.a, what.b}, .task = what.task, .trial = what.trial, .others = true};
  const auto selected = select_trajectories(*options, selection);
  if (!selected) return Unexpected(selected.error());
  auto mandatory = mandatory_of(request);
  if (!mandatory) return Unexpected(mandatory.error());
  auto pool = require_models(selected->loaded.corpus, request.pool);
  if (!pool) return Unexpected(pool.error());
  ExplainRunsOptions how;
  how.pool = std::move(*pool);
  how.mandatory = std::move(*mandatory);
  auto explained = explain_runs(*selected, how);
  if (!explained) return Unexpected(explained.error());
  const Provenance provenance =
      make_provenance(selected->loaded, how.pool, how.mandatory, {.replicates = 0}, {});
  Answer answer = answer_of(runs_report(*explained), provenance);
  answer.json = runs_to_json(*explained, provenance);
  answer.warnings = std::move(warnings);
  for (const Diagnostic& diagnostic : selected->loaded.report.diagnostics.kept()) {
    if (is_loss(diagnostic.kind)) answer.warnings.push_back(to_string(diagnostic));
  }
  return answer;
}

}  // namespace agentecho::python

#include "agentecho/report/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "agentecho/base/base64.h"
#include "agentecho/base/markup.h"
#include "agentecho/base/text.h"
#include "agentecho/base/version.h"
#include "agentecho/base/words.h"
#include "agentecho/report/definitions.h"
#include "agentecho/report/json.h"
#include "agentecho/report/lineage_tables.h"
#include "agentecho/report/phrase_kind.h"
#include "agentecho/report/redaction.h"
#include "agentecho/study/domain_scores.h"
#include "agentecho/study/explain.h"
#include "agentecho/study/fewest_models.h"
#include "agentecho/study/message_stages.h"
#include "agentecho/study/reading_notes.h"
#include "agentecho/study/shared_habits.h"
#include "agentecho/study/shared_wording.h"
#include "agentecho/study/stage_scores.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostTaskScores = 600'000;  // pairs x tasks x metrics
constexpr std::size_t kLongestText = 65'536;      // bytes of one text of a transcript
constexpr double kSteps = 250;                    // of a task's score
constexpr std::size_t kTopPairs = 10;
constexpr std::size_t kPairsNamed = 5;  // in a note

Json number(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  const double scale = std::abs(*value) < 0.001 ? 1e9 : 1e5;
  return std::round(*value * scale) / scale;
}

std::optional<double> low_of(const std::optional<Interval>& interval) {
  return interval ? std::optional(interval->low) : std::nullopt;
}
std::optional<double> high_of(const std::optional<Interval>& interval) {
  return interval ? std::optional(interval->high) : std::nullopt;
}

// One column over all pairs.
template <class ValueOf>
Json metric_column(const EvidenceResults& evidence, const ValueOf& value_of) {
  Json values = Json::array();
  for (const PairEvidence& pair : evidence.pairs) values.push_back(number(value_of(pair)));
  return values;
}

Json affinity_columns(const EvidenceResults& evidence, const auto& affinity_of) {
  Json json;
  json["affinity"] =
      metric_column(evidence, [&](const auto& p) { return affinity_of(p).affinity; });
  json["low"] =
      metric_column(evidence, [&](const auto& p) { return low_of(affinity_of(p).interval); });
  json["high"] =
      metric_column(evidence, [&](const auto& p) { return high_of(affinity_of(p).interval); });
  json["p"] = metric_column(evidence, [&](const auto& p) { return affinity_of(p).p_value; });
  json["p_adjusted"] =
      metric_column(evidence, [&](const auto& p) { return affinity_of(p).p_adjusted; });
  return json;
}

Json models_json(const Corpus& corpus, const Families& families) {
  Json models = Json::array();
  for (ModelIndex m = 0; m < corpus.models().size(); ++m) {
    double runs = 0, successes = 0, rewarded = 0, calls = 0, errors = 0, tasks = 0, idle = 0;
    for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
      const auto trials = corpus.trials(m, t);
      tasks += trials.empty() ? 0 : 1;
      for (const CorpusTrajectory& run : trials) {
        ++runs;
        rewarded += run.reward ? 1 : 0;
        successes += run.success ? 1 : 0;
        calls += run.counts.calls;
        errors += run.counts.errors;
        idle += run.counts.calls == 0 ? 1 : 0;
      }
    }
    models.push_back({{"name", with_valid_utf8(corpus.models()[m])},
                      {"family", with_valid_utf8(families.of_model[m])},
                      {"runs", runs},
                      {"tasks", tasks},
                      {"success", rewarded > 0 ? number(successes / rewarded) : Json(nullptr)},
                      {"calls", runs > 0 ? number(calls / runs) : Json(nullptr)},
                      {"errors", runs > 0 ? number(errors / runs) : Json(nullptr)},
                      {"idle", idle}});
  }
  return models;
}

Json metrics_json(const Study& study, const EvidenceResults& evidence) {
  Json metrics = Json::array();
  for (std::size_t m = 0; m < study.metrics.metrics.size(); ++m) {
    const Metric& metric = study.metrics.metrics[m];
    const auto of = [m](const PairEvidence& p) -> const MetricEvidence& { return p.metrics[m]; };
    Json json{{"name", metric.slug},
              {"title", metric.title},
              {"channel", metric.channel == MetricChannel::kAction ? "actions" : "wording"},
              {"evidence", evidence.metrics[m].used}};
    json["score"] = metric_column(evidence, [&](const auto& p) { return of(p).score.value; });
    json["score_low"] =
        metric_column(evidence, [&](const auto& p) { return low_of(of(p).score.interval); });
    json["score_high"] =
        metric_column(evidence, [&](const auto& p) { return high_of(of(p).score.interval); });
    json["chance"] = metric_column(evidence, [&](const auto& p) { return of(p).chance; });
    json["ceiling"] = metric_column(evidence, [&](const auto& p) { return of(p).ceiling; });
    json["place"] = metric_column(evidence, [&](const auto& p) { return of(p).place; });
    json.update(affinity_columns(
        evidence, [&](const auto& p) -> const AffinityEvidence& { return of(p).affinity; }));
    metrics.push_back(std::move(json));
  }
  return metrics;
}

std::string why_no_tree(const EvidenceResults& evidence) {
  return evidence.families.of_model.size() < kFewestForAffinity
             ? needs_models("it", kFewestForAffinity)
             : std::string(undefined_text(*evidence.no_clustering));
}

Json tree_json(const EvidenceResults& evidence) {
  if (evidence.no_clustering) return {{"missing", why_no_tree(evidence)}};
  Json merges = Json::array();
  for (const Dendrogram::Merge& merge : evidence.dendrogram.merges) {
    merges.push_back({merge.left, merge.right, number(merge.height)});
  }
  Json support = Json::array();
  for (const double share : evidence.support) support.push_back(number(share));
  return {{"merges", std::move(merges)},
          {"support", std::move(support)},
          {"order", leaf_order(evidence.dendrogram)}};
}

Json tools_json(const std::vector<ToolIndex>& tools) { return Json(tools); }

Json runs_json(const Corpus& corpus) {
  Json models = Json::array(), tasks = Json::array(), trials = Json::array();
  Json success = Json::array(), calls = Json::array(), dependencies = Json::array();
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    models.push_back(run.model);
    tasks.push_back(run.task);
    trials.push_back(run.trial);
    success.push_back(!run.reward ? Json(nullptr) : Json(run.success ? 1 : 0));
    calls.push_back(run.calls);
    Json flat = Json::array();
    for (const auto& [source, destination] : run.dependencies) {
      flat.push_back(source);
      flat.push_back(destination);
    }
    dependencies.push_back(std::move(flat));
  }
  return {{"model", models},    {"task", tasks},  {"trial", trials},
          {"success", success}, {"calls", calls}, {"dependencies", dependencies}};
}

std::vector<std::size_t> metrics_named(const Study& study,
                                       std::initializer_list<const char*> names) {
  std::vector<std::size_t> places;
  for (const char* name : names) {
    if (const auto found = study.metrics.find(name)) places.push_back(*found);
  }
  return places;
}

// Scores domain by domain, where the tasks are of several.
Json domains_json(const Study& study, const std::vector<ModelPair>& pairs) {
  const std::vector<std::size_t> shown =
      metrics_named(study, {"ags", "s_node", "s_seq", "s_dep", "rps", "bigram"});
  Json domains = Json::array();
  for (const DomainScores& domain : scores_by_domain(study, pairs)) {
    Json scores = Json::array();
    for (const std::size_t m : shown) {
      Json value = Json::array(), low = Json::array(), high = Json::array();
      for (const std::vector<Estimate>& estimates : domain.estimates) {
        value.push_back(number(estimates[m].value));
        low.push_back(number(low_of(estimates[m].interval)));
        high.push_back(number(high_of(estimates[m].interval)));
      }
      scores.push_back({{"metric", m}, {"score", value}, {"score_low", low}, {"score_high", high}});
    }
    domains.push_back({{"benchmark", with_valid_utf8(domain.benchmark)},
                       {"domain", with_valid_utf8(domain.domain)},
                       {"tasks", domain.n_tasks},
                       {"scores", std::move(scores)}});
  }
  return domains;
}

// Scores task by task of all pairs, a byte each: 0 to 250 from the metric's least to its most, 255
// where there is none.
Json task_scores_json(const Study& study, const std::vector<ModelPair>& pairs) {
  const std::vector<std::size_t> shown =
      metrics_named(study, {"s_node", "s_seq", "s_dep", "rps", "bigram"});
  const std::size_t n_tasks = study.corpus.tasks().size();
  if (pairs.size() * n_tasks * shown.size() > kMostTaskScores) {
    return {{"missing", fmt::format("{} pairs on {} tasks are too many for one page; agentecho "
                                    "explain A B ranks the tasks of a pair, compare --out writes "
                                    "all of them as CSV",
                                    pairs.size(), n_tasks)}};
  }
  const std::vector<PairRows> rows = score_rows(study, pairs);
  Json json = Json::array();
  for (const std::size_t metric : shown) {
    const bool stages = study.metrics.metrics[metric].slug == "rps";
    const double least = stages ? 1 : 0;
    const double most = stages ? 5 : 1;
    std::vector<std::uint8_t> bytes(pairs.size() * n_tasks, 255);
    const std::size_t columns = study.metrics.columns();
    for (std::size_t p = 0; p < rows.size(); ++p) {
      for (std::size_t i = 0; i < rows[p].tasks.size(); ++i) {
        const auto score =
            study.metrics.score(metric, std::span(rows[p].rows).subspan(i * columns, columns));
        if (!score) continue;
        const double place = std::clamp((*score - least) / (most - least), 0.0, 1.0);
        bytes[p * n_tasks + rows[p].tasks[i]] =
            static_cast<std::uint8_t>(std::lround(kSteps * place));
      }
    }
    json.push_back(
        {{"metric", metric}, {"least", least}, {"most", most}, {"bytes", to_base64(bytes)}});
  }
  return {{"metrics", std::move(json)}};
}

// Why there is no RPS by stage; empty where there is.
std::string why_no_stages(const PageFindings& findings) {
  if (findings.judged.rps != nullptr) return {};
  const auto& runs = findings.loaded.corpus.trajectories();
  const bool known = std::all_of(runs.begin(), runs.end(), [](const CorpusTrajectory& run) {
    return has_parts(run.verbal.get(), {true, false});
  });
  if (!known) {
    return "the wording was not looked at (--action-only, or feature files without it)";
  }
  return findings.loaded.taxonomy ? "another taxonomy than the paper's was used" : "";
}

Json stages_json(const PageFindings& findings, const std::vector<ModelPair>& pairs) {
  if (std::string why = why_no_stages(findings); !why.empty()) return {{"missing", why}};
  const Study& study = findings.study;
  const StageScores scores = score_stages(findings.loaded.corpus, findings.judged,
                                          study.metrics.least_coverage, pairs, study.threads);
  Json means = Json::array();
  bool any = false;
  for (std::size_t s = 0; s < scores.stages.size(); ++s) {
    Json of_stage = Json::array();
    for (const auto& pair : scores.pairs) {
      const auto& mean = pair[s].mean;
      of_stage.push_back(mean ? number(mean->overall) : Json(nullptr));
      any = any || mean.has_value();
    }
    means.push_back(std::move(of_stage));
  }
  if (!any && findings.judged.rps != nullptr) {
    return {{"missing", fmt::format("the judge {} answered too little of every pair",
                                    with_valid_utf8(findings.judged.rps->judge))}};
  }
  const std::string judge =
      findings.judged.rps != nullptr ? findings.judged.rps->judge : std::string("local");
  return {{"names", scores.stages}, {"means", std::move(means)}, {"judge", with_valid_utf8(judge)}};
}

// Kinship by the choices of the runs, channel by channel (METHOD 14).
Json kinship_json(const LineageResults* lineage) {
  if (lineage == nullptr) return {{"missing", "the wording was left out"}};
  const auto of_pairs = [&](const auto& value_of) {
    Json values = Json::array();
    for (const LineagePair& pair : lineage->pairs) values.push_back(number(value_of(pair)));
    return values;
  };
  Json channels = Json::array();
  bool any = false;
  for (std::size_t c = 0; c < kLineageChannels; ++c) {
    Json json{{"name", name_of(static_cast<LineageChannel>(c))}};
    const auto figure = [&](const char* name, const auto& value_of) {
      json[name] = of_pairs([&](const LineagePair& pair) { return value_of(pair.channels[c]); });
    };
    using Figures = LineageFigures;
    figure("z", [](const Figures& f) { return f.z; });
    figure("z_low", [](const Figures& f) { return low_of(f.z_interval); });
    figure("z_high", [](const Figures& f) { return high_of(f.z_interval); });
    figure("p", [](const Figures& f) { return f.p_strongest; });
    figure("p_alone", [](const Figures& f) { return f.p_alone; });
    figure("share", [](const Figures& f) { return f.share; });
    figure("share_low", [](const Figures& f) { return low_of(f.share_interval); });
    figure("share_high", [](const Figures& f) { return high_of(f.share_interval); });
    figure("ceiling", [](const Figures& f) { return f.ceiling; });
    figure("tasks", [](const Figures& f) { return std::optional<double>(f.tasks); });
    for (const LineagePair& pair : lineage->pairs) any = any || pair.channels[c].z.has_value();
    channels.push_back(std::move(json));
  }
  if (!any) return {{"missing", why_no_kinship(*lineage, nullptr)}};
  Json words_z = Json::array();
  for (std::size_t b = 0; b < lineage->benchmarks.size(); ++b) {
    words_z.push_back(of_pairs([b](const LineagePair& pair) { return pair.words_z[b]; }));
  }
  return {{"channels", std::move(channels)},
          {"odds", of_pairs([](const LineagePair& pair) { return pair.likelihood_ratio; })},
          {"benchmarks", lineage->benchmarks},
          {"words_z", std::move(words_z)},
          {"matched", lineage->matched}};
}

bool has_kinship(const LineageResults* lineage) {
  return lineage != nullptr &&
         std::any_of(lineage->pairs.begin(), lineage->pairs.end(), [](const LineagePair& pair) {
           return pair.of(LineageChannel::kWords).z.has_value();
         });
}

// Places of the pairs, those first that the page tells most of.
std::vector<std::size_t> strongest_first(const PageFindings& findings) {
  return has_kinship(findings.lineage) ? by_words(*findings.lineage)
                                       : by_lineage(findings.evidence);
}

// Phrases that many pairs share, each text once.
class PhraseTexts {
 public:
  std::size_t place(const std::string& text) {
    const auto [found, added] = places_.emplace(text, places_.size());
    if (added) texts_.push_back(text);
    return found->second;
  }
  const Json& texts() const { return texts_; }

 private:
  std::map<std::string, std::size_t> places_;
  Json texts_ = Json::array();
};

// All phrases that a pair shares, as columns: what is looked for in two runs laid side by side.
Json candidates_json(const std::vector<rps::SharedPhrase>& phrases, Redaction& redaction,
                     PhraseTexts& texts) {
  Json text = Json::array(), a = Json::array(), b = Json::array(), others = Json::array();
  for (const rps::SharedPhrase& phrase : phrases) {
    text.push_back(texts.place(with_valid_utf8(redaction.apply(phrase.text))));
    a.push_back(number(phrase.share_a));
    b.push_back(number(phrase.share_b));
    others.push_back(number(phrase.share_others));
  }
  return {{"text", text}, {"a", a}, {"b", b}, {"others", others}};
}

// Habits and phrases of the strongest pairs, by place of the pair.
Json told_json(const PageFindings& findings, const PageOptions& options, Redaction& redaction,
               PhraseTexts& texts) {
  const LoadedCorpus& loaded = findings.loaded;
  const Corpus& corpus = loaded.corpus;
  const HabitFinder finder(corpus, findings.split);
  const bool wording = findings.study.metrics.find("rps").has_value() &&
                       has_parts(corpus.trajectories().front().verbal.get(), {true, false});
  Json told = Json::object();
  std::size_t n = 0;
  for (const std::size_t p : strongest_first(findings)) {
    if (n++ == options.most_pairs_told) break;
    const PairEvidence& pair = findings.evidence.pairs[p];
    const SharedHabits shared = finder.find(pair.a, pair.b, options.habits_per_pair);
    Json habits = Json::array();
    for (const SharedHabit& habit : shared.habits) {
      habits.push_back({{"words", with_valid_utf8(in_words(habit))},
                        {"both", habit.together},
                        {"possible", habit.tasks},
                        {"expected", number(habit.expected)},
                        {"excess", number(habit.excess)},
                        {"tasks", habit.rarest}});
    }
    for (const SharedRate& rate : shared.rates) {
      habits.push_back({{"words", with_valid_utf8(in_words(rate))}});
    }
    Json phrases = Json::array();
    Json candidates = nullptr;
    if (wording) {
      const SharedWording words =
          shared_wording(loaded, pair.a, pair.b,
                         options.transcripts ? kPhraseCandidates : options.habits_per_pair);
      if (options.transcripts && words.phrases_known) {
        candidates = candidates_json(words.phrases, redaction, texts);
      }
      for (const rps::SharedPhrase& phrase : words.phrases) {
        if (phrases.size() == options.habits_per_pair) break;
        phrases.push_back({{"text", with_valid_utf8(redaction.apply(phrase.text))},
                           {"kind", name_of(phrase.kind)},
                           {"a", number(phrase.share_a)},
                           {"b", number(phrase.share_b)},
                           {"others", number(phrase.share_others)},
                           {"where_a", with_valid_utf8(phrase.where_a)},
                           {"where_b", with_valid_utf8(phrase.where_b)}});
      }
      for (const rps::SharedHabit& habit : words.habits) {
        habits.push_back({{"words", fmt::format("{}: {:.2f} and {:.2f}, others {:.2f}", habit.name,
                                                habit.rate_a, habit.rate_b, habit.others_mean)}});
      }
    }
    told[std::to_string(p)] = {{"habits", std::move(habits)},
                               {"phrases", std::move(phrases)},
                               {"candidates", std::move(candidates)}};
  }
  return told;
}

class TranscriptWriter {
 public:
  TranscriptWriter(Redaction& redaction, const rps::LocalAnnotator& annotator)
      : redaction_(redaction), annotator_(annotator) {}

  Json write(const Trajectory& t) {
    Json messages = Json::array();
    const std::vector<MessageStages> stages = message_stages(t, annotator_);
    for (std::size_t m = 0; m < t.messages.size(); ++m) {
      const Message& message = t.messages[m];
      if (message.role == Role::kSystem || message.role == Role::kTool) continue;
      Json calls = Json::array();
      for (const ToolCall& call : t.calls_of(message)) {
        if (call.requestor != Requestor::kAgent) continue;
        calls.push_back({{"arguments", text(call.arguments)}, {"result", text(t.result_of(call))}});
      }
      messages.push_back({{"role", message.role == Role::kUser ? "user" : "assistant"},
                          {"text", text(message.text)},
                          {"stage", stages[m].text},
                          {"reasoning", text(message.reasoning)},
                          {"reasoning_stage", stages[m].reasoning},
                          {"calls", std::move(calls)}});
    }
    return messages;
  }

  std::uint64_t cut() const { return cut_; }

 private:
  std::string text(std::string_view whole) {
    std::string shown = with_valid_utf8(redaction_.apply(whole));
    if (shown.size() <= kLongestText) return shown;
    ++cut_;
    std::size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(shown[end]) & 0xC0) == 0x80) --end;
    return shown.substr(0, end) + fmt::format("… [{} more bytes left out]", shown.size() - end);
  }

  Redaction& redaction_;
  const rps::LocalAnnotator& annotator_;
  std::uint64_t cut_ = 0;
};

rps::LocalAnnotator annotator_of(const LoadedCorpus& loaded) {
  return rps::LocalAnnotator(loaded.taxonomy ? loaded.taxonomy->taxonomy : rps::default_taxonomy());
}

Json transcripts_json(const LoadedCorpus& loaded, Redaction& redaction,
                      std::vector<std::string>& notes) {
  std::map<std::pair<ModelIndex, Digest>, std::size_t> places;
  const auto& runs = loaded.corpus.trajectories();
  for (std::size_t i = 0; i < runs.size(); ++i) places[{runs[i].model, runs[i].content}] = i;
  const rps::LocalAnnotator annotator = annotator_of(loaded);
  TranscriptWriter writer(redaction, annotator);
  Json transcripts = Json::object();
  for (const KeptTrajectory& kept : loaded.kept) {
    const auto model = loaded.corpus.find_model(kept.trajectory.model);
    if (!model) continue;
    const auto place = places.find({*model, kept.content});
    if (place == places.end()) continue;
    transcripts[std::to_string(place->second)] = writer.write(kept.trajectory);
  }
  notes.push_back(fmt::format(
      "This page holds transcripts: messages, arguments and results of {}. {} replaced by "
      "redaction patterns.",
      counted(transcripts.size(), "run", "runs"),
      redaction.count() == 1 ? "1 place was" : fmt::format("{} places were", redaction.count())));
  if (writer.cut() > 0) {
    notes.push_back(fmt::format("{} longer than {} bytes are cut.",
                                counted(writer.cut(), "text", "texts"), kLongestText));
  }
  return transcripts;
}

// By the combined evidence of 0.1, for logs that kinship by choices says nothing of.
std::vector<std::string> combined_verdict(const Corpus& corpus, const EvidenceResults& evidence) {
  std::vector<const PairEvidence*> stand_out;
  for (const std::size_t p : by_lineage(evidence)) {
    const AffinityEvidence& lineage = evidence.pairs[p].lineage;
    if (lineage.p_adjusted && *lineage.p_adjusted < 0.05 && *lineage.affinity > 0) {
      stand_out.push_back(&evidence.pairs[p]);
    }
  }
  const std::string where =
      fmt::format("{} of {} on {}", counted(evidence.pairs.size(), "pair", "pairs"),
                  counted(corpus.models().size(), "model", "models"),
                  counted(corpus.tasks().size(), "task", "tasks"));
  if (evidence.no_lineage) {
    return {fmt::format("Whether any of the {} is unusually alike cannot be told: {}.", where,
                        undefined_text(*evidence.no_lineage))};
  }
  std::vector<std::string> verdict;
  if (stand_out.empty()) {
    verdict.push_back(fmt::format(
        "By all scores averaged, none of the {} is more alike than the typicality of its models "
        "explains, at 5 % after adjustment for the number of pairs.",
        where));
  } else {
    verdict.push_back(fmt::format(
        "By all scores averaged, {} of the {} are more alike than the typicality of their models "
        "explains (adjusted p below 0.05).",
        stand_out.size(), where));
  }
  const PairEvidence& first =
      stand_out.empty() ? evidence.pairs[by_lineage(evidence).front()] : *stand_out.front();
  verdict.push_back(fmt::format(
      "The {} {} and {}, {:.2f} standard deviations above what is usual{}.",
      stand_out.empty() ? "nearest to it:" : "strongest:", corpus.models()[first.a],
      corpus.models()[first.b], *first.lineage.affinity,
      first.lineage.p_adjusted ? fmt::format(" (adjusted p {:.2g})", *first.lineage.p_adjusted)
                               : std::string(" (too few pairs for a p value)")));
  verdict.emplace_back(
      "An unusual likeness is a relation, not a cause: common origin, common data and copying look "
      "the same.");
  return verdict;
}

// What `evidence` says first.
std::vector<std::string> verdict_of(const PageFindings& findings) {
  const Corpus& corpus = findings.loaded.corpus;
  if (corpus.models().size() < 2) {
    return {"There is one model in the input: nothing to compare it with. Add the logs of others."};
  }
  if (corpus.models().size() < kFewestForKinship) {
    return {
        fmt::format("{}; here there are {}. What follows says how alike they are, not whether "
                    "that is unusual.",
                    needs_models("To say whether a likeness is unusual", kFewestForKinship),
                    corpus.models().size())};
  }
  std::vector<std::string> verdict;
  if (findings.lineage != nullptr) {
    verdict = lineage_verdict(corpus, *findings.lineage, findings.named);
    if (has_kinship(findings.lineage)) return verdict;
  } else {
    verdict.emplace_back("No verdict from wording, which was left out.");
  }
  for (std::string& sentence : combined_verdict(corpus, findings.evidence)) {
    verdict.push_back(std::move(sentence));
  }
  return verdict;
}

// What a judge answered too little of.
std::optional<std::string> withheld_note(const PageFindings& findings) {
  const auto rps = findings.study.metrics.find("rps");
  if (!rps || findings.judged.rps == nullptr) return std::nullopt;
  std::size_t withheld = 0;
  for (const PairEvidence& pair : findings.evidence.pairs) {
    withheld += pair.metrics[*rps].score.value ? 0 : 1;
  }
  if (withheld == 0) return std::nullopt;
  return fmt::format(
      "RPS is withheld from {} of {}: the judge {} scored less than {} of their common stages, or "
      "they have none.",
      withheld, counted(findings.evidence.pairs.size(), "pair", "pairs"),
      with_valid_utf8(findings.judged.rps->judge), percent(findings.study.metrics.least_coverage));
}

// How many tasks the two of each pair have in common.
std::vector<std::size_t> common_tasks(const Corpus& corpus, const std::vector<ModelPair>& pairs) {
  std::vector<std::size_t> common;
  for (const auto& [a, b] : pairs) {
    std::size_t n = 0;
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      n += !corpus.trials(a, task).empty() && !corpus.trials(b, task).empty() ? 1 : 0;
    }
    common.push_back(n);
  }
  return common;
}

std::optional<std::string> apart_note(const Corpus& corpus, const std::vector<ModelPair>& pairs,
                                      const std::vector<std::size_t>& common) {
  std::vector<std::string> apart;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (common[p] > 0) continue;
    apart.push_back(fmt::format("{} and {}", with_valid_utf8(corpus.models()[pairs[p].first]),
                                with_valid_utf8(corpus.models()[pairs[p].second])));
  }
  if (apart.empty()) return std::nullopt;
  const std::size_t n = apart.size();
  if (n > kPairsNamed) apart.resize(kPairsNamed);
  return fmt::format("{} of {} no common task, so nothing is known of {}: {}{}.", n,
                     n == 1 ? counted(pairs.size(), "pair has", "pairs has")
                            : counted(pairs.size(), "pair have", "pairs have"),
                     n == 1 ? "it" : "them", fmt::join(apart, "; "), n > kPairsNamed ? "; …" : "");
}

// What must be known before any figure is read.
std::vector<std::string> notes_of(const PageFindings& findings, const std::vector<ModelPair>& pairs,
                                  const std::vector<std::size_t>& common) {
  const Corpus& corpus = findings.loaded.corpus;
  std::vector<std::string> notes;
  const auto add = [&](std::optional<std::string> note) {
    if (note) notes.push_back(with_valid_utf8(*note));
  };
  for (const Finding& finding : findings.loaded.validity) {
    if (finding.severity != Severity::kNote) add(finding.message);
  }
  if (corpus.models().size() > 1) add(small_pool_note(findings.split.pool_models));
  add(runs_without_calls_note(corpus));
  add(apart_note(corpus, pairs, common));
  for (const std::string& note :
       reading_notes(findings.loaded, findings.study.metrics.find("ags").has_value()))
    add(note);
  add(withheld_note(findings));
  if (findings.lineage != nullptr) add(fewer_replicates(*findings.lineage));
  return notes;
}

std::string table_of(const PageFindings& findings) {
  const Corpus& corpus = findings.loaded.corpus;
  const bool kinship = has_kinship(findings.lineage);
  const auto cell = [](const std::optional<double>& value) {
    return "<td>" + (value ? fixed(*value, 3) : std::string("–"));
  };
  std::string html = "<table><tr><th>model A<th>model B";
  html += kinship ? "<th>z words<th>p<th>LR" : "<th>combined evidence<th>adjusted p";
  const auto& metrics = findings.study.metrics.metrics;
  for (const Metric& metric : metrics) {
    if (metric.evidence) html += "<th>" + escaped_markup(metric.title);
  }
  html += "</tr>";
  std::size_t n = 0;
  for (const std::size_t p : strongest_first(findings)) {
    if (n++ == kTopPairs) break;
    const PairEvidence& pair = findings.evidence.pairs[p];
    html += fmt::format("<tr><td>{}<td>{}", escaped_markup(corpus.models()[pair.a]),
                        escaped_markup(corpus.models()[pair.b]));
    if (kinship) {
      const LineagePair& kin = findings.lineage->pairs[p];
      const LineageFigures& words = kin.of(LineageChannel::kWords);
      html += cell(words.z) + cell(words.p_strongest) + cell(kin.likelihood_ratio);
    } else {
      html += cell(pair.lineage.affinity) + cell(pair.lineage.p_adjusted);
    }
    for (std::size_t m = 0; m < pair.metrics.size(); ++m) {
      if (metrics[m].evidence) html += cell(pair.metrics[m].score.value);
    }
    html += "</tr>";
  }
  return html + "</table>";
}

}  // namespace

Result<PageData> make_page_data(const PageFindings& findings, const PageOptions& options) {
  const LoadedCorpus& loaded = findings.loaded;
  const Study& study = findings.study;
  const ToolSplit& split = findings.split;
  const EvidenceResults& evidence = findings.evidence;
  auto redaction = Redaction::make(options.redact);
  if (!redaction) return Unexpected(redaction.error());
  const Corpus& corpus = loaded.corpus;
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  PageData page;
  page.verdict = verdict_of(findings);
  page.table_html = table_of(findings);
  const std::vector<std::size_t> common = common_tasks(corpus, pairs);
  std::vector<std::string> notes = notes_of(findings, pairs, common);
  page.notes = notes;
  Json json;
  json["schema_version"] = kPageSchemaVersion;
  json["kind"] = "page";
  json["version"] = version();
  json["title"] = with_valid_utf8(options.title);
  json["command"] = with_valid_utf8(options.command);
  Json verdict = Json::array();
  for (const std::string& sentence : page.verdict) verdict.push_back(with_valid_utf8(sentence));
  json["verdict"] = std::move(verdict);
  json["provenance"] = provenance_json(findings.provenance);
  Json words = Json::array();
  for (const Definition& definition : definitions()) {
    words.push_back({definition.term, definition.text});
  }
  json["definitions"] = std::move(words);
  json["models"] = models_json(corpus, evidence.families);
  json["families_guessed"] = evidence.families.guessed;
  Json tasks = Json::array();
  Json mandatory = Json::array();
  Json optional = Json::array();
  for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
    const TaskKey& task = corpus.tasks()[t];
    tasks.push_back({with_valid_utf8(task.benchmark), with_valid_utf8(task.domain),
                     with_valid_utf8(task.task_id)});
    mandatory.push_back(tools_json(split.tasks[t].mandatory));
    optional.push_back(tools_json(split.tasks[t].optional));
  }
  json["tasks"] = std::move(tasks);
  json["mandatory"] = std::move(mandatory);
  json["optional"] = std::move(optional);
  Json tools = Json::array();
  Json kinds = Json::array();
  for (const std::string& tool : corpus.tools()) {
    tools.push_back(with_valid_utf8(tool));
    kinds.push_back(name_of(loaded.catalog.classify(tool).kind));
  }
  json["tools"] = std::move(tools);
  json["kinds"] = std::move(kinds);
  Json a = Json::array(), b = Json::array(), same = Json::array();
  for (const PairEvidence& pair : evidence.pairs) {
    a.push_back(pair.a);
    b.push_back(pair.b);
    same.push_back(pair.same_family ? 1 : 0);
  }
  json["pairs"] = {{"a", a}, {"b", b}, {"same_family", same}, {"tasks", common}};
  json["metrics"] = metrics_json(study, evidence);
  json["kinship"] = kinship_json(findings.lineage);
  json["lineage"] =
      evidence.no_lineage
          ? Json{{"missing", undefined_text(*evidence.no_lineage)}}
          : affinity_columns(evidence, [](const PairEvidence& p) -> const AffinityEvidence& {
              return p.lineage;
            });
  json["tree"] = tree_json(evidence);
  json["stages"] = stages_json(findings, pairs);
  json["task_scores"] = task_scores_json(study, pairs);
  json["domains"] = domains_json(study, pairs);
  if (auto fewer = domains_left_out(study, pairs.size()); !fewer.empty()) {
    notes.push_back(std::move(fewer));
  }
  PhraseTexts phrases;
  json["told"] = told_json(findings, options, *redaction, phrases);
  json["phrases"] = phrases.texts();
  if (pairs.size() > options.most_pairs_told) {
    notes.push_back(
        fmt::format("Shared habits and phrases are told for the {} strongest of {} pairs; "
                    "agentecho explain A B "
                    "tells those of any other.",
                    options.most_pairs_told, pairs.size()));
  }
  json["runs"] = runs_json(corpus);
  json["transcripts"] =
      options.transcripts ? transcripts_json(loaded, *redaction, notes) : Json(nullptr);
  json["annotator"] = annotator_of(loaded).name();
  json["notes"] = notes;
  page.json = json.dump();
  return page;
}

}  // namespace agentecho

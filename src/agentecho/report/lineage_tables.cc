#include "agentecho/report/lineage_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/words.h"
#include "agentecho/report/definitions.h"
#include "agentecho/study/fewest_models.h"

namespace agentecho {

namespace {

constexpr double kLevel = 0.05;

constexpr const char* kNoMarkers =
    "on no common task do enough models show choices (text, calls; feature files may lack them)";
constexpr const char* kFewModels = "too few other models to compare with";
constexpr const char* kAllAlike = "all other models are equally alike to one of the two";
constexpr const char* kFewPairs = "too few pairs, or no replicates";
constexpr const char* kNoStrangers = "no pair of two families, other than these two, has a z";
constexpr const char* kNoChoice = "on the common tasks nobody makes a choice of its own";

const char* why_no_z(const LineageFigures& figures) {
  if (figures.tasks == 0) return kNoMarkers;
  return figures.no_z == Undefined::kConstant ? kAllAlike : kFewModels;
}

// Of how a channel's strangers are: nothing is asked of worlds in which nobody has a z.
const char* why_no_worlds(const LineageResults& results, std::size_t channel) {
  const auto alike = [&](const LineagePair& pair) {
    return pair.channels[channel].no_z == Undefined::kConstant;
  };
  const bool any_alike = std::any_of(results.pairs.begin(), results.pairs.end(), alike);
  return results.replicates > 0 && any_alike ? kAllAlike : kFewPairs;
}

// Of a pair with a z.
const char* why_no_p_alone(const LineageFigures& figures) {
  return figures.p_strongest ? kNoStrangers : kFewPairs;
}

DataCell with_interval(std::optional<double> number, const std::optional<Interval>& interval,
                       int digits, std::string_view reason) {
  DataCell cell = number_cell(number, digits, reason);
  cell.interval = interval;
  return cell;
}

std::string pair_text(const Corpus& corpus, const LineagePair& pair) {
  return fmt::format("{} and {}", corpus.models()[pair.a], corpus.models()[pair.b]);
}

std::optional<double> median_share(const LineageResults& results, LineageChannel channel) {
  std::vector<double> shares;
  for (const LineagePair& pair : results.pairs) {
    if (const auto& share = pair.of(channel).share) shares.push_back(*share);
  }
  if (shares.empty()) return std::nullopt;
  const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
  std::nth_element(shares.begin(), middle, shares.end());
  return *middle;
}

// "z 4.71 [4.40 5.02]"
std::string z_text(const LineageFigures& figures) {
  std::string text = fmt::format("z {}", fixed(*figures.z, 2));
  if (figures.z_interval) {
    text += fmt::format(" [{} {}]", fixed(figures.z_interval->low, 2),
                        fixed(figures.z_interval->high, 2));
  }
  return text;
}

// "They repeat each other in 20 % [18 22] of their free choices of words (…)." Nothing where it may
// as well be what the others do.
std::string share_sentence(const LineageResults& results, const LineagePair& pair,
                           LineageChannel channel, std::string_view what) {
  const LineageFigures& figures = pair.of(channel);
  if (!figures.share) return {};
  const auto& interval = figures.share_interval;
  if (interval && interval->low <= 0 && interval->high >= 0) return {};
  std::string text = *figures.share < 0
                         ? fmt::format(
                               "They share fewer of their free choices of {} than the "
                               "other models do: {}",
                               what, percent(*figures.share))
                         : fmt::format("They repeat each other in {}", percent(*figures.share));
  if (interval) {
    text += fmt::format(" [{} {}]", fixed(100 * interval->low, 0), fixed(100 * interval->high, 0));
  }
  if (*figures.share >= 0) text += fmt::format(" of their free choices of {}", what);
  text += fmt::format(" (0: as the other models do; median pair {}",
                      percent(median_share(results, channel).value_or(0)));
  if (figures.ceiling) {
    text += fmt::format("; with themselves over trials {}", percent(*figures.ceiling));
  }
  return text + ").";
}

std::string search_sentence(const LineageResults& results, const LineageFigures& figures,
                            bool named) {
  const std::optional<double>& p = named ? figures.p_alone : figures.p_strongest;
  if (!p) {
    return fmt::format("How often strangers are as close cannot be said: {}.",
                       named ? why_no_p_alone(figures) : kFewPairs);
  }
  if (named) {
    return fmt::format("Named beforehand, a pair of strangers is as close with {}: {}.",
                       p_in_words(*p, 3),
                       *p < kLevel ? "kinship is the likelier reading" : "strangers may well be");
  }
  const std::size_t pairs = results.pairs.size();
  if (*p < kLevel) {
    return fmt::format(
        "Among strangers the strongest of {} pairs is as close with {}: more than a search over "
        "all "
        "pairs explains.",
        pairs, p_in_words(*p, 3));
  }
  return fmt::format(
      "That is no evidence by itself: among strangers the strongest of {} pairs is as close with "
      "{}. "
      "It is the pair to look at first; a claim needs more benchmarks, or a pair named beforehand "
      "(--pair A B).",
      pairs, p_in_words(*p, 3));
}

// The odds are a likelihood ratio: how much oftener such a z is met within a lab than across. One
// figure is never worth more than 10 (metrics/lineage/kinship_odds.h).
std::string odds_sentence(double ratio, bool named) {
  const char* const searched =
      named ? "" : ", for a pair that was not searched for; p is of the search";
  if (ratio >= 10) {
    return fmt::format(
        "Such a z is 10 times as likely within one lab as across labs, the most that one figure is "
        "given{}.",
        searched);
  }
  if (ratio > 1.05) {
    return fmt::format("Such a z is {:.1f} times as likely within one lab as across labs{}.", ratio,
                       searched);
  }
  if (ratio >= 1 / 1.05) return "Such a z is as likely within one lab as across labs.";
  return fmt::format("Such a z is {:.1f} times as likely across labs as within one.", 1 / ratio);
}

std::size_t benchmarks_in(const LineageResults& results) {
  const auto& of = results.benchmark_of;
  return std::set<std::string_view>(of.begin(), of.end()).size();
}

// Whether the places of results.benchmarks are domains, several of one benchmark.
bool has_domains(const LineageResults& results) {
  return benchmarks_in(results) < results.benchmarks.size();
}

// "one benchmark", "2 domains of one benchmark", "3 benchmarks", "5 domains of 3 benchmarks"
std::string in_words(std::size_t benchmarks, std::size_t domains) {
  const std::string text =
      benchmarks == 1 ? "one benchmark" : fmt::format("{} benchmarks", benchmarks);
  return domains > benchmarks ? fmt::format("{} domains of {}", domains, text) : text;
}

// "This rests on 165 tasks of 2 benchmarks, in which the pair has rank 6 and 2 of 105 pairs."
std::string basis_sentence(const LineageResults& results, const LineagePair& pair) {
  const LineageFigures& words = pair.of(LineageChannel::kWords);
  if (results.benchmarks.size() == 1) {
    return fmt::format(
        "This rests on {} tasks of one benchmark, and one is no replication: give several at once.",
        words.tasks);
  }
  std::vector<std::string> ranks;
  for (std::size_t b = 0; b < results.benchmarks.size(); ++b) {
    if (const auto rank = rank_in(results, pair, b)) ranks.push_back(std::to_string(*rank));
  }
  if (ranks.size() == 1) {
    return fmt::format(
        "This rests on {} tasks of one of the {} (rank {} there): in the others the two cannot be "
        "compared, and one benchmark is one.",
        words.tasks, in_words(benchmarks_in(results), results.benchmarks.size()), ranks.front());
  }
  return fmt::format(
      "This rests on {} tasks of {}, in which the pair has rank {} of {} pairs{}.", words.tasks,
      in_words(words.benchmarks, ranks.size()), fmt::join(ranks, ", "), results.pairs.size(),
      words.benchmarks == 1 ? ": one benchmark is no replication, give several at once" : "");
}

}  // namespace

std::optional<std::string> fewer_replicates(const LineageResults& results) {
  if (results.replicates == results.replicates_asked) return std::nullopt;
  return fmt::format(
      "Kinship rests on {} replicates and worlds of strangers in place of {}: {} "
      "similarities are drawn in each.",
      results.replicates, results.replicates_asked,
      results.pairs.size() * results.benchmarks.size());
}

DataTable lineage_table(const Corpus& corpus, const LineageResults& results) {
  DataTable table("lineage_pairs",
                  fmt::format("Kinship by choices beyond the task, over {}; cohorts: {}",
                              in_words(benchmarks_in(results), results.benchmarks.size()),
                              results.matched ? "models of one mode" : "all other models"),
                  {model_a_column(), model_b_column(), column("same_family", "family")});
  for (std::size_t c = 0; c < kLineageChannels; ++c) {
    const auto channel = static_cast<LineageChannel>(c);
    const std::string slug(name_of(channel));
    const bool words = channel == LineageChannel::kWords;
    const bool layout = channel == LineageChannel::kLayout;
    table.columns.push_back(file_column_if(layout, plain_column(slug + "_z", "z " + slug)));
    table.columns.push_back(file_column_if(!words, column(slug + "_p", "p")));
    if (words) table.columns.emplace_back("likelihood_ratio", "LR");
    table.columns.push_back(
        file_column_if(layout, interval_column(slug + "_share", "repeated " + slug)));
    table.columns.back().plain = !words;
    table.columns.push_back(file_column(slug + "_ceiling", "itself"));
    table.columns.push_back(file_column(slug + "_p_alone", "p alone"));
    table.columns.push_back(file_column(slug + "_similarity", slug));
    table.columns.push_back(file_column_if(!words, column(slug + "_tasks", "tasks")));
    table.columns.push_back(file_column(slug + "_benchmarks", "benchmarks"));
  }
  for (const std::size_t p : by_words(results)) {
    const LineagePair& pair = results.pairs[p];
    std::vector<DataCell>& row = table.rows.emplace_back();
    row = {text_cell(corpus.models()[pair.a]), text_cell(corpus.models()[pair.b]),
           text_cell(pair.same_family ? "same" : "")};
    for (std::size_t c = 0; c < kLineageChannels; ++c) {
      const auto channel = static_cast<LineageChannel>(c);
      const LineageFigures& figures = pair.of(channel);
      const char* const no_z = why_no_z(figures);
      const char* const no_p = figures.z ? kFewPairs : no_z;
      row.push_back(with_interval(figures.z, figures.z_interval, 2, no_z));
      row.push_back(p_value_cell(figures.p_strongest, no_p));
      if (channel == LineageChannel::kWords) {
        row.push_back(
            number_cell(pair.likelihood_ratio, 1, figures.z ? "fewer than 20 tasks" : no_z));
      }
      row.push_back(with_interval(figures.share, figures.share_interval, 2,
                                  figures.tasks == 0 ? kNoMarkers : kNoChoice));
      row.push_back(number_cell(figures.ceiling, 2,
                                "one of the two has single trials, or makes no choice of its own"));
      row.push_back(p_value_cell(figures.p_alone, figures.z ? why_no_p_alone(figures) : no_z));
      row.push_back(number_cell(figures.similarity, 4, kNoMarkers));
      row.push_back(count_cell(figures.tasks));
      row.push_back(count_cell(figures.benchmarks));
    }
  }
  table.most_shown = 10;
  table.note =
      fmt::format("{}.\n{}. {}.\n{}.", define("z"), define("p"), define("LR"), define("repeated"));
  if (const auto fewer = fewer_replicates(results)) table.note += "\n" + *fewer;
  return table;
}

DataTable lineage_auc_table(const LineageResults& results) {
  DataTable table(
      "lineage_auc", "Does z find families? (a family is a proxy of kinship)",
      {"channel", column("auc", "AUC"), column("error_over_models", "SE models"),
       column("error_over_families", "SE families"), column("p_value", "p"),
       column("strangers_maximum", "strangers' max z"), file_column("worlds", "worlds")});
  for (std::size_t c = 0; c < kLineageChannels; ++c) {
    const FamilyAuc& auc = results.auc[c];
    const char* const none = "no pair within or none across families";
    table.rows.push_back(
        {text_cell(name_of(static_cast<LineageChannel>(c))), number_cell(auc.auc, 3, none),
         number_cell(auc.error_over_models, 3, none), number_cell(auc.error_over_families, 3, none),
         p_value_cell(auc.p_value, none),
         number_cell(results.usual_maximum[c], 2, why_no_worlds(results, c)),
         count_cell(results.replicates)});
  }
  table.note =
      "AUC: probability that a same-family pair has the larger z. SE: jackknife, one model or "
      "family "
      "left out.\np: families exchanged between models, one-sided. max z: the median over worlds "
      "of "
      "strangers.";
  return table;
}

std::string odds_class_text(const OddsClass& of) {
  const auto text = [](double odds) {
    return odds >= 1 ? fmt::format("{:.0f} to 1", odds) : fmt::format("1 to {:.0f}", 1 / odds);
  };
  if (of.above <= 0) return "up to " + text(of.up_to);
  if (std::isinf(of.up_to)) return "above " + text(of.above);
  return fmt::format("{} … {}", text(of.above), text(of.up_to));
}

DataTable odds_table(const KinshipFit& fit, const lineage::KinshipScale& in_use) {
  DataTable table("lineage_odds", "The scale of the odds: ln(odds) = intercept + slope z of words",
                  {"scale", "intercept", "slope", column("cost", "Cllr"), "kin", "others"});
  const char* const one_kind = "there are no kin or no others";
  table.rows.push_back({text_cell("in use"), number_cell(in_use.intercept, 2),
                        number_cell(in_use.slope, 2), number_cell(fit.in_use.cost(), 3, one_kind),
                        count_cell(fit.kin), count_cell(fit.others)});
  const auto part = [&](double lineage::KinshipScale::*member) {
    return number_cell(fit.scale ? std::optional((*fit.scale).*member) : std::nullopt, 2,
                       fit.why_not);
  };
  table.rows.push_back({text_cell("fitted to these logs"), part(&lineage::KinshipScale::intercept),
                        part(&lineage::KinshipScale::slope),
                        number_cell(fit.left_out.cost(), 3,
                                    fit.scale ? "no fit without the pairs left out" : fit.why_not),
                        count_cell(fit.kin), count_cell(fit.others)});
  table.note = fmt::format(
      "Cllr: cost in bits, 0: always right and sure, 1: as good as saying nothing; of the fitted "
      "scale, each {}\nleft out in turn. A family is a proxy of a common lab.",
      fit.by_benchmark ? "domain" : "model");
  if (fit.scale) {
    table.note +=
        fmt::format(" On other logs: --odds {:.2f},{:.2f}", fit.scale->intercept, fit.scale->slope);
  }
  return table;
}

DataTable odds_classes_table(const KinshipFit& fit) {
  DataTable table("lineage_odds_classes", "Are the odds as stated?",
                  {"scale", column("odds", "odds stated"), "kin", "others",
                   column("observed", "odds observed")});
  for (const auto& [name, reliability] :
       {std::pair{"in use", &fit.in_use}, std::pair{"fitted, left out", &fit.left_out}}) {
    for (const OddsClass& of : reliability->classes()) {
      table.rows.push_back({text_cell(name), text_cell(odds_class_text(of)), count_cell(of.kin),
                            count_cell(of.others),
                            number_cell(reliability->observed(of), 2, "no others in this class")});
    }
  }
  table.note = "odds observed: share of kin in the class over that of others.";
  return table;
}

DataTable benchmarks_table(const Corpus& corpus, const LineageResults& results) {
  DataTable table("lineage_benchmarks",
                  fmt::format("The same pairs in each {} (words: z and its rank)",
                              has_domains(results) ? "domain" : "benchmark"),
                  {model_a_column(), model_b_column()});
  for (const std::string& benchmark : results.benchmarks) {
    table.columns.emplace_back(benchmark + "_z", benchmark);
    table.columns.emplace_back(benchmark + "_rank", "rank");
  }
  if (results.benchmarks.size() < 2) return table;
  const std::string none = fmt::format("{}, or {}", kFewModels, kAllAlike);
  for (const std::size_t p : by_words(results)) {
    const LineagePair& pair = results.pairs[p];
    std::vector<DataCell>& row = table.rows.emplace_back();
    row = {text_cell(corpus.models()[pair.a]), text_cell(corpus.models()[pair.b])};
    for (std::size_t b = 0; b < results.benchmarks.size(); ++b) {
      row.push_back(number_cell(pair.words_z[b], 2, none));
      const auto rank = rank_in(results, pair, b);
      row.push_back(rank ? count_cell(*rank) : number_cell(std::nullopt, 0, none));
    }
  }
  table.most_shown = 10;
  return table;
}

DataTable agreements_table(const LineageResults& results) {
  const char* const what = has_domains(results) ? "domain" : "benchmark";
  DataTable table(
      "lineage_agreement", "Does who resembles whom carry over? (z of words)",
      {elastic_column("first", what), elastic_column("second", what), column("n_models", "models"),
       "pairs", column("correlation", "Pearson"), column("p_value", "Mantel p")});
  for (const BenchmarkAgreement& agreement : results.agreements) {
    std::vector<DataCell>& row = table.rows.emplace_back();
    row = {text_cell(results.benchmarks[agreement.first]),
           text_cell(results.benchmarks[agreement.second])};
    if (const auto& words = agreement.words) {
      row.insert(row.end(), {count_cell(words->items), count_cell(words->pairs),
                             number_cell(words->correlation), p_value_cell(words->p.greater)});
    } else {
      for (int i = 0; i < 4; ++i) row.push_back(undefined_cell(words.error()));
    }
  }
  table.note = fmt::format(
      "Mantel p: how often models exchanged in one {} agree as well, one-sided. It excludes "
      "chance of the tasks, not chance resemblance of strangers.",
      what);
  return table;
}

namespace {

// The pair that was named, else the most kindred one by words. Null: there is none.
const LineagePair* leading_pair(const LineageResults& results,
                                const std::optional<std::pair<ModelIndex, ModelIndex>>& named) {
  if (results.pairs.empty()) return nullptr;
  if (!named) return &results.pairs[by_words(results).front()];
  const auto [low, high] = std::minmax(named->first, named->second);
  for (const LineagePair& pair : results.pairs) {
    if (pair.a == low && pair.b == high) return &pair;
  }
  return nullptr;
}

}  // namespace

std::string why_no_kinship(const LineageResults& results, const LineagePair* named) {
  if (results.runs_without_markers > 0) {
    return fmt::format(
        "{} runs were read from feature files without markers; make the features again from the "
        "logs",
        results.runs_without_markers);
  }
  const auto all_alike = [](const LineagePair& pair) {
    return pair.of(LineageChannel::kWords).no_z == Undefined::kConstant;
  };
  if (named ? all_alike(*named)
            : std::any_of(results.pairs.begin(), results.pairs.end(), all_alike)) {
    return "the other models all write equally alike, which leaves nothing to say what is unusual";
  }
  return needs_models("it", kFewestForKinship, "with text");
}

std::vector<std::string> lineage_verdict(
    const Corpus& corpus, const LineageResults& results,
    const std::optional<std::pair<ModelIndex, ModelIndex>>& named) {
  std::vector<std::string> said;
  const LineagePair* pair = leading_pair(results, named);
  const LineageFigures* words = pair ? &pair->of(LineageChannel::kWords) : nullptr;
  if (words == nullptr || !words->z) {
    return {fmt::format("No verdict from wording: {}.",
                        why_no_kinship(results, named ? pair : nullptr))};
  }
  said.push_back(fmt::format("{}{} (words: {}).", named ? "" : "The most kindred pair by wording: ",
                             pair_text(corpus, *pair), z_text(*words)));
  said.push_back(search_sentence(results, *words, named.has_value()));
  if (pair->likelihood_ratio)
    said.push_back(odds_sentence(*pair->likelihood_ratio, named.has_value()));
  for (const auto& [channel, what] : {std::pair{LineageChannel::kWords, "words"},
                                      std::pair{LineageChannel::kActions, "actions"}}) {
    if (std::string text = share_sentence(results, *pair, channel, what); !text.empty()) {
      said.push_back(std::move(text));
    }
  }
  if (const LineageFigures& actions = pair->of(LineageChannel::kActions); actions.z) {
    const std::optional<double>& p = named ? actions.p_alone : actions.p_strongest;
    said.push_back(fmt::format(
        "Actions, which are not part of the verdict: {}{}.", z_text(actions),
        p ? fmt::format(" (as strong among strangers with {})", p_in_words(*p, 3)) : ""));
  }
  said.push_back(basis_sentence(results, *pair));
  if (words->tasks < kEnoughForWords) {
    said.insert(said.begin(), fmt::format("Fewer than {} tasks carry no verdict by wording: what "
                                          "follows is for orientation.",
                                          kEnoughForWords));
  }
  if (pair->of(LineageChannel::kActions).tasks < kEnoughForActions) {
    said.push_back(
        fmt::format("Actions need {} tasks or more (words 20 to 100).", kEnoughForActions));
  }
  said.push_back(
      "On public logs wording tells pairs of one lab and one kind (both reasoning, or neither) "
      "from "
      "others with an AUC of .94 to .98, across kinds with .66 to .79; likeness has no direction, "
      "and does not say why.");
  return said;
}

namespace {

// What stood first before there was kinship is shown to those who ask for all.
void keep_combined_evidence_back(DataReport& report) {
  for (DataTable& table : report.tables) table.detail = table.name != "families";
  for (ReportText& text : report.texts) text.detail = text.key != "habits";
}

}  // namespace

void lead_with_lineage(DataReport& report, const Corpus& corpus, const LineageResults* results,
                       const std::optional<std::pair<ModelIndex, ModelIndex>>& named) {
  report.verdict = {};
  if (results == nullptr) {
    report.verdict.found = "No verdict: it takes wording, which --metrics leaves out.";
    return;
  }
  report.verdict.found =
      fmt::format("{}", fmt::join(lineage_verdict(corpus, *results, named), " "));
  report.verdict.elsewhere =
      "`agentecho compare` says how alike two models are, `agentecho attribute` who could have "
      "taught one: their figures answer other questions (docs/which-number.md).";
  if (const LineagePair* pair = leading_pair(*results, named)) {
    if (pair->of(LineageChannel::kWords).z) {
      report.verdict.next = {"agentecho", "explain", corpus.models()[pair->a],
                             corpus.models()[pair->b], "PATHS"};
      keep_combined_evidence_back(report);
    } else {
      report.verdict.next = {"agentecho", "compare", "PATHS"};
    }
  }
  std::vector<DataTable> tables;
  tables.push_back(lineage_table(corpus, *results));
  tables.push_back(benchmarks_table(corpus, *results));
  tables.push_back(agreements_table(*results));
  tables.push_back(lineage_auc_table(*results));
  std::move(report.tables.begin(), report.tables.end(), std::back_inserter(tables));
  report.tables = std::move(tables);
}

}  // namespace agentecho

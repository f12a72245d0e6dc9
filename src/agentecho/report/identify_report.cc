#include "agentecho/report/identify_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/text_lines.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/families.h"

namespace agentecho {

namespace {

constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kRunsShown = 20;

std::string level_text(const IdentifyResults& results) {
  return fmt::format("{:g} %", 100 * results.options.level);
}

std::string runs_text(const IdentifyResults& results) {
  return results.runs == 1 ? std::string("This run") : fmt::format("These {} runs", results.runs);
}

std::vector<const IdentityCandidate*> set_of(const IdentifyResults& results) {
  std::vector<const IdentityCandidate*> set;
  for (const IdentityCandidate& candidate : results.candidates) {
    if (candidate.in_set) set.push_back(&candidate);
  }
  return set;
}

std::string names_of(const std::vector<const IdentityCandidate*>& set) {
  std::string text;
  for (std::size_t i = 0; i < set.size() && i < kNamesShown; ++i) {
    const bool last = i + 1 == set.size();
    text += fmt::format("{}{}", i == 0 ? "" : last ? " or " : ", ", set[i]->model);
  }
  if (set.size() > kNamesShown) text += fmt::format(" or {} more", set.size() - kNamesShown);
  return text;
}

// The family that all of them belong to by their names, if there is one.
std::string common_family(const std::vector<const IdentityCandidate*>& set) {
  const std::string family = family_from_name(set.front()->model);
  const bool all = std::all_of(set.begin(), set.end(), [&](const IdentityCandidate* candidate) {
    return family_from_name(candidate->model) == family;
  });
  return all ? family : std::string();
}

std::string one_text(const IdentifyResults& results) {
  const auto set = set_of(results);
  return fmt::format("{} are consistent with {} alone, of {} models, at the {} level (p = {:.3g}).",
                     runs_text(results), set.front()->model, results.tested(), level_text(results),
                     set.front()->p);
}

std::string several_text(const IdentifyResults& results) {
  const auto set = set_of(results);
  const std::string family = common_family(set);
  std::string text = fmt::format(
      "{} cannot be told apart between {} of {} models at the {} level: {}{}.", runs_text(results),
      set.size(), results.tested(), level_text(results), names_of(set),
      family.empty() ? "" : fmt::format(" (relatives, family {})", family));
  std::size_t needed = 0;
  bool known = true;
  for (const IdentityCandidate* candidate : set) {
    if (candidate == &results.candidates[results.examined]) continue;
    known = known && candidate->runs_needed.has_value();
    needed = std::max(needed, candidate->runs_needed.value_or(0));
  }
  if (known && needed > results.runs) {
    text += fmt::format(
        " About {} runs of {} would leave it alone in four of five cases, each of another task.",
        needed, results.candidates[results.examined].model);
  }
  return text;
}

std::string unknown_text(const IdentifyResults& results) {
  const IdentityCandidate& nearest = *std::find_if(
      results.candidates.begin(), results.candidates.end(), [](const auto& c) { return c.tested; });
  return fmt::format(
      "Unknown: {} are consistent with none of the {} reference models at the {} level. The "
      "nearest is {} (p = {:.3g}).",
      results.runs == 1 ? "this run" : fmt::format("these {} runs", results.runs), results.tested(),
      level_text(results), nearest.model, nearest.p);
}

std::string nothing_text(const IdentifyResults& results) {
  if (results.tested() == 0) {
    return fmt::format(
        "Cannot tell: no reference model has runs of these benchmarks, and held against runs of "
        "others the right model would be excluded as well. The nearest is {}, a hint at most. "
        "Reference runs of these benchmarks are needed.",
        results.candidates.front().model);
  }
  double least = 1;
  for (const IdentityCandidate& candidate : results.candidates) {
    if (candidate.tested) least = std::min(least, candidate.least_p);
  }
  return fmt::format(
      "Cannot tell: with these numbers of reference runs no model could be excluded at the {} "
      "level "
      "(least p {:.3g}). The nearest is {}. Reference runs of more tasks are needed: 1 / (1 + "
      "references) must be below {:.3g}.",
      level_text(results), least, results.candidates.front().model, 1 - results.options.level);
}

// Which channel leaves how many candidates, the fewest first.
std::string channels_text(const IdentifyResults& results) {
  std::vector<const IdentityChannelFinding*> counted;
  for (const IdentityChannelFinding& finding : results.channels) {
    if (finding.counts && !finding.silent) counted.push_back(&finding);
  }
  if (counted.empty() || results.answer == IdentityAnswer::kNothing) return {};
  std::stable_sort(counted.begin(), counted.end(),
                   [](const auto* a, const auto* b) { return a->consistent < b->consistent; });
  std::vector<std::string> parts;
  for (const IdentityChannelFinding* finding : counted) {
    parts.push_back(fmt::format("{} alone {} {} of {}", name_of(finding->channel),
                                finding->consistent == 1 ? "leaves" : "would leave",
                                finding->consistent, results.tested()));
  }
  std::string text =
      fmt::format(" Carried by {}: {}.", name_of(counted.front()->channel), fmt::join(parts, "; "));
  if (counted.front()->channel == IdentityChannel::kWording) {
    text += " Wording can be forged by a prompt.";
  }
  for (const IdentityChannelFinding& finding : results.channels) {
    if (finding.channel != IdentityChannel::kServing || finding.silent || finding.counts) continue;
    text += fmt::format(" Serving (not counted) fits {} of {} models.", finding.consistent,
                        results.tested());
  }
  return text;
}

// Models of which nothing can be said beside those of which the answer speaks.
std::string untested_text(const IdentifyResults& results) {
  const std::size_t untested = results.candidates.size() - results.tested();
  if (untested == 0 || results.tested() == 0) return {};
  return fmt::format(" {} not tested, for want of runs of these benchmarks.",
                     untested == 1 ? "One more reference model was"
                                   : fmt::format("{} more reference models were", untested));
}

std::string claim_text(const IdentifyResults& results) {
  if (!results.claimed) return {};
  const IdentityCandidate& claimed = results.candidates[*results.claimed];
  if (claim_answer(results) == "cannot_tell") {
    return fmt::format(" Claimed: {}; that is neither confirmed nor excluded.", claimed.model);
  }
  return claimed.in_set ? fmt::format(" Claimed: {}, and consistent with it (p = {:.3g}).",
                                      claimed.model, claimed.p)
                        : fmt::format(" Claimed: {}, and not consistent with it (p = {:.3g}).",
                                      claimed.model, claimed.p);
}

std::string mixture_text(const IdentifyResults& results) {
  const IdentityCandidate& examined = results.candidates[results.examined];
  if (results.tasks < 2 || !examined.in_set || results.answer == IdentityAnswer::kNothing) {
    return {};
  }
  std::vector<std::size_t> noticed;
  std::size_t never = 0;
  const IdentityCandidate* hardest = nullptr;
  for (const IdentityCandidate& candidate : results.candidates) {
    if (&candidate == &examined) continue;
    if (!candidate.foreign_noticed) {
      ++never;
    } else {
      noticed.push_back(*candidate.foreign_noticed);
      if (hardest == nullptr || *candidate.foreign_noticed > *hardest->foreign_noticed) {
        hardest = &candidate;
      }
    }
  }
  if (noticed.empty()) return {};
  std::sort(noticed.begin(), noticed.end());
  const std::size_t typical = noticed[noticed.size() / 2];
  std::string text = fmt::format(
      " Among {} runs of {} typically {} of another reference model ({}) would be noticed in four "
      "of five cases",
      results.tasks, examined.model, typical,
      percent(static_cast<double>(typical) / static_cast<double>(results.tasks)));
  if (*hardest->foreign_noticed > typical) {
    text += fmt::format(", of {} {}", hardest->model, *hardest->foreign_noticed);
  }
  if (never > 0) {
    text += fmt::format("; runs of {} would pass unnoticed even if all were",
                        counted(never, "other model", "other models"));
  }
  return text + ".";
}

// Whether a single run could be foreign at all.
bool tells_single_runs(const IdentifyResults& results) {
  return is_below_alpha(results.run_least_p, results.options.level);
}

std::string foreign_text(const IdentifyResults& results) {
  if (results.runs < 2 || !results.candidates[results.examined].tested) return {};
  if (!tells_single_runs(results)) {
    return fmt::format(
        " Single runs cannot be judged: the tasks of {} allow no p value below {:.3f}.",
        results.candidates[results.examined].model, results.run_least_p);
  }
  const auto foreign = std::count_if(results.labels.begin(), results.labels.end(),
                                     [](const RunIdentity& run) { return run.foreign; });
  return fmt::format(
      " Taken one by one, {} of {} runs look foreign to {} (by chance about {:.0f}).", foreign,
      results.runs, results.candidates[results.examined].model,
      (1 - results.options.level) * static_cast<double>(results.runs));
}

DataTable answer_table(const IdentifyResults& results) {
  DataTable table(
      "answer", "The answer",
      {"answer", column("models", "models in the set"), column("claimed", "claimed model"),
       column("claim_consistent", "consistent with the claim"), column("claim_p", "p of the claim"),
       "level", column("label", "label of the runs"), "runs", column("n_tasks", "tasks"),
       column("common_tasks", "tasks that references have")});
  table.files_only = true;
  constexpr std::string_view kAnswers[] = {"one", "several", "unknown", "cannot_tell"};
  std::string set;
  for (const IdentityCandidate* candidate : set_of(results)) {
    set += (set.empty() ? "" : "; ") + candidate->model;
  }
  const IdentityCandidate* claimed =
      results.claimed ? &results.candidates[*results.claimed] : nullptr;
  table.rows.push_back(
      {text_cell(kAnswers[static_cast<std::size_t>(results.answer)]), text_cell(set),
       text_cell(claimed != nullptr ? claimed->model : ""), text_cell(claim_answer(results)),
       p_value_cell(claimed != nullptr ? std::optional(claimed->p) : std::nullopt),
       number_cell(results.options.level), text_cell(printable(results.label)),
       count_cell(results.runs), count_cell(results.tasks), count_cell(results.common_tasks)});
  return table;
}

DataCell count_or_dash(const std::optional<std::size_t>& count) {
  return number_cell(count ? std::optional(static_cast<double>(*count)) : std::nullopt, 0);
}

DataTable candidate_table(const IdentifyResults& results) {
  DataTable table("candidates",
                  fmt::format("Candidates: {} reference models", results.candidates.size()),
                  {"model", "in_set", "fit", column("p_value", "p"),
                   column("actions_p", "p actions"), column("wording_p", "p wording"),
                   column("serving_p", "p serving"), column("reference_tasks", "tasks"),
                   file_column("least_p"), "runs_needed", column("foreign_noticed", "foreign")});
  for (const IdentityCandidate& candidate : results.candidates) {
    table.rows.push_back(
        {text_cell(printable(candidate.model)),
         candidate.tested ? text_cell(candidate.in_set ? "yes" : "no")
                          : number_cell(std::nullopt, 0, "no reference run of these benchmarks"),
         number_cell(candidate.fit, 2), p_value_cell(candidate.p),
         p_value_cell(candidate.channel_p[0]), p_value_cell(candidate.channel_p[1]),
         p_value_cell(candidate.channel_p[2]), count_cell(candidate.own_tasks),
         number_cell(candidate.least_p), count_or_dash(candidate.runs_needed),
         count_or_dash(candidate.foreign_noticed)});
  }
  std::string counted;
  for (const IdentityChannel channel : results.options.channels) {
    counted += fmt::format("{}{}", counted.empty() ? "" : " and ", name_of(channel));
  }
  table.note = fmt::format(
      "in set: p at least {:.3g}; fit: weighed log-likelihood of the runs against the average "
      "candidate ({});\np: rank among groups of the model's own reference runs of other tasks, {} "
      "replicates, seed {}; tasks: that these come from;\nruns needed: of {} to exclude this model "
      "in four of five cases; foreign: so many of its runs among {} of {} would be noticed",
      1 - results.options.level, counted, results.options.replicates, results.options.seed,
      results.candidates[results.examined].model, results.tasks,
      results.candidates[results.examined].model);
  return table;
}

DataTable channel_table(const IdentifyResults& results) {
  DataTable table("channels", "Channels: how many models each leaves by itself",
                  {"channel", "counts", column("consistent", "models left"),
                   column("nearest", "nearest model")});
  for (const IdentityChannelFinding& finding : results.channels) {
    table.rows.push_back(
        {text_cell(name_of(finding.channel)), text_cell(finding.counts ? "yes" : "no"),
         finding.silent ? number_cell(std::nullopt, 0, "the runs show nothing in it")
                        : count_cell(finding.consistent),
         text_cell(finding.silent ? "–" : printable(finding.nearest))});
  }
  table.note =
      "actions: tools and their order; wording: characters, openings, layout, common words; "
      "serving: "
      "key order, white space, call ids, marks in tool names, which come from who serves a model";
  return table;
}

DataTable run_table(const IdentifyResults& results) {
  DataTable table(
      "runs",
      fmt::format("Runs, the least like {} first", results.candidates[results.examined].model),
      {file_column("benchmark"), file_column("domain"), elastic_column("task_id", "task"), "trial",
       file_column("label"), column("nearest", "nearest model"), "lead", "next",
       column("p_value", "p"), "foreign"});
  std::vector<const RunIdentity*> order;
  for (const RunIdentity& run : results.labels) order.push_back(&run);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->p < b->p; });
  for (const RunIdentity* run : order) {
    table.rows.push_back(
        {text_cell(run->task.benchmark), text_cell(run->task.domain),
         text_cell(printable(run->task.task_id)),
         count_cell(static_cast<std::size_t>(std::max<std::int64_t>(0, run->trial))),
         text_cell(printable(run->label)), text_cell(printable(run->nearest)),
         number_cell(run->lead, 2), text_cell(printable(run->next)), p_value_cell(run->p),
         tells_single_runs(results)
             ? text_cell(run->foreign ? "yes" : "no")
             : number_cell(std::nullopt, 0, "the reference tasks allow no p value so low")});
  }
  table.most_shown = kRunsShown;
  table.note = fmt::format(
      "nearest, next: whom this run alone fits best, and by what lead; p: under {}; foreign: p "
      "below "
      "{:.3g}",
      results.candidates[results.examined].model, 1 - results.options.level);
  return table;
}

}  // namespace

std::string identify_verdict(const IdentifyResults& results) {
  constexpr std::string (*kTexts[])(const IdentifyResults&) = {one_text, several_text, unknown_text,
                                                               nothing_text};
  std::string text = kTexts[static_cast<std::size_t>(results.answer)](results);
  if (results.runs == 1 && text.starts_with("This run are")) text.replace(0, 12, "This run is");
  if (results.common_tasks == 0 && results.answer != IdentityAnswer::kNothing) {
    text.insert(0,
                "No task of these runs is among those of the references, so the level is not "
                "promised and this is a hint at most. ");
  }
  return text + untested_text(results) + claim_text(results) + channels_text(results) +
         mixture_text(results) + foreign_text(results);
}

DataReport identify_report(const IdentifyResults& results) {
  DataReport report("identify", "Identity of the runs");
  report.verdict.found = identify_verdict(results);
  report.verdict.elsewhere =
      "The set can only hold models that are among the references; whether an agent of one name "
      "changed is what `agentecho drift` asks.";
  report.tables = {answer_table(results), candidate_table(results), channel_table(results),
                   run_table(results)};
  add_warnings(results.warnings, report);
  return report;
}

std::string_view claim_answer(const IdentifyResults& results) {
  if (!results.claimed) return "";
  const IdentityCandidate& claimed = results.candidates[*results.claimed];
  if (results.answer == IdentityAnswer::kNothing || !claimed.tested) return "cannot_tell";
  return claimed.in_set ? "yes" : "no";
}

std::optional<std::string> claim_failure(const IdentifyResults& results, const ClaimGate& gate) {
  const std::string_view answer = claim_answer(results);
  if (gate.mismatch && answer == "no") {
    return fmt::format("the runs are not consistent with {}",
                       results.candidates[*results.claimed].model);
  }
  if (gate.cannot_tell && answer == "cannot_tell") {
    return fmt::format("whether the runs are consistent with {} cannot be told",
                       results.candidates[*results.claimed].model);
  }
  return std::nullopt;
}

namespace {

// "82.6 % of single runs fit their own model best, and for 12.0 % it is the only one in the set"
std::string found_by(const IdentityCheckRow& row) {
  return fmt::format("{} fit their own model best, and for {} it alone is in the set",
                     row.size == 1
                         ? fmt::format("{} of single runs", percent(*row.first))
                         : fmt::format("{} of groups of {}", percent(*row.first), row.size),
                     percent(*row.named));
}

std::string check_verdict(const IdentityCheck& check) {
  // The counted channels come first, a row a size.
  const auto rows = std::span(check.rows).first(check.options.sizes.size());
  const IdentityCheckRow* first = nullptr;
  const IdentityCheckRow* last = nullptr;
  for (const IdentityCheckRow& row : rows) {
    if (row.groups == 0) continue;
    if (first == nullptr) first = &row;
    last = &row;
  }
  if (first == nullptr) return "Nothing can be checked: no model has a run that could be held out.";
  std::string text = "Of runs whose model is known, " + found_by(*first);
  if (last != first) text += "; " + found_by(*last);
  text += fmt::format(". {} models, {}.", check.models,
                      check.across ? "profiles of one set of logs, runs of the other"
                                   : fmt::format("by {} folds of tasks", check.options.folds));
  if (last->size < rows.back().size) {
    text += fmt::format(" No model has {} runs of as many tasks in one fold.", rows.back().size);
  }
  if (*last->set_size >= static_cast<double>(check.models)) {
    text += fmt::format(
        " No model was ever excluded: so few tasks allow no p value below {:.2g}. It takes 20 "
        "tasks a fold or more.",
        1 - check.options.identify.level);
  }
  return text;
}

}  // namespace

DataReport identity_check_report(const IdentityCheck& check) {
  DataReport report("identify-check", "Check of the references");
  report.verdict.found = check_verdict(check);
  DataTable present(
      "present", "The right model is among the candidates",
      {"channels", "runs", "groups", "first", column("covered_90", "covered 90 %"),
       column("covered", fmt::format("covered {:g} %", 100 * check.options.identify.level)),
       "named", "misnamed", column("set_size", "set"), "sibling", "stranger"});
  for (const IdentityCheckRow& row : check.rows) {
    present.rows.push_back({text_cell(row.channels), count_cell(row.size), count_cell(row.groups),
                            number_cell(row.first), number_cell(row.covered90),
                            number_cell(row.covered), number_cell(row.named),
                            number_cell(row.misnamed), number_cell(row.set_size, 2),
                            number_cell(row.sibling), number_cell(row.stranger)});
  }
  present.note = fmt::format(
      "first: it fits best; covered: it is in the set; named, misnamed: it, another one, is the "
      "only "
      "one in the set at {:g} %;\nset: models in it on average; sibling, stranger: how often a "
      "model "
      "of the same family, of another one, is in it",
      100 * check.options.identify.level);
  report.tables.push_back(std::move(present));
  if (!check.left_out.empty()) {
    DataTable out("left_out", "The right model is not among the candidates",
                  {"siblings", "runs", "groups", "unknown", column("one", "one name"), "several"});
    for (const LeftOutRow& row : check.left_out) {
      if (row.groups == 0) continue;
      out.rows.push_back({text_cell(row.siblings ? "there" : "left out too"), count_cell(row.size),
                          count_cell(row.groups), number_cell(row.unknown), number_cell(row.one),
                          number_cell(row.several)});
    }
    out.note = "siblings: the other models of its family, by names";
    report.tables.push_back(std::move(out));
  }
  return report;
}

}  // namespace agentecho

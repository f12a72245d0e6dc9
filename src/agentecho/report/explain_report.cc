#include "agentecho/report/explain_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "agentecho/base/enum_names.h"
#include "agentecho/base/text.h"
#include "agentecho/base/version.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/report/json.h"
#include "agentecho/report/phrase_kind.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/report/text_lines.h"
#include "agentecho/report/verdict_text.h"
#include "agentecho/trajectory/role.h"

namespace agentecho {

namespace {

constexpr std::size_t kChoicesShown = 12;

std::string_view name_of(StepKind kind) {
  return name_in<StepKind::kOnlyB>({"same", "same_tool", "only_a", "only_b"}, kind);
}

std::string_view name_of(SharedChoice::Kind kind) {
  return name_in<SharedChoice::Kind::kSameCall>({"calls", "avoids", "sequence", "same_call"}, kind);
}

// --- a pair over all tasks ---

DataTable tasks_table(const Study& study, const TaskShares& shares,
                      const std::vector<std::string>& names) {
  DataTable table("tasks", "Tasks that carry the similarity, strongest first",
                  {file_column("benchmark"), file_column("domain"),
                   elastic_column("task_id", "task"), "rank_score"});
  for (const std::size_t m : shares.metrics) {
    const Metric& metric = study.metrics.metrics[m];
    table.columns.emplace_back(metric.slug, metric.title);
    table.columns.emplace_back(metric.slug + "_excess", metric.title + " excess");
  }
  for (const TaskShare& share : shares.tasks) {
    const TaskKey& task = study.corpus.tasks()[share.task];
    std::vector<DataCell>& row = table.rows.emplace_back();
    row = {text_cell(task.benchmark), text_cell(task.domain),
           named_cell(task.task_id, names[share.task]),
           number_cell(share.rank_score, 2, "no score that differs between the tasks")};
    for (std::size_t k = 0; k < shares.metrics.size(); ++k) {
      row.push_back(number_cell(share.scores[k], 3, "undefined on this task"));
      row.push_back(number_cell(share.excess[k], 3,
                                shares.others == 0 ? "no other model" : "undefined on this task"));
    }
  }
  table.note = shares.others == 0
                   ? "No other model is looked at: ranked by the scores alone, which the task "
                     "may force."
                   : fmt::format(
                         "excess: the score less the mean of the two with {} on the same task. "
                         "rank score: excess in standard deviations, actions and wording weighed "
                         "equally. It says where to look; it is no test.",
                         counted(shares.others, "other model", "other models"));
  if (!shares.even.empty()) {
    std::vector<std::string> titles;
    for (const std::size_t m : shares.even) titles.push_back(study.metrics.metrics[m].title);
    table.note +=
        fmt::format(" Not in the rank score, being the same on all tasks: {}.", listed(titles));
  }
  table.most_shown = kTopRows;
  return table;
}

DataTable habits_table(const Corpus& corpus, const SharedHabits& shared,
                       const std::vector<std::string>& names) {
  DataTable table(
      "habits", "Habits that both have and other models rarely share",
      {wrapped_column("habit"), file_column("tasks_both", "tasks"),
       file_column("tasks_possible", "possible"), file_column("tasks_expected", "expected"),
       "excess", wrapped_column({"rarest_tasks", "look at tasks"})});
  for (const SharedHabit& habit : shared.habits) {
    std::vector<std::string> tasks;
    std::vector<std::string> short_names;
    for (const TaskIndex task : habit.rarest) {
      tasks.push_back(name_in_domain(corpus.tasks()[task]));
      short_names.push_back(names[task]);
    }
    table.rows.push_back({text_cell(in_words(habit)), number_cell(habit.together, 1),
                          count_cell(habit.tasks), number_cell(habit.expected, 1),
                          number_cell(habit.excess, 1),
                          named_cell(fmt::format("{}", fmt::join(tasks, ", ")),
                                     fmt::format("{}", fmt::join(short_names, ", ")))});
  }
  table.note = "excess: tasks on which both do it, beyond those on which two other models do.";
  return table;
}

DataTable rates_table(const SharedHabits& shared) {
  DataTable table("rates", "Rates in which both differ from the others to the same side",
                  {wrapped_column("rate"), column("of_a", "A"), column("of_b", "B"),
                   column("others", "others"), column("others_sd", "SD of others")});
  for (const SharedRate& rate : shared.rates) {
    table.rows.push_back({text_cell(rate.name), percent_cell(rate.a), percent_cell(rate.b),
                          percent_cell(rate.others_mean), percent_cell(rate.others_sd)});
  }
  table.note = "Shares of all runs; both lie more than a standard deviation from the others' mean.";
  return table;
}

DataTable wording_table(const SharedWording& shared) {
  DataTable table(
      "wording", "Wording that both have and other models rarely share",
      {"kind", wrapped_column("what"), column("of_a", "A"), column("of_b", "B"), "others",
       elastic_column("example_a", "run of A"), elastic_column("example_b", "run of B")});
  for (const rps::SharedPhrase& phrase : shared.phrases) {
    table.rows.push_back({text_cell(name_of(phrase.kind)), text_cell(phrase.text),
                          number_cell(phrase.share_a, 2), number_cell(phrase.share_b, 2),
                          number_cell(phrase.share_others, 2), text_cell(phrase.where_a),
                          text_cell(phrase.where_b)});
  }
  for (const rps::SharedHabit& habit : shared.habits) {
    table.rows.push_back({text_cell("habit"), text_cell(habit.name), number_cell(habit.rate_a, 2),
                          number_cell(habit.rate_b, 2), number_cell(habit.others_mean, 2),
                          text_cell(""), text_cell("")});
  }
  table.note = "phrases, openings, closings: share of runs; habits: rates.";
  if (!shared.phrases_known) table.note += " Phrases are not known: feature files hold none.";
  return table;
}

// What the ranking says of all tasks, as the end of a sentence.
std::string ranking_in_words(const TaskShares& shares, const std::vector<std::string>& names) {
  if (shares.tasks.size() < 2) return ", too few to rank.";
  if (!shares.tasks.front().rank_score) {
    return "; none of them stands out, since no score differs between them.";
  }
  std::vector<std::string> strongest;
  for (const TaskShare& share : shares.tasks) {
    if (!share.rank_score || *share.rank_score <= 0 || strongest.size() == 3) break;
    strongest.push_back(names[share.task]);
  }
  if (strongest.empty()) {
    return fmt::format("; on none of them are they more alike than with the other models{}.",
                       shares.even.empty() ? "" : ", in what differs between the tasks");
  }
  return fmt::format("; they are most alike{}, on {} {}.",
                     shares.others == 0 ? "" : ", beyond what other models are",
                     strongest.size() == 1 ? "task" : "tasks", fmt::join(strongest, ", "));
}

VerdictParagraph pair_verdict(const Study& study, const PairExplanation& explained,
                              const std::vector<std::string>& names) {
  const Corpus& corpus = study.corpus;
  const TaskShares& shares = explained.tasks;
  std::string text =
      fmt::format("{} and {} have {} in common", corpus.models()[explained.a],
                  corpus.models()[explained.b], counted(shares.tasks.size(), "task", "tasks"));
  text += ranking_in_words(shares, names);
  if (!explained.habits.habits.empty()) {
    text += fmt::format(" The strongest shared habit: {}.", in_words(explained.habits.habits[0]));
  }
  if (shares.others > 0 && explained.wording && !explained.wording->phrases.empty()) {
    const rps::SharedPhrase& phrase = explained.wording->phrases[0];
    text += fmt::format(
        " The strongest shared phrase: \"{}\", in {} and {} of their runs, others {}.", phrase.text,
        percent(phrase.share_a), percent(phrase.share_b), percent(phrase.share_others));
  }
  VerdictParagraph verdict;
  verdict.found = std::move(text);
  verdict.sureness =
      shares.others == 0
          ? "No other model is looked at, so what the task forces on everybody counts too."
          : "This says where the likeness lies; it is no test.";
  verdict.elsewhere = "Whether it is unusual is what `agentecho evidence` asks.";
  verdict.next = {"agentecho", "explain", corpus.models()[explained.a],
                  corpus.models()[explained.b], "PATHS"};
  if (!shares.tasks.empty() && explained.logs_known) {
    verdict.next.insert(verdict.next.end(), {"--task", names[shares.tasks.front().task]});
  }
  return verdict;
}

// --- two runs ---

std::string call_label(const ExplainedCall& call) {
  return fmt::format("{} [{}, {}{}{}]", printable(call.tool), name_of(call.kind.kind),
                     name_of(call.role), call.kind.guessed ? ", kind guessed" : "",
                     call.error ? ", ERROR" : "");
}

std::string inputs_label(const ExplainedCall& call) {
  std::vector<std::string> parts;
  for (const ExplainedCall::Input& input : call.inputs) {
    parts.push_back(fmt::format("\"{}\" from call {}", printable(input.value), input.call + 1));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// By StepKind.
std::array<std::size_t, 4> count_steps(const RunExplanation& explained) {
  std::array<std::size_t, 4> counts{};
  for (const AlignedStep& step : explained.steps) ++counts[static_cast<std::size_t>(step.kind)];
  return counts;
}

void add_line(std::string& out, std::string_view text) {
  constexpr std::size_t kLongest = 2000;  // arguments and messages may be as long as they like
  out += elided(text, kLongest) + "\n";
}

std::string steps_text(const RunExplanation& explained) {
  std::string out =
      "Calls, aligned\n"
      "(= both make it, ~ same tool with other arguments, A or B: one side only)\n";
  for (std::size_t i = 0; i < explained.steps.size(); ++i) {
    const AlignedStep& step = explained.steps[i];
    const ExplainedCall& call = step.a ? explained.a.calls[*step.a] : explained.b.calls[*step.b];
    const char* mark = step.kind == StepKind::kSame       ? "="
                       : step.kind == StepKind::kSameTool ? "~"
                       : step.kind == StepKind::kOnlyA    ? "A"
                                                          : "B";
    add_line(out, fmt::format("{:>4} {} {}{}", i + 1, mark, call_label(call),
                              explained.first_difference == i ? "  <- they part here" : ""));
    const auto side = [&](const ExplainedRun& run, const std::optional<std::uint32_t>& at,
                          const char* name) {
      if (!at) return;
      const ExplainedCall& one = run.calls[*at];
      add_line(out, fmt::format("       {} call {}: {}", name, *at + 1, printable(one.arguments)));
      if (!one.inputs.empty()) {
        add_line(out, fmt::format("         uses {}", inputs_label(one)));
      }
    };
    side(explained.a, step.a, "A");
    side(explained.b, step.b, "B");
  }
  return out;
}

std::string choices_text(const RunExplanation& explained) {
  if (explained.choices.empty()) return "They share no choice that the task left free.\n";
  std::string out = fmt::format("Choices that both make, rarest first (share of the runs of {})\n",
                                counted(explained.others, "other model", "other models"));
  for (std::size_t i = 0; i < std::min(kChoicesShown, explained.choices.size()); ++i) {
    const SharedChoice& choice = explained.choices[i];
    add_line(out, fmt::format("  {:>5} {}", choice.others ? percent(*choice.others) : "–",
                              printable(in_words(choice))));
  }
  if (explained.choices.size() > kChoicesShown) {
    out += fmt::format("        … and {} more, see --json\n",
                       explained.choices.size() - kChoicesShown);
  }
  return out;
}

// The phrase with a few words around it.
std::string in_context(const ExplainedRun& run, const PhraseInContext::Place& place) {
  constexpr std::size_t kAround = 20;  // bytes before and behind
  const std::string& text = run.messages[place.message].text;
  std::size_t begin = place.begin > kAround ? place.begin - kAround : 0;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  const std::size_t end =
      place.end + utf8_prefix(std::string_view(text).substr(place.end), kAround);
  return fmt::format("{}{}{}", begin > 0 ? "…" : "", text.substr(begin, end - begin),
                     end < text.size() ? "…" : "");
}

std::string phrases_text(const RunExplanation& explained) {
  if (!explained.phrases_known) {
    return "Phrases are not known: they need the logs and the wording metrics.\n";
  }
  if (explained.phrases.empty()) {
    return "No phrase that sets the two models apart from the others is in both runs.\n";
  }
  std::string out =
      "Phrases in both runs that the two models share (share of runs: A, B, others)\n";
  for (const PhraseInContext& phrase : explained.phrases) {
    add_line(out,
             fmt::format("  \"{}\"  {}, {}, {}", printable(phrase.text), percent(phrase.share_a),
                         percent(phrase.share_b), percent(phrase.share_others)));
    for (const auto& [name, run, place] :
         {std::tuple("A", &explained.a, phrase.in_a), std::tuple("B", &explained.b, phrase.in_b)}) {
      add_line(out, fmt::format("     {} message {}: {}", name, place.message + 1,
                                printable(in_context(*run, place))));
    }
  }
  return out;
}

std::string messages_text(const ExplainedRun& run, const char* name) {
  std::string out = fmt::format("Messages of {} with their stages\n", name);
  for (std::size_t m = 0; m < run.messages.size(); ++m) {
    const ExplainedMessage& message = run.messages[m];
    if (message.role == Role::kSystem || message.role == Role::kTool) continue;
    if (!message.reasoning.empty()) {
      add_line(out, fmt::format("{:>4} thinks  {:<14} {}", m + 1, message.reasoning_stage,
                                printable(message.reasoning)));
    }
    if (!trimmed(message.text).empty()) {
      add_line(out, fmt::format("{:>4} {:<7} {:<14} {}", m + 1,
                                message.role == Role::kUser ? "user" : "says", message.text_stage,
                                printable(message.text)));
    }
    if (!message.calls.empty()) {
      std::vector<std::string> calls;
      for (const std::uint32_t call : message.calls) {
        calls.push_back(fmt::format("{} {}", call + 1, printable(run.calls[call].tool)));
      }
      add_line(out, fmt::format("{:>4} calls   {}", m + 1, fmt::join(calls, ", ")));
    }
  }
  return out;
}

VerdictParagraph runs_verdict(const RunExplanation& explained) {
  const auto [same, same_tool, only_a, only_b] = count_steps(explained);
  const auto outcome = [](const ExplainedRun& run) {
    return !run.reward ? "outcome not recorded" : run.success ? "solved" : "not solved";
  };
  std::string text = fmt::format(
      "{}: A = {}, trial {}, {}, {}; B = {}, trial {}, {}, {}. They make the same call {}, the "
      "same tool is called with other arguments {}, A alone makes {} and B alone {}.",
      explained.task, explained.a.model, explained.a.trial,
      counted(explained.a.calls.size(), "call", "calls"), outcome(explained.a), explained.b.model,
      explained.b.trial, counted(explained.b.calls.size(), "call", "calls"), outcome(explained.b),
      counted(same, "time", "times"), counted(same_tool, "time", "times"),
      counted(only_a, "call", "calls"), counted(only_b, "call", "calls"));
  text += explained.first_difference
              ? fmt::format(" They part at step {}.", *explained.first_difference + 1)
              : std::string(" They never part.");
  if (!explained.choices.empty() && explained.choices[0].others) {
    text += fmt::format(" The rarest choice they share: {} ({} of the runs of {}).",
                        in_words(explained.choices[0]), percent(*explained.choices[0].others),
                        counted(explained.others, "other model", "other models"));
  }
  VerdictParagraph verdict;
  verdict.found = std::move(text);
  verdict.sureness = "This is one run of each: what two runs share may be chance.";
  verdict.next = {"agentecho", "explain", explained.a.model, explained.b.model, "PATHS"};
  return verdict;
}

Json run_to_json(const ExplainedRun& run) {
  Json calls = Json::array();
  for (const ExplainedCall& call : run.calls) {
    Json inputs = Json::array();
    for (const ExplainedCall::Input& input : call.inputs) {
      inputs.push_back({{"call", input.call}, {"value", with_valid_utf8(input.value)}});
    }
    calls.push_back({{"tool", with_valid_utf8(call.tool)},
                     {"kind", name_of(call.kind.kind)},
                     {"kind_guessed", call.kind.guessed},
                     {"role", name_of(call.role)},
                     {"error", call.error},
                     {"message", call.message},
                     {"arguments", with_valid_utf8(call.arguments)},
                     {"result", with_valid_utf8(call.result)},
                     {"inputs", std::move(inputs)}});
  }
  Json messages = Json::array();
  for (const ExplainedMessage& message : run.messages) {
    messages.push_back({{"role", name_of(message.role)},
                        {"text", with_valid_utf8(message.text)},
                        {"reasoning", with_valid_utf8(message.reasoning)},
                        {"text_stage", message.text_stage},
                        {"reasoning_stage", message.reasoning_stage},
                        {"calls", message.calls}});
  }
  return {{"model", with_valid_utf8(run.model)}, {"trial", run.trial},
          {"reward", optional_json(run.reward)}, {"success", run.success},
          {"calls", std::move(calls)},           {"messages", std::move(messages)}};
}

Json place_to_json(const PhraseInContext::Place& place) {
  return {{"message", place.message}, {"begin", place.begin}, {"end", place.end}};
}

}  // namespace

DataReport pair_report(const Study& study, const PairExplanation& explained) {
  DataReport report("explain",
                    fmt::format("Why {} and {} look alike", study.corpus.models()[explained.a],
                                study.corpus.models()[explained.b]));
  const std::vector<std::string> names = shortest_names(study.corpus);
  report.verdict = pair_verdict(study, explained, names);
  report.tables.push_back(tasks_table(study, explained.tasks, names));
  report.tables.push_back(habits_table(study.corpus, explained.habits, names));
  report.tables.push_back(rates_table(explained.habits));
  if (explained.wording) report.tables.push_back(wording_table(*explained.wording));
  return report;
}

DataReport runs_report(const RunExplanation& explained) {
  DataReport report("explain", fmt::format("{}: {} (A) beside {} (B)", explained.task,
                                           explained.a.model, explained.b.model));
  report.verdict = runs_verdict(explained);
  const auto add = [&](const char* key, std::string text) {
    report.texts.push_back({key, std::move(text), TextLines::kCut});
  };
  add("calls", steps_text(explained));
  add("choices", choices_text(explained));
  add("phrases", phrases_text(explained));
  add("messages-a", messages_text(explained.a, "A"));
  add("messages-b", messages_text(explained.b, "B"));
  return report;
}

std::string runs_to_json(const RunExplanation& explained, const Provenance& provenance) {
  const VerdictParagraph verdict = runs_verdict(explained);
  Json steps = Json::array();
  for (const AlignedStep& step : explained.steps) {
    steps.push_back(
        {{"kind", name_of(step.kind)}, {"a", optional_json(step.a)}, {"b", optional_json(step.b)}});
  }
  Json choices = Json::array();
  for (const SharedChoice& choice : explained.choices) {
    choices.push_back({{"kind", name_of(choice.kind)},
                       {"tool", with_valid_utf8(choice.tool)},
                       {"next", with_valid_utf8(choice.next)},
                       {"arguments", with_valid_utf8(choice.arguments)},
                       {"others", optional_json(choice.others)}});
  }
  Json phrases = Json::array();
  for (const PhraseInContext& phrase : explained.phrases) {
    phrases.push_back({{"text", with_valid_utf8(phrase.text)},
                       {"share_a", phrase.share_a},
                       {"share_b", phrase.share_b},
                       {"share_others", phrase.share_others},
                       {"in_a", place_to_json(phrase.in_a)},
                       {"in_b", place_to_json(phrase.in_b)}});
  }
  const Json document{{"schema_version", kResultsSchemaVersion},
                      {"kind", "explain"},
                      {"verdict", with_valid_utf8(paragraph_of(verdict))},
                      {"next", with_valid_utf8(shell_line(verdict.next))},
                      {"version", version()},
                      {"provenance", provenance_json(provenance)},
                      {"task", with_valid_utf8(explained.task)},
                      {"others", explained.others},
                      {"annotator", explained.annotator},
                      {"a", run_to_json(explained.a)},
                      {"b", run_to_json(explained.b)},
                      {"steps", std::move(steps)},
                      {"first_difference", optional_json(explained.first_difference)},
                      {"choices", std::move(choices)},
                      {"phrases_known", explained.phrases_known},
                      {"phrases", std::move(phrases)}};
  return document.dump(2) + "\n";
}

}  // namespace agentecho

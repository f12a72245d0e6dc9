#include "agentecho/study/drift.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/figure_options.h"
#include "agentecho/options/option_rules.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/drift_plan_report.h"
#include "agentecho/report/drift_report.h"
#include "agentecho/report/provenance_text.h"
#include "agentecho/run_sets.h"
#include "agentecho/study/drift_plan.h"
#include "agentecho/study/drift_series.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kDriftFigure = {
    "drift",
    "How much further apart baseline and new runs are than runs of one "
    "agent, channel by channel, "
    "with intervals and the margin.",
    "Example:\n  agentecho plot drift --baseline baseline.jsonl runs/v2 -o drift.svg"};

constexpr CommandText kDrift = {
    "drift",
    "Has an agent changed? New runs against baseline runs on the same tasks, beyond the noise "
    "between runs of one agent: changed, the same within a margin, or cannot tell, with what "
    "moved. Gates a pipeline.",
    "Examples:\n"
    "  agentecho drift runs/v1 --save baseline.jsonl\n"
    "  agentecho drift --baseline baseline.jsonl runs/v2 --fail-on changed,worse\n"
    "  agentecho drift --plan --baseline baseline.jsonl\n"
    "  agentecho drift --series runs/v1 runs/v2 runs/v3"};

struct DriftCommand {
  InputOptions logs;  // several sets of inputs are read: each is found when it is loaded
  std::vector<std::string> baseline;
  std::string baseline_model;
  std::string model;
  std::vector<std::string> series;
  std::string teacher;
  std::string control;
  std::vector<std::string> noise_from;
  bool plan = false;
  PlanOptions plan_options;
  DriftOptions options;
  std::vector<std::string> fail_on;
  std::string junit;
  std::string save;
  bool github = false;
  Output output;
};

// What a run of the command gives.
struct DriftAnswer {
  DataReport report;
  std::vector<std::string> next;           // what to type next
  std::vector<std::string> document_next;  // the same in the document, which names no logs
  Provenance provenance;
  std::vector<std::string> warnings;
  std::string before_tables;  // workflow commands
  ExitCode code = kDone;
};

Result<LoadedCorpus> load_side(const DriftCommand& command, const std::vector<std::string>& paths) {
  return load_runs(command.logs, paths, [&](CorpusOptions& corpus) {
    corpus.parts.habits = true;
    corpus.phrases = true;
    corpus.success_is_said_later = command.save.empty() && !command.plan;
  });
}

// A side that the command line names, with the corpus that holds its runs.
struct LoadedSide {
  std::unique_ptr<LoadedCorpus> loaded;
  DriftSide side;
};

Result<LoadedSide> side_of(const DriftCommand& command, const std::vector<std::string>& paths,
                           const std::string& model, const std::string& option) {
  auto loaded = load_side(command, paths);
  if (!loaded) return Unexpected(loaded.error());
  auto owned = std::make_unique<LoadedCorpus>(std::move(*loaded));
  auto side = make_side(*owned, model, option);
  if (!side) return Unexpected(side.error());
  return LoadedSide{std::move(owned), std::move(*side)};
}

BootstrapOptions drawn_by(const DriftOptions& options) {
  return {options.replicates, options.seed, options.level};
}

// Paths of the baseline that are not there. Before a baseline exists, a gate is open.
bool is_missing(const std::vector<std::string>& paths) {
  std::error_code ignored;
  for (const std::string& path : paths) {
    const bool pattern = path == "-" || path.find_first_of("*?[") != std::string::npos;
    if (!pattern && !std::filesystem::exists(path, ignored)) return true;
  }
  return false;
}

Result<DriftAnswer> without_baseline(const DriftCommand& command) {
  DriftAnswer answer;
  const std::string& where = command.baseline.front();
  answer.provenance = make_provenance({}, {.replicates = 0});
  answer.report.name = "drift";
  answer.report.title = "Drift";
  answer.report.verdict.found = fmt::format(
      "No baseline yet: there is nothing at {}, so nothing is compared and no gate is closed. The "
      "line below makes one, which holds counts and no text and can be committed.",
      where);
  answer.next = {"agentecho", "drift", "PATHS", "--save", where};
  answer.document_next = {"agentecho", "drift", "PATHS", "--save", "BASELINE"};
  answer.warnings = {fmt::format("there is no baseline at {}", where)};
  if (!command.junit.empty()) {
    if (auto done = write_output(command.junit, drift_to_junit(answer.warnings.front())); !done) {
      return Unexpected(done.error());
    }
  }
  if (command.github) {
    answer.before_tables =
        "::warning title=agentecho drift::there is no baseline yet, nothing was compared\n";
  }
  return answer;
}

// Words that name a baseline, behind those that are there.
std::vector<std::string> with_baseline(std::vector<std::string> words,
                                       const std::vector<std::string>& paths,
                                       const std::string& model) {
  for (const std::string& path : paths) words.insert(words.end(), {"--baseline", path});
  if (!model.empty()) words.insert(words.end(), {"--baseline-model", model});
  return words;
}

// The same command with words in place of the user's paths. Steps of a series keep their names, as
// in the table of steps.
DriftCommand nameless(DriftCommand command) {
  if (!command.baseline.empty()) command.baseline = {"BASELINE"};
  if (!command.logs.paths.empty()) command.logs.paths = {"PATHS"};
  return command;
}

// The words of the command line that compares new runs with a baseline.
std::vector<std::string> words_comparing_with(const std::vector<std::string>& paths,
                                              const std::string& model) {
  auto words = with_baseline({"agentecho", "drift"}, paths, model);
  words.emplace_back(kNewLogs);
  return words;
}

Result<DriftAnswer> save_baseline(const DriftCommand& command) {
  auto loaded = load_side(command, command.logs.paths);
  if (!loaded) return Unexpected(loaded.error());
  if (auto saved = save_features(*loaded, command.save); !saved) return Unexpected(saved.error());
  DriftAnswer answer;
  answer.report.name = "drift-baseline";
  answer.report.title =
      fmt::format("{}: {} runs of {} tasks", command.save, loaded->corpus.trajectories().size(),
                  loaded->corpus.tasks().size());
  answer.report.verdict.found =
      "The baseline is written: names and counts, no text. Compare new runs of the same tasks with "
      "it.";
  answer.next = words_comparing_with({command.save}, {});
  answer.document_next = words_comparing_with({"BASELINE"}, {});
  answer.provenance = make_provenance({&*loaded}, drawn_by(command.options));
  return answer;
}

Result<DriftAnswer> plan_runs(const DriftCommand& command) {
  const auto& paths = command.baseline.empty() ? command.logs.paths : command.baseline;
  auto baseline = side_of(command, paths, command.baseline_model, "--baseline-model");
  if (!baseline) return Unexpected(baseline.error());
  PlanOptions options = command.plan_options;
  options.level = command.options.level;
  options.margin = command.options.margin;
  auto plan = plan_drift(baseline->side, options);
  if (!plan) return Unexpected(plan.error());
  DriftAnswer answer;
  answer.report = plan_report(*plan);
  answer.next = words_comparing_with(paths, command.baseline_model);
  answer.document_next = words_comparing_with({"BASELINE"}, command.baseline_model);
  answer.provenance = make_provenance({baseline->loaded.get()}, drawn_by(command.options));
  return answer;
}

DriftGate to_gate(const DriftCommand& command) {
  DriftGate gate;
  for (const std::string& what : command.fail_on) {
    gate.changed = gate.changed || what == "changed";
    gate.worse = gate.worse || what == "worse";
    gate.cannot_tell = gate.cannot_tell || what == "cannot-tell";
  }
  return gate;
}

// Appends to the file that GitHub Actions names in the environment.
Result<void> write_job_summary(const DataReport& report, const Provenance& provenance) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return {};
  if (auto spared = spare_inputs(path); !spared) return spared;
  std::FILE* file = std::fopen(path, "ab");
  if (file == nullptr) {
    return fail(ErrorKind::kFailed, fmt::format("{}: cannot write the job summary", path));
  }
  const std::string text = "## AgentEcho: drift\n\n" +
                           render_report(report, {TableStyle::kMarkdown}) +
                           render_provenance(provenance, {.style = TableStyle::kMarkdown}) + "\n";
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) {
    return fail(ErrorKind::kFailed, fmt::format("{}: cannot write the job summary", path));
  }
  return {};
}

// Both sides with what they were loaded from, and what came of comparing them.
struct ComparedSides {
  LoadedSide before;
  LoadedSide after;
  DriftOptions options;
  DriftResults results;
};

Result<ComparedSides> drift_between(const DriftCommand& command) {
  auto before = side_of(command, command.baseline, command.baseline_model, "--baseline-model");
  if (!before) return Unexpected(before.error());
  auto after = side_of(command, command.logs.paths, command.model, "--model");
  if (!after) return Unexpected(after.error());
  DriftOptions options = command.options;
  options.threads = command.logs.threads;
  std::optional<LoadedCorpus> noise;
  if (!command.noise_from.empty()) {
    auto loaded = load_side(command, command.noise_from);
    if (!loaded) return Unexpected(loaded.error());
    noise = std::move(*loaded);
    options.noise = &noise->corpus;
  }
  std::vector<const LoadedCorpus*> all = {before->loaded.get(), after->loaded.get()};
  if (noise) all.push_back(&*noise);
  if (auto alike = require_made_alike(all); !alike) return Unexpected(alike.error());
  auto results = drift(before->side, after->side, options);
  if (!results) return Unexpected(results.error());
  return ComparedSides{std::move(*before), std::move(*after), options, std::move(*results)};
}

// Whether a plan can be made from it: some task has two runs.
bool repeats_a_task(const DriftSide& side) {
  const Corpus& corpus = side.corpus();
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    std::size_t runs = 0;
    for (const ModelIndex model : side.models) runs += corpus.trials(model, task).size();
    if (runs > 1) return true;
  }
  return false;
}

// What to type to see how many runs it takes; nothing where a plan cannot be made.
std::vector<std::string> words_of_plan(const DriftSide& baseline,
                                       const std::vector<std::string>& paths,
                                       const std::string& model) {
  if (!repeats_a_task(baseline)) return {};
  return with_baseline({"agentecho", "drift", "--plan"}, paths, model);
}

// The two sides beside each other, as two models.
std::vector<std::string> words_explaining(const DriftCommand& command,
                                          const ComparedSides& compared) {
  std::vector<std::string> words = {"agentecho", "explain", "before", "after"};
  for (const std::string& path : command.baseline) {
    words.insert(words.end(), {"--named", "before=" + path});
  }
  for (const std::string& path : command.logs.paths) {
    words.insert(words.end(), {"--named", "after=" + path});
  }
  // Phrases are those of logs; feature files have none.
  if (compared.before.loaded->phrases.empty() || compared.after.loaded->phrases.empty()) {
    words.insert(words.end(), {"--metrics", "ags"});
  }
  return words;
}

// Where a change is shown, what differs; else how many runs it takes to tell, or to say "same"
// within less.
std::vector<std::string> next_of(const DriftCommand& command, const ComparedSides& compared) {
  const DriftResults& results = compared.results;
  if (results.verdict == Verdict::kChanged) {
    const bool several_agents = !command.baseline_model.empty() || !command.model.empty();
    return several_agents ? std::vector<std::string>{} : words_explaining(command, compared);
  }
  if (results.all_copies()) return {};
  if (results.noise_tasks > 0 || results.lent_noise) {
    return words_of_plan(compared.before.side, command.baseline, command.baseline_model);
  }
  auto words = with_baseline({"agentecho", "drift"}, command.baseline, command.baseline_model);
  if (!command.model.empty()) words.insert(words.end(), {"--model", command.model});
  words.insert(words.end(), command.logs.paths.begin(), command.logs.paths.end());
  words.insert(words.end(), {"--noise-from", kNewLogs});
  return words;
}

void say_gate(const std::optional<std::string>& failure, const DriftGate& gate,
              DriftAnswer& answer) {
  if (failure) {
    answer.code = kGateTripped;
    answer.report.notes.push_back(fmt::format("Gate: {} (exit code 4).", *failure));
  } else if (gate.any()) {
    answer.report.notes.emplace_back("Gate: open (exit code 0).");
  }
}

Result<DriftAnswer> compare_sides(const DriftCommand& command) {
  auto compared = drift_between(command);
  if (!compared) return Unexpected(compared.error());
  const LoadedSide* const before = &compared->before;
  const LoadedSide* const after = &compared->after;
  const DriftOptions& options = compared->options;
  DriftResults* const results = &compared->results;
  const std::vector<Moved> phrases =
      moved_phrases(*before->loaded, *after->loaded, before->side.name(), after->side.name());
  results->moved.insert(results->moved.end(), phrases.begin(), phrases.end());
  const DriftGate gate = to_gate(command);
  DriftAnswer answer;
  answer.report = drift_report(*results);
  answer.next = next_of(command, *compared);
  answer.document_next = next_of(nameless(command), *compared);
  answer.provenance =
      make_provenance({before->loaded.get(), after->loaded.get()}, drawn_by(options));
  answer.warnings = results->warnings;
  say_gate(gate_failure(*results, gate), gate, answer);
  if (!command.junit.empty()) {
    if (auto done = write_output(command.junit, drift_to_junit(*results, gate)); !done) {
      return Unexpected(done.error());
    }
  }
  if (command.github) {
    if (auto done = write_job_summary(answer.report, answer.provenance); !done)
      return Unexpected(done.error());
    answer.before_tables = drift_to_annotations(*results, gate);
  }
  return answer;
}

// GitHub takes no commands from it: words of the logs may look like one at the beginning of a line
// (docs.github.com, "Workflow commands", stop-commands). Nobody can write into the logs what ends
// this, since it is a digest of all the text.
std::string without_commands(const std::string& text) {
  const std::string token = "agentecho-" + to_hex(digest_of(text));
  return fmt::format("::stop-commands::{}\n{}\n::{}::\n", token, text, token);
}

Result<DriftAnswer> compare_series(const DriftCommand& command) {
  std::vector<LoadedSide> loaded;
  std::vector<SeriesStep> steps;
  for (const std::string& path : command.series) {
    auto side = side_of(command, {path}, command.model, "--model");
    if (!side) return Unexpected(side.error());
    steps.push_back({path, side->side});
    loaded.push_back(std::move(*side));
  }
  std::optional<LoadedSide> teacher;
  std::optional<LoadedSide> control;
  if (command.teacher.empty() != command.control.empty()) {
    return fail(
        ErrorKind::kUsage, "--teacher and --control go together",
        "movement toward a teacher means little unless a control is not approached as much");
  }
  if (!command.teacher.empty()) {
    auto one = side_of(command, {command.teacher}, {}, "--teacher with logs of one model");
    if (!one) return Unexpected(one.error());
    teacher = std::move(*one);
    auto other = side_of(command, {command.control}, {}, "--control with logs of one model");
    if (!other) return Unexpected(other.error());
    control = std::move(*other);
  }
  std::vector<const LoadedCorpus*> all;
  for (const LoadedSide& side : loaded) all.push_back(side.loaded.get());
  std::vector<const LoadedCorpus*> with_anchors = all;
  for (const auto* const anchor : {&teacher, &control}) {
    if (*anchor) with_anchors.push_back((*anchor)->loaded.get());
  }
  if (auto alike = require_made_alike(with_anchors); !alike) return Unexpected(alike.error());
  DriftOptions options = command.options;
  options.threads = command.logs.threads;
  auto results = drift_series(steps, teacher ? &teacher->side : nullptr,
                              control ? &control->side : nullptr, options);
  if (!results) return Unexpected(results.error());
  DriftAnswer answer;
  answer.report = series_report(*results);
  if (results->change) {
    const SeriesChange& change = *results->change;
    const std::string& from = command.series[change.from_here_on ? change.step - 1 : 0];
    answer.next = with_baseline({"agentecho", "drift"}, {from}, command.model);
    if (!command.model.empty()) {
      answer.next.insert(answer.next.end(), {"--model", command.model});
    }
    answer.next.push_back(command.series[change.step]);
  } else {
    answer.next = words_of_plan(steps.front().side, {command.series.front()}, command.model);
  }
  answer.document_next = answer.next;
  answer.provenance = make_provenance(all, drawn_by(options));
  const DriftGate gate = to_gate(command);
  const bool shut = gate.changed && results->change;
  say_gate(shut ? std::optional<std::string>("the agent has changed") : std::nullopt, gate, answer);
  return answer;
}

// Runs that a mode would not look at, and gates that it does not have.
Result<void> nothing_idle(const DriftCommand& command) {
  if (!command.logs.paths.empty() && !command.series.empty()) {
    return fail(ErrorKind::kUsage,
                fmt::format("{}: --series names all its runs", command.logs.paths.front()),
                "put it among the steps, or leave it out");
  }
  if (!command.logs.paths.empty() && command.plan && !command.baseline.empty()) {
    return fail(ErrorKind::kUsage,
                fmt::format("{}: --plan looks at the baseline alone", command.logs.paths.front()),
                "leave it out, or leave --plan out to compare");
  }
  const DriftGate gate = to_gate(command);
  if (!command.series.empty() && (gate.worse || gate.cannot_tell)) {
    return fail(ErrorKind::kUsage, "of a series --fail-on knows changed alone",
                "compare two of its steps for the others: --baseline STEP STEP");
  }
  return {};
}

Result<DriftAnswer> run(const DriftCommand& command) {
  if (auto good = nothing_idle(command); !good) return Unexpected(good.error());
  if (!command.save.empty()) return save_baseline(command);
  if (command.plan) return plan_runs(command);
  if (!command.series.empty()) return compare_series(command);
  if (command.baseline.empty()) {
    return fail(ErrorKind::kUsage, "nothing to compare with: no baseline is named",
                "--baseline FILE names it; `agentecho drift LOGS --save FILE` makes one");
  }
  if (is_missing(command.baseline)) return without_baseline(command);
  return compare_sides(command);
}

Result<Answer> run_drift(const DriftCommand& command) {
  auto drifted = run(command);
  if (!drifted) return Unexpected(drifted.error());
  Answer answer = answer_with_next(drifted->report, drifted->next, drifted->document_next,
                                   drifted->provenance, command.output);
  if (command.github && !command.output.json) answer.text = without_commands(answer.text);
  if (!command.output.json) answer.text = drifted->before_tables + answer.text;
  if (!command.logs.quiet) answer.warnings = drifted->warnings;
  answer.code = drifted->code;
  return answer;
}

// What is compared, and how.
void add_side_options(CLI::App& command, DriftCommand& options) {
  add_input_options(command, options.logs, InputUse::kGraphs, "--named");
  add_task_filters(command, options.logs);
  add_repeated(command, "--baseline", options.baseline,
               "Baseline runs: logs, or a feature file that --save made. Where it is not there "
               "yet: a warning and exit code 0",
               "PATH")
      ->each(note_input);
  add_value(command, "--baseline-model", options.baseline_model,
            "The agent of the baseline, where it holds several", "MODEL");
  add_value(command, "--model", options.model, "The agent of the new runs, where they hold several",
            "MODEL");
  add_repeated(command, "--noise-from", options.noise_from,
               "Runs that lend their noise where baseline and new runs have one run of each "
               "task: several runs of a like agent",
               "PATH")
      ->each(note_input);
  add_number(command, "--margin", options.options.margin,
             "\"Same\" means: no further than this share of the noise between runs", "X", 0.01, 10);
  add_level_option(command, options.options.level,
                   "Level of the verdict and the intervals; a change is called one below 1 - P");
  add_whole_number(command, "--replicates", options.options.replicates,
                   "Re-labellings, and replicates of the bootstrap", 99, 1000000);
  add_seed_option(command, options.options.seed, "Seed of re-labellings and bootstrap");
}

void add_series_options(CLI::App& command, DriftCommand& options) {
  const OptionSection section(command, "Several steps");
  add_value(command, "--series", options.series,
            "Steps in place of baseline and new runs: releases, dates or checkpoints, the "
            "first first; repeat or list",
            "DIR...");
  add_value(command, "--teacher", options.teacher,
            "With --series: movement toward the agent of these logs over the steps", "PATH")
      ->each(note_input);
  add_value(command, "--control", options.control,
            "With --teacher: an agent that had no part in it", "PATH")
      ->each(note_input);
  exclude(command, "--series", {"--baseline", "--baseline-model", "--noise-from"});
  need(command, {"--teacher", "--control"}, "--series");
}

void add_plan_options(CLI::App& command, DriftCommand& options) {
  const OptionSection section(command, "Planning");
  command.add_flag("--plan", options.plan,
                   "How many tasks and runs it would take, from the baseline alone");
  add_number(command, "--change", options.plan_options.change,
             "With --plan: the change to be seen, in units of the noise", "X", 0.01, 100);
  add_number(command, "--power", options.plan_options.power,
             "With --plan: how surely it is to be seen", "P", 0.5, 0.999);
  exclude(command, "--plan", {"--model", "--series", "--noise-from"});
  need(command, {"--change", "--power"}, "--plan");
}

void add_gate_options(CLI::App& command, DriftCommand& options) {
  const OptionSection section(command, "Continuous integration");
  add_list(command, "--fail-on", options.fail_on,
           "Exit code 4 on: changed, worse (success fell beyond noise), cannot-tell; "
           "separated by commas",
           "WHAT,...")
      ->check(CLI::IsMember({"changed", "worse", "cannot-tell"}));
  add_value(command, "--junit", options.junit,
            "Write a JUnit report, one test a channel; a test fails only where --fail-on says so",
            "FILE");
  command.add_flag("--github", options.github,
                   "Annotations for GitHub Actions on standard output, and the job summary where "
                   "GITHUB_STEP_SUMMARY names its file");
  add_value(command, "--save", options.save,
            "Write the runs as a feature file, to be the baseline of later comparisons; it "
            "holds names and counts, no text",
            "FILE");
  exclude(command, "--plan", {"--fail-on", "--junit", "--github"});
  exclude(command, "--series", {"--junit", "--github"});
}

void setup_drift(CLI::App& command, DriftCommand& options) {
  add_side_options(command, options);
  add_series_options(command, options);
  add_plan_options(command, options);
  add_gate_options(command, options);
  add_report_options(command, options.output);
  exclude(command, "--save",
          {"--baseline", "--baseline-model", "--model", "--series", "--noise-from", "--plan",
           "--margin", "--fail-on", "--junit", "--github", "--html"});
}

struct DriftFigure : DriftCommand {
  std::string file;
};

Result<Answer> run_drift_figure(const DriftFigure& command) {
  if (auto good = check_figure_file(command.file); !good) return Unexpected(good.error());
  auto compared = drift_between(command);
  if (!compared) return Unexpected(compared.error());
  if (!command.logs.quiet) report_warnings(compared->results.warnings);
  return write_figure(command.file, plot_dots(drift_figure(compared->results)), command.logs.quiet);
}

void setup_drift_figure(CLI::App& command, DriftFigure& options) {
  add_side_options(command, options);
  command.get_option("--baseline")->required();
  add_figure_option(command, options.file);
}

}  // namespace

void add_drift_figure(CLI::App& plot) {
  add_command(plot, kDriftFigure, setup_drift_figure, run_drift_figure);
}

void add_drift(CLI::App& app) { add_command(app, kDrift, setup_drift, run_drift); }

}  // namespace agentecho::cli

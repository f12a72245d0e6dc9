#include "agentecho/commands/explain.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/select.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/explain_report.h"

namespace agentecho::cli {

namespace {

constexpr std::size_t kHabits = 8;
constexpr std::size_t kPhrases = 8;

struct ExplainCommand {
  std::string a;
  std::string b;
  std::string task;
  std::optional<std::int64_t> trial;
  StudyOptions study;
};

// Why the two models look alike over all tasks.
int explain_pair(const ExplainCommand& command) {
  const StudyOptions& options = command.study;
  const auto prepared =
      prepare_study(options, [&](CorpusOptions& corpus) { corpus.phrases = !options.action_only; });
  if (!prepared) return fail_with(prepared.error(), options.json);
  const Corpus& corpus = prepared->loaded.corpus;
  const auto a = require_model(corpus, command.a);
  if (!a) return fail_with(a.error(), options.json);
  const auto b = require_model(corpus, command.b);
  if (!b) return fail_with(b.error(), options.json);
  const Study study = prepared->study(options);
  PairExplanation explained;
  explained.a = *a;
  explained.b = *b;
  explained.tasks = share_among_tasks(study, *a, *b);
  if (explained.tasks.tasks.empty()) {
    return fail_with({ErrorKind::kInput,
                      "\"" + command.a + "\" and \"" + command.b + "\" have no task in common", ""},
                     options.json);
  }
  explained.habits = HabitFinder(corpus, prepared->split).find(*a, *b, kHabits);
  if (prepared->wording) explained.wording = shared_wording(prepared->loaded, *a, *b, kPhrases);
  return publish_report(pair_report(study, explained), *prepared, options);
}

// Two runs of one task beside each other.
int explain_task(const ExplainCommand& command) {
  const InputOptions& input = command.study.input;
  const bool json = command.study.json;
  ConsoleProgress progress(input.quiet);
  const StopOnSignal stop_on_signal;
  auto options = to_corpus_options(input, progress);
  if (!options) return fail_with(options.error(), json);
  options->phrases = !command.study.action_only;
  Selection selection;
  selection.models = {command.a, command.b};
  selection.task = command.task;
  selection.trial = command.trial;
  selection.others = true;
  const auto selected = select_trajectories(*options, selection);
  if (!selected) return fail_with(selected.error(), json);
  const auto reported = report_losses(selected->loaded.report, input);
  if (!reported) return fail_with(reported.error(), json);
  ExplainRunsOptions how;
  auto pool = require_models(selected->loaded.corpus, command.study.pool);
  if (!pool) return fail_with(pool.error(), json);
  how.pool = std::move(*pool);
  const auto explained = explain_runs(*selected, how);
  if (!explained) return fail_with(explained.error(), json);
  if (json) return print_data(runs_to_json(*explained));
  return print_data(render_runs(*explained, stdout_columns()));
}

int run_explain(const ExplainCommand& command) {
  if (command.a == command.b) {
    return fail_with({ErrorKind::kUsage, "\"" + command.a + "\" is like itself in everything",
                      "name two models"},
                     command.study.json);
  }
  return command.task.empty() ? explain_pair(command) : explain_task(command);
}

}  // namespace

void setup_explain(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ExplainCommand>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "Why two models look alike: the tasks that carry the similarity, shared habits and phrases; "
      "with --task, a run of each aligned call by call, and how rare the choices are that both "
      "make.");
  command->add_option("A", options->a, "Model")->type_name("MODEL")->required();
  command->add_option("B", options->b, "Model to compare it with")->type_name("MODEL")->required();
  add_study_options(*command, options->study);
  command
      ->add_option("--task", options->task,
                   "Task id; domain/task or benchmark/domain/task where ids repeat")
      ->type_name("TASK");
  command->add_option("--trial", options->trial, "Trial; without it, the first")->type_name("N");
  command->footer(
      "Examples:\n"
      "  agentecho explain sim-alder-1 sim-alder-2 examples/simulated\n"
      "  agentecho explain sim-alder-1 sim-alder-2 examples/simulated --task 7");
  command->callback([&exit_code, options] { exit_code = run_explain(*options); });
}

}  // namespace agentecho::cli

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/next_command.h"
#include "agentecho/report/inspect_report.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kInspect = {
    "inspect",
    "Say what is in the logs: models, domains, tasks, trials, success, "
    "calls, errors, reasoning; tools with their kind; dropped and "
    "malformed records by reason.",
    "Examples:\n"
    "  agentecho inspect results/\n"
    "  agentecho inspect results/ --json"};

struct InspectCommand {
  InputOptions input;
  Output output;
};

Result<Answer> run_inspect(const InspectCommand& command) {
  // All that is there is shown, also where no score should be made of it.
  InputOptions input = command.input;
  input.allow_partial = true;
  auto loaded = load_inputs(
      input, [](CorpusOptions&) {}, ValidityGate::kShows);
  if (!loaded) return Unexpected(loaded.error());
  VerdictParagraph verdict = inspection_verdict(*loaded);
  Answer answer;
  if (command.output.json) {
    answer.text = inspection_to_json(*loaded, verdict);
  } else {
    complete_next(verdict);
    answer.text = render_inspection(*loaded, verdict, command.output.view());
  }
  const bool partial =
      !loaded->validity.empty() && loaded->validity.front().severity == Severity::kLoss;
  if (partial && !command.input.allow_partial) answer.code = kInvalidInput;
  return answer;
}

void setup_inspect(CLI::App& command, InspectCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  add_task_filters(command, options.input);
  add_output_options(command, options.output);
}

}  // namespace

void add_inspect(CLI::App& app) { add_command(app, kInspect, setup_inspect, run_inspect); }

}  // namespace agentecho::cli

#include "agentecho/commands/evaluate.h"

#include <memory>
#include <string>
#include <utility>

#include "agentecho/console.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/report/evaluate_report.h"
#include "agentecho/study/evaluate.h"

namespace agentecho::cli {

namespace {

struct EvaluateCommand {
  InputOptions input;
  std::string kind;
  std::string gold;
  BootstrapOptions bootstrap;
  bool json = false;
};

Result<Evaluation> evaluate_as_told(const EvaluateCommand& command) {
  auto kind = parse_gold_kind(command.kind);
  if (!kind) return Unexpected(kind.error());
  auto gold = read_text_file(command.gold);
  if (!gold) return Unexpected(gold.error());
  ConsoleProgress progress(command.input.quiet);
  const StopOnSignal stop_on_signal;
  auto inputs = to_corpus_options(command.input, progress);
  if (!inputs) return Unexpected(inputs.error());
  EvaluateOptions options;
  options.kind = *kind;
  options.gold_file = command.gold;
  options.gold = std::move(*gold);
  options.load = std::move(inputs->load);
  options.verifier = command.input.verifier;
  options.bootstrap = command.bootstrap;
  return evaluate(options);
}

int run_evaluate(const EvaluateCommand& command) {
  auto evaluation = evaluate_as_told(command);
  if (!evaluation) return fail_with(evaluation.error(), command.json);
  LoadReport report;
  report.diagnostics = evaluation->diagnostics;
  if (auto reported = report_losses(report, command.input); !reported) {
    return fail_with(reported.error(), command.json);
  }
  if (command.json) return print_data(evaluation_to_json(*evaluation));
  return print_data(render_evaluation(*evaluation, stdout_columns(), stdout_takes_colour()));
}

}  // namespace

void setup_evaluate(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<EvaluateCommand>();
  CLI::App* command =
      app.add_subcommand("evaluate",
                         "Measure the local stage annotator, the dependency verifier or the local "
                         "judge against labels of your own: "
                         "accuracy, kappa, confusion; rank correlation, mean absolute error.");
  command->add_option("KIND", options->kind, "What to measure: stages, edges or rps")
      ->required()
      ->check(CLI::IsMember({"stages", "edges", "rps"}));
  add_input_options(*command, options->input, InputUse::kGraphs);
  command
      ->add_option("--gold", options->gold, "Labels, one JSON object a line; docs/gold-format.md")
      ->type_name("FILE")
      ->required();
  add_bootstrap_options(*command, options->bootstrap);
  add_json_option(*command, options->json);
  command->footer(
      "Examples:\n"
      "  agentecho evaluate stages --gold stages.jsonl results/\n"
      "  agentecho evaluate rps --gold pairs.jsonl results/ --json");
  command->callback([&exit_code, options] { exit_code = run_evaluate(*options); });
}

}  // namespace agentecho::cli

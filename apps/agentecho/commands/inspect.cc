#include "agentecho/commands/inspect.h"

#include <memory>
#include <string>

#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/options/input_options.h"
#include "agentecho/report/inspect_report.h"

namespace agentecho::cli {

namespace {

struct InspectOptions {
  InputOptions input;
  std::string table = "text";
  bool json = false;
};

int run_inspect(const InspectOptions& options) {
  auto style = parse_table_style(options.table);
  if (!style) return fail_with(style.error(), options.json);
  // All that is there is shown, also where no score should be made of it.
  InputOptions input = options.input;
  input.allow_partial = true;
  auto loaded = load_inputs(
      input, [](CorpusOptions&) {}, ValidityGate::kShows);
  if (!loaded) return fail_with(loaded.error(), options.json);
  const int printed = print_data(
      options.json ? inspection_to_json(*loaded)
                   : render_inspection(*loaded, *style, stdout_columns(), stdout_takes_colour()));
  const bool partial =
      !loaded->validity.empty() && loaded->validity.front().severity == Severity::kLoss;
  return printed == kDone && partial && !options.input.allow_partial ? kInvalidInput : printed;
}

}  // namespace

void setup_inspect(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App* command =
      app.add_subcommand("inspect",
                         "Say what is in the logs: models, domains, tasks, trials, success, calls, "
                         "errors, reasoning; tools "
                         "with their kind; dropped and malformed records by reason.");
  add_input_options(*command, options->input, InputUse::kGraphs);
  command->add_option("--format", options->table, "Style of the tables: text, markdown or latex")
      ->type_name("STYLE")
      ->capture_default_str();
  command->add_flag("--json", options->json, "One JSON document on standard output instead");
  command->callback([&exit_code, options] { exit_code = run_inspect(*options); });
}

}  // namespace agentecho::cli

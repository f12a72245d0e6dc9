#include "agentecho/cli.h"

#include <exception>
#include <new>
#include <string>

#include "agentecho/commands/agreement.h"
#include "agentecho/commands/attribute.h"
#include "agentecho/commands/cache.h"
#include "agentecho/commands/compare.h"
#include "agentecho/commands/completion.h"
#include "agentecho/commands/convert.h"
#include "agentecho/commands/distill.h"
#include "agentecho/commands/evaluate.h"
#include "agentecho/commands/evidence.h"
#include "agentecho/commands/experiment.h"
#include "agentecho/commands/explain.h"
#include "agentecho/commands/graph.h"
#include "agentecho/commands/inspect.h"
#include "agentecho/commands/plot.h"
#include "agentecho/commands/prompts.h"
#include "agentecho/commands/reference.h"
#include "agentecho/commands/report.h"
#include "agentecho/commands/simulate.h"
#include "agentecho/commands/study.h"
#include "agentecho/commands/version.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/help.h"

namespace agentecho::cli {

std::unique_ptr<CLI::App> make_app(int& exit_code) {
  auto app = std::make_unique<CLI::App>(
      "How alike two LLM agents behave where the task leaves them a choice: which optional tools "
      "they\n"
      "call, in which order, and what they reuse. Reads tau-bench, tau2-bench and chat logs.",
      "agentecho");
  app->require_subcommand(1);
  app->formatter(make_help_formatter());
  setup_inspect(*app, exit_code);
  setup_compare(*app, exit_code);
  setup_graph(*app, exit_code);
  setup_explain(*app, exit_code);
  setup_report(*app, exit_code);
  setup_plot(*app, exit_code);
  setup_convert(*app, exit_code);
  setup_experiment(*app, exit_code);
  setup_evidence(*app, exit_code);
  setup_distill(*app, exit_code);
  setup_attribute(*app, exit_code);
  setup_evaluate(*app, exit_code);
  setup_agreement(*app, exit_code);
  setup_simulate(*app, exit_code);
  setup_study(*app, exit_code);
  setup_cache(*app, exit_code);
  setup_prompts(*app, exit_code);
  setup_completion(*app, exit_code);
  setup_reference(*app, exit_code);
  setup_version(*app, exit_code);
  // Commands inherit what is set before they are added; this footer is the program's own.
  app->footer(
      "Start here:\n"
      "  agentecho inspect results/                       what is there\n"
      "  agentecho compare results/                       every pair of models\n"
      "  agentecho compare results/ --reference MODEL     all models against one\n"
      "\n"
      "Exit codes: 0 done, 1 failed or incomplete, 2 wrong usage, 3 invalid input, 5 stopped by "
      "a\n"
      "budget (the same command goes on), 130 interrupted (4 is reserved). Data go to standard\n"
      "output, everything else to standard error. `agentecho COMMAND --help` explains each "
      "command.");
  return app;
}

int run_program(int argc, const char* const* argv) {
  prepare_process();
  set_command_line(argc, argv);
  int exit_code = kDone;
  const auto app = make_app(exit_code);
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_data(help_of(*app));
  } catch (const CLI::ParseError& error) {
    report_error(usage_error(*app, error));
    return kUsageError;
  } catch (const std::bad_alloc&) {
    report_error(
        {ErrorKind::kFailed, "out of memory", "use fewer --threads, or a smaller --max-record-mb"});
    return kFailedOrIncomplete;
  } catch (const std::exception& error) {
    report_error({ErrorKind::kFailed, std::string("internal error: ") + error.what(), {}});
    return kFailedOrIncomplete;
  }
  return exit_code;
}

}  // namespace agentecho::cli

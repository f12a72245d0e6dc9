#include "agentecho/cli.h"

#include <exception>
#include <new>
#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/help.h"

namespace agentecho::cli {

std::unique_ptr<CLI::App> make_app() {
  auto app = std::make_unique<CLI::App>(
      "How alike two LLM agents behave where the task leaves them a choice: which optional tools "
      "they\n"
      "call, in which order, and what they reuse. Reads tau-bench, tau2-bench and chat logs.",
      "agentecho");
  app->require_subcommand(1);
  app->formatter(make_help_formatter());
  add_inspect(*app);
  add_compare(*app);
  add_graph(*app);
  add_explain(*app);
  add_report(*app);
  add_plot(*app);
  add_convert(*app);
  add_extract(*app);
  add_experiment(*app);
  add_evidence(*app);
  add_distill(*app);
  add_attribute(*app);
  add_drift(*app);
  add_evaluate(*app);
  add_agreement(*app);
  add_simulate(*app);
  add_study(*app);
  add_cache(*app);
  add_prompts(*app);
  add_completion(*app);
  add_reference(*app);
  add_version(*app);
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
  const auto app = make_app();
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print_data(help_of(*app));
  } catch (const CLI::RuntimeError& ended) {
    return ended.get_exit_code();
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
  return kDone;
}

}  // namespace agentecho::cli

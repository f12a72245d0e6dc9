#include "agentecho/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/version.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/completion.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/help.h"
#include "agentecho/options/validators.h"

namespace agentecho::cli {

namespace {

void refuse_empty_values(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    if (option->get_expected_max() > 0) option->check(not_empty());
  }
  for (CLI::App* subcommand : command.get_subcommands({})) refuse_empty_values(*subcommand);
}

// In the order in which help lists them.
struct Command {
  std::string_view name;
  void (*add)(CLI::App&);
  bool describes_all = false;  // needs the options of all commands
};
constexpr Command kCommands[] = {
    {"inspect", add_inspect},
    {"compare", add_compare},
    {"graph", add_graph},
    {"explain", add_explain},
    {"report", add_report},
    {"plot", add_plot},
    {"convert", add_convert},
    {"extract", add_extract},
    {"experiment", add_experiment},
    {"evidence", add_evidence},
    {"distill", add_distill},
    {"attribute", add_attribute},
    {"drift", add_drift},
    {"identify", add_identify},
    {"diversity", add_diversity},
    {"evaluate", add_evaluate},
    {"agreement", add_agreement},
    {"simulate", add_simulate},
    {"study", add_study},
    {"cache", add_cache},
    {"prompts", add_prompts},
    {"completion", add_completion, true},
    {"reference", add_reference, true},
    {"version", add_version},
};

// The command that the words name, where they begin with one: only that is set up then, since the
// options of all commands take longer to describe than a small log to read.
std::string_view named_command(int argc, const char* const* argv) {
  const int at = argc > 2 && std::string_view(argv[1]) == "help" ? 2 : 1;
  for (const Command& command : kCommands) {
    if (argc > at && argv[at] == command.name && !command.describes_all) return command.name;
  }
  return {};
}

}  // namespace

std::unique_ptr<CLI::App> make_app(std::string_view only) {
  auto app = std::make_unique<CLI::App>(
      "How alike LLM agents behave where the task leaves them a choice: which optional tools they "
      "call, in which order, what they reuse, and how they put things. Reads the logs of common "
      "agents and benchmarks.",
      "agentecho");
  app->require_subcommand(1);
  app->set_help_all_flag("--help-all", "Help with every option, those of asking an LLM as well");
  app->set_version_flag("--version", std::string(version()), "Print the program's version");
  for (const Command& command : kCommands) {
    if (only.empty() || only == command.name) command.add(*app);
  }
  app->add_subcommand("help", "Explain a command: `agentecho help COMMAND`.");
  refuse_empty_values(*app);
  // Commands inherit what is set before they are added; this footer is the program's own.
  app->footer(
      "Start here:\n"
      "  agentecho inspect results/                    what is there\n"
      "  agentecho compare results/                    every pair of models\n"
      "  agentecho evidence results/                   is any similarity unusual?\n"
      "  agentecho report results/ -o report.html      all of it on one page\n"
      "\n"
      "`agentecho help COMMAND` explains a command.\n"
      "Exit codes: 0 done, 1 failed or incomplete, 2 wrong usage, 3 invalid input,\n"
      "4 a gate tripped, 5 stopped by a budget (the same command goes on), 130\n"
      "interrupted. Data go to standard output, everything else to standard error.");
  return app;
}

namespace {

// `help COMMAND` as `COMMAND --help`, in the order in which the parser takes them: last first. What
// is no command stays alone, for the parser to complain.
std::vector<std::string> words_to_parse(const CLI::App& app, int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    const bool known =
        words.empty() || words.front().starts_with('-') ||
        !app.get_subcommands([&](const CLI::App* one) { return one->check_name(words.front()); })
             .empty();
    if (known) words.emplace_back("--help");
  }
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  prepare_process();
  set_command_line(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == kCompleteWords) {
    return print_data(completions_text(*make_app(), {argv + 2, argv + argc}));
  }
  const auto app = make_app(named_command(argc, argv));
  try {
    app->parse(words_to_parse(*app, argc, argv));
  } catch (const CLI::CallForHelp&) {
    return print_data(help_of(*app, false));
  } catch (const CLI::CallForAllHelp&) {
    return print_data(help_of(*app, true));
  } catch (const CLI::CallForVersion&) {
    return print_data(fmt::format("agentecho {}\n", version()));
  } catch (const CLI::RuntimeError& ended) {
    return ended.get_exit_code();
  } catch (const CLI::ParseError& error) {
    report_error(usage_error(*app, error));
    return kUsageError;
  } catch (const std::bad_alloc&) {
    report_error(out_of_memory(*app));
    return kFailedOrIncomplete;
  } catch (const std::exception& error) {
    report_error({ErrorKind::kFailed, std::string("internal error: ") + error.what(), {}});
    return kFailedOrIncomplete;
  }
  return kDone;
}

}  // namespace agentecho::cli

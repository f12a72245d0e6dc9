// The command line: one subcommand, one file pair in commands/.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace agentecho::cli {

// Parses the arguments, runs the command, reports errors; returns the exit code.
int run_program(int argc, const char* const* argv);

// The program's option data, from which help, docs/cli.md and completions are made. Callbacks of
// the commands leave their exit code in `exit_code`.
std::unique_ptr<CLI::App> make_app(int& exit_code);

}  // namespace agentecho::cli

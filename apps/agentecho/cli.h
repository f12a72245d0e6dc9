// The command line: one subcommand, one file in commands/.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

namespace agentecho::cli {

// Parses the arguments, runs the command, reports errors; returns the exit code.
int run_program(int argc, const char* const* argv);

// The program's option data, from which help, docs/cli.md and completions are made.
std::unique_ptr<CLI::App> make_app();

}  // namespace agentecho::cli

// The command line: one subcommand, one file in commands/.
#pragma once

#include <memory>
#include <string_view>

namespace CLI {
class App;
}

namespace agentecho::cli {

// Parses the arguments, runs the command, reports errors; returns the exit code.
int run_program(int argc, const char* const* argv);

// The program's option data, from which help, docs/cli.md and completions are made; of one command
// alone where `only` names it.
std::unique_ptr<CLI::App> make_app(std::string_view only = {});

}  // namespace agentecho::cli

#include "agentecho/commands/version.h"

#include <fmt/format.h>

#include "agentecho/base/version.h"
#include "agentecho/console.h"

namespace agentecho::cli {

void setup_version(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("version", "Print the program's version.");
  command->callback(
      [&exit_code] { exit_code = print_data(fmt::format("agentecho {}\n", version())); });
}

}  // namespace agentecho::cli

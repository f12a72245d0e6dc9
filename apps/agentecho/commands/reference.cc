#include "agentecho/commands/reference.h"

#include "agentecho/console.h"
#include "agentecho/help.h"

namespace agentecho::cli {

void setup_reference(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "reference", "Print the reference of all commands and options as Markdown (docs/cli.md).");
  command->callback([&app, &exit_code] { exit_code = print_data(markdown_reference(app)); });
}

}  // namespace agentecho::cli

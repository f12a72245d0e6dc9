#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/help.h"

namespace agentecho::cli {

void add_reference(CLI::App& app) {
  add_plain_command(app, "reference",
                    "Print the reference of all commands and options as Markdown (docs/cli.md).",
                    [&app]() -> Result<Answer> { return Answer{markdown_reference(app)}; });
}

}  // namespace agentecho::cli

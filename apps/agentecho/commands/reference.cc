#include "agentecho/base/version.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/help.h"

namespace agentecho::cli {

namespace {

struct ReferenceCommand {
  bool manual = false;
};

}  // namespace

void add_reference(CLI::App& app) {
  add_command<ReferenceCommand>(
      app,
      {"reference",
       "Print the reference of all commands and options as Markdown (docs/cli.md), or as a manual "
       "page."},
      [](CLI::App& command, ReferenceCommand& options) {
        command.add_flag("--man", options.manual, "As a page for man(1)");
      },
      [&app](const ReferenceCommand& options) -> Result<Answer> {
        return Answer{options.manual ? manual_page(app, version()) : markdown_reference(app)};
      });
}

}  // namespace agentecho::cli

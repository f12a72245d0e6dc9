#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/help.h"

namespace agentecho::cli {

namespace {

struct CompletionCommand {
  std::string shell;
};

void setup_completion(CLI::App& command, CompletionCommand& options) {
  command.add_option("SHELL", options.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.footer("For bash: agentecho completion bash > /etc/bash_completion.d/agentecho");
}

}  // namespace

void add_completion(CLI::App& app) {
  add_command<CompletionCommand>(app, "completion", "Print a completion script for a shell.",
                                 setup_completion,
                                 [&app](const CompletionCommand& options) -> Result<Answer> {
                                   return Answer{completion_script(app, options.shell)};
                                 });
}

}  // namespace agentecho::cli

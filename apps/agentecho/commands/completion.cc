#include "agentecho/commands/completion.h"

#include <memory>
#include <string>

#include "agentecho/console.h"
#include "agentecho/help.h"

namespace agentecho::cli {

void setup_completion(CLI::App& app, int& exit_code) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "Print a completion script for a shell.");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer("For bash: agentecho completion bash > /etc/bash_completion.d/agentecho");
  command->callback(
      [&app, &exit_code, shell] { exit_code = print_data(completion_script(app, *shell)); });
}

}  // namespace agentecho::cli

#include "agentecho/completion.h"

#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kCompletion = {
    "completion",
    "Print a script that completes commands, options, their values and names of models.",
    "`cmake --install` puts all three where shells find them. By hand, for bash:\n"
    "  agentecho completion bash > ~/.local/share/bash-completion/completions/agentecho"};

struct CompletionCommand {
  std::string shell;
};

void setup_completion(CLI::App& command, CompletionCommand& options) {
  command.add_option("SHELL", options.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace

void add_completion(CLI::App& app) {
  add_command<CompletionCommand>(app, kCompletion, setup_completion,
                                 [](const CompletionCommand& options) -> Result<Answer> {
                                   return Answer{completion_script(options.shell)};
                                 });
}

}  // namespace agentecho::cli

// Help texts, usage errors and the reference, all from the option data.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "agentecho/base/error.h"

namespace agentecho::cli {

std::shared_ptr<CLI::Formatter> make_help_formatter();

// Help of the subcommand that was being parsed, or of the program.
std::string help_of(const CLI::App& app);

// With the nearest command or option as a hint.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

// docs/cli.md
std::string markdown_reference(const CLI::App& app);

// "bash", "zsh" or "fish"
std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace agentecho::cli

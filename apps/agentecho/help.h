// Help texts, usage errors, the reference and the manual page, all from the option data.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho::cli {

// Help of the subcommand that was being parsed, or of the program: sections of at most 80 columns.
// The options of asking an LLM are counted, and shown where `all`.
std::string help_of(const CLI::App& app, bool all);

// Names on the left, their meaning on the right in at most 80 columns; names that are too long
// stand on a line of their own. With a line break at the end.
std::string two_columns(const std::string& left, const std::string& right);

// With the nearest command or option as a hint.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

// With what takes less memory as a hint.
Error out_of_memory(const CLI::App& app);

// docs/cli.md
std::string markdown_reference(const CLI::App& app);

// agentecho.1, for man(1)
std::string manual_page(const CLI::App& app, std::string_view version);

}  // namespace agentecho::cli

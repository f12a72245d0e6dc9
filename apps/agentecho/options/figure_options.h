// Where a figure is written, and as what: the file's extension decides.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "agentecho/command.h"

namespace agentecho::cli {

// -o
void add_figure_option(CLI::App& command, std::string& file);

// Errors (kUsage): neither .svg, .pdf nor .png; an input.
Result<void> check_figure_file(const std::string& file);

// Errors: those of convert_svg() and of writing.
Result<Answer> write_figure(const std::string& file, std::string_view svg, bool quiet);

}  // namespace agentecho::cli

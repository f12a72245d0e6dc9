// agentecho plot: figures for papers as SVG files.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_plot(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_study(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

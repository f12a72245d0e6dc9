#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_prompts(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

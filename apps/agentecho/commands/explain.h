// agentecho explain: why two models look alike, over all tasks or in two runs of one.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_explain(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

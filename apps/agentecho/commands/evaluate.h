// `agentecho evaluate`: the local backends and the verifier against labels.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_evaluate(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

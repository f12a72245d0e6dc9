#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

// `agentecho experiment stage-ablation`
inline constexpr const char* kStageAblationTable = "Table 6";
inline constexpr const char* kStageAblationExplanation =
    "RPS of stages against RPS of whole trajectories: order of pairs, AUC for families";
void setup_stage_ablation(CLI::App& experiment, int& exit_code);

}  // namespace agentecho::cli

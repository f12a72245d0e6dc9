#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

// `agentecho agreement`
void setup_agreement(CLI::App& app, int& exit_code);

// The same under its name as an experiment of the paper.
inline constexpr const char* kJudgeAgreementTables = "Tables 11-13";
inline constexpr const char* kJudgeAgreementExplanation =
    "one judge under swapped sides, repeats and temperatures, and judges with each other";
void setup_judge_agreement(CLI::App& experiment, int& exit_code);

}  // namespace agentecho::cli

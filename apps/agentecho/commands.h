// All commands, in the order of the help; each is one file of commands/.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void add_inspect(CLI::App& app);
void add_compare(CLI::App& app);
void add_graph(CLI::App& app);
void add_explain(CLI::App& app);
void add_report(CLI::App& app);
void add_plot(CLI::App& app);
void add_convert(CLI::App& app);
void add_extract(CLI::App& app);
void add_experiment(CLI::App& app);
void add_evidence(CLI::App& app);
void add_distill(CLI::App& app);
void add_attribute(CLI::App& app);
void add_drift(CLI::App& app);
void add_identify(CLI::App& app);
void add_diversity(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_agreement(CLI::App& app);
void add_simulate(CLI::App& app);
void add_study(CLI::App& app);
void add_cache(CLI::App& app);
void add_prompts(CLI::App& app);
void add_completion(CLI::App& app);
void add_reference(CLI::App& app);
void add_version(CLI::App& app);

// Of `plot`.
void add_drift_figure(CLI::App& plot);

// Of `experiment`.
void add_stage_ablation(CLI::App& experiment);
void add_judge_agreement(CLI::App& experiment);

}  // namespace agentecho::cli

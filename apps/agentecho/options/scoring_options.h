// Options that several commands have in common, each spelled once: which tools are optional, and
// the bootstrap.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/options/input_options.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho::cli {

// --pool
void add_pool_option(CLI::App& command, std::vector<std::string>& pool);

struct MandatoryOptions {
  std::string rule = "intersection";  // or frequency=Q, file=PATH, none
  std::uint32_t min_support = 1;
};

// --mandatory and --min-support
void add_mandatory_options(CLI::App& command, MandatoryOptions& options);

// The rule, with the content of its file.
Result<MandatoryTools> read_mandatory_tools(const MandatoryOptions& options);

// Which runs are scored, and against which tools: --models, --tasks and the other filters, --pool,
// --mandatory, --min-support, --success-only
void add_selection_options(CLI::App& command, InputOptions& input, std::vector<std::string>& pool,
                           MandatoryOptions& mandatory);

struct BootstrapHelp {
  const char* replicates = "Bootstrap replicates; 0: no intervals";
  const char* seed = "Seed of the bootstrap";
  const char* level = "Level of the intervals";
};

// --level of a verdict
void add_level_option(CLI::App& command, double& level, const std::string& meaning);

// --replicates, --seed and --level
void add_bootstrap_options(CLI::App& command, BootstrapOptions& options,
                           const BootstrapHelp& help = {});

}  // namespace agentecho::cli

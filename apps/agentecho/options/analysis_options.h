// What analyses of named models (distill, attribute) have in common.
#pragma once

#include <utility>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/metric_options.h"
#include "agentecho/options/scoring_options.h"
#include "agentecho/scoring/metric_registry.h"

namespace agentecho::cli {

// Fills members `metrics`, `mandatory` and `threads` of the analysis' options, and loads what its
// metrics need. Errors: unknown metrics, no such rule or file of mandatory tools, those of
// load_inputs().
template <class Analysis>
Result<LoadedCorpus> load_for(Analysis& analysis, const InputOptions& input, MetricOptions metrics,
                              const MandatoryOptions& mandatory) {
  if (auto settled = metrics.settle(input.quiet); !settled) return Unexpected(settled.error());
  auto tools = read_mandatory_tools(mandatory);
  if (!tools) return Unexpected(tools.error());
  analysis.metrics = metrics.names();
  analysis.mandatory = std::move(*tools);
  analysis.threads = input.threads;
  return load_inputs(input, parts_for(analysis.metrics));
}

}  // namespace agentecho::cli

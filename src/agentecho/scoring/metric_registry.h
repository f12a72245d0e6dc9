// The metrics there are, by name: what every command that scores takes with --metrics.
//
// To add one: a file with what it computes (metrics/...), a file here with what makes a metric of
// it (see frequency_metrics.cc), and a line in metric_registry.def. Each entry is a family,
// since AGS is many metrics: both profiles and their parts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/judged/judged_metrics.h"
#include "agentecho/scoring/metric.h"

namespace agentecho {

// What metrics are made from; all of it must outlive them.
struct MetricSources {
  const Corpus& corpus;
  const ToolSplit& split;
  JudgedMetrics judged{};
  // Metrics of a pair of models that a judge answered less of are withheld.
  double least_coverage = kLeastCoverage;
};

// Who has to be asked before a metric can be computed.
enum class Asks : std::uint8_t { kNobody, kJudge, kEmbeddings };

struct MetricFamily {
  std::string_view name;
  std::string_view about;  // for help texts: "overlap of word pairs"
  void (*add)(MetricSet& set, const MetricSources& sources) = nullptr;
  VerbalParts parts{};  // of the trajectories, unless it was judged
  Asks asks = Asks::kNobody;
  // The metric that stands for the family where typical models must not look alike; empty: the one
  // with the family's name.
  std::string_view beyond_chance{};
  // What titles of its columns mean, said below the tables that have them; may be empty.
  std::string_view note{};
  bool distillation = false;  // what an experiment on distillation looks at
};

// What a family adds: add_x_metrics(), in the file of the family.
#define METRIC_FAMILY(name, ...) \
  void add_##name##_metrics(MetricSet& set, const MetricSources& sources);
#include "agentecho/scoring/metric_registry.def"
#undef METRIC_FAMILY

const std::vector<MetricFamily>& metric_families();
std::vector<std::string> metric_names();
// What `distill` looks at unless it is told what.
std::vector<std::string> distillation_metrics();
// "ags (…), rps (…)" of those that need nobody to be asked, and of the others where `asking`.
std::string describe_metrics(bool asking);

// Errors (kUsage): no family of that name, with the nearest as a hint.
Result<const MetricFamily*> find_metric_family(std::string_view name);

// What the corpus must have been loaded with. Names that are no family need nothing.
VerbalParts parts_for(std::span<const std::string> names, bool rps_judged = false);

// In the order of the registry, each family once. Errors: those of find_metric_family(); kUsage for
// no names; kInput where the corpus was loaded without a part, kUsage where what must be asked was not.
Result<MetricSet> make_metrics(std::span<const std::string> names, const MetricSources& sources);

// S_node of profile "paper" and nothing else: what depends on the pool, for scoring it under many.
MetricSet s_node_alone(const Corpus& corpus, const ToolSplit& split);

}  // namespace agentecho

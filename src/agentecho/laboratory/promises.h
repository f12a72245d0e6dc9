// What the commands promise, held against what was measured where the truth is known: one line for
// every promise.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/laboratory/coverage.h"
#include "agentecho/laboratory/diversity_study.h"
#include "agentecho/laboratory/drift_study.h"
#include "agentecho/laboratory/kinship.h"
#include "agentecho/laboratory/laboratory.h"
#include "agentecho/laboratory/share.h"

namespace agentecho {

struct Promise {
  std::string command;  // "evidence"
  std::string what;     // "14 strangers: some pair has p < .05, by words"
  // Between which the rate is promised to lie; neither: power, which nobody promised.
  std::optional<double> least;
  std::optional<double> most;
  Share measured;
};

enum class PromiseVerdict : std::uint8_t {
  kKept,          // the measured rate lies where it should
  kWithinChance,  // it does not, but its 95 % interval reaches there
  kFailed,        // not even its interval does
  kNotPromised,   // nothing was promised, or nothing measured
};
PromiseVerdict verdict_of(const Promise& promise);
std::string_view name_of(PromiseVerdict verdict);  // "kept"

// Of the studies "strangers", "copying", "coverage", "attribution", of differences, of drift and of
// diversity. What distill cannot tell from a teacher (docs/laboratory.md) is in no promise.
std::vector<Promise> promises_of(const KinshipStudy& study);
std::vector<Promise> promises_of(const std::vector<CopyingSummary>& summaries);
std::vector<Promise> promises_of(const std::vector<CoverageSummary>& summaries);
std::vector<Promise> promises_of(const AttributionStudy& study);
std::vector<Promise> promises_of(const std::vector<ConditionSummary>& summaries);
std::vector<Promise> promises_of(const std::vector<DriftSummary>& summaries);
std::vector<Promise> promises_of(const std::vector<DiversitySummary>& summaries);

// The study "promises": all of them, each of the studies with LaboratoryOptions::runs runs; those
// of `distill` with the metrics and controls of the options.
std::vector<Promise> run_promises(const LaboratoryOptions& options);

}  // namespace agentecho

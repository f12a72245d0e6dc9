#include "agentecho/scoring/estimate_reasons.h"

#include <variant>

namespace agentecho {

std::string why_no_value(const Metric& metric, const Estimate& estimate, bool withheld) {
  if (estimate.value) return {};
  if (!metric.undefined.empty()) return metric.undefined;
  if (withheld) return "withheld: too few of its judgements came";
  if (estimate.n_tasks == 0) return "no task in common that carries the score";
  if (std::holds_alternative<Kappa>(metric.formula)) return "agreement by chance alone is complete";
  if (std::holds_alternative<MeanOf>(metric.formula)) return "one of its parts is undefined";
  return "undefined on every task";
}

std::string why_no_interval(const Metric& metric, const Estimate& estimate,
                            const BootstrapOptions& bootstrap, bool withheld) {
  if (estimate.interval) return {};
  if (!estimate.value) return why_no_value(metric, estimate, withheld);
  if (bootstrap.replicates == 0) return "no replicates were asked for";
  if (estimate.n_tasks == 0) return "no task carries a score";  // a coverage without any answer
  if (estimate.n_tasks < kFewestTasks) return "a single task carries the score";
  return "undefined in most resamples of tasks";
}

}  // namespace agentecho

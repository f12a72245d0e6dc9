#include "agentecho/scoring/metric.h"

#include <algorithm>
#include <utility>

#include "agentecho/stats/agreement.h"

namespace agentecho {

std::string_view name_of(MetricGroup group) {
  constexpr std::string_view kNames[] = {"paper", "calibrated", "rps", "baseline"};
  return kNames[static_cast<std::size_t>(group)];
}

std::size_t MetricSet::add(Measure measure) {
  const std::size_t first = columns_;
  first_.push_back(first);
  columns_ += measure.columns;
  measures.push_back(std::move(measure));
  return first;
}

void MetricSet::show_details() {
  metrics.insert(metrics.end(), details.begin(), details.end());
  details.clear();
}

std::optional<std::size_t> MetricSet::find(std::string_view slug) const {
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (metrics[m].slug == slug) return m;
  }
  return std::nullopt;
}

std::optional<double> MetricSet::score(std::size_t metric, std::span<const double> sums) const {
  const Metric& of = metrics[metric];
  if (!of.undefined.empty()) return std::nullopt;
  if (const auto* ratio = std::get_if<Ratio>(&of.formula)) {
    if (sums[ratio->count] <= 0) return std::nullopt;
    return sums[ratio->sum] / sums[ratio->count];
  }
  if (const auto* kappa = std::get_if<Kappa>(&of.formula)) {
    const double cells = sums[kappa->cells];
    if (cells <= 0) return std::nullopt;
    return cohen_kappa(sums[kappa->agreements] / cells, sums[kappa->a] / cells,
                       sums[kappa->b] / cells);
  }
  const std::vector<std::size_t>& parts = std::get<MeanOf>(of.formula).metrics;
  double total = 0;
  for (const std::size_t part : parts) {
    const auto value = score(part, sums);
    if (!value) return std::nullopt;
    total += *value;
  }
  return total / static_cast<double>(parts.size());
}

bool MetricSet::is_mean_over_tasks(std::size_t metric) const {
  const Metric& of = metrics[metric];
  if (const auto* ratio = std::get_if<Ratio>(&of.formula)) return ratio->count == of.tasks;
  if (std::holds_alternative<Kappa>(of.formula)) return false;
  const std::vector<std::size_t>& parts = std::get<MeanOf>(of.formula).metrics;
  return std::all_of(parts.begin(), parts.end(),
                     [&](std::size_t part) { return is_mean_over_tasks(part); });
}

}  // namespace agentecho

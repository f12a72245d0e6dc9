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

std::vector<std::size_t> MetricSet::uncovered(std::span<const double> sums) const {
  std::vector<std::size_t> found;
  const auto is_found = [&](std::size_t m) {
    return std::binary_search(found.begin(), found.end(), m);
  };
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (const auto* const mean = std::get_if<MeanOf>(&metrics[m].formula)) {
      if (std::any_of(mean->metrics.begin(), mean->metrics.end(), is_found)) found.push_back(m);
      continue;
    }
    const auto too_few = [&](const Ratio& coverage) {
      const double asked = sums[coverage.count];
      return asked > 0 && sums[coverage.sum] / asked < least_coverage;
    };
    const std::vector<Ratio>& coverage = metrics[m].coverage;
    if (std::any_of(coverage.begin(), coverage.end(), too_few)) found.push_back(m);
  }
  return found;
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

#include "agentecho/scoring/metric_registry.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

// The metrics that a family added belong to it.
template <class List>
void claim(List& list, std::size_t first, std::string_view family) {
  for (std::size_t i = first; i < list.size(); ++i) list[i].family = family;
}

Result<void> require_sources(const MetricFamily& family, const MetricSources& sources) {
  if ((family.name == "rse" && sources.judged.rse == nullptr) ||
      (family.name == "embedding" && sources.judged.embedding == nullptr)) {
    return fail(ErrorKind::kUsage,
                fmt::format("\"{}\" has to be asked for, and nothing was asked", family.name));
  }
  const VerbalParts parts =
      parts_for(std::vector{std::string(family.name)}, sources.judged.rps != nullptr);
  if (!parts.any()) return {};
  for (const CorpusTrajectory& trajectory : sources.corpus.trajectories()) {
    if (has_parts(trajectory.verbal.get(), parts)) continue;
    return fail(ErrorKind::kInput,
                fmt::format("the corpus was loaded without the verbal features that \"{}\" needs",
                            family.name));
  }
  return {};
}

}  // namespace

const std::vector<MetricFamily>& metric_families() {
  static const std::vector<MetricFamily> families = {
#define METRIC_FAMILY(metric, text, ...) \
  {.name = #metric, .about = text, .add = add_##metric##_metrics, __VA_ARGS__},
#include "agentecho/scoring/metric_registry.def"
#undef METRIC_FAMILY
  };
  return families;
}

namespace {

template <class Wanted>
std::vector<std::string> names_where(Wanted wanted) {
  std::vector<std::string> names;
  for (const MetricFamily& family : metric_families()) {
    if (wanted(family)) names.emplace_back(family.name);
  }
  return names;
}

}  // namespace

std::vector<std::string> metric_names() {
  return names_where([](const MetricFamily&) { return true; });
}

std::vector<std::string> distillation_metrics() {
  return names_where([](const MetricFamily& family) { return family.distillation; });
}

std::string describe_metrics(bool asking) {
  std::vector<std::string> texts;
  for (const MetricFamily& family : metric_families()) {
    if (asking || family.asks == Asks::kNobody) {
      texts.push_back(fmt::format("{} ({})", family.name, family.about));
    }
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

Result<const MetricFamily*> find_metric_family(std::string_view name) {
  for (const MetricFamily& family : metric_families()) {
    if (family.name == name) return &family;
  }
  const std::string nearest = nearest_name(name, metric_names());
  return fail(ErrorKind::kUsage, fmt::format("no metric \"{}\"", name),
              fmt::format("{}metrics: {}",
                          nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest),
                          fmt::join(metric_names(), ", ")));
}

VerbalParts parts_for(std::span<const std::string> names, bool rps_judged) {
  VerbalParts parts;
  for (const MetricFamily& family : metric_families()) {
    if (std::find(names.begin(), names.end(), family.name) == names.end()) continue;
    parts.stages = parts.stages || (family.parts.stages && !rps_judged);
    parts.bigrams = parts.bigrams || family.parts.bigrams;
    parts.markers = parts.markers || family.parts.markers;
  }
  return parts;
}

Result<MetricSet> make_metrics(std::span<const std::string> names, const MetricSources& sources) {
  if (names.empty()) {
    return fail(ErrorKind::kUsage, "no metric is named",
                fmt::format("metrics: {}", fmt::join(metric_names(), ", ")));
  }
  for (const std::string& name : names) {
    if (auto known = find_metric_family(name); !known) return Unexpected(known.error());
  }
  MetricSet set;
  set.least_coverage = sources.least_coverage;
  for (const MetricFamily& family : metric_families()) {
    if (std::find(names.begin(), names.end(), family.name) == names.end()) continue;
    if (auto there = require_sources(family, sources); !there) return Unexpected(there.error());
    const std::size_t metrics = set.metrics.size();
    const std::size_t details = set.details.size();
    const std::size_t counts = set.counts.size();
    family.add(set, sources);
    claim(set.metrics, metrics, family.name);
    claim(set.details, details, family.name);
    claim(set.counts, counts, family.name);
  }
  return set;
}

}  // namespace agentecho

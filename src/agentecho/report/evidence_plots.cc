#include "agentecho/report/evidence_plots.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace agentecho {

namespace {

// The chosen value of a pair.
std::optional<double> value_of(const PairEvidence& pair, std::optional<std::size_t> metric,
                               std::string_view show) {
  const AffinityEvidence& affinity = metric ? pair.metrics[*metric].affinity : pair.lineage;
  if (show == "affinity") return affinity.affinity;
  if (show == "p") return affinity.p_adjusted;
  if (!metric) return std::nullopt;
  return show == "place" ? pair.metrics[*metric].place : pair.metrics[*metric].score.value;
}

}  // namespace

Result<std::string> evidence_matrix(const Study& study, const EvidenceResults& evidence,
                                    std::string_view metric_name, std::string_view wanted) {
  std::optional<std::size_t> metric;
  std::string title = "lineage evidence";
  if (metric_name != "lineage") {
    metric = study.metrics.find(metric_name);
    if (!metric) {
      std::vector<std::string> names{"lineage"};
      for (const Metric& m : study.metrics.metrics) names.push_back(m.slug);
      return fail(ErrorKind::kUsage, fmt::format("no metric \"{}\"", metric_name),
                  fmt::format("metrics: {}", fmt::join(names, ", ")));
    }
    title = study.metrics.metrics[*metric].title;
  }
  const std::string show(!wanted.empty() ? wanted : metric ? "score" : "affinity");
  if (!metric && (show == "score" || show == "place")) {
    return fail(ErrorKind::kUsage, fmt::format("lineage evidence has no {}", show),
                "name a --metric, or show affinity or p");
  }
  const std::vector<std::string>& models = study.corpus.models();
  std::vector<std::size_t> order = leaf_order(evidence.dendrogram);
  if (order.empty()) {
    for (std::size_t m = 0; m < models.size(); ++m) order.push_back(m);
  }
  std::vector<std::size_t> place(models.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  MatrixPlot plot;
  plot.title = fmt::format("{}, {}", title, show == "p" ? "adjusted p" : show);
  plot.around_zero = show == "affinity";
  plot.digits = show == "p" ? 3 : 2;
  for (const std::size_t m : order) plot.names.push_back(models[m]);
  plot.values.assign(models.size(), std::vector<std::optional<double>>(models.size()));
  bool any = false;
  for (const PairEvidence& pair : evidence.pairs) {
    const auto value = value_of(pair, metric, show);
    any = any || value.has_value();
    plot.values[place[pair.a]][place[pair.b]] = value;
    plot.values[place[pair.b]][place[pair.a]] = value;
  }
  if (!any) {
    return fail(ErrorKind::kInput, fmt::format("{} is undefined for every pair", plot.title),
                "name the logs of more models, or show another figure");
  }
  return plot_matrix(plot);
}

Result<std::string> evidence_tree(const Study& study, const EvidenceResults& evidence) {
  if (evidence.no_clustering) {
    return fail(ErrorKind::kInput,
                fmt::format("there is no tree: {}", undefined_text(*evidence.no_clustering)),
                "lineage evidence takes at least four models on common tasks");
  }
  return plot_tree({"Average linkage on lineage evidence; support in percent",
                    study.corpus.models(), evidence.dendrogram, evidence.support});
}

}  // namespace agentecho

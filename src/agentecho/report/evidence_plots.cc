#include "agentecho/report/evidence_plots.h"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <vector>

#include "agentecho/report/definitions.h"
#include "agentecho/study/fewest_models.h"

namespace agentecho {

namespace {

// A figure that can be drawn: what `--show` calls it, and its value of the pair at a place among
// all pairs.
struct PlotFigure {
  std::string_view name;
  std::string_view title;
  std::string_view term;  // of its definition
  std::function<std::optional<double>(std::size_t)> of;
};

struct Source {
  std::string title;
  std::vector<PlotFigure> figures;  // the first is what is drawn when none is named
};

std::vector<PlotFigure> affinity_figures(
    const std::function<const AffinityEvidence&(std::size_t)>& affinity_of) {
  return {{"affinity", "affinity", "affinity",
           [affinity_of](std::size_t p) { return affinity_of(p).affinity; }},
          {"p", "adjusted p", "adjusted p",
           [affinity_of](std::size_t p) { return affinity_of(p).p_adjusted; }}};
}

Source kinship_source(const LineageResults& lineage, LineageChannel channel) {
  const auto figures_of = [&lineage, channel](std::size_t p) -> const LineageFigures& {
    return lineage.pairs[p].of(channel);
  };
  return {fmt::format("Kinship by {}", name_of(channel)),
          {{"z", "z", "z", [figures_of](std::size_t p) { return figures_of(p).z; }},
           {"repeated", "share of free choices repeated", "repeated",
            [figures_of](std::size_t p) { return figures_of(p).share; }},
           {"p", "p among strangers", "p",
            [figures_of](std::size_t p) { return figures_of(p).p_strongest; }}}};
}

Result<Source> source_named(const Study& study, const EvidenceResults& evidence,
                            const LineageResults* lineage, std::string_view name) {
  if (const auto channel = lineage_channel_named(name)) {
    if (lineage != nullptr) return kinship_source(*lineage, *channel);
    return fail(ErrorKind::kUsage, fmt::format("kinship by {} takes the wording", name),
                "leave --metrics with rps or bigram, or name a --metric");
  }
  if (name == "lineage") {
    return Source{"combined evidence", affinity_figures([&](std::size_t p) -> const auto& {
                    return evidence.pairs[p].lineage;
                  })};
  }
  const auto metric = study.metrics.find(name);
  if (!metric) {
    std::vector<std::string> known = {"words", "layout", "actions", "lineage"};
    for (const Metric& one : study.metrics.metrics) known.push_back(one.slug);
    return fail(ErrorKind::kUsage, fmt::format("no metric \"{}\"", name),
                fmt::format("metrics: {}", fmt::join(known, ", ")));
  }
  const auto of = [&evidence, m = *metric](std::size_t p) -> const MetricEvidence& {
    return evidence.pairs[p].metrics[m];
  };
  Source source{study.metrics.metrics[*metric].title,
                {{"score", "score", "score", [of](std::size_t p) { return of(p).score.value; }},
                 {"place", "place", "place", [of](std::size_t p) { return of(p).place; }}}};
  for (PlotFigure& figure :
       affinity_figures([of](std::size_t p) -> const auto& { return of(p).affinity; })) {
    source.figures.push_back(std::move(figure));
  }
  return source;
}

// "S_seq: how alike … score: how alike …"
std::string meaning_of(const Source& source, const PlotFigure& figure) {
  std::string text;
  for (const std::string_view term : {std::string_view(source.title), figure.term}) {
    if (!definition_of(term).empty()) text += (text.empty() ? "" : " ") + define(term) + ".";
  }
  return text;
}

}  // namespace

Result<std::string> evidence_matrix(const Study& study, const EvidenceResults& evidence,
                                    const LineageResults* lineage, std::string_view metric,
                                    std::string_view show) {
  const auto source = source_named(study, evidence, lineage, metric);
  if (!source) return Unexpected(source.error());
  const PlotFigure* figure = show.empty() ? &source->figures.front() : nullptr;
  std::vector<std::string_view> names;
  for (const PlotFigure& one : source->figures) {
    names.push_back(one.name);
    if (one.name == show) figure = &one;
  }
  if (figure == nullptr) {
    return fail(ErrorKind::kUsage, fmt::format("{} has no {}", source->title, show),
                fmt::format("--show {}, or another --metric", fmt::join(names, ", ")));
  }
  const std::vector<std::string>& models = study.corpus.models();
  std::vector<std::size_t> order = leaf_order(evidence.dendrogram);
  if (order.empty()) {
    for (std::size_t m = 0; m < models.size(); ++m) order.push_back(m);
  }
  std::vector<std::size_t> place(models.size());
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  MatrixPlot plot;
  plot.title = fmt::format("{}, {}", source->title, figure->title);
  plot.around_zero =
      figure->name == "affinity" || figure->name == "z" || figure->name == "repeated";
  plot.p_values = figure->name == "p";
  plot.meaning = meaning_of(*source, *figure);
  for (const std::size_t m : order) plot.names.push_back(models[m]);
  plot.values.assign(models.size(), std::vector<std::optional<double>>(models.size()));
  bool any = false;
  for (std::size_t p = 0; p < evidence.pairs.size(); ++p) {
    const PairEvidence& pair = evidence.pairs[p];
    const auto value = figure->of(p);
    any = any || value.has_value();
    plot.values[place[pair.a]][place[pair.b]] = value;
    plot.values[place[pair.b]][place[pair.a]] = value;
  }
  if (!any) {
    return fail(ErrorKind::kInput, fmt::format("{} is undefined for every pair", plot.title),
                "name the logs of more models, or another --metric");
  }
  return plot_matrix(plot);
}

Result<std::string> evidence_tree(const Study& study, const EvidenceResults& evidence) {
  if (evidence.no_clustering) {
    return fail(ErrorKind::kInput,
                fmt::format("there is no tree: {}", undefined_text(*evidence.no_clustering)),
                needs_models("the combined evidence", kFewestForAffinity));
  }
  return plot_tree({"Average linkage on the combined evidence; support in percent",
                    study.corpus.models(), evidence.dendrogram, evidence.support});
}

}  // namespace agentecho

#include "agentecho/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/options/figure_options.h"
#include "agentecho/options/lineage_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/evidence_plots.h"
#include "agentecho/study/evidence.h"

namespace agentecho::cli {

namespace {

struct PlotCommand : StudyOptions {
  std::string file;
  LineageChoices lineage;
  std::string metric = "words";
  std::string show;
  std::string a;
  std::string b;
};

// What a figure is drawn from.
struct Drawn {
  const PreparedStudy& prepared;
  const Study& study;
  const EvidenceResults& evidence;
  const LineageResults* lineage;
};

Result<std::string> draw_matrix(const PlotCommand& command, const Drawn& drawn) {
  return evidence_matrix(drawn.study, drawn.evidence, drawn.lineage, command.metric, command.show);
}

Result<std::string> draw_tree(const PlotCommand&, const Drawn& drawn) {
  return evidence_tree(drawn.study, drawn.evidence);
}

Result<std::string> draw_pair(const PlotCommand& command, const Drawn& drawn) {
  const Corpus& corpus = drawn.study.corpus;
  const auto a = require_model(corpus, command.a);
  if (!a) return Unexpected(a.error());
  const auto b = require_model(corpus, command.b);
  if (!b) return Unexpected(b.error());
  DotPlot plot;
  plot.title = fmt::format("{} and {}: scores with intervals", command.a, command.b);
  for (const PairEvidence& pair : drawn.evidence.pairs) {
    if (std::minmax(pair.a, pair.b) != std::minmax(*a, *b)) continue;
    for (std::size_t m = 0; m < pair.metrics.size(); ++m) {
      const Metric& metric = drawn.study.metrics.metrics[m];
      if (metric.slug == "rps") continue;  // another scale: 1 to 5
      plot.rows.push_back({metric.title, pair.metrics[m].score.value,
                           pair.metrics[m].score.interval, metric.evidence});
    }
  }
  if (plot.rows.empty()) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" is like itself in everything", command.a),
                "name two models");
  }
  return plot_dots(plot);
}

using Draw = Result<std::string> (*)(const PlotCommand&, const Drawn&);

Result<Answer> run_plot(const PlotCommand& command, Draw draw) {
  if (auto good = check_figure_file(command.file); !good) return Unexpected(good.error());
  // Other figures, and those of scores, do without.
  const bool kinship = draw == &draw_matrix && lineage_channel_named(command.metric).has_value();
  bool markers = false;
  const auto prepared = prepare_study(command, [&](CorpusOptions& corpus) {
    if (kinship) markers = read_markers(corpus);
  });
  if (!prepared) return Unexpected(prepared.error());
  if (prepared->loaded.corpus.models().size() < 2) {
    return fail(ErrorKind::kInput, "there is only one model in the input: no pair to draw",
                "name the logs of other models");
  }
  const Study study = prepared->study(command);
  EvidenceOptions how;
  how.pairs_explained = 0;
  const EvidenceResults evidence = weigh_evidence(study, prepared->split, prepared->families, how);
  const auto weighed = weigh_kinship(command.lineage, command, *prepared, markers);
  if (!weighed) return Unexpected(weighed.error());
  const auto svg =
      draw(command, {*prepared, study, evidence, weighed->results ? &*weighed->results : nullptr});
  if (!svg) return Unexpected(svg.error());
  return write_figure(command.file, *svg, command.input.quiet);
}

void setup_plot(CLI::App& command, PlotCommand& options, Draw draw) {
  if (draw == &draw_pair) {
    add_value(command, "A", options.a, "Model", "MODEL")->required();
    add_value(command, "B", options.b, "Model", "MODEL")->required();
  }
  add_study_options(command, options);
  for (const char* idle : {"--out", "--format", "--width", "--all", "--json"}) {
    command.remove_option(command.get_option(idle));
  }
  add_figure_option(command, options.file);
  if (draw == &draw_matrix) {
    command
        .add_option("--metric", options.metric,
                    "Kinship by words, layout or actions; lineage (the combined evidence); or a "
                    "metric: ags, rps, bigram, ...")
        ->type_name("NAME")
        ->capture_default_str();
    command
        .add_option("--show", options.show,
                    "Of kinship z, repeated or p; of a metric score, place, affinity or p; without "
                    "it, the first")
        ->type_name("WHAT")
        ->check(CLI::IsMember({"z", "repeated", "score", "place", "affinity", "p"}));
    add_cohorts_option(command, options.lineage);
  }
}

void add_figure(CLI::App& plot, const char* name, const char* help, const char* example,
                Draw draw) {
  const std::string footer = fmt::format("Example:\n  agentecho plot {} {}", name, example);
  add_command<PlotCommand>(
      plot, {name, help, footer},
      [draw](CLI::App& command, PlotCommand& options) { setup_plot(command, options, draw); },
      [draw](const PlotCommand& command) { return run_plot(command, draw); });
}

}  // namespace

void add_plot(CLI::App& app) {
  CLI::App* plot = app.add_subcommand("plot", "Figures for papers, as SVG, PDF or PNG files.");
  plot->require_subcommand(1);
  add_figure(*plot, "matrix", "All pairs as a heat map in the order of the tree.",
             "examples/simulated -o matrix.svg --metric ags", &draw_matrix);
  add_figure(*plot, "tree", "The tree of models with bootstrap support.",
             "examples/simulated -o tree.svg", &draw_tree);
  add_figure(*plot, "pair", "The scores of two models with intervals.",
             "sim-alder-1 sim-alder-2 examples/simulated -o pair.svg", &draw_pair);
  add_drift_figure(*plot);
}

}  // namespace agentecho::cli

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/select.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/next_command.h"
#include "agentecho/options/output_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/report/graph_formats.h"
#include "agentecho/report/verdict_text.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kGraph = {
    "graph",
    "Draw one action graph, or those of two models side by side: calls, "
    "data dependencies, and which tools are mandatory or optional for the "
    "task.",
    "Examples:\n"
    "  agentecho graph results/ --model gpt-4.1 --model o3-high --task 12\n"
    "  agentecho graph results/ --model gpt-4.1 --task 12 --as dot | dot -Tsvg > graph.svg"};

struct GraphCommand {
  InputOptions input;
  std::vector<std::string> models;
  std::string task;
  std::optional<std::int64_t> trial;
  std::string as = "text";
};

std::vector<std::string> tool_names(const Corpus& corpus, const std::vector<ToolIndex>& tools) {
  std::vector<std::string> names;
  for (const ToolIndex tool : tools) names.push_back(corpus.tools()[tool]);
  return names;
}

Result<std::vector<GraphView>> make_views(const SelectedTrajectories& selected) {
  const LoadedCorpus& loaded = selected.loaded;
  const Corpus& corpus = loaded.corpus;
  std::vector<ModelIndex> pool;
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) pool.push_back(model);
  const TaskTools tools = ToolSplit::make(corpus, pool, {}).tasks[selected.task];
  auto verifier = make_dependency_verifier(loaded.settings.verifier);
  if (!verifier) return Unexpected(verifier.error());
  std::vector<GraphView> views;
  for (const Trajectory& trajectory : selected.trajectories) {
    auto graph = build_action_graph(trajectory, loaded.catalog, **verifier);
    if (!graph) return Unexpected(graph.error());
    views.push_back(make_graph_view(trajectory, *graph, tool_names(corpus, tools.mandatory),
                                    tool_names(corpus, tools.optional)));
  }
  return views;
}

Result<Answer> run_graph(const GraphCommand& command) {
  auto format = parse_graph_format(command.as);
  if (!format) return Unexpected(format.error());
  Reading reading(command.input);
  auto& options = reading.options;
  if (!options) return Unexpected(options.error());
  auto selected = select_trajectories(*options, {command.models, command.task, command.trial});
  if (!selected) return Unexpected(selected.error());
  if (auto finished = reading.finish(); !finished) return Unexpected(finished.error());
  auto reported = report_losses(selected->loaded.report, command.input);
  if (!reported) return Unexpected(reported.error());
  auto views = make_views(*selected);
  if (!views) return Unexpected(views.error());
  const std::size_t width = stdout_columns();
  if (*format != GraphFormat::kText) return Answer{render_graphs(*views, *format, width)};
  VerdictParagraph verdict = graphs_verdict(*views);
  complete_next(verdict);
  return Answer{render_verdict(verdict, {.width = width}) + render_graphs(*views, *format, width)};
}

void setup_graph(CLI::App& command, GraphCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs, "--named");
  add_repeated(command, "--model", options.models,
               "Model; give the option twice to see two side by side", "MODEL")
      ->required()
      ->expected(1);
  add_run_options(command, options.task, options.trial)->required();
  add_task_filters(command, options.input);
  add_value(command, "--as", options.as, "text, dot, mermaid, graphml or json", "FORMAT")
      ->capture_default_str();
}

}  // namespace

void add_graph(CLI::App& app) { add_command(app, kGraph, setup_graph, run_graph); }

}  // namespace agentecho::cli

// Action graphs as text for people and in the formats of other tools.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/graph/action_graph.h"
#include "agentecho/study/verdict.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

enum class GraphFormat : std::uint8_t { kText, kDot, kMermaid, kGraphMl, kJson };

Result<GraphFormat> parse_graph_format(std::string_view name);  // text, dot, mermaid, graphml, json

// One graph with what it takes to read it; self-contained.
struct GraphView {
  struct Node {
    std::string tool;
    std::string kind;  // READ, WRITE, GENERIC
    bool kind_guessed = false;
    bool optional = false;  // in F_opt of the task; neither: only failing runs use it
    bool mandatory = false;
    bool error = false;
    std::string arguments;
    std::string result;
  };
  struct Edge {
    std::uint32_t source = 0;
    std::uint32_t destination = 0;
    std::string value;  // of a dependency; empty for a sequential edge
  };
  std::string model;
  std::string task;  // "benchmark/domain/task"
  std::int64_t trial = 0;
  std::optional<double> reward;
  std::vector<Node> nodes;
  std::vector<Edge> sequential;
  std::vector<Edge> dependencies;
};

// Tools in `mandatory` and `optional` are names.
GraphView make_graph_view(const Trajectory& trajectory, const ActionGraph& graph,
                          const std::vector<std::string>& mandatory,
                          const std::vector<std::string>& optional);

// How many calls each makes, which optional tools they have in common and which one alone calls.
VerdictParagraph graphs_verdict(const std::vector<GraphView>& views);

// One or several graphs in one document (side by side in text when there are two and `width`
// columns allow it).
std::string render_graphs(const std::vector<GraphView>& views, GraphFormat format,
                          std::size_t width = 100);

}  // namespace agentecho

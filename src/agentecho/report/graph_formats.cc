#include "agentecho/report/graph_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "agentecho/base/markup.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/json.h"

namespace agentecho {

namespace {

// By GraphFormat.
constexpr std::string_view kFormats[] = {"text", "dot", "mermaid", "graphml", "json"};

std::string_view role_of(const GraphView::Node& node) {
  if (node.mandatory) return "mandatory";
  return node.optional ? "optional" : "unclassified";
}

std::string shown_tool(const GraphView::Node& node) {
  return node.tool.empty() ? "(no name)" : printable(node.tool);
}

std::string title_of(const GraphView& view) {
  return fmt::format("{} on {}, trial {}, reward {}", printable(view.model), printable(view.task),
                     view.trial, view.reward ? fmt::format("{:g}", *view.reward) : "unknown");
}

// --- text ---

std::vector<std::string> text_lines(const GraphView& view, std::size_t width) {
  std::vector<std::string> lines{elided(printable(view.model), width)};
  lines.push_back(elided(fmt::format("trial {}, reward {}, {} calls, {} dependencies", view.trial,
                                     view.reward ? fmt::format("{:g}", *view.reward) : "unknown",
                                     view.nodes.size(), view.dependencies.size()),
                         width));
  lines.emplace_back();
  for (std::uint32_t i = 0; i < view.nodes.size(); ++i) {
    const GraphView::Node& node = view.nodes[i];
    const std::string_view mark = node.mandatory ? "=" : node.optional ? "+" : "?";
    lines.push_back(
        elided(fmt::format("{:>3} {} {} {}{}{}", i, mark, shown_tool(node), node.kind,
                           node.kind_guessed ? " (guessed)" : "", node.error ? " ERROR" : ""),
               width));
    for (const GraphView::Edge& edge : view.dependencies) {
      if (edge.destination != i) continue;
      lines.push_back(
          elided(fmt::format("      <- {} \"{}\"", edge.source, printable(edge.value)), width));
    }
  }
  return lines;
}

std::string render_text(const std::vector<GraphView>& views, std::size_t width) {
  const bool beside = views.size() == 2;
  const std::size_t column = beside ? (width - 3) / 2 : width;
  std::string out;
  if (!views.empty()) {
    out +=
        fmt::format("{}\n= mandatory  + optional  ? used only by failing runs  <- depends on\n\n",
                    printable(views.front().task));
  }
  if (!beside) {
    for (const GraphView& view : views) {
      for (const std::string& line : text_lines(view, column)) out += line + "\n";
      out += "\n";
    }
    return out;
  }
  const std::vector<std::string> left = text_lines(views[0], column);
  const std::vector<std::string> right = text_lines(views[1], column);
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string line = i < left.size() ? left[i] : std::string{};
    const std::string other = i < right.size() ? right[i] : std::string{};
    const std::size_t used = display_width(line);
    line += std::string(column > used ? column - used : 0, ' ') + " | " + other;
    while (!line.empty() && line.back() == ' ') line.pop_back();
    out += line + "\n";
  }
  return out;
}

// --- DOT ---

std::string dot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

struct DotSyntax {
  static constexpr const char* kHead =
      "digraph agentecho {\n  rankdir=TB;\n  node [fontname=\"Helvetica\"];\n";
  static constexpr const char* kEndOfGraph = "  }\n";
  static constexpr const char* kEnd = "}\n";

  static std::string graph(std::size_t g, const GraphView& view) {
    return fmt::format("  subgraph cluster_{} {{\n    label={};\n", g, dot_string(title_of(view)));
  }
  static std::string node(std::size_t g, std::size_t i, const GraphView::Node& node) {
    const std::string_view shape = node.kind == "WRITE"  ? "box"
                                   : node.kind == "READ" ? "ellipse"
                                                         : "hexagon";
    return fmt::format("    n{}_{} [label={}, shape={}, style={}{}];\n", g, i,
                       dot_string(fmt::format("{} {}", i, shown_tool(node))), shape,
                       node.optional ? "dashed" : "solid", node.error ? ", color=red" : "");
  }
  static std::string sequence(std::size_t g, const GraphView::Edge& edge) {
    return fmt::format("    n{0}_{1} -> n{0}_{2} [style=dotted];\n", g, edge.source,
                       edge.destination);
  }
  static std::string dependency(std::size_t g, const GraphView::Edge& edge) {
    return fmt::format("    n{0}_{1} -> n{0}_{2} [label={3}];\n", g, edge.source, edge.destination,
                       dot_string(elided(edge.value, 24)));
  }
};

// --- Mermaid ---

// Entity codes for everything that Mermaid or HTML might act on.
std::string mermaid_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    if (std::string_view("\"<>#&;`\\{}[]|").find(c) != std::string_view::npos) {
      out += fmt::format("#{};", static_cast<int>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

struct MermaidSyntax {
  static constexpr const char* kHead = "flowchart TB\n";
  static constexpr const char* kEndOfGraph = "  end\n";
  static constexpr const char* kEnd = "";

  static std::string graph(std::size_t g, const GraphView& view) {
    return fmt::format("  subgraph g{}[{}]\n", g, mermaid_string(title_of(view)));
  }
  static std::string node(std::size_t g, std::size_t i, const GraphView::Node& node) {
    const std::string label =
        mermaid_string(fmt::format("{} {}{}", i, shown_tool(node), node.error ? " (error)" : ""));
    return (node.kind == "WRITE" ? fmt::format("    n{}_{}[{}]\n", g, i, label)
                                 : fmt::format("    n{}_{}([{}])\n", g, i, label)) +
           (node.optional ? fmt::format("    style n{}_{} stroke-dasharray: 5 5\n", g, i) : "");
  }
  static std::string sequence(std::size_t g, const GraphView::Edge& edge) {
    return fmt::format("    n{0}_{1} -.-> n{0}_{2}\n", g, edge.source, edge.destination);
  }
  static std::string dependency(std::size_t g, const GraphView::Edge& edge) {
    return fmt::format("    n{0}_{1} -->|{3}| n{0}_{2}\n", g, edge.source, edge.destination,
                       mermaid_string(elided(edge.value, 24)));
  }
};

// A drawing of several graphs, each a box of nodes and arrows between them.
template <class Syntax>
std::string render_boxes(const std::vector<GraphView>& views) {
  std::string out = Syntax::kHead;
  for (std::size_t g = 0; g < views.size(); ++g) {
    const GraphView& view = views[g];
    out += Syntax::graph(g, view);
    for (std::size_t i = 0; i < view.nodes.size(); ++i) out += Syntax::node(g, i, view.nodes[i]);
    for (const GraphView::Edge& edge : view.sequential) out += Syntax::sequence(g, edge);
    for (const GraphView::Edge& edge : view.dependencies) out += Syntax::dependency(g, edge);
    out += Syntax::kEndOfGraph;
  }
  return out + Syntax::kEnd;
}

// --- GraphML ---

std::string render_graphml(const std::vector<GraphView>& views) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  const auto key = [&](std::string_view id, std::string_view domain, std::string_view type) {
    out += fmt::format("  <key id=\"{0}\" for=\"{1}\" attr.name=\"{0}\" attr.type=\"{2}\"/>\n", id,
                       domain, type);
  };
  for (const std::string_view id : {"model", "task"}) key(id, "graph", "string");
  key("trial", "graph", "long");
  for (const std::string_view id : {"tool", "kind", "role", "arguments"}) key(id, "node", "string");
  key("position", "node", "int");
  key("error", "node", "boolean");
  for (const std::string_view id : {"type", "value"}) key(id, "edge", "string");
  const auto data = [](std::string_view id, std::string_view value) {
    return fmt::format("<data key=\"{}\">{}</data>", id, escaped_markup(value));
  };
  for (std::size_t g = 0; g < views.size(); ++g) {
    const GraphView& view = views[g];
    out += fmt::format("  <graph id=\"g{}\" edgedefault=\"directed\">\n    {}{}{}\n", g,
                       data("model", view.model), data("task", view.task),
                       data("trial", std::to_string(view.trial)));
    for (std::size_t i = 0; i < view.nodes.size(); ++i) {
      const GraphView::Node& node = view.nodes[i];
      out += fmt::format(
          "    <node id=\"g{}n{}\">{}{}{}{}{}{}</node>\n", g, i, data("tool", node.tool),
          data("kind", node.kind), data("role", role_of(node)), data("arguments", node.arguments),
          data("position", std::to_string(i)), data("error", node.error ? "true" : "false"));
    }
    const auto edge = [&](const GraphView::Edge& e, std::string_view type) {
      out += fmt::format("    <edge source=\"g{0}n{1}\" target=\"g{0}n{2}\">{3}{4}</edge>\n", g,
                         e.source, e.destination, data("type", type), data("value", e.value));
    };
    for (const GraphView::Edge& e : view.sequential) edge(e, "sequential");
    for (const GraphView::Edge& e : view.dependencies) edge(e, "dependency");
    out += "  </graph>\n";
  }
  return out + "</graphml>\n";
}

// --- JSON ---

Json graph_json(const GraphView& view) {
  Json json;
  json["model"] = view.model;
  json["task"] = view.task;
  json["trial"] = view.trial;
  json["reward"] = optional_json(view.reward);
  json["nodes"] = Json::array();
  for (std::size_t i = 0; i < view.nodes.size(); ++i) {
    const GraphView::Node& node = view.nodes[i];
    json["nodes"].push_back({{"id", i},
                             {"tool", node.tool},
                             {"kind", node.kind},
                             {"kind_guessed", node.kind_guessed},
                             {"role", role_of(node)},
                             {"error", node.error},
                             {"arguments", node.arguments},
                             {"result", node.result}});
  }
  json["sequential"] = Json::array();
  for (const GraphView::Edge& edge : view.sequential) {
    json["sequential"].push_back({edge.source, edge.destination});
  }
  json["dependencies"] = Json::array();
  for (const GraphView::Edge& edge : view.dependencies) {
    json["dependencies"].push_back(
        {{"source", edge.source}, {"destination", edge.destination}, {"value", edge.value}});
  }
  return json;
}

std::string render_json(const std::vector<GraphView>& views) {
  Json json;
  json["schema_version"] = 1;
  json["graphs"] = Json::array();
  for (const GraphView& view : views) json["graphs"].push_back(graph_json(view));
  return to_document(json);
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<GraphFormat> parse_graph_format(std::string_view name) {
  if (is_in(kFormats, name)) return static_cast<GraphFormat>(place_in(kFormats, name));
  return fail(ErrorKind::kUsage, fmt::format("unknown graph format \"{}\"", name),
              fmt::format("formats: {}", fmt::join(kFormats, ", ")));
}

GraphView make_graph_view(const Trajectory& trajectory, const ActionGraph& graph,
                          const std::vector<std::string>& mandatory,
                          const std::vector<std::string>& optional) {
  GraphView view;
  view.model = trajectory.model;
  view.task = fmt::format("{}/{}/{}", trajectory.benchmark, trajectory.domain, trajectory.task_id);
  view.trial = trajectory.trial.value_or(0);
  view.reward = trajectory.reward;
  for (const ActionNode& node : graph.nodes) {
    const ToolCall& call = trajectory.calls[node.call];
    view.nodes.push_back({std::string(call.name), std::string(name_of(node.tool.kind)),
                          node.tool.guessed, contains(optional, call.name),
                          contains(mandatory, call.name), node.error, std::string(call.arguments),
                          std::string(trajectory.result_of(call))});
  }
  for (const auto& [source, destination] : graph.sequential) {
    view.sequential.push_back({source, destination, {}});
  }
  for (const Dependency& edge : graph.dependencies) {
    view.dependencies.push_back({edge.source, edge.destination, std::string(edge.value)});
  }
  return view;
}

VerdictParagraph graphs_verdict(const std::vector<GraphView>& views) {
  VerdictParagraph verdict;
  std::vector<std::set<std::string>> optional;
  for (const GraphView& view : views) {
    std::set<std::string>& tools = optional.emplace_back();
    std::size_t calls = 0;
    for (const GraphView::Node& node : view.nodes) {
      if (!node.optional) continue;
      tools.insert(node.tool);
      ++calls;
    }
    verdict.found += fmt::format("{}{} makes {} on {}, {} of them of optional tools.",
                                 verdict.found.empty() ? "" : " ", view.model,
                                 counted(view.nodes.size(), "call", "calls"), view.task, calls);
  }
  if (views.size() == 2) {
    const auto names = [](const std::vector<std::string>& tools) {
      return tools.empty() ? std::string("none") : listed(tools);
    };
    std::vector<std::string> both;
    std::vector<std::string> first;
    std::vector<std::string> second;
    std::set_intersection(optional[0].begin(), optional[0].end(), optional[1].begin(),
                          optional[1].end(), std::back_inserter(both));
    std::set_difference(optional[0].begin(), optional[0].end(), optional[1].begin(),
                        optional[1].end(), std::back_inserter(first));
    std::set_difference(optional[1].begin(), optional[1].end(), optional[0].begin(),
                        optional[0].end(), std::back_inserter(second));
    verdict.found +=
        fmt::format(" Optional tools that both call: {}; {} alone: {}; {} alone: {}.", names(both),
                    views[0].model, names(first), views[1].model, names(second));
    const std::string& task = views[0].task;
    verdict.next = {"agentecho",
                    "explain",
                    views[0].model,
                    views[1].model,
                    "PATHS",
                    "--task",
                    task.substr(task.find('/') + 1)};
  }
  return verdict;
}

std::string render_graphs(const std::vector<GraphView>& views, GraphFormat format,
                          std::size_t width) {
  switch (format) {
    case GraphFormat::kText:
      return render_text(views, width);
    case GraphFormat::kDot:
      return render_boxes<DotSyntax>(views);
    case GraphFormat::kMermaid:
      return render_boxes<MermaidSyntax>(views);
    case GraphFormat::kGraphMl:
      return render_graphml(views);
    case GraphFormat::kJson:
      return render_json(views);
  }
  return {};
}

}  // namespace agentecho

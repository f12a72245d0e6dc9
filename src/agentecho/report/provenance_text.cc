#include "agentecho/report/provenance_text.h"

#include <fmt/format.h>

#include "agentecho/base/hash.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"

namespace agentecho {

namespace {

constexpr std::size_t kNamedModels = 4;

std::string inputs_line(const Provenance& p) {
  std::uint64_t runs = 0;
  std::string digests;
  for (const LoadedFile& file : p.inputs) {
    runs += file.trajectories;
    digests += to_hex(file.digest);
  }
  const Digest digest = p.inputs.size() == 1 ? p.inputs.front().digest : digest_of(digests);
  return fmt::format("inputs: {}, {}; xxh3-128:{}{}", counted(p.inputs.size(), "file", "files"),
                     counted(runs, "run", "runs"), to_hex(digest),
                     p.inputs.size() == 1 ? "" : " (of their digests)");
}

std::string judges_line(const Provenance& p) {
  std::string line = fmt::format("dependencies: {}", p.features.verifier);
  const auto add = [&](std::string_view what, const std::string& who) {
    if (!who.empty()) line += fmt::format("; {}: {}", what, who);
  };
  add("stages", p.annotator());
  add("RPS", p.rps_backend);
  add("RSE", p.rse_judge);
  add("embeddings", p.embedding_model);
  add("catalogue of tools", p.features.catalog_digest);
  add("map of tools", p.features.tool_map);
  add("actions", p.features.actions);
  if (p.judged()) line += fmt::format("; least coverage {:g} %", 100 * p.least_coverage);
  return line;
}

std::string filter_line(const RunFilter& filter) {
  std::string line;
  for (const auto& [what, names] :
       {std::pair("models", &filter.models), std::pair("tasks", &filter.tasks),
        std::pair("domains", &filter.domains), std::pair("benchmarks", &filter.benchmarks)}) {
    if (names->empty()) continue;
    line += fmt::format("{}{} {}", line.empty() ? "only " : "; ", what, fmt::join(*names, ", "));
  }
  return line;
}

std::string simulated_line(const SimulatedRuns& simulated) {
  std::string line = fmt::format("simulated agents, study {}", simulated.study);
  for (const auto& [name, number] : simulated.numbers) line += fmt::format("; {} {}", name, number);
  return line + fmt::format("; seed {}", simulated.seed);
}

}  // namespace

std::string mandatory_text(const Provenance& provenance) {
  std::string text = provenance.mandatory_rule;
  if (!provenance.mandatory_file.empty()) {
    text += ' ';
    text += printable(provenance.mandatory_file);
  }
  if (provenance.success_only) text += "; successful runs only";
  return text;
}

std::vector<std::string> provenance_lines(const Provenance& p) {
  std::vector<std::string> lines;
  std::string program = fmt::format("agentecho {}", p.version);
  if (!p.metrics.empty()) program += fmt::format("; metrics: {}", fmt::join(p.metrics, ", "));
  if (p.bootstrap.replicates > 0) {
    program += fmt::format("; seed {}, {} replicates, level {:g}", p.bootstrap.seed,
                           p.bootstrap.replicates, p.bootstrap.level);
  }
  lines.push_back(std::move(program));
  if (p.simulated) lines.push_back(printable(simulated_line(*p.simulated)));
  if (p.inputs.empty()) return lines;  // nothing was looked at
  lines.push_back(judges_line(p));
  if (!p.pool.empty()) {
    lines.push_back(fmt::format(
        "mandatory tools: {}; pool: {}", mandatory_text(p),
        p.pool.size() > kNamedModels ? counted(p.pool.size(), "model", "models") : listed(p.pool)));
  } else if (p.success_only) {
    lines.emplace_back("successful runs only");
  }
  if (!p.filter.empty()) lines.push_back(filter_line(p.filter));
  lines.push_back(inputs_line(p));
  for (std::string& line : lines) line = printable(line);
  return lines;
}

std::string render_provenance(const Provenance& provenance, const TableView& view) {
  std::string out = "\n";
  for (const std::string& line : provenance_lines(provenance)) {
    switch (view.style) {
      case TableStyle::kText:
        out += note_text(line, view);
        break;
      case TableStyle::kMarkdown:  // joins lines that do not end in two blanks
        out += line + "  \n";
        break;
      case TableStyle::kLatex:
        out += fmt::format("% {}\n", line);
        break;
    }
  }
  return out;
}

}  // namespace agentecho

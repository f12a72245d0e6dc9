// How figures came about, for people: the last lines of every result.
#pragma once

#include <string>
#include <vector>

#include "agentecho/report/table.h"
#include "agentecho/study/provenance.h"

namespace agentecho {

// What was told apart how: "intersection", "file tools.json", "none; successful runs only", ...
std::string mandatory_text(const Provenance& provenance);

// The program, what judged, what was drawn, the pool and the inputs, a line each, without what the
// result has nothing of. Safe for a terminal.
std::vector<std::string> provenance_lines(const Provenance& provenance);

// A blank line, then these; in LaTeX as comments.
std::string render_provenance(const Provenance& provenance, const TableView& view);

}  // namespace agentecho

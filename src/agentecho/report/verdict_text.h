// A VerdictParagraph for people and for machines: the one place that renders it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agentecho/report/table.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

// The paragraph, wrapped to the view's width in text style and escaped in the others; then the
// command to type next on a line of its own (in LaTeX as a comment); then a blank line. Empty for
// an empty verdict. Safe for a terminal.
std::string render_verdict(const VerdictParagraph& verdict, const TableView& view);

// Adds the members "verdict" (the paragraph) and "next" (the command line, or null).
void add_verdict(const VerdictParagraph& verdict, nlohmann::ordered_json& document);

}  // namespace agentecho

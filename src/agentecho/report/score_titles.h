// What tables and files of the analyses have in common: names of scores, and sentences in lines.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/scoring/metric_columns.h"

namespace agentecho {

// For tables: "S_node", "AGS cal.", "RPS", "2-gram", "GED".
std::string score_title(Score score);
// For files: "s_node", "calibrated_ags", "rps", "bigram", "ged"; one name each.
std::string score_slug(Score score);

// Broken between words into lines of at most `width` columns, where words allow; with a line break
// at the end.
std::string wrapped_text(std::string_view text, std::size_t width);

}  // namespace agentecho

// Sentences in lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

// Longer lines are hard to read, however wide the screen is.
inline constexpr std::size_t kWidestParagraph = 100;

// Broken between words into lines of at most `width` columns, where words allow; with a line break
// at the end. Blanks before the first word stand before every line, and two more before all but
// the first.
std::string wrapped_text(std::string_view text, std::size_t width);

// The lines of a cell: broken between words, and within a word that is wider than `width` (at least
// 1). At least one line; of a text that would fill more than kCellLines the beginning, with "…".
inline constexpr std::size_t kCellLines = 8;
std::vector<std::string> cell_lines(std::string_view text, std::size_t width);

}  // namespace agentecho

// Sentences in lines.
#pragma once

#include <string>
#include <string_view>

namespace agentecho {

// Longer lines are hard to read, however wide the screen is.
inline constexpr std::size_t kWidestParagraph = 100;

// Broken between words into lines of at most `width` columns, where words allow; with a line break
// at the end. Blanks before the first word stand before every line, and two more before all but
// the first.
std::string wrapped_text(std::string_view text, std::size_t width);

}  // namespace agentecho

// Sentences in lines.
#pragma once

#include <string>
#include <string_view>

namespace agentecho {

// Broken between words into lines of at most `width` columns, where words allow; with a line break
// at the end.
std::string wrapped_text(std::string_view text, std::size_t width);

}  // namespace agentecho

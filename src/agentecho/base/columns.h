// How much of a text fits into so many columns of a terminal (display_width() of text.h).
#pragma once

#include <cstddef>
#include <string_view>

namespace agentecho {

// Bytes of the longest beginning, in whole characters, that takes at most `columns` columns.
std::size_t columns_prefix(std::string_view text, std::size_t columns);

}  // namespace agentecho

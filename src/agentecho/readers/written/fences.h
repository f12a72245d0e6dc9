// Fences of Markdown around code and JSON.
#pragma once

#include <string_view>

namespace agentecho::written {

// Without a fence's first line.
std::string_view without_fence_mark(std::string_view text);

std::string_view without_fence(std::string_view text);

// Of words around what stands in a fence.
std::string_view without_fence_ends(std::string_view words);

}  // namespace agentecho::written

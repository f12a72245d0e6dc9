// Reasoning that stands in a text, between the marks that models put around it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::written {

struct SplitThoughts {
  std::string text;                        // what is said
  std::vector<std::string_view> thoughts;  // parts of the text that was split, in its order
};

// <think>…</think> anywhere in the text; a text that only closes the tag (its opening was part of
// the prompt) starts with reasoning, one that only opens it ends with it. The other marks of models
// only around the text's beginning, and whole, since their words may be anybody's. Nothing where
// there are none. Linear.
std::optional<SplitThoughts> split_thoughts(std::string_view text);

}  // namespace agentecho::written

#include "agentecho/readers/written/thoughts.h"

#include <cstddef>

#include "agentecho/base/text.h"

namespace agentecho::written {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";

struct ThoughtMark {
  std::string_view open;
  std::string_view close;
};
constexpr ThoughtMark kOtherMarks[] = {
    {"<thinking>", "</thinking>"},
    {"<thought>", "</thought>"},
    {"<reasoning>", "</reasoning>"},
    {"<seed:think>", "</seed:think>"},
    {"[THINK]", "[/THINK]"},
    {"\u25c1think\u25b7", "\u25c1/think\u25b7"},
    {"<|begin_of_thought|>", "<|end_of_thought|>"},
    {"<|channel|>analysis<|message|>", "<|end|>"},
    {"<scratchpad>", "</scratchpad>"},
    {"<inner_thoughts>", "</inner_thoughts>"},
    {"<inner_monologue>", "</inner_monologue>"},
    {"<analysis>", "</analysis>"},
    {"<reflection>", "</reflection>"},
    {"<THINK>", "</THINK>"},
    {"<Thought>", "</Thought>"},
    {"<|START_THINKING|>", "<|END_THINKING|>"},
};

SplitThoughts split_tags(std::string_view rest) {
  SplitThoughts split;
  while (!rest.empty()) {
    const std::size_t close = rest.find(kClose);
    const std::size_t open = rest.substr(0, close).find(kOpen);
    const bool opened = open != std::string_view::npos;
    if (!opened && close == std::string_view::npos) break;
    const std::size_t inside = opened ? open + kOpen.size() : 0;
    if (opened) split.text += rest.substr(0, open);
    split.thoughts.push_back(trimmed(rest.substr(inside, close - inside)));
    rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + kClose.size());
  }
  split.text += rest;
  split.text = trimmed(split.text);
  return split;
}

std::optional<SplitThoughts> split_beginning(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::nullopt;
  for (const ThoughtMark& mark : kOtherMarks) {
    if (text[0] != mark.open[0] || !text.starts_with(mark.open)) continue;
    const std::size_t close = text.find(mark.close);
    if (close == std::string_view::npos) return std::nullopt;
    const std::size_t inside = mark.open.size();
    return SplitThoughts{std::string(trimmed(text.substr(close + mark.close.size()))),
                         {trimmed(text.substr(inside, close - inside))}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<SplitThoughts> split_thoughts(std::string_view text) {
  const bool tagged =
      find_word(text, "think>") != std::string_view::npos &&
      (text.find(kOpen) != std::string_view::npos || text.find(kClose) != std::string_view::npos);
  return tagged ? split_tags(text) : split_beginning(text);
}

}  // namespace agentecho::written

// How items and calls of a trajectory are shown to judges: bounded, and what is cut is said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/judges/fenced_text.h"
#include "agentecho/metrics/rps/items.h"

namespace agentecho::judges {

// How much of everything is shown. Where a request gets too long all of it is made smaller.
struct ShownLimits {
  std::size_t items = 60;         // of a block: the first and the last ones
  std::size_t item_bytes = 4000;  // of an item's text
  std::size_t context_bytes = 1000;
  std::size_t calls = 12;       // next to an item, on each side: the first and the last ones
  std::size_t call_text = 300;  // code points of arguments, and of a result

  ShownLimits halved() const;
  bool is_smallest() const;
};

// The message that `show` makes with the widest limits that keep it within max_bytes, or with the
// smallest.
std::string shown_within(std::size_t max_bytes,
                         const std::function<FencedText(const ShownLimits&)>& show);

std::string_view name(rps::ItemKind kind);  // "reasoning", "response"

// Calls show(i) for the numbers 0 .. count - 1. Where they are more than `most`, those in the
// middle are left out, which is said: "(3 calls left out here)".
void show_at_most(std::size_t most, std::size_t count, std::string_view what, FencedText& out,
                  const std::function<void(std::size_t)>& show);

// The agent's calls in the range, one quoted entry each.
void quote_calls(FencedText& out, const Trajectory& trajectory, rps::CallRange range,
                 const ShownLimits& limits,
                 const std::function<std::string(std::string_view)>& edit);

}  // namespace agentecho::judges

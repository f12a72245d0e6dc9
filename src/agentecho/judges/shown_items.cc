#include "agentecho/judges/shown_items.h"

#include <fmt/format.h>

#include <algorithm>

namespace agentecho::judges {

namespace {

constexpr ShownLimits kSmallest = {
    .items = 4, .item_bytes = 60, .context_bytes = 40, .calls = 2, .call_text = 20};

}  // namespace

ShownLimits ShownLimits::halved() const {
  return {.items = std::max(items / 2, kSmallest.items),
          .item_bytes = std::max(item_bytes / 2, kSmallest.item_bytes),
          .context_bytes = std::max(context_bytes / 2, kSmallest.context_bytes),
          .calls = std::max(calls / 2, kSmallest.calls),
          .call_text = std::max(call_text / 2, kSmallest.call_text)};
}

bool ShownLimits::is_smallest() const {
  return items == kSmallest.items && item_bytes == kSmallest.item_bytes &&
         context_bytes == kSmallest.context_bytes && calls == kSmallest.calls &&
         call_text == kSmallest.call_text;
}

std::string shown_within(std::size_t max_bytes,
                         const std::function<FencedText(const ShownLimits&)>& show) {
  for (ShownLimits limits;; limits = limits.halved()) {
    const FencedText shown = show(limits);
    if (shown.size() <= max_bytes || limits.is_smallest()) return shown.text();
  }
}

std::string_view name(rps::ItemKind kind) {
  return kind == rps::ItemKind::kThink ? "reasoning" : "response";
}

void show_at_most(std::size_t most, std::size_t count, std::string_view what, FencedText& out,
                  const std::function<void(std::size_t)>& show) {
  const std::size_t left_out = count > most ? count - most : 0;
  const std::size_t head = left_out > 0 ? most - most / 2 : count;
  for (std::size_t i = 0; i < head; ++i) show(i);
  if (left_out == 0) return;
  out.say(fmt::format("({} {} left out here)", left_out, what));
  for (std::size_t i = head + left_out; i < count; ++i) show(i);
}

void quote_calls(FencedText& out, const Trajectory& trajectory, rps::CallRange range,
                 const ShownLimits& limits,
                 const std::function<std::string(std::string_view)>& edit) {
  std::vector<const ToolCall*> calls;
  rps::for_each_agent_call(trajectory, range,
                           [&](const ToolCall& call) { calls.push_back(&call); });
  show_at_most(limits.calls, calls.size(), "calls", out, [&](std::size_t i) {
    const std::string text =
        rps::shortened_call(trajectory, *calls[i], limits.call_text, limits.call_text);
    // The name has no bound of its own, and bytes that are no UTF-8 count as no code points.
    out.quote(edit(text), 4 * limits.call_text + 60);
  });
}

}  // namespace agentecho::judges

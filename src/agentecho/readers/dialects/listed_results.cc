#include "agentecho/readers/dialects/listed_results.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/replace_messages.h"
#include "agentecho/readers/written/json_calls.h"

namespace agentecho::dialects {

namespace {

using written::dumped;
using Texts = std::vector<std::string>;

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : dumped(value);
}

// What {"name": …, "results": …} says that the tool gave.
const Json* named_result(const Json& element) {
  if (!element.is_object() || !element.contains("name") || element.size() != 2) return nullptr;
  for (const char* key : {"results", "result", "content", "output", "response"}) {
    if (const auto found = element.find(key); found != element.end()) return &*found;
  }
  return nullptr;
}

// By the names of the tools; nothing where an element names none, or another tool.
std::optional<Texts> by_name(const Json& list, std::span<const ToolCall> calls) {
  Texts texts;
  std::vector<bool> taken(list.size());
  for (const ToolCall& call : calls) {
    std::size_t at = 0;
    while (at < list.size() &&
           (taken[at] || named_result(list[at]) == nullptr || list[at]["name"] != call.name)) {
      ++at;
    }
    if (at == list.size()) return std::nullopt;
    taken[at] = true;
    texts.push_back(text_of(*named_result(list[at])));
  }
  return texts;
}

// A text for each call; nothing where the message is no such list.
std::optional<Texts> listed_results(std::string_view text, std::span<const ToolCall> calls) {
  text = trimmed(text);
  if (!text.starts_with('[') || !text.ends_with(']') || !written::is_shallow(text)) {
    return std::nullopt;
  }
  const Json list = Json::parse(text, nullptr, false);
  if (!list.is_array() || list.size() != calls.size()) return std::nullopt;
  if (auto named = by_name(list, calls)) return named;
  if (calls.size() < 2) return std::nullopt;
  Texts texts;
  for (const Json& element : list) texts.push_back(text_of(element));
  return texts;
}

}  // namespace

void split_listed_results(Trajectory& t) {
  std::vector<std::pair<std::size_t, Texts>> found;  // by message
  std::size_t first_open = 0;                        // calls of the unbroken run before the message
  std::size_t end_open = 0;
  for (std::size_t m = 0; m < t.messages.size(); ++m) {
    const Message& message = t.messages[m];
    if (message.n_calls > 0) {
      if (first_open == end_open) first_open = message.first_call;
      end_open = message.first_call + message.n_calls;
      continue;
    }
    const bool only_answer = message.role == Role::kTool && message.tool_call_id.empty() &&
                             (m + 1 == t.messages.size() || t.messages[m + 1].role != Role::kTool);
    if (only_answer && first_open < end_open) {
      const std::span<const ToolCall> open(t.calls.data() + first_open, end_open - first_open);
      if (auto texts = listed_results(message.text, open)) found.emplace_back(m, std::move(*texts));
    }
    first_open = end_open;
  }
  if (found.empty()) return;
  auto next = found.begin();
  replace_messages(t, [&](std::size_t m, Message message, std::vector<Message>& messages) {
    if (next == found.end() || next->first != m) {
      messages.push_back(message);
      return;
    }
    for (const std::string& text : next->second) {
      message.text = t.arena.copy(text);
      messages.push_back(message);
    }
    ++next;
  });
}

}  // namespace agentecho::dialects

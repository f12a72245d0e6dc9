#include "agentecho/readers/written/bare_calls.h"

#include <cstddef>

#include "agentecho/base/text.h"
#include "agentecho/readers/written/fences.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/readers/written/labels.h"
#include "agentecho/readers/written/python_calls.h"
#include "agentecho/readers/written/tagged_calls.h"

namespace agentecho::written {

bool read_whole(std::string_view text, Turn& turn) {
  std::string_view body = json_of_mark(trimmed(text));
  constexpr std::string_view kFunctools = "functools";
  if (body.starts_with(kFunctools)) body.remove_prefix(kFunctools.size());
  return add_json_calls(body, turn.calls) || add_python_calls(body, turn.calls);
}

bool read_behind_text(std::string_view text, Turn& turn) {
  int tries = 0;
  for (std::size_t at = text.find('\n'); at != kNowhere && ++tries < kMostFailures;) {
    const std::size_t next = text.find_first_not_of(" \t\r\n", at);
    if (next == kNowhere) return false;
    const bool opens = text[next] == '{' || text[next] == '[';
    const std::string_view rest = trimmed(text.substr(next));
    if (opens && (add_json_calls(rest, turn.calls) || add_python_calls(rest, turn.calls))) {
      take_thought(text.substr(0, at), turn);
      return true;
    }
    at = text.find('\n', next);
  }
  return false;
}

bool read_labelled_json(std::string_view text, Turn& turn) {
  if (text.find('{') == kNowhere && text.find('[') == kNowhere) return false;
  for (const std::string_view label :
       {"TOOL_CALL", "TOOL CALL", "Tool call", "Tool Call", "FUNCTION_CALL", "Function call",
        "Function Call", "CALL_TOOL"}) {
    for (Label found = find_label(text, label); found;
         found = find_label(text, label, found.end())) {
      const std::string_view json = without_fence_mark(without_emphasis(text.substr(found.end())));
      const bool opens = json.starts_with('{') || json.starts_with('[');
      const std::size_t end = opens ? json_end(json) : kNowhere;
      if (end == kNowhere || !add_json_calls(json.substr(0, end), turn.calls)) continue;
      if (turn.calls.size() == 1) take_thought(text.substr(0, found.at), turn);
      turn.waits = true;
    }
    if (!turn.calls.empty()) return true;
  }
  return false;
}

}  // namespace agentecho::written

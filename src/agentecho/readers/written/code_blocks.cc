#include "agentecho/readers/written/code_blocks.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/readers/written/python_calls.h"
#include "agentecho/readers/written/result_marks.h"

namespace agentecho::written {

namespace {

// The name of the tool that a fenced block of this language goes to; empty where the block may be a
// call itself.
std::optional<std::string_view> tool_of_fence(std::string_view language) {
  struct Fence {
    std::string_view language;
    std::string_view tool;
  };
  constexpr Fence kFences[] = {
      {"bash", "bash"},
      {"sh", "bash"},
      {"shell", "bash"},
      {"console", "bash"},
      {"zsh", "bash"},
      {"mswea_bash_command", "bash"},
      {"python", "python"},
      {"py", "python"},
      {"python3", "python"},
      {"ipython", "python"},
      {"tool_code", "tool_code"},
      {"json", ""},
      {"tool_call", ""},
      {"tool_calls", ""},
      {"tool", ""},
      {"", ""},
  };
  for (const Fence& fence : kFences) {
    if (fence.language == language) return fence.tool;
  }
  return std::nullopt;
}

// A block of code as a call of the tool that runs it, or the calls that it is.
bool add_block(std::string_view tool, std::string_view code, std::vector<Call>& calls) {
  if (tool.empty()) return add_json_calls(code, calls);
  if (tool == "tool_code") {  // Gemma: a call in Python's syntax, or a program
    return add_python_calls(code, calls) || add_block("python", code, calls);
  }
  const Json arguments = {{tool == "bash" ? "command" : "code", std::string(code)}};
  calls.push_back({std::string(tool), dumped(arguments)});
  return true;
}

}  // namespace

bool read_fences(std::string_view text, std::string_view answer, Turn& turn) {
  const bool in_shell = trimmed(answer).ends_with(kShellPrompt);
  constexpr std::string_view kFence = "```";
  std::string left;
  std::size_t kept = 0;
  std::size_t at = 0;
  while ((at = text.find(kFence, at)) != kNowhere) {
    const std::size_t line_end = text.find('\n', at);
    if (line_end == kNowhere) break;
    const std::string_view language =
        trimmed(text.substr(at + kFence.size(), line_end - at - kFence.size()));
    const std::size_t end = text.find("\n```", line_end);
    const std::size_t body_end = end == kNowhere ? text.size() : end;
    const std::size_t behind = end == kNowhere ? text.size() : end + 4;
    const auto tool = tool_of_fence(language);
    if (tool && line_end + 1 <= body_end) {
      const std::string_view code = text.substr(line_end + 1, body_end - line_end - 1);
      if (add_block(tool->empty() && in_shell ? "bash" : *tool, code, turn.calls)) {
        left += text.substr(kept, at - kept);
        kept = behind;
      }
    }
    at = behind;
  }
  if (turn.calls.empty()) return false;
  left += text.substr(std::min(kept, text.size()));
  take_thought(left, turn);
  return true;
}

bool read_code_tags(std::string_view text, Turn& turn) {
  struct Tag {
    std::string_view open;
    std::string_view close;
    std::string_view tool;
  };
  constexpr Tag kTags[] = {
      {"<execute_bash>", "</execute_bash>", "bash"},
      {"<execute_ipython>", "</execute_ipython>", "python"},
      {"<execute>", "</execute>", "python"},
      {"<code>", "</code>", "python"},
      {"<python>", "</python>", "python"},
      {"<bash>", "</bash>", "bash"},
  };
  for (const Tag& tag : kTags) {
    const std::size_t open = text.find(tag.open);
    if (open == kNowhere) continue;
    const std::size_t begin = open + tag.open.size();
    const std::size_t close = text.find(tag.close, begin);
    add_block(tag.tool, trimmed(text.substr(begin, close - begin)), turn.calls);
    std::string left(text.substr(0, open));
    if (close != kNowhere) left += text.substr(close + tag.close.size());
    take_thought(left, turn);
    return true;
  }
  return false;
}

}  // namespace agentecho::written

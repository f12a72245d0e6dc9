#include "agentecho/readers/written/terminal_reply.h"

#include <cstddef>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/fences.h"
#include "agentecho/readers/written/json_calls.h"

namespace agentecho::written {

std::optional<TerminalReply> terminal_reply(std::string_view text) {
  const std::size_t open = text.find('{');
  const std::size_t end = open == kNowhere ? kNowhere : json_end(text.substr(open));
  if (end == kNowhere || !is_shallow(text.substr(open, end))) return std::nullopt;
  const Json object = Json::parse(text.substr(open, end), nullptr, false);
  const auto commands = object.is_object() ? object.find("commands") : object.end();
  if (commands == object.end() || !commands->is_array()) return std::nullopt;
  TerminalReply reply;
  for (const Json& command : *commands) {
    reply.all_typed = reply.all_typed && command.is_object() && command.contains("keystrokes");
    reply.commands.push_back(dumped(command));
  }
  for (const char* key : {"analysis", "state_analysis", "plan", "explanation"}) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) {
      add_line(found->get_ref<const std::string&>(), reply.said);
    }
  }
  reply.before = without_fence_ends(text.substr(0, open));
  reply.after = without_fence_ends(text.substr(open + end));
  return reply;
}

bool read_terminal_reply(std::string_view text, Turn& turn) {
  if (text.find("\"commands\"") == kNowhere || text.find("task_complete\"") == kNowhere) {
    return false;
  }
  const auto reply = terminal_reply(text);
  if (!reply || !reply->all_typed) return false;
  for (const std::string& command : reply->commands) {
    turn.calls.push_back({std::string(kTerminalTool), command});
  }
  for (const std::string* part : {&reply->before, &reply->said, &reply->after}) {
    add_line(*part, turn.text);
  }
  turn.waits = !turn.calls.empty();
  turn.one_screen = turn.waits;
  return true;
}

}  // namespace agentecho::written

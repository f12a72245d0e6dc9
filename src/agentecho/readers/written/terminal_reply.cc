#include "agentecho/readers/written/terminal_reply.h"

#include <cstddef>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/fences.h"
#include "agentecho/readers/written/json_calls.h"

namespace agentecho::written {

namespace {

// What stands between <name> and </name>; nothing where they do not.
std::optional<std::string_view> element(std::string_view text, std::string_view name) {
  const std::string begin = "<" + std::string(name) + ">";
  const std::size_t at = text.find(begin);
  const std::size_t end = at == kNowhere ? kNowhere : text.find("</" + begin.substr(1), at);
  if (end == kNowhere) return std::nullopt;
  return text.substr(at + begin.size(), end - at - begin.size());
}

// <keystrokes duration="0.1">ls\n</keystrokes> as the JSON of a command.
std::string typed_command(std::string_view attributes, std::string_view keys) {
  Json command = {{"keystrokes", std::string(keys)}};
  constexpr std::string_view kDuration = "duration=\"";
  if (const std::size_t at = attributes.find(kDuration); at != kNowhere) {
    const std::string_view value = attributes.substr(at + kDuration.size());
    const std::string_view number = value.substr(0, value.find('"'));
    const Json seconds = Json::parse(number, nullptr, false);
    command["duration"] = seconds.is_number() ? seconds : Json(std::string(number));
  }
  return dumped(command);
}

// <response><analysis>…</analysis><plan>…</plan><commands><keystrokes …>…</keystrokes></commands>
// </response>
std::optional<TerminalReply> terminal_xml(std::string_view text) {
  constexpr std::string_view kOpen = "<keystrokes";
  constexpr std::string_view kClose = "</keystrokes>";
  const auto inside = element(text, "response");
  auto commands = inside ? element(*inside, "commands") : std::nullopt;
  if (!commands) return std::nullopt;
  TerminalReply reply;
  for (std::size_t at = 0; (at = commands->find(kOpen, at)) != kNowhere;) {
    const std::size_t begin = commands->find('>', at);
    const std::size_t end = begin == kNowhere ? kNowhere : commands->find(kClose, begin);
    if (end == kNowhere) return std::nullopt;
    const std::size_t attributes = at + kOpen.size();
    reply.commands.push_back(typed_command(commands->substr(attributes, begin - attributes),
                                           commands->substr(begin + 1, end - begin - 1)));
    at = end + kClose.size();
  }
  for (const std::string_view part : {"analysis", "plan"}) {
    if (const auto said = element(*inside, part)) add_line(trimmed(*said), reply.said);
  }
  const auto response = static_cast<std::size_t>(inside->data() - text.data());
  reply.before = trimmed(text.substr(0, response - std::string_view("<response>").size()));
  reply.after =
      trimmed(text.substr(response + inside->size() + std::string_view("</response>").size()));
  return reply;
}

}  // namespace

std::optional<TerminalReply> terminal_reply(std::string_view text) {
  if (auto xml = terminal_xml(text)) return xml;
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
  const bool json = text.find("\"commands\"") != kNowhere &&
                    (text.find("\"keystrokes\"") != kNowhere ||
                     text.find("task_complete\"") != kNowhere);  // with no command at all
  if (!json && text.find("</keystrokes>") == kNowhere) return false;
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

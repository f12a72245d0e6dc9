// What Terminus answers with where it has no tools: {analysis, plan, commands: [{keystrokes}]},
// older versions with {state_analysis, explanation, …}, also in a fence or among words, or the same
// as elements of a <response>. Its commands are calls of `kTerminalTool`, which it has elsewhere;
// the terminal shows one screen for all of them: the result of the last.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

inline constexpr std::string_view kTerminalTool = "bash_command";

struct TerminalReply {
  std::string before;                 // the words before the object
  std::string said;                   // analysis and plan
  std::vector<std::string> commands;  // JSON, as arguments
  bool all_typed = true;              // each command has keystrokes
  std::string after;
};

// Nothing where the text is no such reply.
std::optional<TerminalReply> terminal_reply(std::string_view text);

// The reply in a chat, where its members alone tell it.
bool read_terminal_reply(std::string_view text, Turn& turn);

}  // namespace agentecho::written

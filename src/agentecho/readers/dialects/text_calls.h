// Calls that are written in the text of the assistant's messages: tags with JSON, tags with a
// member for each argument, ReAct, tau-bench's own text agents, fenced code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/notes.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Only in a run whose agent issues no call otherwise: calls that are marked clearly become calls,
// and the messages that answer them results. Marks that could not be read are counted in the notes.
// Linear in the size of the texts. Results are not linked yet.
void read_text_calls(Trajectory& t, CallWriter& calls, RecordNotes& notes);

// What a text says an agent did, and nothing else: calls in JSON or Python's syntax, "find[x]", in
// tags or in fences, or a command, whose first word is taken for the tool and the rest for its one
// argument `input`. Nothing where it does not begin with a name.
struct CallInText {
  std::string name;
  std::string arguments;  // JSON
};
std::vector<CallInText> calls_in_text(std::string_view action);

// What Terminus answers with where it has no tools: {analysis, plan, commands: [{keystrokes}]},
// older versions with {state_analysis, explanation, …}, also in a fence or among words. Its
// commands are calls of `kTerminalTool`, which it has elsewhere; the terminal shows one screen for
// all of them: the result of the last.
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

}  // namespace agentecho::dialects

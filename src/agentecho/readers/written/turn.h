// What a text of the assistant says when the calls are taken out of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::written {

// A call as the text gives it.
struct Call {
  std::string name;
  std::string arguments;                             // JSON
  std::optional<std::string> result = std::nullopt;  // where the same text goes on with it
  std::string id = {};
};

struct Turn {
  std::string text;
  std::string reasoning;
  std::vector<Call> calls;
  bool waits = false;       // it ends with the call, so that what follows is the result
  bool one_screen = false;  // one result for all calls, which is that of the last
};

// Sets text and reasoning: "Thought: …" before the action is reasoning; what stands before that is
// text.
void take_thought(std::string_view before, Turn& turn);

// A line more of the text.
void add_line(std::string_view line, std::string& text);

}  // namespace agentecho::written

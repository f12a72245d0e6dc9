#include "agentecho/readers/written/turn.h"

#include "agentecho/base/text.h"
#include "agentecho/readers/written/labels.h"

namespace agentecho::written {

void take_thought(std::string_view before, Turn& turn) {
  const Label thought = find_label(before, "Thought");
  if (!thought) {
    turn.text = trimmed(before);
    return;
  }
  turn.text = trimmed(before.substr(0, thought.at));
  std::string_view reasoning = without_emphasis(before.substr(thought.end()));
  while (!reasoning.empty() && reasoning.back() == '*') {  // of "**Action:"
    reasoning = trimmed(reasoning.substr(0, reasoning.size() - 1));
  }
  turn.reasoning = reasoning;
}

void add_line(std::string_view line, std::string& text) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

}  // namespace agentecho::written

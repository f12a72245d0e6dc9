// Text in a trajectory that seems to speak to a judge instead of to the agent or the user: attempts
// to steer a verdict, or what looks like one. A warning for people, by words alone: it proves
// nothing, what it does not know it does not see, and no score depends on it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::judges {

struct AddressedText {
  std::uint32_t message = 0;  // index into Trajectory::messages
  std::string pattern;        // "judge", "score", "override", "markup", "verdict", "invisible"
  std::string excerpt;        // printable, one line, at most 160 code points
};

// Patterns, words compared without regard to case, invisible characters passed over:
//   judge      a judge, grader, evaluator, annotator, ... is spoken to or about in a demand
//   score      a demand for a score, or for the sides to be held alike
//   override   "ignore previous instructions" and its like, in several languages
//   markup     tokens of chat templates, fence lines of our own requests
//   verdict    JSON with the members of a judge's reply
//   invisible  Unicode tags, bidirectional overrides, runs of zero-width characters or of
//              supplementary variation selectors
// Looked at: assistant texts and reasoning, user texts, tool results, names and arguments of calls;
// of each its first and its last 128 KiB. One finding per pattern and text, in log order.
std::vector<AddressedText> find_addressed_text(const Trajectory& trajectory);

// The same for one text; `message` is 0.
std::vector<AddressedText> find_addressed_text(std::string_view text);

}  // namespace agentecho::judges

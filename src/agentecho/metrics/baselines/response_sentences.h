// The sentences that an agent says, for measures that work sentence by sentence.
//
// [choice] A response is the text of an assistant message; reasoning, calls and results are not. A
// sentence ends at a line end, at . ! ? (and closing quotes, brackets and asterisks behind it)
// before white space, and at the full-width marks U+3002, U+FF01 and U+FF1F; but no mark ends what
// has no letter yet, so that "1." at the start of a list item stays with it. What has neither
// letter nor digit is no sentence.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

struct SentenceLimits {
  std::size_t sentences = 64;     // of a trajectory; where there are more, as many spread evenly
  std::size_t code_points = 400;  // of a sentence; longer ones are cut
};

// In their order, without surrounding white space, in valid UTF-8 (invalid bytes as U+FFFD);
// repetitions are kept. Of n sentences above the limit m, the k-th of m kept is that with index
// floor((2k + 1) n / 2m). O(bytes) time, O(m) memory.
std::vector<std::string> response_sentences(const Trajectory& trajectory,
                                            const SentenceLimits& limits = {});

}  // namespace agentecho

// Markers: the choices that a run shows or does not show, as 64-bit hashes (METHOD 14).
//
// Words: 1-, 2- and 3-grams of the visible text of each assistant message. Tokens, of the
// lowercased text: [a-z]+('[a-z]+)?; a run of digits (all the same token); a run of line breaks
// (one, or several); **; a run of #; any other character that is not white space. Reasoning, calls
// and results are no words.
// Layout: 32 counters of the visible text of the run (lines, bullets, bold, emoji, marks, ...),
// each in the class floor(log2(1 + count)); a marker is a counter with its class.
// Actions: each call with its arguments; each argument that is given (tool and path of names);
// 1-, 2- and 3-grams of the events of the run: its beginning, tools called, an error result, a text
// without a call, its end.
//
// [choice] What the stack that serves a model decides is no choice of the model and never enters:
// the order of argument keys, white space in argument text, ids of calls, marks in tool names,
// several calls in one message or in several, text beside a call (METHOD 9, "Serving is not
// habit").
//
// A run without visible text has no markers of words and layout, a run without a call none of
// actions: it says nothing, and two such runs are not alike for it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::lineage {

using Markers = std::vector<std::uint64_t>;  // ascending, each once

// O(bytes + markers log markers), each.
Markers word_markers(const Trajectory& trajectory);
Markers layout_markers(const Trajectory& trajectory);
Markers action_markers(const Trajectory& trajectory);

}  // namespace agentecho::lineage

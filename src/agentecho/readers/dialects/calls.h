// Calls as a trajectory holds them: with the leaf values of their arguments, and linked to results.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/dialects/argument_leaves.h"
#include "agentecho/readers/dialects/notes.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// A copy of the text in the arena with 64 readable bytes behind it, as JSON parsers need them.
std::string_view padded_copy(std::string_view text, TextArena& arena);

// The pieces in one, a line break between them; empty pieces are left out. Linear.
std::string_view joined(const std::vector<std::string_view>& pieces, std::size_t first,
                        TextArena& arena);

class CallWriter {
 public:
  // Appends the call with the leaves of its arguments. An object or list in Python's notation
  // becomes the JSON that it means. Other arguments that are no JSON stay as one string value and
  // are counted; those that begin like an object count as not read.
  void append(ToolCall call, Trajectory& t, RecordNotes& notes);

 private:
  void take_other_notation(ToolCall& call, Trajectory& t, RecordNotes& notes);

  ArgumentLeaves argument_leaves_;
};

// Sets who answers what. A result with an id answers, among the calls before it with that id, the
// first unanswered one of the latest message that has such calls. A result without an id, and one
// whose id no call has while calls without an id are open, answers the first open call of the
// latest unbroken run of calls. O(n log n).
class ResultLinker {
 public:
  void link(Trajectory& t, RecordNotes& notes);

 private:
  std::int32_t next_call_with_id(const Trajectory& t, std::string_view id,
                                 std::int32_t before_message);

  std::vector<std::int32_t> call_order_;
  std::vector<std::uint32_t> group_cursor_;
};

}  // namespace agentecho::dialects

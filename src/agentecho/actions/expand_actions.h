// Calls of shells and editing tools as the actions that they are (METHOD 13): a call of a shell
// becomes one call for each simple command that does work, so that everything that looks at calls
// (graphs, features, alignment) sees what the agent did.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

class ActionTable;

// How nodes are called. kDefault: class and program for shells, the tool's name for all others.
enum class ActionNaming : std::uint8_t { kDefault, kName, kClass, kClassAndProgram };

std::string_view name_of(ActionNaming naming);  // "default", "name", "class", "class+program"
// Errors: kUsage for another text.
Result<ActionNaming> parse_action_naming(std::string_view text);

// What became of the calls of one trajectory, or of many together.
struct ActionTally {
  std::uint64_t shell_calls = 0;
  std::uint64_t nodes = 0;       // that they became
  std::uint64_t unparsed = 0;    // scripts that cannot be parsed: one node of class "other" each
  std::uint64_t tool_calls = 0;  // of other tools of the table
  std::string first_unparsed;    // what is wrong with the first, and its beginning

  bool any() const { return shell_calls > 0 || tool_calls > 0; }
  ActionTally& operator+=(const ActionTally& other);
};

// One a thread; the table must outlive it.
class ActionExpander {
 public:
  ActionExpander(const ActionTable& table, ActionNaming naming);
  ~ActionExpander();

  // Is there a call of the agent to a tool of the table?
  bool concerns(const Trajectory& trajectory) const;

  // In place; with kName nothing changes, and the tally counts each call of a shell as one node.
  // The simple commands stand in the message of their call, in order; the result belongs
  // to the last; a call whose commands do no work (cd, echo) is gone and its result answers
  // nothing. Names: "read:cat"; arguments: {"command": as written}; leaves: the words and texts
  // that the command works on, and for the last what else the call was given. A call of a shell
  // without a command is one node of the table's class `unknown`.
  ActionTally expand(Trajectory& trajectory);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentecho

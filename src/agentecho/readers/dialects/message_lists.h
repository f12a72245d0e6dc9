// Under which members of a record its messages stand.
#pragma once

#include <optional>
#include <string_view>

namespace agentecho {

// The rank of a member that usually holds the list of messages; the least counts. `messages` and
// `traj` are not among them: those are read at once.
std::optional<int> message_list_rank(std::string_view key);

// Does the list that `json` begins with look like messages: is its first element an object with a
// role or with a type that messages have?
bool looks_like_messages(std::string_view json);

// Does the object that `json` begins with have a member of such a name (or `messages`, `traj`) that
// looks like a list of messages?
bool holds_messages(std::string_view json);

}  // namespace agentecho

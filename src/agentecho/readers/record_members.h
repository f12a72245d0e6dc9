// Members of a record that are judged once the rest of it is known: where its messages stand, how
// the run ended, and what was not read.
#pragma once

#include <string_view>
#include <vector>

namespace agentecho {

struct RecordMember {
  std::string_view key;
  std::string_view json;  // its value, from the first byte to the last
};

struct RecordMembers {
  std::vector<RecordMember> lists;  // and texts, which may hold the messages
  std::vector<RecordMember> objects;
  std::vector<RecordMember> flags;    // true and false under keys that no table has
  std::vector<RecordMember> unknown;  // texts and numbers under such keys
};

}  // namespace agentecho

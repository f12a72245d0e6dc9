// Which telling members a record has, to find out what wrote it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

struct RecordKeys {
  bool traj = false;              // tau-bench
  bool info = false;              // tau-bench and what derives from it
  bool tau2 = false;              // reward_info, run_info or ticks
  bool agentecho_schema = false;  // "schema": "agentecho.trajectory"
  bool features = false;          // "schema_version": "agentecho.features/…"
  bool row = false;               // "row": {…}, as data set viewers wrap a record
  bool message = false;           // the object is itself a message or an item of a conversation
  std::vector<std::string> names;
};

// `json` must be followed by RecordBlock::kPadding readable bytes. Damaged records have no keys.
RecordKeys record_keys(std::string_view json);

// The object under the key, as it stands in `json` (padded as above); empty when there is none.
std::string_view member_object(std::string_view json, std::string_view key);

}  // namespace agentecho

// Which telling members a record has, to find out what wrote it.
#pragma once

#include <string_view>

namespace agentecho {

struct RecordKeys {
  bool traj = false;              // tau-bench
  bool info = false;              // tau-bench and what derives from it
  bool tau2 = false;              // reward_info, run_info, termination_reason or ticks
  bool agentecho_schema = false;  // "schema": "agentecho.trajectory"
};

// `json` must be followed by RecordBlock::kPadding readable bytes. Damaged records have no keys.
RecordKeys record_keys(std::string_view json);

}  // namespace agentecho

// One record of a log (the bytes of a JSON object) → Trajectory.
//
// One tolerant parser reads all formats, since they differ in where things stand and not in what
// they are:
//   tau-bench        {task_id, trial, reward, traj: [messages]}, also with "messages" and without
//   task_id tau2-bench       {task_id, trial, reward_info: {reward}, messages, policy?}, arguments
//   as objects chat             {messages, model?, domain?, task_id?, trial?, reward? | success?}
//   AgentEcho's own  the same as chat, with "schema": "agentecho.trajectory"
// Texts are unescaped straight into the trajectory's arena; nothing else is copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "agentecho/readers/identity_keys.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// What a record may leave to the file that it stands in.
struct RecordDefaults {
  std::string model;
  std::string benchmark;
  std::string domain;
  std::string policy;       // system text where the record has none of its own
  std::string success_key;  // the member that says whether the run succeeded, when the user says so
};

enum class RecordOutcome { kParsed, kNoAssistantMessage, kMalformed };

// What was odd about a record that was read all the same.
struct RecordNotes {
  std::uint32_t malformed_arguments =
      0;                            // calls whose arguments are no JSON; kept as one raw string
  std::uint32_t unnamed_calls = 0;  // calls of a tool with the empty name; kept
  std::uint32_t results_without_call = 0;  // tool messages that answer no call; kept as context
  std::uint32_t unknown_roles = 0;         // kept as context
  bool repaired_utf8 = false;              // invalid bytes replaced by U+FFFD
  bool reward_not_a_number = false;        // taken as missing
};

struct ParsedRecord {
  RecordOutcome outcome = RecordOutcome::kMalformed;
  std::string problem;               // kMalformed: what is wrong
  std::size_t byte = 0;              // kMalformed: where, in the record
  bool damaged = false;              // kMalformed: it is no JSON
  std::size_t consumed = 0;          // not kMalformed: where the object ends that was read
  bool model_from_defaults = false;  // the record does not name its model
  RecordIdentity identity;           // what the record says, and under which keys
  RecordNotes notes;
};

class RecordParser {
 public:
  RecordParser();
  ~RecordParser();
  RecordParser(RecordParser&&) noexcept;
  RecordParser& operator=(RecordParser&&) noexcept;

  // `json` must be followed by RecordBlock::kPadding readable bytes. `into` is cleared first; its
  // memory is reused. Model, benchmark, domain and task id stay empty where neither the record nor
  // the defaults say them. Linear in the size of the record.
  ParsedRecord parse(std::string_view json, const RecordDefaults& defaults, Trajectory& into);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentecho

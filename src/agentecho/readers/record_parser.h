// One record of a log (the bytes of a JSON object) → Trajectory.
//
// Formats differ in where things stand; here that is: the messages under `messages` or `traj`, else
// under another usual name, as JSON in a text, as input and output, or one level down; identity
// (identity_keys.h); how the run ended (record_outcome.h). How a message says what it says is a
// matter of its dialect (dialects/message.h). Texts are unescaped straight into the trajectory's
// arena.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/hidden.h"
#include "agentecho/readers/dialects/notes.h"
#include "agentecho/readers/identity_keys.h"
#include "agentecho/readers/record_outcome.h"
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

struct ParsedRecord {
  RecordOutcome outcome = RecordOutcome::kMalformed;
  std::string problem;           // kMalformed: what is wrong
  std::size_t byte = 0;          // kMalformed: where, in the record
  bool damaged = false;          // kMalformed: it is no JSON
  std::size_t consumed = 0;      // not kMalformed: where the object ends that was read
  RecordIdentity identity;       // what the record says, and under which keys
  std::string outcome_key;       // where Trajectory::reward comes from
  std::optional<double> points;  // the number itself, where it is one; see OutcomeValue
  // Members that were not read and may say how the run ended; of a record that does not say it.
  std::vector<std::string> outcome_candidates;
  // Numbers under keys of outcomes that do not count here, for the scale of other records.
  std::vector<std::pair<std::string, double>> other_points;
  std::string trial_key;
  RecordNotes notes;
};

class RecordParser {
 public:
  RecordParser();

  // `json` must be followed by RecordBlock::kPadding readable bytes. `into` is cleared first; its
  // memory is reused. Model, benchmark, domain and task id stay empty where neither the record nor
  // the defaults say them. Linear in the size of the record.
  ParsedRecord parse(std::string_view json, const RecordDefaults& defaults, Trajectory& into);

 private:
  struct Impl;
  Hidden<Impl> impl_;
};

}  // namespace agentecho

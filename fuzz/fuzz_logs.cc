// Bytes of a log → records → trajectories → features. The first byte chooses how the bytes arrive.
#include <memory>
#include <string_view>
#include <vector>

#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"
#include "fuzz.h"

namespace {

using namespace agentecho;

// Indices into each other that every later step relies on.
void check(const Trajectory& t) {
  const auto n_messages = static_cast<std::int32_t>(t.messages.size());
  const auto n_calls = static_cast<std::int32_t>(t.calls.size());
  std::size_t next_call = 0;
  for (const Message& message : t.messages) {
    if (message.n_calls > 0) FUZZ_CHECK(message.first_call == next_call);
    next_call += message.n_calls;
    FUZZ_CHECK(message.answers >= kNone && message.answers < n_calls);
  }
  FUZZ_CHECK(next_call == t.calls.size());
  std::size_t next_leaf = 0;
  for (const ToolCall& call : t.calls) {
    FUZZ_CHECK(call.message >= 0 && call.message < n_messages);
    FUZZ_CHECK(call.result_message == kNone ||
               (call.result_message > call.message && call.result_message < n_messages));
    FUZZ_CHECK(call.first_leaf == next_leaf);
    next_leaf += call.n_leaves;
  }
  FUZZ_CHECK(next_leaf == t.leaves.size());
}

void check(const TrajectoryFeatures& features) {
  for (const auto& [source, destination] : features.dependencies) {
    FUZZ_CHECK(source < destination && destination < features.tools.size());
  }
  FUZZ_CHECK(features.counts.calls == features.tools.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ScanOptions options;
  options.lines = (data[0] & 1) != 0;
  options.max_record_bytes = (data[0] & 2) != 0 ? 100 : 1 << 20;
  RecordScanner scanner(memory_source(bytes, 1 + data[0] / 4), options);
  scanner.open();

  RecordParser parser;
  ProvenanceVerifier provenance;
  AcceptAllVerifier accept_all;
  const RecordDefaults defaults{"model", "benchmark", "domain", "policy", {}};
  Trajectory trajectory;
  RecordBlock block;
  std::vector<ScanProblem> problems;
  while (scanner.next(block, problems)) {
    for (const RecordSpan& record : block.records) {
      FUZZ_CHECK(record.byte + record.size <= bytes.size());
      FUZZ_CHECK(bytes.substr(record.byte, record.size) == block.bytes_of(record));
      const ParsedRecord parsed = parser.parse(block.bytes_of(record), defaults, trajectory);
      FUZZ_CHECK((parsed.outcome == RecordOutcome::kMalformed) == !parsed.problem.empty());
      if (parsed.outcome != RecordOutcome::kParsed) continue;
      check(trajectory);
      check(extract_features(trajectory, {}, provenance).value());
      check(extract_features(trajectory, {}, accept_all).value());
    }
  }
  return 0;
}

// A whole input file, read as `compare` reads it: compression, archive, table or log, then
// identity, features and corpus. The first byte chooses how the file is named. What was read is
// written in AgentEcho's own form and read back with the same features.
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/readers/memory_file.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"
#include "agentecho/readers/trajectory_writer.h"
#include "fuzz.h"

namespace {

using namespace agentecho;

constexpr std::array kNames = {"a.json", "a.jsonl", "a.csv",      "a.tsv", "a.arrow", "a.zip",
                               "a.eval", "a.tar",   "a.jsonl.gz", "a.log", "a.traj",  "a.parquet"};

std::string features_of(const Trajectory& trajectory) {
  AcceptAllVerifier verifier;
  auto features = extract_features(trajectory, {}, verifier);
  FUZZ_CHECK(features.has_value());
  return to_json_line(*features, {});
}

void check_round_trip(const Trajectory& trajectory) {
  std::string line = to_json_line(trajectory);
  const std::size_t size = line.size();
  line.append(RecordBlock::kPadding, ' ');
  RecordParser parser;
  Trajectory again;
  const ParsedRecord parsed = parser.parse(std::string_view(line).substr(0, size), {}, again);
  FUZZ_CHECK(parsed.outcome == RecordOutcome::kParsed);
  FUZZ_CHECK(features_of(again) == features_of(trajectory));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes =
      std::make_shared<const std::string>(reinterpret_cast<const char*>(data) + 1, size - 1);
  const MemoryFile file(kNames[data[0] % kNames.size()], bytes);
  Diagnostics refused;
  CorpusOptions options;
  options.load.files = {{file.path(), "", "", false, false}};
  options.load.threads = 1;
  options.refused = &refused;
  options.keep = [](const Trajectory&) { return true; };
  const auto loaded = load_corpus(options);
  if (!loaded) {
    FUZZ_CHECK(!loaded.error().message.empty());
    return 0;
  }
  FUZZ_CHECK(!loaded->kept.empty());
  for (const KeptTrajectory& kept : loaded->kept) check_round_trip(kept.trajectory);
  return 0;
}

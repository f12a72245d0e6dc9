// Logs → trajectories, on several threads, in bounded memory, in a fixed order.
//
// Each worker takes the next batch of records, about a megabyte, under a lock (reading and finding
// record boundaries is a quarter of the work), parses it outside the lock and hands each trajectory
// to the consumer. What the consumer made of the batches is committed in input order. One batch a
// thread is in flight.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/progress.h"
#include "agentecho/readers/diagnostics.h"
#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/outcome_scale.h"
#include "agentecho/readers/path_pattern.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// kFeatures: prepared features instead of a log; only load_corpus() reads them. kOther: one of
// known_formats().
enum class LogFormat : std::uint8_t {
  kAuto,
  kTauBench,
  kTau2Bench,
  kChat,
  kAgentEcho,
  kFeatures,
  kOther
};

std::string_view name_of(LogFormat format);  // "tau-bench", …

// What the user says about who ran what; it wins over everything that logs say (METHOD 9).
struct IdentityRules {
  std::vector<PathPattern> paths;              // --path; the first that matches counts
  std::map<std::string, std::string> renamed;  // --rename: model names
  std::string success_key;                     // --success-key; empty: the usual ones
  bool tasks_by_position =
      false;  // records without a task id are tasks by their number in the file
};

struct LoadOptions {
  std::vector<InputFile> files;
  // Of which `files` are a part, so that paths say of each file what they say where all are read;
  // empty: `files` are all.
  std::vector<InputFile> whole_input;
  IdentityRules identity;
  LogFormat format = LogFormat::kAuto;
  const Format* other = nullptr;  // with LogFormat::kOther
  unsigned threads = 0;           // 0: one per core
  std::uint64_t max_record_bytes = std::uint64_t{1} << 30;
  // Known from an earlier reading of the same files: each run then comes with its own success.
  const OutcomeScales* scales = nullptr;
  const std::atomic<bool>* stop = nullptr;  // set: give up with ErrorKind::kInterrupted
  ProgressSink* progress = nullptr;
};

// Sets `format` and `other`. Error: there is no such format (ErrorKind::kUsage).
Result<void> choose_log_format(std::string_view name, LoadOptions& options);

// How often a thing came from each source: "record: task_id" -> 24.
using SourceCounts = std::map<std::string, std::uint64_t>;

// Where the identity of the runs of a file came from (METHOD 9).
struct IdentitySources {
  SourceCounts model;
  SourceCounts task;
  SourceCounts trial;
  SourceCounts success;
  SourceCounts renamed;  // runs by the old names of IdentityRules::renamed
  void operator+=(const IdentitySources& other);
};

struct LoadedFile {
  std::string path;
  LogFormat format = LogFormat::kAuto;  // as found; kAuto: nothing was found
  Digest digest;                        // of the bytes as stored
  std::uint64_t stored_bytes = 0;
  std::uint64_t trajectories = 0;
  std::uint64_t domains_guessed = 0;  // from the names of known tools
  IdentitySources sources;
  std::uint64_t models_from_file_name = 0;  // neither data nor user said it: file name or folder
  std::string format_name;
  std::optional<std::uint64_t> missing_bytes;  // a Git LFS pointer: of the log that it stands for
  std::uint64_t members_passed_over = 0;       // of an archive: files that are not named like logs
  bool is_evaluation_report = false;           // what says how runs in other files ended
};

struct LoadReport {
  std::vector<LoadedFile> files;  // in the order of LoadOptions::files
  Diagnostics diagnostics;
  OutcomeScales scales;  // what the numbers mean that say how runs ended
};

// Of all files together.
IdentitySources all_sources(const LoadReport& report);

// Where a trajectory stands.
struct RecordOrigin {
  std::uint32_t file = 0;  // index into LoadOptions::files
  std::uint64_t record = 0;
  std::uint64_t byte = 0;
  // For what can only be settled when all runs are known.
  bool domain_said = true;      // else the trajectory's domain is a guess by its file
  bool task_is_weak = false;    // the task is known by its path, its position or a key like "id"
  bool task_is_unsure = false;  // or by a key such as "task", which may name the kind of a task
  std::string_view own_domain;  // the domain whose tools this run calls, else the one in its file's
                                // name; empty: there is none
  std::string_view system;      // what tells systems of one model name apart; see RecordIdentity
  std::string_view session;     // see RecordIdentity
  // Where success is a number: LoadReport::scales says in the end what it means.
  std::string_view outcome_key;
  std::optional<double> points;
};

class BatchConsumer {
 public:
  virtual ~BatchConsumer() = default;
  // On the worker's thread; the trajectory is only valid during the call (move it out to keep it).
  virtual void take(Trajectory& trajectory, const RecordOrigin& origin) = 0;
  // A line of prepared features, followed by RecordBlock::kPadding readable bytes. False: this is
  // no place for features, or the line is none; `problem` says what.
  virtual bool take_features(std::string_view json, const RecordOrigin& origin,
                             std::string& problem);
  // One at a time, in input order.
  virtual void commit() = 0;
};

class TrajectoryConsumer {
 public:
  virtual ~TrajectoryConsumer() = default;
  // From any thread.
  virtual std::unique_ptr<BatchConsumer> start_batch() = 0;
};

// Reads all files. Errors: a file that cannot be opened, interruption. Damaged records and files
// are diagnostics in the report.
Result<LoadReport> load_logs(const LoadOptions& options, TrajectoryConsumer& consumer);

// All trajectories at once, in input order, for small inputs and tests.
struct LoadedTrajectories {
  std::vector<Trajectory> trajectories;
  LoadReport report;
};
Result<LoadedTrajectories> load_trajectories(const LoadOptions& options);

}  // namespace agentecho

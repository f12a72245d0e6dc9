// Logs → trajectories, on several threads, in bounded memory, in a fixed order.
//
// Each worker takes the next batch of records, about a megabyte, under a lock (reading and finding
// record boundaries is a quarter of the work), parses it outside the lock and hands each trajectory
// to the consumer. What the consumer made of the batches is committed in input order. One batch a
// thread is in flight.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/hash.h"
#include "agentecho/base/progress.h"
#include "agentecho/readers/diagnostics.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// kFeatures: prepared features instead of a log; only load_corpus() reads them.
enum class LogFormat : std::uint8_t { kAuto, kTauBench, kTau2Bench, kChat, kAgentEcho, kFeatures };

std::string_view name_of(LogFormat format);  // "tau-bench", …
Result<LogFormat> parse_log_format(std::string_view name);

struct LoadOptions {
  std::vector<InputFile> files;
  LogFormat format = LogFormat::kAuto;
  unsigned threads = 0;  // 0: one per core
  std::uint64_t max_record_bytes = std::uint64_t{1} << 30;
  const std::atomic<bool>* stop = nullptr;  // set: give up with ErrorKind::kInterrupted
  ProgressSink* progress = nullptr;
};

struct LoadedFile {
  std::string path;
  LogFormat format = LogFormat::kAuto;  // as found; kAuto: nothing was found
  Digest digest;                        // of the bytes as stored
  std::uint64_t stored_bytes = 0;
  std::uint64_t trajectories = 0;
  std::uint64_t models_from_file_name =
      0;                              // trajectories for which neither data nor mapping said it
  std::uint64_t domains_guessed = 0;  // from the names of known tools
};

struct LoadReport {
  std::vector<LoadedFile> files;  // in the order of LoadOptions::files
  Diagnostics diagnostics;
};

// Where a trajectory stands.
struct RecordOrigin {
  std::uint32_t file = 0;  // index into LoadOptions::files
  std::uint64_t record = 0;
  std::uint64_t byte = 0;
};

class BatchConsumer {
 public:
  virtual ~BatchConsumer() = default;
  // On the worker's thread; the trajectory is only valid during the call (move it out to keep it).
  virtual void take(Trajectory& trajectory, const RecordOrigin& origin) = 0;
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

// One input file while it is read: its shape, its format, and what its records inherit from it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/readers/load.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"
#include "agentecho/readers/tau2_info.h"

namespace agentecho {

// What records inherit, shared by all blocks of a file.
struct FileContext {
  std::uint32_t file = 0;
  LogFormat format = LogFormat::kAuto;
  RecordDefaults defaults;
  std::string guessed_domain;      // for records whose domain is not said
  bool domain_per_record = false;  // guess it from each record's own tools first
  bool model_from_file_name = false;
};

// The domain whose own tools (official lists) the calls name most often; ties: the first by name.
std::optional<std::string_view> guess_domain(const Trajectory& trajectory);

// The results.json files of tau2-bench folders, read once each; checks each folder against its
// index.
class Tau2Folders {
 public:
  Result<Tau2Info> info_of(const std::string& results_path, Diagnostics& diagnostics);

 private:
  std::map<std::string, Tau2Info> known_;
};

class LogFile {
 public:
  // Opens the file and looks at its beginning.
  static Result<std::unique_ptr<LogFile>> open(const LoadOptions& options, std::uint32_t index,
                                               Tau2Folders& folders, Diagnostics& diagnostics);

  // The next block; false at the end. Scan problems become diagnostics.
  bool next(RecordBlock& block, Diagnostics& diagnostics);

  std::shared_ptr<const FileContext> context() const { return context_; }
  // Stored bytes read so far.
  std::uint64_t bytes_read() const { return hasher_.size(); }
  // After the end; without the counts of trajectories.
  LoadedFile summary() const;

 private:
  LogFile() = default;
  void read_ahead(Diagnostics& diagnostics);
  Result<Tau2Info> find_info(const InputFile& input, Tau2Folders& folders,
                             Diagnostics& diagnostics) const;
  void name_model(const InputFile& input, const std::string& own_model, Diagnostics& diagnostics);
  void guess_domain_from_start();
  void report(std::vector<ScanProblem>& problems, Diagnostics& diagnostics) const;

  std::string path_;
  Hasher hasher_;
  std::unique_ptr<RecordScanner> scanner_;
  std::shared_ptr<FileContext> context_;
  RecordBlock first_block_;  // read ahead, to look at it
  bool holds_first_block_ = false;
};

}  // namespace agentecho

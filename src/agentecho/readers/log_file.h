// One input file while it is read: its entries (itself, or the members of an archive), their shape
// and format, and what their records inherit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/readers/archive.h"
#include "agentecho/readers/evaluation_reports.h"
#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/load.h"
#include "agentecho/readers/metadata.h"
#include "agentecho/readers/path_roles.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"
#include "agentecho/readers/row_runs.h"
#include "agentecho/readers/tau2_info.h"

namespace agentecho {

// What the records of an entry inherit, shared by all its blocks.
struct EntryContext {
  std::uint32_t file = 0;
  Entry entry;
  LogFormat format = LogFormat::kAuto;
  const Format* other = nullptr;  // kOther: the format
  RecordDefaults defaults;        // without a model
  // Who ran what, by source (METHOD 9).
  std::map<std::string, std::string> user;  // fields of --path that match, and "model" of --model
  std::string user_source;                  // "--model" or "--path"
  Tau2Info header;
  std::shared_ptr<const Metadata> metadata;
  std::shared_ptr<const ReportsNearby> reports;
  PathParts path;
  bool single = false;             // the entry is one run
  bool one_record = false;         // it is one record, which may hold several runs
  bool rows = false;               // the record is the member "row" of what stands in the list
  bool weak_models_vary = false;   // the first records differ in a key that may name the model
  std::string provisional_domain;  // by the first records' tools, until all runs are known
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

// The members of an archive in a file, for what stands beside an entry. Used by several threads.
class ArchiveMembers {
 public:
  explicit ArchiveMembers(std::string path);
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::string> content(std::string_view name);

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::unordered_set<std::string_view> is_there_;  // of names_
  std::mutex mutex_;
  std::map<std::string, std::optional<std::string>> known_;
};

// What is known beyond one file.
struct ReadingContext {
  explicit ReadingContext(const LoadOptions& options);

  const LoadOptions& options;
  Tau2Folders folders;
  MetadataFinder metadata;
  EvaluationReports reports;
  PathRoles roles;
  RowsEdge rows_before;  // of the last file with a message in each row

 private:
  ReadingContext(const LoadOptions& options, const std::vector<InputFile>& files);
  ReadingContext(const LoadOptions& options, const std::vector<std::string>& logs,
                 const std::vector<std::string>& of_reports);
};

class LogFile {
 public:
  // Opens the file and looks at its beginning. Error: it cannot be opened.
  static Result<std::unique_ptr<LogFile>> open(ReadingContext& reading, std::uint32_t index,
                                               Diagnostics& diagnostics);

  // The next block and what its records inherit; false at the end.
  Result<bool> next(RecordBlock& block, std::shared_ptr<const EntryContext>& context,
                    Diagnostics& diagnostics);

  // Stored bytes read so far.
  std::uint64_t bytes_read() const { return hasher_.size(); }
  // After the end; without the counts of trajectories.
  LoadedFile summary() const;

 private:
  LogFile(ReadingContext& reading, std::uint32_t index);

  const InputFile& input() const { return reading_.options.files[index_]; }
  Result<void> open_archive_of(std::unique_ptr<PeekedSource> source, bool zip);
  Result<bool> start_next_entry(Diagnostics& diagnostics);
  Result<void> start_entry(Entry entry, std::unique_ptr<PeekedSource> source,
                           Diagnostics& diagnostics);
  bool choose_format(Diagnostics& diagnostics);
  bool choose_other_format(const Beginning& beginning, Diagnostics& diagnostics);
  std::uint64_t records_passed_over();
  Result<void> find_identity(Diagnostics& diagnostics);
  PathParts path_of(const Entry& entry) const;
  Result<Tau2Info> find_header(Diagnostics& diagnostics);
  void gather_conversation(RecordBlock& block, Diagnostics& diagnostics);
  void look_at_first_records();
  Entry entry_of_file() const;
  Entry entry_of_member(std::string name) const;
  void report(std::vector<ScanProblem>& problems, Diagnostics& diagnostics) const;
  void report(DiagnosticKind kind, std::string message, std::string hint,
              Diagnostics& diagnostics) const;

  ReadingContext& reading_;
  std::uint32_t index_;
  Hasher hasher_;
  std::optional<std::uint64_t> missing_bytes_;  // of a Git LFS pointer
  LogFormat format_ = LogFormat::kAuto;         // of the first entry that holds something
  const Format* other_ = nullptr;

  std::unique_ptr<PeekedSource> single_source_;  // of a plain file, until it is started
  std::unique_ptr<Archive> archive_;
  std::shared_ptr<ArchiveMembers> members_;
  std::uint64_t members_passed_over_ = 0;
  bool is_report_ = false;
  std::unique_ptr<PathRoles> member_roles_;
  bool model_is_said_ = false;  // by the user or the first record of a wrapper
  std::size_t n_logs_ = 0;      // members that are named like logs, where they are known
  const Format* archive_format_ = nullptr;  // what decides which members are units

  std::unique_ptr<RecordScanner> scanner_;  // of the entry at hand
  std::shared_ptr<EntryContext> context_;
  bool conversation_ = false;  // its records are the messages of one run
  RecordBlock first_block_;    // read ahead, to look at it
  bool holds_first_block_ = false;
};

}  // namespace agentecho

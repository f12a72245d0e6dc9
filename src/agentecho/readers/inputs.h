// From what the user names (files, folders, globs, "-") to the list of files to read.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

struct InputSpec {
  std::string path;
  std::string model;  // from --model NAME=PATH; empty: not said
};

struct InputFile {
  std::string path;
  std::string model;  // as in InputSpec
  // A member of a tau2-bench folder: the path of its results.json, which holds model, domain and
  // policy.
  std::string tau2_results;
  bool from_folder = false;    // found, not named: that it cannot be read ends nothing
  bool may_be_header = false;  // a results.json beside simulations/, which need not hold any itself
  bool is_report = false;      // says how runs in other files ended (evaluation_reports.h)
};

// What was found and is not read, and why.
struct PassedOver {
  std::string path;
  std::string reason;
};

struct ResolvedInputs {
  std::vector<InputFile> files;
  std::vector<PassedOver> passed_over;  // the first kKept
  std::uint64_t n_passed_over = 0;
  std::vector<PassedOver> doubtful;  // read under another path or model, or since it was named
  static constexpr std::size_t kKept = 100;
};

// In a fixed order (by path within each spec), each file once. A folder is searched recursively for
// files named .json, .jsonl, .ndjson, .log, .traj, .eval, .arrow, .csv or .tsv, capitals too, also
// with .gz, .zst, .bz2 or .xz behind, and for .zip and .tar archives; other files, hidden entries,
// devices pipes and tables without a column of messages are passed over and counted. Metadata
// beside logs (metadata_names()) is no log. A folder with results.json and simulations/ is one
// tau2-bench data set. Each folder is visited once, whatever links lead to it. What has several
// paths, hard links and standard input among them, is read under the one with the fewest links.
// Errors: a path that does not exist (with the nearest name as a hint), a folder or glob without
// such files, an interruption (`stop`).
Result<ResolvedInputs> resolve_inputs(const std::vector<InputSpec>& specs,
                                      const std::atomic<bool>* stop = nullptr);

// The name without folders and without the extensions of logs and compressions:
// "a/desk-11.traj.json" -> "desk-11".
std::string stem_of(std::string_view path);

// The model's name that a file name suggests: its stem, and for a file with a single run also
// without a "task" suffix ("gpt-5-mini__task_109.json" -> "gpt-5-mini").
std::string model_from_file_name(std::string_view path, bool single_run);

// Named like a log or an archive.
bool has_log_extension(std::string_view path);
bool has_archive_extension(std::string_view path);
// Named like JSON Lines.
bool has_lines_extension(std::string_view path);
// Named like a table: .csv, .tsv.
bool has_csv_extension(std::string_view path);
// meta.json and its like: what says who ran the logs beside it.
std::span<const std::string_view> metadata_names();
bool is_metadata_name(std::string_view path);
// result.json and its like: the log itself, or, where a log stands beside it, nobody speaks in it
// and it is no larger than kMostMetadata, what says how the run of that ended.
std::span<const std::string_view> outcome_names();
// One of these, or predictions (preds.json), which say nothing of the run.
bool may_be_metadata_name(std::string_view path);
// Is there such a file, and could it say of logs in its folder, or below, who ran what or how it
// ended: metadata, an outcome, an evaluation report?
bool may_speak_of_logs(const std::string& path);
// Named like a log, and like nothing that may stand beside one.
bool is_log_name(std::string_view path);
constexpr std::size_t kMostMetadata = 64 << 10;
// Has the file's beginning, one byte longer than kMostMetadata if the file is, no messages?
bool nobody_speaks(std::string_view beginning);

}  // namespace agentecho

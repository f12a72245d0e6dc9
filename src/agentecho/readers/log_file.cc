#include "agentecho/readers/log_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/base/within.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/csv_source.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/memory_file.h"
#include "agentecho/readers/path_pattern.h"
#include "agentecho/readers/record_keys.h"
#include "agentecho/readers/run_containers.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRecordsLookedAt = 20;

std::string benchmark_of(LogFormat format) {
  const bool named = format == LogFormat::kTauBench || format == LogFormat::kTau2Bench ||
                     format == LogFormat::kChat;
  return named ? std::string(name_of(format)) : "unknown";
}

LogFormat format_of(ContainerShape shape, const RecordKeys& keys) {
  if (shape == ContainerShape::kSimulations) return LogFormat::kTau2Bench;
  if (keys.agentecho_schema) return LogFormat::kAgentEcho;
  if (shape == ContainerShape::kResults || keys.traj) return LogFormat::kTauBench;
  if (keys.tau2) return LogFormat::kTau2Bench;
  if (keys.info && shape == ContainerShape::kArray) return LogFormat::kTauBench;
  return LogFormat::kChat;
}

DiagnosticKind kind_of(ScanProblem::Kind kind) {
  switch (kind) {
    case ScanProblem::Kind::kTruncated:
      return DiagnosticKind::kTruncated;
    case ScanProblem::Kind::kUnexpectedBytes:
      return DiagnosticKind::kUnexpectedBytes;
    case ScanProblem::Kind::kTooLarge:
      return DiagnosticKind::kRecordTooLarge;
    case ScanProblem::Kind::kUnreadable:
      return DiagnosticKind::kUnreadable;
    case ScanProblem::Kind::kUnreadList:
      return DiagnosticKind::kUnreadList;
    case ScanProblem::Kind::kUnreadMember:
      return DiagnosticKind::kUnreadData;
  }
  return DiagnosticKind::kUnreadable;
}

// Which of the ids have no file in simulations/, and the other way round.
void check_index(const fs::path& results, const std::vector<std::string>& ids,
                 Diagnostics& diagnostics) {
  if (ids.empty()) return;
  const std::set<std::string> indexed(ids.begin(), ids.end());
  std::set<std::string> stored;
  std::error_code error;
  for (fs::directory_iterator it(results.parent_path() / "simulations", error), end;
       !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (const std::size_t dot = name.find(".json"); dot != std::string::npos) {
      stored.insert(name.substr(0, dot));
    }
  }
  const auto report = [&](const std::string& id, std::string_view what) {
    diagnostics.add({DiagnosticKind::kIndexMismatch,
                     results.string(),
                     std::nullopt,
                     std::nullopt,
                     fmt::format("simulation \"{}\" {}", id, what),
                     {}});
  };
  for (const std::string& id : indexed) {
    if (!stored.contains(id)) report(id, "is in the index but has no file in simulations/");
  }
  for (const std::string& id : stored) {
    if (!indexed.contains(id)) report(id, "has a file in simulations/ but is not in the index");
  }
}

constexpr std::size_t kMostBeside = 16 << 20;

// A small file as it is, up to kMostBeside bytes.
std::optional<std::string> read_small_file(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored)) return std::nullopt;
  auto source = open_file(path);
  if (!source) return std::nullopt;
  std::string content;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    auto n = (*source)->read(buffer.data(), buffer.size());
    if (!n || content.size() + *n > kMostBeside) return std::nullopt;
    if (*n == 0) return content;
    content.append(buffer.data(), *n);
  }
}

// And not compressed as a whole.
bool is_stored_as_zip(const std::string& path) {
  auto source = open_file(path);
  char start[4] = {};
  return source && (*source)->read(start, sizeof start) && is_zip({start, sizeof start});
}

// The size that a Git LFS pointer gives; nothing when this is none
// (github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
std::optional<std::uint64_t> size_in_lfs_pointer(std::string_view start) {
  if (!start.starts_with("version https://git-lfs.github.com/spec/")) return std::nullopt;
  std::uint64_t size = 0;
  constexpr std::string_view kSize = "\nsize ";
  if (const std::size_t at = start.find(kSize); at != std::string_view::npos) {
    const std::string_view digits = start.substr(at + kSize.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
  }
  return size;
}

constexpr std::string_view kFromTable =
    "write one line a run, for example with pandas: to_json(\"runs.jsonl\", orient=\"records\", "
    "lines=True)";

constexpr std::string_view kUnpackOnce =
    "unpack it once, for example with gunzip; what is compressed once is read as it is";

// What is told by its first bytes and holds no records that could be read.
struct NotALog {
  std::string_view magic;
  std::string_view what;
  std::string_view hint;
};
const NotALog* known_by_magic(std::string_view start) {
  using namespace std::string_view_literals;
  static constexpr NotALog kKnown[] = {
      {"PAR1"sv, "a Parquet file", kFromTable},
      {"ARROW1"sv, "an Arrow file", kFromTable},
      {"FEA1"sv, "a Feather file", kFromTable},
      {"Obj\x01"sv, "an Avro file", kFromTable},
      {"SQLite format 3\0"sv, "an SQLite database",
       "export its table of runs to JSON Lines, one line a run"},
      {"\x80\x02"sv, "a Python pickle", "load it and write it with json.dumps, one line a run"},
      {"\x80\x03"sv, "a Python pickle", "load it and write it with json.dumps, one line a run"},
      {"\x80\x04"sv, "a Python pickle", "load it and write it with json.dumps, one line a run"},
      {"\x80\x05"sv, "a Python pickle", "load it and write it with json.dumps, one line a run"},
      {"\x93NUMPY"sv, "a NumPy array", kFromTable},
      {"\x89HDF"sv, "an HDF5 file", kFromTable},
      {"%PDF"sv, "a PDF file", "a log is JSON or JSON Lines"},
      {"\x89PNG"sv, "an image", "a log is JSON or JSON Lines"},
      {"\xff\xd8\xff"sv, "an image", "a log is JSON or JSON Lines"},
      {"\x1f\x8b"sv, "compressed twice (gzip in a compressed file)", kUnpackOnce},
      {"\x28\xb5\x2f\xfd"sv, "compressed twice (Zstandard in a compressed file)", kUnpackOnce},
      {"BZh9"sv, "compressed twice (bzip2 in a compressed file)", kUnpackOnce},
      {"\xfd"
       "7zXZ"sv,
       "compressed twice (xz in a compressed file)", kUnpackOnce},
      {"7z\xbc\xaf"sv, "a 7z archive", "unpack it; zip and tar archives are read as they are"},
      {"Rar!"sv, "a RAR archive", "unpack it; zip and tar archives are read as they are"},
      {"\x04\x22\x4d\x18"sv, "an LZ4 file", "unpack it: gz, zst, bz2 and xz are read as they are"},
      {"<!DOCTYPE"sv, "a web page", "a download that failed? A log is JSON or JSON Lines"},
      {"<!doctype"sv, "a web page", "a download that failed? A log is JSON or JSON Lines"},
      {"<html"sv, "a web page", "a download that failed? A log is JSON or JSON Lines"},
      {"[{'"sv, "text in Python's own notation, no JSON", "write it with json.dumps"},
      {"{'"sv, "text in Python's own notation, no JSON", "write it with json.dumps"},
  };
  const auto* found = std::find_if(std::begin(kKnown), std::end(kKnown), [&](const NotALog& known) {
    return start.starts_with(known.magic);
  });
  return found == std::end(kKnown) ? nullptr : found;
}

// What a text is that is no JSON, as far as its first lines tell.
std::string kind_of_text(std::string_view start) {
  const auto line = [&](std::size_t n) {
    std::string_view rest = start;
    for (; n > 0 && !rest.empty(); --n) {
      const std::size_t end = rest.find('\n');
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return trimmed(rest.substr(0, rest.find('\n')));
  };
  const auto n_of = [](std::string_view text, char mark) {
    return std::count(text.begin(), text.end(), mark);
  };
  const std::string_view first = line(0);
  for (const char mark : {',', '\t', ';'}) {
    const auto n = n_of(first, mark);
    const bool header = n > 0 && first.find_first_of("{:<") == std::string_view::npos;
    if (header && n_of(line(1), mark) >= n) return "a table (CSV)";
  }
  const auto is_yaml = [](std::string_view text) {
    const std::size_t colon = text.find(':');
    return text.starts_with("- ") ||
           (colon != std::string_view::npos && colon > 0 && colon < 40 && text.find(' ') >= colon &&
            (colon + 1 == text.size() || text[colon + 1] == ' '));
  };
  const bool marked = first == "---" || first.starts_with("%YAML");
  if (marked || (is_yaml(first) && (line(1).empty() || is_yaml(line(1))))) return "YAML";
  if (first.starts_with('<')) return "markup (HTML or XML)";
  if (first.starts_with("# ") || first.starts_with("## ")) return "Markdown";
  return {};
}

// A file that is no JSON, in words.
Diagnostic not_json(const std::string& path, std::string_view start) {
  const bool binary = start.substr(0, 512).find('\0') != std::string_view::npos;
  const std::string kind = binary ? std::string{} : kind_of_text(start);
  std::string what = "this is not JSON: it starts with neither { nor [";
  std::string hint(kHowToWriteLogs);
  if (binary) {
    what = "these are binary data in a form that is not known";
  } else if (!kind.empty()) {
    what = fmt::format("this is {}, which is not read", kind);
    if (kind == "a table (CSV)") hint = kFromTable;
    if (kind == "YAML") {
      hint =
          "write it as JSON, for example with python -c 'import json, sys, yaml; "
          "json.dump(yaml.safe_load(sys.stdin), sys.stdout)'";
    }
  } else if (trimmed(start).size() > 0) {
    what = "this is plain text and not JSON: it starts with neither { nor [";
  }
  return {DiagnosticKind::kUnreadFormat, path, std::nullopt, 0, std::move(what), std::move(hint)};
}

// Of the logs among them, or of the evaluation reports.
std::vector<std::string> paths_of(const std::vector<InputFile>& files, bool reports) {
  std::vector<std::string> paths;
  for (const InputFile& file : files) {
    if (file.is_report == reports && !file.may_be_header) paths.push_back(file.path);
  }
  return paths;
}

// Whose folder a file lies in, by the folders around those that its path says.
std::string folder_around(const fs::path& path, bool in_archive) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(path, ignored).lexically_normal();
  fs::path folder = absolute.parent_path();
  if (in_archive || path.is_absolute() || is_memory_path(path.string())) {
    return folder.filename().string();
  }
  const auto up = [&] {
    if (folder.has_relative_path()) folder = folder.parent_path();
  };
  for (const fs::path& name : path.lexically_normal().parent_path()) {
    if (name != "..") up();
  }
  while (names_a_kind(folder.filename().string()) || trial_in_name(folder.filename().string())) {
    up();
  }
  return folder.has_relative_path() ? folder.filename().string()
                                    : absolute.parent_path().filename().string();
}

// "{" alone on the first line: objects over several lines, one behind the other.
bool begins_with_bare_brace(PeekedSource& source) {
  constexpr std::size_t kBeginning = 64;
  const auto beginning = source.peek(kBeginning);
  if (!beginning) return false;
  const std::string_view text = trimmed(*beginning);
  return text.starts_with('{') && trimmed(text.substr(1, text.find('\n'))).empty() &&
         text.find('\n') != kNowhere;
}

}  // namespace

std::optional<std::string_view> guess_domain(const Trajectory& trajectory) {
  std::map<std::string_view, int> votes;
  for (const ToolCall& call : trajectory.calls) {
    if (call.requestor != Requestor::kAgent) continue;
    if (const auto domain = domain_of_tool(call.name)) ++votes[*domain];
  }
  const auto most = std::max_element(
      votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == votes.end() ? std::nullopt : std::optional(most->first);
}

Result<Tau2Info> Tau2Folders::info_of(const std::string& results_path, Diagnostics& diagnostics) {
  if (const auto known = known_.find(results_path); known != known_.end()) return known->second;
  auto header = read_tau2_header(results_path);
  if (!header) return Unexpected(header.error());
  check_index(results_path, header->simulation_ids, diagnostics);
  return known_[results_path] = std::move(header->info);
}

ArchiveMembers::ArchiveMembers(std::string path) : path_(std::move(path)) {
  const auto may_be_asked_for = [](std::string_view name) {
    return is_metadata_name(name) || may_be_metadata_name(name);
  };
  auto directory = read_directory(path_, may_be_asked_for, kMostMetadata);
  if (!directory) return;
  names_ = std::move(directory->names);
  is_there_.insert(names_.begin(), names_.end());
  for (auto& [name, content] : directory->contents) known_.emplace(name, std::move(content));
}

std::optional<std::string> ArchiveMembers::content(std::string_view name) {
  if (!is_there_.contains(name)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = known_.try_emplace(std::string(name));
  if (is_new) known->second = read_member(path_, name, kMostBeside);
  return known->second;
}

ReadingContext::ReadingContext(const LoadOptions& load)
    : ReadingContext(load, load.whole_input.empty() ? load.files : load.whole_input) {}

ReadingContext::ReadingContext(const LoadOptions& load, const std::vector<InputFile>& files)
    : ReadingContext(load, paths_of(files, false), paths_of(files, true)) {}

ReadingContext::ReadingContext(const LoadOptions& load, const std::vector<std::string>& logs,
                               const std::vector<std::string>& of_reports)
    : options(load), metadata(logs), reports(logs, of_reports), roles(PathRoles::of_files(logs)) {}

LogFile::LogFile(ReadingContext& reading, std::uint32_t index) : reading_(reading), index_(index) {}

Result<std::unique_ptr<LogFile>> LogFile::open(ReadingContext& reading, std::uint32_t index,
                                               Diagnostics& diagnostics) {
  const InputFile& input = reading.options.files[index];
  std::unique_ptr<LogFile> file(new LogFile(reading, index));
  const auto opened = [&]() -> Result<void> {
    auto stored = open_file(input.path);
    if (!stored) return Unexpected(stored.error());
    auto source = decompressed(hashed(std::move(*stored), file->hasher_));
    if (!source) return Unexpected(within(input.path, source.error()));
    constexpr std::size_t kTellingBytes = 512;
    auto start = (*source)->peek(kTellingBytes);
    if (!start) return Unexpected(within(input.path, start.error()));
    file->missing_bytes_ = size_in_lfs_pointer(*start);
    if (file->missing_bytes_) {
      diagnostics.add({DiagnosticKind::kGitLfsPointer, input.path, std::nullopt, std::nullopt,
                       "a Git LFS pointer, not a log", "run `git lfs pull`"});
      return {};
    }
    if (const NotALog* known = known_by_magic(*start)) {
      diagnostics.add({DiagnosticKind::kUnreadFormat, input.path, std::nullopt, std::nullopt,
                       fmt::format("this is {}, which is not read", known->what),
                       std::string(known->hint)});
      return {};
    }
    const bool zip = is_zip(*start);
    if (zip || is_tar(*start)) return file->open_archive_of(std::move(*source), zip);
    file->single_source_ = std::move(*source);
    return {};
  }();
  if (opened) return file;
  // One file of a folder that cannot be read does not keep the others from being read.
  if (!input.from_folder || opened.error().kind == ErrorKind::kInterrupted) {
    return Unexpected(opened.error());
  }
  std::string_view message = opened.error().message;  // a diagnostic names the file itself
  if (message.starts_with(input.path + ": ")) message.remove_prefix(input.path.size() + 2);
  diagnostics.add({DiagnosticKind::kUnreadable, input.path, std::nullopt, std::nullopt,
                   std::string(message), opened.error().hint});
  return file;
}

// A zip in a file is read by its directory, which also tells the digest apart from the reading.
Result<void> LogFile::open_archive_of(std::unique_ptr<PeekedSource> source, bool zip) {
  std::error_code ignored;
  const std::string& path = input().path;
  if (fs::is_regular_file(path, ignored)) {
    members_ = std::make_shared<ArchiveMembers>(path);
    std::vector<std::string> logs;
    std::copy_if(members_->names().begin(), members_->names().end(), std::back_inserter(logs),
                 is_log_name);
    n_logs_ = logs.size();
    member_roles_ = std::make_unique<PathRoles>(n_logs_ > 0 ? logs : members_->names());
    if (zip && is_stored_as_zip(path)) {
      std::vector<char> buffer(1 << 20);
      for (;;) {  // the digest is of all stored bytes
        auto n = source->read(buffer.data(), buffer.size());
        if (!n || *n == 0) break;
      }
      auto opened = open_archive(path);
      if (!opened) return Unexpected(opened.error());
      archive_ = std::move(*opened);
      return {};
    }
  }
  auto opened = open_archive(std::move(source));
  if (!opened) return Unexpected(within(path, opened.error()));
  archive_ = std::move(*opened);
  return {};
}

Entry LogFile::entry_of_file() const {
  Entry entry;
  const fs::path path = input().path;
  entry.path = input().path;
  entry.name = path.filename().string();
  // Nothing stands beside what is piped in or lies in memory.
  const bool on_disk = input().path != "-" && !is_memory_path(input().path);
  entry.beside = [folder = path.parent_path(), on_disk](std::string_view name) {
    return on_disk ? read_small_file((folder / name).string()) : std::nullopt;
  };
  return entry;
}

Entry LogFile::entry_of_member(std::string name) const {
  Entry entry;
  entry.path = input().path + "/" + name;
  entry.name = std::move(name);
  entry.in_archive = true;
  if (members_ != nullptr) {
    // A worker may hold the entry longer than this lives.
    entry.beside = [members = members_](std::string_view wanted) {
      return members->content(wanted);
    };
  } else {
    entry.beside = [](std::string_view) { return std::nullopt; };
  }
  return entry;
}

// The next entry that may hold records; false when there is none.
Result<bool> LogFile::start_next_entry(Diagnostics& diagnostics) {
  if (single_source_) {
    auto started = start_entry(entry_of_file(), std::move(single_source_), diagnostics);
    if (!started) return Unexpected(started.error());
    return true;
  }
  while (archive_) {
    auto member = archive_->next();
    const auto report_damage = [&](const std::string& what) {
      diagnostics.add({DiagnosticKind::kUnreadable, input().path, std::nullopt, std::nullopt, what,
                       "make the archive again, or unpack it and name the files"});
    };
    if (!member || !*member) {
      if (!member) report_damage(member.error().message);
      archive_.reset();
      return false;
    }
    if (!(*member)->damage.empty()) {
      report_damage((*member)->damage);
      continue;
    }
    const std::string& name = (*member)->name;
    if (!(*member)->is_file || name.starts_with("__MACOSX/")) continue;
    if (has_archive_extension(name) && !has_log_extension(name)) {
      diagnostics.add({DiagnosticKind::kUnreadFormat, input().path + "/" + name, std::nullopt,
                       std::nullopt, "an archive inside an archive is not read",
                       "unpack the outer one and name the folder"});
      continue;
    }
    if (archive_format_ != nullptr ? !archive_format_->is_unit(name)
                                   : !has_log_extension(name) || is_metadata_name(name)) {
      if (archive_format_ == nullptr && !is_metadata_name(name)) ++members_passed_over_;
      continue;
    }
    Entry entry = entry_of_member(name);
    auto content = decompressed(archive_->content());
    if (!content) {
      diagnostics.add({DiagnosticKind::kUnreadable, entry.path, std::nullopt, std::nullopt,
                       content.error().message, content.error().hint});
      continue;
    }
    if (n_logs_ > 1 && may_be_metadata_name(name)) {
      const auto beginning = (*content)->peek(kMostMetadata + 1);
      if (beginning && nobody_speaks(*beginning)) continue;
    }
    auto started = start_entry(std::move(entry), std::move(*content), diagnostics);
    if (!started) return Unexpected(started.error());
    return true;
  }
  return false;
}

Result<void> LogFile::start_entry(Entry entry, std::unique_ptr<PeekedSource> source,
                                  Diagnostics& diagnostics) {
  const LoadOptions& options = reading_.options;
  context_ = std::make_shared<EntryContext>();
  context_->file = index_;
  context_->entry = std::move(entry);
  conversation_ = false;
  bool is_csv = has_csv_extension(context_->entry.name);
  if (is_csv) {
    constexpr std::size_t kHeader = 1 << 16;
    const auto beginning = source->peek(kHeader);
    is_csv = beginning && names_messages(*beginning);
    if (!is_csv && context_->entry.in_archive) {
      ++members_passed_over_;
      return {};
    }
  }
  if (is_csv) {
    source = std::make_unique<PeekedSource>(
        csv_as_json_lines(std::move(source), options.max_record_bytes));
  }
  const bool lines = has_lines_extension(context_->entry.name) && !begins_with_bare_brace(*source);
  scanner_ = std::make_unique<RecordScanner>(
      std::move(source), ScanOptions{is_csv || lines, options.max_record_bytes}, first_block_);
  scanner_->open();
  if (!choose_format(diagnostics)) {
    scanner_.reset();
    return {};
  }
  if (format_ == LogFormat::kAuto) {
    format_ = context_->format;
    other_ = context_->other;
  }
  if (auto found = find_identity(diagnostics); !found) return found;
  std::vector<ScanProblem> problems;
  holds_first_block_ = scanner_->next(first_block_, problems);
  report(problems, diagnostics);
  if (!holds_first_block_) {
    scanner_.reset();
    return {};
  }
  const bool list = scanner_->shape() == ContainerShape::kSimulations ||
                    scanner_->shape() == ContainerShape::kResults;
  context_->one_record =
      conversation_ ||
      (context_->other != nullptr && context_->other->unit == FormatUnit::kEntry) ||
      (!list && first_block_.records.size() == 1 && scanner_->ended());
  context_->single =
      context_->one_record && (context_->other == nullptr || !context_->other->many_runs);
  if (!conversation_) look_at_first_records();
  return {};
}

// False: there is nothing to read in this entry, which is reported.
bool LogFile::choose_format(Diagnostics& diagnostics) {
  const LoadOptions& options = reading_.options;
  EntryContext& context = *context_;
  if (scanner_->shape() == ContainerShape::kEmpty) {
    // What was read before the end may have been an error.
    std::vector<ScanProblem> problems;
    RecordBlock nothing;
    scanner_->next(nothing, problems);
    report(problems, diagnostics);
    return false;
  }
  if (is_evaluation_report(context.entry.name, scanner_->beginning())) {
    reading_.reports.note_met(context.entry.path);
    is_report_ = !context.entry.in_archive;
    return false;
  }
  const std::string_view first = scanner_->first_record();
  const RecordKeys keys = record_keys(first);
  if (options.format == LogFormat::kAuto || options.format == LogFormat::kOther) {
    if (keys.features) {
      context.format = LogFormat::kFeatures;
      return true;
    }
    // Of a list or of lines the first element, of everything else what stands around it.
    const ContainerShape shape = scanner_->shape();
    const bool elements = shape == ContainerShape::kArray || shape == ContainerShape::kObjects;
    const bool is_list = shape == ContainerShape::kArray;
    std::string_view told_by = elements ? first : scanner_->beginning();
    if (is_list && first.empty()) {  // a list of lists
      told_by = dialects::peek_value(dialects::peek_first_element(scanner_->beginning()));
    }
    const Beginning outer{context.entry, told_by, is_list,
                          elements ? scanner_->second_record() : std::string_view()};
    if (!choose_other_format(outer, diagnostics)) return false;
    const Beginning inner{context.entry, first, outer.is_list};
    if (context.other == nullptr && first.data() != outer.first_object.data() &&
        !choose_other_format(inner, diagnostics)) {
      return false;
    }
    if (context.other != nullptr) {
      context.format = LogFormat::kOther;
      if (context.other->unit == FormatUnit::kEntry) scanner_->take_whole();
      return true;
    }
  }
  if (scanner_->shape() == ContainerShape::kNotJson) {
    diagnostics.add(not_json(context.entry.path, scanner_->beginning()));
    return false;
  }
  conversation_ =
      keys.message && (scanner_->shape() == ContainerShape::kArray ||
                       scanner_->shape() == ContainerShape::kObjects || scanner_->holds_rows());
  if (!scanner_->unsure_rows().empty()) {
    report(DiagnosticKind::kUnreadData,
           fmt::format("the messages in `{}` name several tasks or sessions: read as one run",
                       printable(scanner_->unsure_rows())),
           "write them as a list or one a line, without an object around, if they are several",
           diagnostics);
  }
  context.rows = keys.row;
  if (options.format != LogFormat::kAuto) {
    context.format = options.format;
  } else if (scanner_->holds_rows()) {
    context.format = LogFormat::kChat;
  } else {
    context.format =
        format_of(scanner_->shape(), keys.row ? record_keys(member_object(first, "row")) : keys);
  }
  context.defaults.benchmark = benchmark_of(context.format);
  return true;
}

// Sets context.other. False: the format is known and not read.
bool LogFile::choose_other_format(const Beginning& beginning, Diagnostics& diagnostics) {
  EntryContext& context = *context_;
  const Format* format = reading_.options.other;
  if (format == nullptr) format = recognised_format(beginning);
  if (format == nullptr) format = recognised_container(beginning);
  const ContainerShape shape = scanner_->shape();
  const bool opened = shape == ContainerShape::kWrapped || shape == ContainerShape::kResults ||
                      shape == ContainerShape::kSimulations;
  // What the scanner opens already is no container of its own; what it holds may be.
  const bool inside = beginning.first_object.data() == scanner_->first_record().data();
  if (format == nullptr || (format->many_runs && opened && !inside)) return true;
  if (format->convert == nullptr) {
    diagnostics.add(
        {DiagnosticKind::kUnreadFormat, context.entry.path, std::nullopt, std::nullopt,
         fmt::format("this looks like {}, which is not read", format->title),
         format->advice.empty() ? "convert it to one line a run, {\"model\", \"task_id\", "
                                  "\"messages\"}; see docs/formats.md"
                                : std::string(format->advice)},
        records_passed_over());
    return false;
  }
  context.other = format;
  context.defaults.benchmark = format->many_runs ? benchmark_of(LogFormat::kChat) : format->name;
  if (context.entry.in_archive && format->is_unit != nullptr) {
    archive_format_ = format;
    return format->is_unit(context.entry.name);
  }
  return true;
}

// Those of an entry that is not read: each is a loss.
std::uint64_t LogFile::records_passed_over() {
  RecordBlock block;
  std::vector<ScanProblem> problems;
  std::uint64_t n = 0;
  while (scanner_->next(block, problems)) n += block.records.size();
  return std::max<std::uint64_t>(n, 1);
}

// All that is known of the entry before its records are read (METHOD 9).
Result<void> LogFile::find_identity(Diagnostics& diagnostics) {
  EntryContext& context = *context_;
  context.defaults.success_key = reading_.options.identity.success_key;
  for (const PathPattern& pattern : reading_.options.identity.paths) {
    if (auto fields = pattern.match(context.entry.path)) {
      context.user = std::move(*fields);
      context.user_source = "--path";
      break;
    }
  }
  if (!input().model.empty()) {
    context.user["model"] = input().model;
    context.user_source = "--model";
  }
  auto header = find_header(diagnostics);
  if (!header) return Unexpected(header.error());
  context.header = std::move(*header);
  context.defaults.domain = context.header.domain;
  context.defaults.policy = context.header.policy;
  const bool wrapped = scanner_->shape() == ContainerShape::kWrapped ||
                       scanner_->shape() == ContainerShape::kResults;
  if (wrapped && context.other == nullptr) {
    // In this order: the first may move what the second points to.
    const std::string_view beginning = scanner_->beginning();
    for (const std::string& name : lists_beside(beginning, scanner_->first_record().data())) {
      report(DiagnosticKind::kUnreadData, fmt::format("list `{}` beside the runs not read", name),
             "write what it says into the record of each run", diagnostics);
    }
    context.metadata = metadata_around(beginning, scanner_->first_record(), context.defaults);
    const auto members = dialects::peek_members(scanner_->first_record());
    model_is_said_ =
        !input().model.empty() ||
        std::any_of(members.begin(), members.end(), [](const dialects::PeekedMember& member) {
          return may_name_model(member.name, member.value);
        });
  }
  context.path = path_of(context.entry);
  if (context.metadata == nullptr) {
    context.metadata = reading_.metadata.find(context.entry, context.defaults, context.path);
    if (context.metadata && !context.metadata->of_one_run.empty()) {
      report(
          DiagnosticKind::kUnreadData,
          fmt::format("task, trial and outcome in `{}`, which stands beside several logs, not read",
                      context.metadata->of_one_run),
          {}, diagnostics);
    }
  }
  context.reports = reading_.reports.find(context.entry);
  if (context.defaults.domain.empty() && context.metadata) {
    context.defaults.domain = context.metadata->domain;
  }
  if (const auto domain = context.user.find("domain"); domain != context.user.end()) {
    context.defaults.domain = domain->second;
  }
  if (const auto benchmark = context.user.find("benchmark"); benchmark != context.user.end()) {
    context.defaults.benchmark = benchmark->second;
  }
  return {};
}

PathParts LogFile::path_of(const Entry& entry) const {
  PathParts path = entry.in_archive && member_roles_ != nullptr
                       ? member_roles_->parts_of(entry.name)
                       : reading_.roles.parts_of(entry.path);
  if (entry.in_archive && path.model.empty() && path.model_folder.empty()) {
    // gpt-4o.tar.gz, o3-mini.tar.gz: an archive's name counts like a folder's.
    const PathParts of_archive = reading_.roles.parts_of(input().path);
    path.model_folder = of_archive.alone           ? std::string{}
                        : !of_archive.stem.empty() ? of_archive.stem
                                                   : of_archive.model_folder;
  }
  if (path.parent.empty()) path.parent = path_text(folder_around(input().path, entry.in_archive));
  return path;
}

// From the folder's results.json, from the file's own header, or from behind its records.
Result<Tau2Info> LogFile::find_header(Diagnostics& diagnostics) {
  if (!input().tau2_results.empty()) {
    return reading_.folders.info_of(input().tau2_results, diagnostics);
  }
  if (scanner_->shape() != ContainerShape::kSimulations) return Tau2Info{};
  if (!scanner_->info_member().empty()) return parse_tau2_info(scanner_->info_member());
  std::error_code ignored;
  if (context_->entry.in_archive || !fs::is_regular_file(input().path, ignored)) {
    return fail(ErrorKind::kInput,
                fmt::format("{}: \"info\" does not come before \"simulations\", so the model is "
                            "not known in time",
                            input().path == "-" ? "standard input" : context_->entry.path),
                "save it to a file and name that");
  }
  auto header = read_tau2_header(input().path);
  if (!header) return Unexpected(header.error());
  return std::move(header->info);
}

void LogFile::look_at_first_records() {
  const LogFormat format = context_->format;
  if (format == LogFormat::kFeatures || format == LogFormat::kOther) return;
  bool domain_known = !context_->defaults.domain.empty();
  bool models_known = format != LogFormat::kChat;
  RecordParser parser;
  Trajectory trajectory;
  std::string model;
  const std::size_t n = std::min(first_block_.records.size(), kRecordsLookedAt);
  for (std::size_t i = 0; i < n && !(domain_known && models_known); ++i) {
    const std::string_view bytes = first_block_.bytes_of(first_block_.records[i]);
    const ParsedRecord parsed = parser.parse(bytes, context_->defaults, trajectory);
    if (!domain_known) {
      if (const auto domain = guess_domain(trajectory)) {
        context_->provisional_domain = *domain;
        domain_known = true;
      }
    }
    if (!parsed.identity.model_is_weak) {
      models_known = true;
    } else if (!models_known) {
      context_->weak_models_vary = !model.empty() && model != parsed.identity.model;
      models_known = context_->weak_models_vary;
      model = parsed.identity.model;
    }
  }
}

Result<bool> LogFile::next(RecordBlock& block, std::shared_ptr<const EntryContext>& context,
                           Diagnostics& diagnostics) {
  for (;;) {
    if (scanner_ == nullptr) {
      first_block_.take_room_of(block);
      auto started = start_next_entry(diagnostics);
      if (started && *started) continue;
      block.take_room_of(first_block_);
      return started;
    }
    context = context_;
    if (conversation_) {
      gather_conversation(block, diagnostics);
      scanner_.reset();
      return true;
    }
    if (holds_first_block_) {
      std::swap(block, first_block_);
      holds_first_block_ = false;
      return true;
    }
    std::vector<ScanProblem> problems;
    const bool found = scanner_->next(block, problems);
    report(problems, diagnostics);
    if (found) return true;
    scanner_.reset();
  }
}

// A bare list of messages is one run; what metadata beside it say makes it a record. Where every
// message says of which run it is, it is as many runs.
void LogFile::gather_conversation(RecordBlock& block, Diagnostics& diagnostics) {
  std::vector<std::string> messages;
  std::size_t size = 0;
  std::vector<ScanProblem> problems;
  bool more = std::exchange(holds_first_block_, false);
  if (more) std::swap(block, first_block_);
  while (more && size <= reading_.options.max_record_bytes) {
    for (const RecordSpan& message : block.records) {
      if (message.unfinished) continue;
      messages.emplace_back(block.bytes_of(message));
      size += messages.back().size() + 1;
    }
    more = scanner_->next(block, problems);
    report(problems, diagnostics);
  }
  if (more) {
    report(DiagnosticKind::kRecordTooLarge, "the list of messages is larger than the limit",
           "raise --max-record-mb", diagnostics);
    block.records.clear();
    return;
  }
  RowRuns runs = runs_of_rows(messages, context_->metadata.get());
  if (goes_on(reading_.rows_before, runs.edge)) {
    runs.notes.push_back(
        {"1 run's rows begin in the file before and go on in this one: read as two runs", true});
  }
  reading_.rows_before = std::move(runs.edge);
  for (RowNote& note : runs.notes) {
    report(note.is_doubt ? DiagnosticKind::kUnreadData : DiagnosticKind::kFormatNote,
           std::move(note.text), {}, diagnostics);
  }
  block = RecordBlock::of(runs.records);
  if (block.records.size() > 1) context_->single = false;
}

void LogFile::report(std::vector<ScanProblem>& problems, Diagnostics& diagnostics) const {
  for (ScanProblem& problem : problems) {
    if (problem.kind == ScanProblem::Kind::kUnreadMember && model_is_said_) continue;
    diagnostics.add({kind_of(problem.kind), context_->entry.path, problem.record, problem.byte,
                     std::move(problem.message), std::move(problem.hint)},
                    problem.count);
  }
  problems.clear();
}

void LogFile::report(DiagnosticKind kind, std::string message, std::string hint,
                     Diagnostics& diagnostics) const {
  diagnostics.add({kind, context_ ? context_->entry.path : input().path, std::nullopt, std::nullopt,
                   std::move(message), std::move(hint)});
}

LoadedFile LogFile::summary() const {
  LoadedFile file;
  file.path = input().path;
  file.format = format_;
  file.format_name = other_ != nullptr ? other_->name : name_of(format_);
  file.digest = hasher_.digest();
  file.stored_bytes = hasher_.size();
  file.missing_bytes = missing_bytes_;
  file.members_passed_over = members_passed_over_;
  file.is_evaluation_report = is_report_;
  return file;
}

}  // namespace agentecho

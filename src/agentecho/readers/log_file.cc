#include "agentecho/readers/log_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/record_keys.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRecordsLookedAt = 20;

std::string benchmark_of(LogFormat format) {
  switch (format) {
    case LogFormat::kTauBench:
      return "tau-bench";
    case LogFormat::kTau2Bench:
      return "tau2-bench";
    case LogFormat::kChat:
      return "chat";
    case LogFormat::kAuto:
    case LogFormat::kAgentEcho:
    case LogFormat::kFeatures:
      break;
  }
  return "unknown";
}

LogFormat format_of(ContainerShape shape, std::string_view first_record) {
  if (shape == ContainerShape::kSimulations) return LogFormat::kTau2Bench;
  if (shape == ContainerShape::kResults) return LogFormat::kTauBench;
  const RecordKeys keys = record_keys(first_record);
  if (keys.agentecho_schema) return LogFormat::kAgentEcho;
  if (keys.traj) return LogFormat::kTauBench;
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

Result<std::unique_ptr<LogFile>> LogFile::open(const LoadOptions& options, std::uint32_t index,
                                               Tau2Folders& folders, Diagnostics& diagnostics) {
  const InputFile& input = options.files[index];
  std::unique_ptr<LogFile> file(new LogFile);
  file->path_ = input.path;
  file->context_ = std::make_shared<FileContext>();
  file->context_->file = index;
  auto stored = open_file(input.path);
  if (!stored) return Unexpected(stored.error());
  auto source = decompressed(std::move(*stored), &file->hasher_);
  if (!source) {
    Error error = source.error();
    error.message = input.path + ": " + error.message;
    return Unexpected(std::move(error));
  }
  file->scanner_ = std::make_unique<RecordScanner>(
      std::move(*source), ScanOptions{has_lines_extension(input.path), options.max_record_bytes});
  file->read_ahead(diagnostics);
  if (!file->holds_first_block_) return file;

  FileContext& context = *file->context_;
  const RecordBlock& block = file->first_block_;
  context.format = options.format != LogFormat::kAuto
                       ? options.format
                       : format_of(file->scanner_->shape(), block.bytes_of(block.records.front()));
  context.defaults.benchmark = benchmark_of(context.format);
  auto info = file->find_info(input, folders, diagnostics);
  if (!info) return Unexpected(info.error());
  context.defaults.domain = info->domain;
  context.defaults.policy = info->policy;
  context.domain_per_record = file->scanner_->shape() == ContainerShape::kObjects;
  file->name_model(input, info->model, diagnostics);
  if (context.defaults.domain.empty()) file->guess_domain_from_start();
  return file;
}

void LogFile::read_ahead(Diagnostics& diagnostics) {
  scanner_->open();
  if (scanner_->shape() == ContainerShape::kNotJson) {
    diagnostics.add({DiagnosticKind::kUnexpectedBytes,
                     path_,
                     std::nullopt,
                     0,
                     "this is not JSON: it starts with neither { nor [",
                     {}});
  }
  std::vector<ScanProblem> problems;
  holds_first_block_ = scanner_->next(first_block_, problems);
  report(problems, diagnostics);
}

// From the folder's results.json, from the file's own header, or from behind its records.
Result<Tau2Info> LogFile::find_info(const InputFile& input, Tau2Folders& folders,
                                    Diagnostics& diagnostics) const {
  if (!input.tau2_results.empty()) return folders.info_of(input.tau2_results, diagnostics);
  if (scanner_->shape() != ContainerShape::kSimulations) return Tau2Info{};
  if (!scanner_->info_member().empty()) return parse_tau2_info(scanner_->info_member());
  if (input.path == "-") {
    return fail(ErrorKind::kInput,
                "standard input: \"info\" does not come before \"simulations\", so the model is "
                "not known in time",
                "save it to a file and name that");
  }
  auto header = read_tau2_header(input.path);
  if (!header) return Unexpected(header.error());
  return std::move(header->info);
}

void LogFile::name_model(const InputFile& input, const std::string& own_model,
                         Diagnostics& diagnostics) {
  std::string& model = context_->defaults.model;
  if (!own_model.empty()) {
    model = own_model;
    if (!input.model.empty() && input.model != own_model) {
      diagnostics.add(
          {DiagnosticKind::kModelMappingIgnored,
           path_,
           std::nullopt,
           std::nullopt,
           fmt::format("the file says that the model is \"{}\", so --model {} is not used",
                       own_model, input.model),
           {}});
    }
    return;
  }
  if (!input.model.empty()) {
    model = input.model;
    return;
  }
  const bool single =
      scanner_->shape() == ContainerShape::kObjects && context_->format == LogFormat::kTau2Bench;
  model = model_from_file_name(path_, single);
  context_->model_from_file_name = true;
}

void LogFile::guess_domain_from_start() {
  RecordParser parser;
  Trajectory trajectory;
  for (std::size_t i = 0; i < std::min(first_block_.records.size(), kRecordsLookedAt); ++i) {
    parser.parse(first_block_.bytes_of(first_block_.records[i]), context_->defaults, trajectory);
    if (const auto domain = guess_domain(trajectory)) {
      context_->guessed_domain = *domain;
      return;
    }
  }
}

bool LogFile::next(RecordBlock& block, Diagnostics& diagnostics) {
  if (holds_first_block_) {
    std::swap(block, first_block_);
    holds_first_block_ = false;
    return true;
  }
  std::vector<ScanProblem> problems;
  const bool found = scanner_->next(block, problems);
  report(problems, diagnostics);
  return found;
}

void LogFile::report(std::vector<ScanProblem>& problems, Diagnostics& diagnostics) const {
  for (ScanProblem& problem : problems) {
    diagnostics.add({kind_of(problem.kind), path_, problem.record, problem.byte,
                     std::move(problem.message), std::move(problem.hint)});
  }
  problems.clear();
}

LoadedFile LogFile::summary() const {
  LoadedFile file;
  file.path = path_;
  file.format = context_->format;
  file.digest = hasher_.digest();
  file.stored_bytes = hasher_.size();
  return file;
}

}  // namespace agentecho

#include "agentecho/readers/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "agentecho/base/parallel.h"
#include "agentecho/readers/log_file.h"
#include "agentecho/readers/record_parser.h"
#include "agentecho/readers/record_scanner.h"

namespace agentecho {

namespace {

struct FormatName {
  LogFormat format;
  std::string_view name;
};
constexpr FormatName kFormatNames[] = {{LogFormat::kAuto, "auto"},
                                       {LogFormat::kTauBench, "tau-bench"},
                                       {LogFormat::kTau2Bench, "tau2-bench"},
                                       {LogFormat::kChat, "chat"},
                                       {LogFormat::kAgentEcho, "agentecho"},
                                       {LogFormat::kFeatures, "features"}};

// A few blocks with everything needed to parse them, possibly of several small files.
struct Batch {
  struct Part {
    std::shared_ptr<const FileContext> context;
    RecordBlock block;
  };
  std::uint64_t number = 0;
  std::vector<Part> parts;
  Diagnostics diagnostics;  // of finding the records
};

// The sequence of batches over all files. Not thread-safe: the pipeline locks it.
class BatchQueue {
 public:
  explicit BatchQueue(const LoadOptions& options) : options_(options) {
    for (const InputFile& file : options.files) {
      std::error_code ignored;
      const auto size = std::filesystem::file_size(file.path, ignored);
      if (!ignored) total_bytes_ += size;
    }
  }

  // False at the end; the batch then holds the last diagnostics.
  Result<bool> next(Batch& batch) {
    batch.number = next_batch_;
    batch.diagnostics = {};
    std::size_t used = 0;
    std::size_t bytes = 0;
    while (bytes < kBatchBytes && used < kMostParts) {
      if (file_ == nullptr) {
        if (next_file_ == options_.files.size()) break;
        auto opened = LogFile::open(options_, static_cast<std::uint32_t>(next_file_++), folders_,
                                    batch.diagnostics);
        if (!opened) return Unexpected(opened.error());
        file_ = std::move(*opened);
      }
      if (batch.parts.size() == used) batch.parts.emplace_back();
      Batch::Part& part = batch.parts[used];
      part.context = file_->context();
      if (!file_->next(part.block, batch.diagnostics)) {
        done_bytes_ += file_->bytes_read();
        files_.push_back(file_->summary());
        file_ = nullptr;
        continue;
      }
      for (const RecordSpan& record : part.block.records) bytes += record.size;
      ++used;
    }
    batch.parts.resize(used);
    if (used == 0) return false;
    ++next_batch_;
    if (options_.progress != nullptr) {
      options_.progress->update("reading", done_bytes_ + (file_ ? file_->bytes_read() : 0),
                                total_bytes_);
    }
    return true;
  }

  // Those read to their end.
  std::vector<LoadedFile>& files() { return files_; }

 private:
  static constexpr std::size_t kBatchBytes = 1 << 20;  // enough work to seldom meet at the lock
  static constexpr std::size_t kMostParts = 64;

  const LoadOptions& options_;
  std::vector<LoadedFile> files_;
  Tau2Folders folders_;
  std::unique_ptr<LogFile> file_;
  std::size_t next_file_ = 0;
  std::uint64_t next_batch_ = 0;
  std::uint64_t done_bytes_ = 0;
  std::uint64_t total_bytes_ = 0;
};

void note(const RecordNotes& notes, const std::string& file, const RecordSpan& record,
          Diagnostics& diagnostics) {
  const auto add = [&](DiagnosticKind kind, std::uint64_t count, std::string message) {
    if (count == 0) return;
    diagnostics.add({kind, file, record.number, record.byte, std::move(message), {}}, count);
  };
  add(DiagnosticKind::kMalformedArguments, notes.malformed_arguments,
      fmt::format("{} tool call(s) with arguments that are not JSON", notes.malformed_arguments));
  add(DiagnosticKind::kUnnamedCall, notes.unnamed_calls,
      fmt::format("{} tool call(s) with an empty name", notes.unnamed_calls));
  add(DiagnosticKind::kResultWithoutCall, notes.results_without_call,
      fmt::format("{} tool result(s) without a call", notes.results_without_call));
  add(DiagnosticKind::kUnknownRole, notes.unknown_roles,
      fmt::format("{} message(s) with an unknown role", notes.unknown_roles));
  add(DiagnosticKind::kRepairedUtf8, notes.repaired_utf8 ? 1 : 0, "invalid UTF-8 was replaced");
  add(DiagnosticKind::kRewardNotANumber, notes.reward_not_a_number ? 1 : 0,
      "the reward is not a finite number");
}

// Counts of one file.
struct FileTally {
  std::uint64_t trajectories = 0;
  std::uint64_t models_from_file_name = 0;
  std::uint64_t domains_guessed = 0;

  void operator+=(const FileTally& other) {
    trajectories += other.trajectories;
    models_from_file_name += other.models_from_file_name;
    domains_guessed += other.domains_guessed;
  }
};

// A worker's own tools.
class BatchParser {
 public:
  explicit BatchParser(const LoadOptions& options) : options_(options) {}

  void parse(Batch& batch, BatchConsumer& consumer, std::vector<FileTally>& tallies) {
    Diagnostics& diagnostics = batch.diagnostics;
    for (const Batch::Part& part : batch.parts) {
      const FileContext& context = *part.context;
      const std::string& path = options_.files[context.file].path;
      for (const RecordSpan& record : part.block.records) {
        const ParsedRecord parsed =
            parser_.parse(part.block.bytes_of(record), context.defaults, trajectory_);
        if (parsed.outcome == RecordOutcome::kMalformed) {
          diagnostics.add({DiagnosticKind::kMalformedRecord,
                           path,
                           record.number,
                           record.byte + parsed.byte,
                           parsed.problem,
                           {}});
          continue;
        }
        note(parsed.notes, path, record, diagnostics);
        if (parsed.outcome == RecordOutcome::kNoAssistantMessage) {
          diagnostics.add({DiagnosticKind::kNoAssistantMessage,
                           path,
                           record.number,
                           record.byte,
                           "no assistant message",
                           {}});
          continue;
        }
        FileTally& tally = tallies[context.file];
        ++tally.trajectories;
        if (parsed.model_from_defaults && context.model_from_file_name)
          ++tally.models_from_file_name;
        note_ignored_mapping(context, parsed, record, diagnostics);
        complete(context, record, tally);
        consumer.take(trajectory_, {context.file, record.number, record.byte});
      }
    }
  }

 private:
  // A record that names its model wins over --model NAME=PATH.
  void note_ignored_mapping(const FileContext& context, const ParsedRecord& parsed,
                            const RecordSpan& record, Diagnostics& diagnostics) const {
    const InputFile& input = options_.files[context.file];
    if (input.model.empty() || parsed.model_from_defaults || trajectory_.model == input.model)
      return;
    diagnostics.add(
        {DiagnosticKind::kModelMappingIgnored,
         input.path,
         record.number,
         record.byte,
         fmt::format("the record says that the model is \"{}\", so --model {} is not used",
                     trajectory_.model, input.model),
         {}});
  }

  // What neither the record nor its file said.
  void complete(const FileContext& context, const RecordSpan& record, FileTally& tally) {
    Trajectory& t = trajectory_;
    if (t.task_id.empty()) t.task_id = std::to_string(record.number);
    if (!t.domain.empty()) return;
    if (context.domain_per_record) t.domain = guess_domain(t).value_or("");
    if (t.domain.empty()) t.domain = context.guessed_domain;
    if (t.domain.empty()) {
      t.domain = "unknown";
    } else {
      ++tally.domains_guessed;
    }
  }

  const LoadOptions& options_;
  RecordParser parser_;
  Trajectory trajectory_;
};

// Workers that pull batches, and commit them in order.
class Pipeline {
 public:
  Pipeline(const LoadOptions& options, TrajectoryConsumer& consumer)
      : options_(options), consumer_(consumer), queue_(options), tallies_(options.files.size()) {}

  Result<LoadReport> run() {
    const unsigned workers = thread_count(options_.threads);
    std::vector<std::thread> pool;
    for (unsigned i = 1; i < workers; ++i) pool.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : pool) thread.join();
    if (exception_) std::rethrow_exception(exception_);
    if (error_) return Unexpected(std::move(*error_));
    if (stop_is_wanted())
      return Unexpected(interrupted());  // the end may have been the interruption's
    report_.diagnostics.merge(std::move(last_diagnostics_));
    report_.files = std::move(queue_.files());
    for (std::size_t i = 0; i < report_.files.size(); ++i) {
      report_.files[i].trajectories = tallies_[i].trajectories;
      report_.files[i].models_from_file_name = tallies_[i].models_from_file_name;
      report_.files[i].domains_guessed = tallies_[i].domains_guessed;
      if (report_.files[i].format == LogFormat::kAuto) {
        report_.diagnostics.add({DiagnosticKind::kNoTrajectories,
                                 report_.files[i].path,
                                 std::nullopt,
                                 std::nullopt,
                                 "no record was found in this file",
                                 {}});
      }
    }
    return std::move(report_);
  }

 private:
  struct Parsed {
    std::unique_ptr<BatchConsumer> consumer;
    Diagnostics diagnostics;
    std::vector<FileTally> tallies;  // by file
  };

  void work() {
    try {
      BatchParser parser(options_);
      Batch batch;
      while (take_next(batch)) {
        Parsed parsed{consumer_.start_batch(), {}, std::vector<FileTally>(options_.files.size())};
        parser.parse(batch, *parsed.consumer, parsed.tallies);
        parsed.diagnostics = std::move(batch.diagnostics);
        commit(batch.number, std::move(parsed));
      }
    } catch (...) {
      fail_all([this] {
        if (!exception_) exception_ = std::current_exception();
      });
    }
  }

  bool stop_is_wanted() const {
    return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  }
  static Error interrupted() { return {ErrorKind::kInterrupted, "interrupted while reading", {}}; }

  bool take_next(Batch& batch) {
    const std::lock_guard lock(queue_mutex_);
    if (failed_ || ended_) return false;
    if (stop_is_wanted()) {
      give_up(interrupted());
      return false;
    }
    auto more = queue_.next(batch);
    if (!more) {
      give_up(more.error());
      return false;
    }
    ended_ = !*more;
    if (ended_) last_diagnostics_ = std::move(batch.diagnostics);
    return *more;
  }

  // A batch that is parsed before its predecessors waits here, its worker does not.
  void commit(std::uint64_t number, Parsed parsed) {
    const std::lock_guard lock(commit_mutex_);
    if (failed_) return;
    waiting_.emplace(number, std::move(parsed));
    for (auto next = waiting_.begin(); next != waiting_.end() && next->first == next_commit_;
         next = waiting_.erase(next)) {
      next->second.consumer->commit();
      report_.diagnostics.merge(std::move(next->second.diagnostics));
      for (std::size_t i = 0; i < tallies_.size(); ++i) tallies_[i] += next->second.tallies[i];
      ++next_commit_;
    }
  }

  void give_up(Error error) {
    fail_all([&] { error_ = std::move(error); });
  }

  template <class Record>
  void fail_all(Record record) {
    const std::lock_guard lock(commit_mutex_);
    record();
    failed_ = true;
  }

  const LoadOptions& options_;
  TrajectoryConsumer& consumer_;
  LoadReport report_;
  BatchQueue queue_;
  std::vector<FileTally> tallies_;
  std::mutex queue_mutex_;
  std::mutex commit_mutex_;
  std::map<std::uint64_t, Parsed> waiting_;
  std::uint64_t next_commit_ = 0;
  bool ended_ = false;
  Diagnostics last_diagnostics_;
  std::atomic<bool> failed_{false};
  std::optional<Error> error_;
  std::exception_ptr exception_;
};

class KeepAll final : public TrajectoryConsumer {
 public:
  explicit KeepAll(std::vector<Trajectory>& all) : all_(all) {}

  std::unique_ptr<BatchConsumer> start_batch() override {
    return std::make_unique<KeepBatch>(all_);
  }

 private:
  class KeepBatch final : public BatchConsumer {
   public:
    explicit KeepBatch(std::vector<Trajectory>& all) : all_(all) {}
    void take(Trajectory& trajectory, const RecordOrigin&) override {
      batch_.push_back(std::exchange(trajectory, {}));
    }
    void commit() override { std::move(batch_.begin(), batch_.end(), std::back_inserter(all_)); }

   private:
    std::vector<Trajectory>& all_;
    std::vector<Trajectory> batch_;
  };

  std::vector<Trajectory>& all_;
};

}  // namespace

std::string_view name_of(LogFormat format) {
  for (const FormatName& known : kFormatNames) {
    if (known.format == format) return known.name;
  }
  return "auto";
}

Result<LogFormat> parse_log_format(std::string_view name) {
  for (const FormatName& known : kFormatNames) {
    if (known.name == name && known.format != LogFormat::kFeatures) return known.format;
  }
  return fail(ErrorKind::kUsage, fmt::format("unknown input format \"{}\"", name),
              "formats: auto, tau-bench, tau2-bench, chat, agentecho");
}

Result<LoadReport> load_logs(const LoadOptions& options, TrajectoryConsumer& consumer) {
  return Pipeline(options, consumer).run();
}

Result<LoadedTrajectories> load_trajectories(const LoadOptions& options) {
  LoadedTrajectories loaded;
  KeepAll keep(loaded.trajectories);
  auto report = load_logs(options, keep);
  if (!report) return Unexpected(report.error());
  loaded.report = std::move(*report);
  return loaded;
}

}  // namespace agentecho

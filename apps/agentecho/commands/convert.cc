#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agentecho/base/atomic_file.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/run_filter.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/readers/trajectory_forms.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kConvert = {
    "convert",
    "Write the trajectories in AgentEcho's own normalised form (JSON Lines, one chat a line with "
    "its metadata, which every command reads), or in one that other programs read.",
    "Examples:\n"
    "  agentecho convert results/ -o all.jsonl\n"
    "  agentecho convert sessions/ --to openai -o chats.jsonl\n"
    "  agentecho convert runs/gpt-4.1/ --to tau2 -o gpt-4.1.json"};

struct ConvertCommand {
  InputOptions input;
  std::string out = "-";
  std::string form = "agentecho";
};

// Where the first of something that the form has no place for stands, and how much there is.
struct Missing {
  std::uint64_t count = 0;
  std::string file;
  std::uint64_t record = 0;
};

// Trajectories of a batch are written out on the worker's thread and put in the file in input
// order.
class FormWriter final : public TrajectoryConsumer {
 public:
  FormWriter(TrajectoryForm form, const InputOptions& input, std::optional<AtomicFile>& file)
      : form_(form), filter_(input.filter), inputs_(input.files), file_(file) {}

  std::unique_ptr<BatchConsumer> start_batch() override { return std::make_unique<Batch>(*this); }
  // Writes what stands behind the last trajectory.
  void finish() {
    if (form_ == TrajectoryForm::kTau2 && written_ > 0) put(tau2_tail());
  }
  const std::optional<Error>& error() const { return error_; }
  std::uint64_t written() const { return written_; }
  // What was asked for and is not there.
  std::vector<std::string> not_there() const {
    std::vector<std::string> all =
        filter_.idle_for(std::vector<std::string>(models_.begin(), models_.end()));
    std::vector<std::string> of_tasks =
        filter_.idle_for(std::vector<TaskKey>(tasks_.begin(), tasks_.end()));
    std::move(of_tasks.begin(), of_tasks.end(), std::back_inserter(all));
    return all;
  }
  std::vector<Diagnostic> not_held() const {
    std::vector<Diagnostic> all;
    for (const auto& [what, missing] : missing_) {
      all.push_back({DiagnosticKind::kNotInForm,
                     missing.file,
                     missing.record,
                     {},
                     fmt::format("{} ({} in all) have no place in the form {}", what, missing.count,
                                 name_of(form_)),
                     {}});
    }
    return all;
  }

 private:
  // A Results file is of one of these.
  using System = std::pair<std::string, std::string>;  // model, domain

  class Batch final : public BatchConsumer {
   public:
    explicit Batch(FormWriter& owner) : owner_(owner) {}
    void take(Trajectory& trajectory, const RecordOrigin& origin) override {
      if (!owner_.is_wanted(trajectory)) return;
      if (!owner_.filter_.empty()) {
        models_.insert(trajectory.model);
        tasks_.insert({trajectory.benchmark, trajectory.domain, trajectory.task_id});
      }
      const bool list = owner_.form_ == TrajectoryForm::kTau2;
      if (list) systems_.insert({std::string(trajectory.model), std::string(trajectory.domain)});
      FormText form = to_form(trajectory, owner_.form_, origin.session);
      if (list && n_ > 0) text_ += ',';
      text_ += form.json;
      if (!list) text_ += '\n';
      for (const NotHeld& held : form.not_held) {
        Missing& missing = missing_[std::string(held.what)];
        if (missing.count == 0) {
          missing = {0, owner_.inputs_[origin.file].path, origin.record};
        }
        missing.count += held.count;
      }
      ++n_;
    }
    void commit() override { owner_.write(*this); }

   private:
    friend class FormWriter;
    FormWriter& owner_;
    std::string text_;
    std::uint64_t n_ = 0;
    std::set<System> systems_;
    std::set<std::string> models_;
    std::set<TaskKey> tasks_;
    std::map<std::string, Missing> missing_;
  };

  bool is_wanted(const Trajectory& t) const {
    if (!filter_.models.empty() && !matches_any(filter_.models, t.model)) return false;
    return filter_.takes_all_tasks() || filter_.takes({t.benchmark, t.domain, t.task_id});
  }

  void write(const Batch& batch) {
    if (error_ || batch.n_ == 0) return;
    if (form_ == TrajectoryForm::kTau2) {
      systems_.insert(batch.systems_.begin(), batch.systems_.end());
      if (systems_.size() > 1) {
        error_ = Error{ErrorKind::kUsage,
                       "a tau2-bench file holds one model and one domain; the input has several",
                       "convert each of them by itself, or use --to agentecho"};
        return;
      }
      put(written_ > 0 ? "," : tau2_head(systems_.begin()->first, systems_.begin()->second));
    }
    models_.insert(batch.models_.begin(), batch.models_.end());
    tasks_.insert(batch.tasks_.begin(), batch.tasks_.end());
    put(batch.text_);
    written_ += batch.n_;
    for (const auto& [what, missing] : batch.missing_) {
      Missing& known = missing_[what];
      if (known.count == 0) known = {0, missing.file, missing.record};
      known.count += missing.count;
    }
  }

  void put(std::string_view text) {
    if (error_) return;
    if (file_) {
      if (auto written = file_->write(text); !written) error_ = written.error();
    } else if (print_data(text) != kDone) {
      error_ = Error{ErrorKind::kFailed, "standard output is not complete", {}};
    }
  }

  TrajectoryForm form_;
  const RunFilter& filter_;
  const std::vector<InputFile>& inputs_;
  std::optional<AtomicFile>& file_;
  std::set<System> systems_;
  std::set<std::string> models_;  // of what is written, where only some of the input is
  std::set<TaskKey> tasks_;
  std::map<std::string, Missing> missing_;
  std::optional<Error> error_;
  std::uint64_t written_ = 0;
};

// As report_losses(), of what was read and cannot be written.
Result<void> report_not_held(const FormWriter& writer, const InputOptions& options) {
  const std::vector<Diagnostic> all = writer.not_held();
  if (all.empty()) return {};
  if (options.strict) {
    return fail(ErrorKind::kInput, to_string(all.front()),
                "without --strict the rest is written; --to agentecho has a place for all of it");
  }
  if (options.quiet) return {};
  std::vector<std::string> said;
  for (const Diagnostic& diagnostic : all) said.push_back(to_string(diagnostic));
  report_warnings(said);
  return {};
}

// What numbers say of success was known only when all had been read: once more, with that.
Result<std::unique_ptr<FormWriter>> write_again(const ConvertCommand& command, TrajectoryForm form,
                                                LoadOptions& load, const OutcomeScales& scales,
                                                std::optional<AtomicFile>& file) {
  const auto is_file = [](const InputFile& input) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(input.path, ignored);
  };
  if (!file || !std::all_of(load.files.begin(), load.files.end(), is_file)) {
    const auto above_one = scales.above_one();
    const auto& [key, seen] = *above_one.begin();
    return fail(ErrorKind::kInput,
                fmt::format("`{}` goes from {:g} to {:g}, which is known only at the end of the "
                            "input: what was written says too much success",
                            printable(key), seen.least, seen.most),
                "read from files and write to one with -o FILE, or name another member with "
                "--success-key");
  }
  file.reset();
  auto created = AtomicFile::create(command.out);  // create_output() gave the place away before
  if (!created) return Unexpected(created.error());
  file.emplace(std::move(*created));
  load.scales = &scales;
  auto writer = std::make_unique<FormWriter>(form, command.input, file);
  if (auto report = load_logs(load, *writer); !report) return Unexpected(report.error());
  return writer;
}

Result<Answer> run_convert(const ConvertCommand& command) {
  const auto form = parse_trajectory_form(command.form);
  if (!form) return Unexpected(form.error());
  Reading reading(command.input);
  auto& options = reading.options;
  if (!options) return Unexpected(options.error());
  std::optional<AtomicFile> file;
  if (command.out != "-") {
    auto created = create_output(command.out);
    if (!created) return Unexpected(created.error());
    file.emplace(std::move(*created));
  }
  auto first = std::make_unique<FormWriter>(*form, command.input, file);
  auto report = load_logs(options->load, *first);
  if (!report) return Unexpected(report.error());
  if (report->scales.change_anything()) {
    auto again = write_again(command, *form, options->load, report->scales, file);
    if (!again) return Unexpected(again.error());
    first = std::move(*again);
  }
  if (auto finished = reading.finish(); !finished) return Unexpected(finished.error());
  FormWriter& writer = *first;
  writer.finish();
  if (writer.error()) return Unexpected(*writer.error());
  if (auto reported = report_losses(*report, command.input); !reported) {
    return Unexpected(reported.error());
  }
  if (auto reported = report_validity(check_reading(*report), command.input, ValidityGate::kShows);
      !reported) {
    return Unexpected(reported.error());
  }
  if (auto reported = report_not_held(writer, command.input); !reported) {
    return Unexpected(reported.error());
  }
  if (writer.written() == 0) {
    return fail(ErrorKind::kInput,
                command.input.filter.empty() ? "no trajectory was found in the input"
                                             : "no run in the input is one that was asked for",
                "`agentecho inspect` says what is there");
  }
  if (const auto missing = writer.not_there(); !missing.empty()) {
    const std::vector<Finding> idle = {idle_filter(missing)};
    if (auto said = report_validity(idle, command.input, ValidityGate::kShows); !said) {
      return Unexpected(said.error());
    }
  }
  if (file) {
    if (auto done = file->commit(); !done) return Unexpected(done.error());
    if (!command.input.quiet) {
      report_note(
          fmt::format("wrote {} to {}", counted(writer.written(), "run", "runs"), command.out));
    }
  }
  return Answer{};
}

void setup_convert(CLI::App& command, ConvertCommand& options) {
  add_input_options(command, options.input, InputUse::kTrajectories);
  add_model_filter(command, options.input, "Only runs of these models; globs, separated by commas");
  add_task_filters(command, options.input);
  add_value(command, "-o,--out", options.out, "The file to write; - is standard output", "FILE")
      ->capture_default_str();
  add_value(command, "--to", options.form,
            "agentecho: AgentEcho's own form; openai: OpenAI chats; atif: ATIF documents; each "
            "as JSON Lines; tau2: one tau2-bench Results file, of one model and domain",
            "FORM")
      ->capture_default_str();
}

}  // namespace

void add_convert(CLI::App& app) { add_command(app, kConvert, setup_convert, run_convert); }

}  // namespace agentecho::cli

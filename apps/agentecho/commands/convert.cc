#include "agentecho/commands/convert.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agentecho/base/atomic_file.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/options/input_options.h"
#include "agentecho/readers/trajectory_writer.h"

namespace agentecho::cli {

namespace {

struct ConvertCommand {
  InputOptions input;
  std::string out = "-";
};

// Lines of a batch are made on the worker's thread and written in input order.
class LineWriter final : public TrajectoryConsumer {
 public:
  explicit LineWriter(std::optional<AtomicFile>& file) : file_(file) {}

  std::unique_ptr<BatchConsumer> start_batch() override { return std::make_unique<Batch>(*this); }
  const std::optional<Error>& error() const { return error_; }
  std::uint64_t written() const { return written_; }

 private:
  class Batch final : public BatchConsumer {
   public:
    explicit Batch(LineWriter& owner) : owner_(owner) {}
    void take(Trajectory& trajectory, const RecordOrigin&) override {
      lines_ += to_json_line(trajectory) + "\n";
      ++n_;
    }
    void commit() override { owner_.write(lines_, n_); }

   private:
    LineWriter& owner_;
    std::string lines_;
    std::uint64_t n_ = 0;
  };

  void write(const std::string& lines, std::uint64_t n) {
    if (error_) return;
    if (file_) {
      if (auto written = file_->write(lines); !written) error_ = written.error();
    } else if (print_data(lines) != kDone) {
      error_ = Error{ErrorKind::kFailed, "standard output is not complete", {}};
    }
    written_ += n;
  }

  std::optional<AtomicFile>& file_;
  std::optional<Error> error_;
  std::uint64_t written_ = 0;
};

Result<void> convert(const ConvertCommand& command) {
  ConsoleProgress progress(command.input.quiet);
  const StopOnSignal stop_on_signal;
  auto options = to_corpus_options(command.input, progress);
  if (!options) return Unexpected(options.error());
  std::optional<AtomicFile> file;
  if (command.out != "-") {
    auto created = AtomicFile::create(command.out);
    if (!created) return Unexpected(created.error());
    file.emplace(std::move(*created));
  }
  LineWriter writer(file);
  auto report = load_logs(options->load, writer);
  if (!report) return Unexpected(report.error());
  if (writer.error()) return Unexpected(*writer.error());
  if (auto reported = report_losses(*report, command.input); !reported) return reported;
  if (auto reported = report_validity(check_reading(*report), command.input, ValidityGate::kShows);
      !reported) {
    return reported;
  }
  if (writer.written() == 0) {
    return fail(ErrorKind::kInput, "no trajectory was found in the input",
                "`agentecho inspect` says what is there");
  }
  return file ? file->commit() : Result<void>{};
}

}  // namespace

void setup_convert(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<ConvertCommand>();
  CLI::App* command = app.add_subcommand("convert",
                                         "Write the trajectories in AgentEcho's own normalised "
                                         "form: JSON Lines, one chat a line with its "
                                         "metadata, which every command reads.");
  add_input_options(*command, options->input, InputUse::kTrajectories);
  command->add_option("-o,--out", options->out, "The file to write; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  command->callback([&exit_code, options] {
    auto done = convert(*options);
    exit_code = done ? kDone : fail_with(done.error(), false);
  });
}

}  // namespace agentecho::cli

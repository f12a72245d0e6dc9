#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agentecho/base/atomic_file.h"
#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
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

Result<Answer> run_convert(const ConvertCommand& command) {
  ConsoleProgress progress(command.input.quiet);
  const StopOnSignal stop_on_signal;
  auto options = to_corpus_options(command.input, progress);
  if (!options) return Unexpected(options.error());
  std::optional<AtomicFile> file;
  if (command.out != "-") {
    auto created = create_output(command.out);
    if (!created) return Unexpected(created.error());
    file.emplace(std::move(*created));
  }
  LineWriter writer(file);
  auto report = load_logs(options->load, writer);
  if (!report) return Unexpected(report.error());
  if (writer.error()) return Unexpected(*writer.error());
  if (auto reported = report_losses(*report, command.input); !reported) {
    return Unexpected(reported.error());
  }
  if (auto reported = report_validity(check_reading(*report), command.input, ValidityGate::kShows);
      !reported) {
    return Unexpected(reported.error());
  }
  if (writer.written() == 0) {
    return fail(ErrorKind::kInput, "no trajectory was found in the input",
                "`agentecho inspect` says what is there");
  }
  if (file) {
    if (auto done = file->commit(); !done) return Unexpected(done.error());
  }
  return Answer{};
}

void setup_convert(CLI::App& command, ConvertCommand& options) {
  add_input_options(command, options.input, InputUse::kTrajectories);
  command.add_option("-o,--out", options.out, "The file to write; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
}

}  // namespace

void add_convert(CLI::App& app) {
  add_command<ConvertCommand>(app, "convert",
                              "Write the trajectories in AgentEcho's own normalised form: JSON "
                              "Lines, one chat a line with its metadata, which every command "
                              "reads.",
                              setup_convert, run_convert);
}

}  // namespace agentecho::cli

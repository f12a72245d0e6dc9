// What the program says and where: data on standard output, everything else on standard error.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/progress.h"

namespace agentecho::cli {

// Set by SIGINT and SIGTERM while a StopOnSignal lives. A second signal ends the program at once.
const std::atomic<bool>& stop_requested();

// Error (kInterrupted): a stop was asked for.
Result<void> not_stopped();

// While at least one lives, the first SIGINT or SIGTERM only asks to stop: for work that looks at
// stop_requested(), and no longer than it lasts. At other times, and at the second, they end the
// program at once with exit code 130: unfinished files are removed, nothing else needs tidying up.
// Not for several threads.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
};

// Standard descriptors that are closed are tied to nothing; a closed pipe and a file that grows
// beyond its limit are errors of writing, not signals; signals that end the program leave no
// unfinished files behind.
void prepare_process();

bool stdout_is_terminal();
// Colour only on a terminal, and not when NO_COLOR is set.
bool stdout_takes_colour();
// Columns of the terminal behind standard output; 100 where there is none.
std::size_t stdout_columns();

// Writes to standard output. Returns the exit code: kDone, also when the reader has closed the pipe
// (it has all that it wanted); kFailedOrIncomplete, with a message, when writing fails.
int print_data(std::string_view data);

// "agentecho: error: …" and "hint: …" on standard error.
void report_error(const Error& error);
void report_warnings(const std::vector<std::string>& warnings);

// As the document that commands with --json print.
std::string error_to_json(const Error& error);

// A note without consequences, on standard error.
void report_note(const std::string& text);

// The command line as it was given, quoted for a shell; set once, by the program.
void set_command_line(int argc, const char* const* argv);
const std::string& command_line();

// A line on standard error that is redrawn on a terminal; elsewhere a plain line every ten seconds,
// or nothing. Nothing for work of less than a second.
class StatusLine {
 public:
  enum Where { kAnywhere, kTerminalOnly };

  explicit StatusLine(bool quiet, Where where = kAnywhere);
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Whether it is time to show something, for lines that take work to make.
  bool is_due() const;
  void show(std::string_view line);
  void clear();
  double seconds() const;  // since it was made

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

// How far the reading of logs has come.
class ConsoleProgress final : public ProgressSink {
 public:
  explicit ConsoleProgress(bool quiet) : line_(quiet) {}
  void update(std::string_view phase, std::uint64_t done, std::uint64_t total) override;

 private:
  StatusLine line_;
};

}  // namespace agentecho::cli

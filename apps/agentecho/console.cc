#include "agentecho/console.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "agentecho/base/atomic_file.h"
#include "agentecho/base/error_kind.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/exit_code.h"
#include "agentecho/report/text_lines.h"

namespace agentecho::cli {

namespace {

std::atomic<bool> g_stop{false};

extern "C" {

static void end_at_once(int /*signal_number*/) {
  remove_unfinished_files();
  ::_exit(kInterruptedBySignal);
}

static void request_stop(int signal_number) {
  if (g_stop.exchange(true)) end_at_once(signal_number);
}

}  // extern "C"

void handle(int signal_number, void (*handler)(int), struct sigaction* before) {
  // Without SA_RESTART, so that a read that waits for input ends.
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(signal_number, &action, before);
}

// Talk that cannot be written is lost; it never stops the work.
template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  std::fputs(fmt::format(format, std::forward<Arguments>(arguments)...).c_str(), stderr);
}

}  // namespace

const std::atomic<bool>& stop_requested() { return g_stop; }

void prepare_process() {
  // A descriptor that the caller closed must not become one of our files.
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) == -1) {
      // Standard output is opened for reading, so that writing data to it fails and is reported.
      [[maybe_unused]] const int opened =
          ::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // The last three are how batch systems announce an end.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGXCPU, SIGUSR1, SIGUSR2}) {
    struct sigaction now {};
    // Who ignores a signal for us (nohup, a shell's background job) means it.
    if (sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) {
      handle(number, end_at_once, nullptr);
    }
  }
}

Result<void> not_stopped() {
  if (!stop_requested()) return {};
  return fail(ErrorKind::kInterrupted, "interrupted");
}

namespace {

// Those that live, whichever ends first, and what signals did before.
int g_stopping = 0;
struct sigaction g_interrupt_before;
struct sigaction g_terminate_before;

}  // namespace

StopOnSignal::StopOnSignal() {
  if (g_stopping++ > 0) return;
  handle(SIGINT, request_stop, &g_interrupt_before);
  handle(SIGTERM, request_stop, &g_terminate_before);
}

StopOnSignal::~StopOnSignal() {
  if (--g_stopping > 0) return;
  sigaction(SIGINT, &g_interrupt_before, nullptr);
  sigaction(SIGTERM, &g_terminate_before, nullptr);
}

bool stdout_is_terminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool stdout_takes_colour() { return stdout_is_terminal() && std::getenv("NO_COLOR") == nullptr; }

std::size_t stdout_columns() {
  winsize size{};
  if (stdout_is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) {
    return size.ws_col;
  }
  return 100;
}

int print_data(std::string_view data) {
  const bool written =
      std::fwrite(data.data(), 1, data.size(), stdout) == data.size() && std::fflush(stdout) == 0;
  if (written || errno == EPIPE) return kDone;
  report_error({ErrorKind::kFailed,
                fmt::format("cannot write to standard output: {}", std::strerror(errno)),
                {}});
  return kFailedOrIncomplete;
}

namespace {

// A message on lines of its own: on a terminal behind a status line that it wipes out, and not
// wider than the terminal.
void say_message(std::string_view before, std::string_view message) {
  const std::string text = fmt::format("{}{}", before, printable(message));
  winsize size{};
  if (::isatty(STDERR_FILENO) == 1 && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 &&
      size.ws_col >= 40) {
    say("\r\x1b[K{}", wrapped_text(text, size.ws_col));
  } else {
    say("{}\n", text);
  }
}

}  // namespace

void report_error(const Error& error) {
  say_message("agentecho: error: ", error.message);
  if (!error.hint.empty()) say_message("hint: ", error.hint);
}

void report_warnings(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) {
    say_message("agentecho: warning: ", warning);
  }
}

std::string error_to_json(const Error& error) {
  nlohmann::ordered_json envelope;
  envelope["error"] = {{"kind", name_of(error.kind)},
                       {"message", error.message},
                       {"hint", error.hint},
                       {"exit_code", exit_code_of(error.kind)}};
  return envelope.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void report_note(const std::string& text) { say_message("agentecho: ", text); }

namespace {

std::string& stored_command_line() {
  static std::string line;
  return line;
}

// A header's value may be a secret; the name of an environment variable is none.
std::string without_header_value(std::string_view header) {
  const std::size_t colon = header.find(':');
  if (colon == std::string_view::npos) return "...";
  std::string_view value = trimmed(header.substr(colon + 1));
  constexpr std::string_view kEnvironment = "env:";
  const bool is_variable =
      value.starts_with(kEnvironment) &&
      std::all_of(value.begin() + kEnvironment.size(), value.end(),
                  [](char c) { return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_'; });
  return is_variable ? std::string(header) : fmt::format("{}: ...", header.substr(0, colon));
}

// What follows '?' in an address may be one too, whatever it is called.
std::string without_query(std::string_view word) {
  const std::size_t address = word.find("://");
  const std::size_t query = address == std::string_view::npos ? address : word.find('?', address);
  if (query == std::string_view::npos) return std::string(word);
  return fmt::format("{}?...", word.substr(0, query));
}

}  // namespace

void set_command_line(int argc, const char* const* argv) {
  std::string& line = stored_command_line();
  line.clear();
  std::string_view before;
  for (int i = 0; i < argc; ++i) {
    if (i > 0) line += ' ';
    const std::string_view word = argv[i];
    const bool header = before == "--judge-header" || word.starts_with("--judge-header=");
    line += shell_quoted(header ? without_header_value(word) : without_query(word));
    before = word;
  }
}

const std::string& command_line() { return stored_command_line(); }

StatusLine::StatusLine(bool quiet, Where where)
    : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {
  if (where == kTerminalOnly && !terminal_) quiet_ = true;
}

StatusLine::~StatusLine() { clear(); }

bool StatusLine::is_due() const {
  using namespace std::chrono_literals;
  const auto now = Clock::now();
  return !quiet_ && now - start_ >= 1s && now - last_ >= (terminal_ ? 200ms : 10000ms);
}

void StatusLine::show(std::string_view line) {
  if (!is_due()) return;
  last_ = Clock::now();
  if (terminal_) {
    say("\r\x1b[K{}", line);
  } else {
    say("{}\n", line);
  }
  std::fflush(stderr);
  shown_ = true;
}

void StatusLine::clear() {
  if (shown_ && terminal_) say("\r\x1b[K");
  shown_ = false;
}

double StatusLine::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void ConsoleProgress::update(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  if (!line_.is_due()) return;
  if (phase != "reading") {
    line_.show(fmt::format("{}: {} of {}", phase, done, total));
    return;
  }
  const double megabytes = 1e-6 * static_cast<double>(total);
  if (total == 0 || done == 0 || done > total) {
    line_.show(fmt::format("{}: {:.0f} MB", phase, static_cast<double>(done) / 1e6));
    return;
  }
  const double share = static_cast<double>(done) / static_cast<double>(total);
  line_.show(fmt::format("{}: {:.0f} % of {:.0f} MB, {:.0f} s left", phase, 100 * share, megabytes,
                         std::max(0.0, line_.seconds() / share - line_.seconds())));
}

}  // namespace agentecho::cli

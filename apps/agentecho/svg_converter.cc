#include "agentecho/svg_converter.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

extern char** environ;

namespace agentecho::cli {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

constexpr const char* kProgram = "rsvg-convert";

// Its exit code; 127 where it cannot be started.
int run_converter(const std::string& format, std::FILE* in, std::FILE* out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ::fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ::fileno(out), STDOUT_FILENO);
  std::string words[] = {kProgram, "--format=" + format, "--zoom=2"};
  char* const argv[] = {words[0].data(), words[1].data(),
                        format == "png" ? words[2].data() : nullptr, nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, kProgram, &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error != 0 || ::waitpid(child, &status, 0) != child) return 127;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

Result<std::string> convert_svg(std::string_view svg, const std::string& format) {
  const File in(std::tmpfile());
  const File out(std::tmpfile());
  if (!in || !out || std::fwrite(svg.data(), 1, svg.size(), in.get()) != svg.size() ||
      std::fflush(in.get()) != 0) {
    return fail(ErrorKind::kFailed,
                fmt::format("cannot write a temporary file: {}", std::strerror(errno)));
  }
  std::rewind(in.get());
  const int code = run_converter(format, in.get(), out.get());
  if (code == 127) {
    return fail(ErrorKind::kFailed,
                fmt::format("{} figures take the program {}, which is not there", format, kProgram),
                "Debian's package librsvg2-bin has it; FILE.svg needs nothing");
  }
  std::string bytes;
  char buffer[65536];
  std::rewind(out.get());
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, out.get())) {
    bytes.append(buffer, n);
  }
  if (code != 0 || bytes.empty()) {
    return fail(ErrorKind::kFailed, fmt::format("{} ended with code {}", kProgram, code));
  }
  return bytes;
}

}  // namespace agentecho::cli

#include "agentecho/base/version.h"

#include <fmt/format.h>

#include "agentecho/command.h"
#include "agentecho/commands.h"

namespace agentecho::cli {

void add_version(CLI::App& app) {
  add_plain_command(app, {"version", "Print the program's version."}, []() -> Result<Answer> {
    return Answer{fmt::format("agentecho {}\n", version())};
  });
}

}  // namespace agentecho::cli

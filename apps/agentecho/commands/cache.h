// `agentecho cache`: the replies that are kept, to look at, trim, carry over.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_cache(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

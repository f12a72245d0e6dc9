// agentecho report: everything about a set of logs as one page to look at and to send.
#pragma once

#include <CLI/CLI.hpp>

namespace agentecho::cli {

void setup_report(CLI::App& app, int& exit_code);

}  // namespace agentecho::cli

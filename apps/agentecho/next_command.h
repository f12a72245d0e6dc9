// The command line that an answer suggests. It looks at the same runs in the same way: the logs as
// the user named them, with the options that say which runs count and how they are read.
#pragma once

#include <CLI/CLI.hpp>

#include "agentecho/study/verdict.h"

namespace agentecho::cli {

// Notes the logs and those options as the user gave them; the wrapper of commands does so once.
void note_given(const CLI::App& command);

// Puts them in place of the word "PATHS"; without that word the options alone, behind the word
// kNewLogs or at the end. Options that the suggested command does not have, that exclude one of its
// words, or that the suggestion settles itself are left out.
void complete_next(VerdictParagraph& verdict);

// Stands in a suggestion for logs that are still to come.
inline constexpr const char* kNewLogs = "NEW-LOGS";

}  // namespace agentecho::cli

// Completion in a shell: a script that asks the program, and the program's answer from its own
// option data and from the logs that stand on the line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace agentecho::cli {

// The word with which a script asks; it is no command of the help.
inline constexpr const char* kCompleteWords = "__complete";

struct Completions {
  std::vector<std::string> words;  // that begin like the last word of the line
  bool files = false;              // names of files as well
};

// `words`: the line behind the program's name; the last word, perhaps empty, is being typed.
// Commands, options, their values and, from logs on the line of up to 200 MB, names of models,
// tasks, domains and benchmarks.
Completions complete(const CLI::App& app, const std::vector<std::string>& words);

// One a line; a first line ":files" where files are allowed.
std::string completions_text(const CLI::App& app, const std::vector<std::string>& words);

// "bash", "zsh" or "fish"
std::string completion_script(const std::string& shell);

}  // namespace agentecho::cli

// The sections in which help shows the options of a command. These are the same in every command;
// one that can be used in several ways names the sections of each itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace agentecho::cli {

inline constexpr const char* kInputSection = "Input";
inline constexpr const char* kSelectionSection = "Which runs";
inline constexpr const char* kMetricSection = "What is computed";
inline constexpr const char* kStatisticsSection = "Statistics";
inline constexpr const char* kOutputSection = "Output";
// Shown by --help-all alone: most people never ask an LLM.
inline constexpr const char* kAskingGroup = "Asking an LLM";

// Options that are added while one lives stand in that section.
class OptionSection {
 public:
  OptionSection(CLI::App& command, const char* name)
      : command_(command), before_(command.option_defaults()->get_group()) {
    command_.option_defaults()->group(name);
  }
  ~OptionSection() { command_.option_defaults()->group(before_); }
  OptionSection(const OptionSection&) = delete;
  OptionSection& operator=(const OptionSection&) = delete;

 private:
  CLI::App& command_;
  std::string before_;
};

}  // namespace agentecho::cli

// What help, reference, manual page and completion read from the parser's own data.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace agentecho::cli {

// The commands that are shown, in their order.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

// "agentecho experiment families"
std::string path_of(const CLI::App& command);

// "MODEL,..." of an option's type name, without the checks behind it.
std::string value_name(const CLI::Option& option);

// The values that an option allows, where they are known.
std::vector<std::string> values_of(const CLI::Option& option);

// "--quiet" of "-q,--quiet"
std::string longest_name(const CLI::Option& option);

// With their dashes.
std::vector<std::string> names_of(const CLI::Option& option);

struct OptionGroup {
  std::string title;
  std::vector<const CLI::Option*> options;
};

// Those that are shown: positionals, then the command's own, then the sections of section.h.
std::vector<OptionGroup> groups_of(const CLI::App& command);

}  // namespace agentecho::cli

// Which options go together: what a command would ignore it refuses, with exit code 2.
#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>

namespace agentecho::cli {

// None of `others` stands beside `option`.
inline void exclude(CLI::App& command, const char* option,
                    std::initializer_list<const char*> others) {
  for (const char* other : others) {
    command.get_option(option)->excludes(command.get_option(other));
  }
}

// `options` mean nothing without `needed`.
inline void need(CLI::App& command, std::initializer_list<const char*> options,
                 const char* needed) {
  for (const char* option : options) command.get_option(option)->needs(command.get_option(needed));
}

}  // namespace agentecho::cli

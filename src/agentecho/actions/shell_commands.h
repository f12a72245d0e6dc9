// The simple commands of a shell script, in the order in which they stand in it: what an agent asks
// of a shell, taken apart by a grammar of bash (tree-sitter-bash) and not by patterns.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

struct ShellWord {
  std::string text;     // without quotes and escapes
  bool literal = true;  // false: it holds an expansion, so the text is not what the program gets
};

struct ShellRedirect {
  ShellWord path;
  bool writes = false;  // > and its kin; else it is read from
};

struct SimpleCommand {
  std::vector<ShellWord> words;      // the program first; none where a redirect stands alone
  std::vector<ShellRedirect> files;  // without those to descriptors and /dev/null
  std::string_view here_text;        // of a here-document or here-string, as written
  std::string_view source;           // of the script: the command with its redirects
  bool piped = false;                // it reads what a command before it in a pipe writes
  bool output_to_file = false;       // its standard output goes to a file
};

// Scripts beyond this are not parsed: commands are written by hand, or by a model.
inline constexpr std::size_t kLongestScript = 64 << 10;

// Keeps memory from script to script: one a thread.
class ShellParser {
 public:
  ShellParser();
  ~ShellParser();
  ShellParser(ShellParser&&) noexcept;
  ShellParser& operator=(ShellParser&&) noexcept;

  // Commands inside $(...), `...` and <(...) come before the command that uses them; bodies of
  // loops, conditions and functions once each, calls of such functions not at all. Tests ([ ], [[
  // ]]), assignments and declarations are no commands. The views point into `script`. Errors
  // (kInput): `script` is no bash, is longer than kLongestScript, is nested deeper than 200, or
  // takes more than 40 steps of the parser a byte. O(bytes) in time and memory.
  Result<std::vector<SimpleCommand>> parse(std::string_view script);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace agentecho

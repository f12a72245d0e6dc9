// What a shell script does: one action for each simple command that does work (METHOD 13).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/actions/action_table.h"
#include "agentecho/actions/shell_commands.h"

namespace agentecho {

inline constexpr std::size_t kLongestPath = 1024;  // bytes; a longer text names no file

struct ShellAction {
  std::string action;   // its class
  std::string program;  // "git"; "script" for a file that is run, "variable" for $X
  std::string source;   // the command as written, with its redirects
  // Words that say what it works on: operands and values of options, the text of a here-document.
  // Not the program, its sub-command, options, and words that hold an expansion.
  std::vector<std::string> values;
  std::vector<std::string> paths;    // values and redirects that may name a file, as from where
                                     // the script started
  std::vector<std::string> written;  // files that it writes, likewise
};

struct ScriptActions {
  std::vector<ShellAction> actions;
  std::size_t unparsed = 0;    // scripts, the given one and those inside it, that cannot be parsed:
                               // each is one action of the table's class `unknown`
  std::string first_unparsed;  // the script
  std::string first_problem;   // what is wrong with it
};

// One a thread; the table must outlive it.
class ShellActions {
 public:
  explicit ShellActions(const ActionTable& table) : table_(table) {}

  // A file that a script opened is open in the next ones, until forget_open_file().
  ScriptActions of_script(std::string_view script);
  // A program and its arguments, without a shell between: ["ls", "-l"], ["bash", "-lc", "…"].
  ScriptActions of_arguments(const std::vector<std::string>& arguments);

  // The file that editors' commands (`open`, `edit 3:5`) work in, as from where its script started;
  // empty: none.
  const std::string& open_file() const { return open_file_; }
  void open(std::string_view path);
  void forget_open_file() { open_file_.clear(); }

 private:
  const ActionTable& table_;
  ShellParser parser_;
  std::string open_file_;
};

// The files that a patch names, in the forms of `diff` and of apply_patch.
std::vector<std::string> paths_of_patch(std::string_view patch);

// The file that `text` names, without the place in it: tests/a.py::test_x, a_spec.rb:12.
std::string_view named_file(std::string_view text);

// `path` from the folder `from`, without ".", "..", doubled and final slashes.
std::string joined_path(std::string_view from, std::string_view path);

}  // namespace agentecho

// What the tools and the shell commands of coding agents do, as data: tool or program → action
// class, class → kind (METHOD 13). The default table is default_action_table.json; a user gives his
// own in the same form, which docs/shell.md describes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/trajectory/tool_kind.h"

namespace agentecho {

// The class of a command that does no work of its own, as `cd`.
inline constexpr std::string_view kNoWork = "none";

// How a program's class follows from its words. Options are looked at first, then the first word
// that is none, then `action`.
struct ProgramRule {
  // Which operands the command writes, where its class is one of kind WRITE: none, all that are no
  // text, the last, or those that a patch names.
  enum class Writes : std::uint8_t { kNothing, kAll, kLast, kPatch };
  // Which operands are text (a pattern, a script) and name no file.
  enum class Text : std::uint8_t { kNothing, kFirst, kAll };

  std::string word;    // in ProgramRule::words: the word, or its beginning and '*'
  std::string action;  // the class when nothing else says one; empty: unknown
  std::string alias;   // this program's rule and name are that one's
  std::vector<std::string> value_options;                    // options whose value is the next word
  std::vector<std::pair<std::string, std::string>> options;  // option, or "option value" → class
  std::vector<ProgramRule> words;  // sub-commands; of a wrapper: names that it knows itself
  Writes writes = Writes::kNothing;
  std::vector<std::string> writes_options;  // options whose value is a path that is written
  Text text = Text::kNothing;
  std::vector<std::string> text_options;  // their value is the text; no operand is then
  std::vector<std::string> no_text;       // options with which no operand is text: grep -f FILE
  std::vector<std::string> exec_options;  // options behind which a command stands, up to ; or +
  std::string module_option;              // the next word is a program of its own: python -m
  bool wraps = false;                     // runs the command that its words are: sudo, xargs
  std::size_t wrapped_operands = 0;       // words between the options and that command
  bool shell = false;                     // -c TEXT, or standard input, is a script
  bool joins = false;                     // its words together are a script: eval
  std::string until;                      // its text are the lines up to this one, which ends it
  bool opens = false;                     // its first operand becomes the open file
  bool in_open_file = false;              // works in the open file, and names none
};

struct ToolRule {
  std::string action;    // the class; with `argument`, for values that are not listed
  std::string argument;  // whose value says what the tool does
  std::map<std::string, std::string, std::less<>> values;
};

class ActionTable {
 public:
  // A whole table, or with "extends": "default" what is other than in the built-in one. Errors
  // (kInput) name the member that is wrong: an unknown class or kind, a member of another type, no
  // classes.
  static Result<ActionTable> parse(std::string_view json);

  // Null when it is no class. The kind that a class of actions has.
  const ToolKind* kind_of(std::string_view action) const;
  // Does this tool run shell commands? Its name as plain_tool_name() gives it.
  bool is_shell(std::string_view plain_name) const;
  const ToolRule* tool(std::string_view plain_name) const;
  const ProgramRule* program(std::string_view name) const;
  // Programs with ProgramRule::until.
  const std::vector<std::string>& block_programs() const { return block_programs_; }
  bool does_no_work(std::string_view program) const { return no_work_.contains(program); }
  bool is_filter(std::string_view program) const { return filters_.contains(program); }
  // The class of a command of class `action` whose output goes to a file.
  std::string_view written(std::string_view action) const;

  const std::string& unknown() const { return unknown_; }        // class
  const std::string& own_script() const { return own_script_; }  // class
  // Arguments in which a shell tool holds the command; in which tools name files, or hold patches.
  // Folded keys (base/folded_key.h).
  const std::vector<std::string>& command_arguments() const { return command_arguments_; }
  const std::vector<std::string>& path_arguments() const { return path_arguments_; }
  const std::vector<std::string>& patch_arguments() const { return patch_arguments_; }
  const std::map<std::string, ToolKind, std::less<>>& classes() const { return classes_; }
  // Is a list under this argument one of command lines, not of the words of one command?
  bool holds_lines(std::string_view folded_argument) const;
  // Tools with one class.
  std::map<std::string, ToolKind, std::less<>> tool_kinds() const;

 private:
  friend class ActionTableReader;
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Names = std::unordered_set<std::string, Hash, std::equal_to<>>;
  template <class Value>
  using ByName = std::unordered_map<std::string, Value, Hash, std::equal_to<>>;

  std::map<std::string, ToolKind, std::less<>> classes_;
  Names shells_;
  ByName<ToolRule> tools_;
  ByName<ProgramRule> programs_;
  std::vector<std::string> block_programs_;
  Names no_work_;
  Names filters_;
  std::map<std::string, std::string, std::less<>> written_;
  std::string unknown_;
  std::string own_script_;
  std::vector<std::string> command_arguments_;
  Names line_arguments_;
  std::vector<std::string> path_arguments_;
  std::vector<std::string> patch_arguments_;
};

const ActionTable& default_action_table();
std::string_view default_action_table_json();

}  // namespace agentecho

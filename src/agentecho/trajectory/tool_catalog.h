// Which tools read, which write, and which do neither (METHOD 2, "Kinds").
//
// In order: a catalogue given by the user, the official tau-bench and tau2-bench lists, the action
// classes of shell commands and editing tools where a table of them is in use (METHOD 13), and last
// a guess from the first word of the name, which every report marks as such.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/trajectory/tool_kind.h"

namespace agentecho {

std::string_view name_of(ToolKind kind);  // "READ", "WRITE", "GENERIC"

struct ToolClass {
  ToolKind kind = ToolKind::kGeneric;
  bool guessed = false;
};

class ToolCatalog {
 public:
  // The official lists.
  ToolCatalog() = default;

  // The user's word overrides everything.
  void set(std::string name, ToolKind kind);

  // Reads a catalogue: a JSON object with lists of tool names under "read", "write" and "generic".
  // A tool in two of them is an error.
  static Result<ToolCatalog> parse(std::string_view json);

  // The kinds of action classes (nodes are called "read" or "read:cat") and of editing tools.
  void set_actions(std::map<std::string, ToolKind, std::less<>> classes,
                   std::map<std::string, ToolKind, std::less<>> tools);

  ToolClass classify(std::string_view tool) const;
  // Is this a node of a shell's command, "read:cat" or "read"?
  bool is_action(std::string_view tool) const { return action_kind(tool) != nullptr; }

  const std::map<std::string, ToolKind, std::less<>>& user_kinds() const { return user_kinds_; }

 private:
  const ToolKind* action_kind(std::string_view tool) const;

  std::map<std::string, ToolKind, std::less<>> user_kinds_;
  std::map<std::string, ToolKind, std::less<>> action_classes_;
  std::map<std::string, ToolKind, std::less<>> action_tools_;  // by lowered name, '-' as '_'
};

// Without marks (bare_tool_name()), lowered, '-' as '_': how the names of shells and editing tools
// are compared.
std::string plain_tool_name(std::string_view name);

// The guess alone: the first word of the name, split at '_', '-', '.', space or a lower-to-upper
// case change.
ToolKind kind_by_first_word(std::string_view tool);

// The domain of the official lists that knows this tool, when exactly one does.
std::optional<std::string_view> domain_of_tool(std::string_view tool);

}  // namespace agentecho

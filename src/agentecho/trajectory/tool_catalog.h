// Which tools read, which write, and which do neither (METHOD 2, "Kinds").
//
// In order: a catalogue given by the user, the official tau-bench and tau2-bench lists, and last a
// guess from the first word of the name, which every report marks as such.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho {

enum class ToolKind : std::uint8_t { kRead, kWrite, kGeneric };

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
  static Result<ToolCatalog> parse(std::string_view json);

  ToolClass classify(std::string_view tool) const;

  const std::map<std::string, ToolKind, std::less<>>& user_kinds() const { return user_kinds_; }

 private:
  std::map<std::string, ToolKind, std::less<>> user_kinds_;
};

// The guess alone: the first word of the name, split at '_', '-', '.', space or a lower-to-upper
// case change.
ToolKind kind_by_first_word(std::string_view tool);

// The domain of the official lists that knows this tool, when exactly one does.
std::optional<std::string_view> domain_of_tool(std::string_view tool);

}  // namespace agentecho

#include "agentecho/llm/chat.h"

#include <algorithm>
#include <array>

namespace agentecho::llm {

namespace {

constexpr std::array<std::string_view, 3> kRungNames = {"json_schema", "json_object", "text"};

}  // namespace

std::string_view name(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kScored:
      return "scored";
    case OutcomeKind::kUnparseable:
      return "unparseable";
    case OutcomeKind::kRefused:
      return "refused";
    case OutcomeKind::kFailed:
      return "failed";
    case OutcomeKind::kSkipped:
      return "skipped";
  }
  return {};
}

std::string_view name(Rung rung) { return kRungNames[static_cast<std::size_t>(rung)]; }

std::optional<Rung> rung_named(std::string_view name) {
  const auto it = std::find(kRungNames.begin(), kRungNames.end(), name);
  if (it == kRungNames.end()) return std::nullopt;
  return static_cast<Rung>(it - kRungNames.begin());
}

std::string_view name(Role role) {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
  }
  return {};
}

}  // namespace agentecho::llm

#include "agentecho/llm/chat.h"

#include <algorithm>
#include <array>

#include "agentecho/base/enum_names.h"

namespace agentecho::llm {

namespace {

constexpr std::array<std::string_view, 3> kRungNames = {"json_schema", "json_object", "text"};

}  // namespace

std::string_view name(OutcomeKind kind) {
  return name_in<OutcomeKind::kSkipped>({"scored", "unparseable", "refused", "failed", "skipped"},
                                        kind);
}

std::string_view name(Rung rung) { return kRungNames[static_cast<std::size_t>(rung)]; }

std::optional<Rung> rung_named(std::string_view name) {
  const auto it = std::find(kRungNames.begin(), kRungNames.end(), name);
  if (it == kRungNames.end()) return std::nullopt;
  return static_cast<Rung>(it - kRungNames.begin());
}

std::string_view name(Role role) {
  return name_in<Role::kAssistant>({"system", "user", "assistant"}, role);
}

}  // namespace agentecho::llm

#include "agentecho/metrics/ags/optional_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

namespace agentecho {

std::string to_string(const MandatoryRule& rule) {
  std::string text;
  switch (rule.kind) {
    case MandatoryRule::Kind::kIntersection:
      text = "intersection";
      break;
    case MandatoryRule::Kind::kFrequency:
      text = fmt::format("frequency {}", rule.frequency);
      break;
    case MandatoryRule::Kind::kFile:
      text = "file";
      break;
    case MandatoryRule::Kind::kNothing:
      text = "none";
      break;
  }
  if (rule.min_support > 1)
    text +=
        fmt::format(", optional tools in at least {} successful trajectories", rule.min_support);
  return text;
}

Result<MandatoryRule> parse_mandatory_rule(std::string_view text) {
  MandatoryRule rule;
  if (text == "intersection") return rule;
  if (text == "none") {
    rule.kind = MandatoryRule::Kind::kNothing;
    return rule;
  }
  constexpr std::string_view kFrequency = "frequency=";
  if (text.starts_with(kFrequency)) {
    const std::string_view number = text.substr(kFrequency.size());
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), rule.frequency);
    const bool whole = error == std::errc{} && end == number.data() + number.size();
    if (whole && rule.frequency > 0 && rule.frequency <= 1) {
      rule.kind = MandatoryRule::Kind::kFrequency;
      return rule;
    }
  }
  return fail(ErrorKind::kUsage, fmt::format("unknown mandatory rule \"{}\"", text),
              "rules: intersection, frequency=Q with 0 < Q <= 1, file=PATH, none");
}

TaskTools split_tools(std::span<const std::vector<ToolIndex>> successful_tool_sets,
                      const MandatoryRule& rule, std::span<const ToolIndex> listed) {
  std::map<ToolIndex, std::uint32_t> uses;
  for (const auto& tools : successful_tool_sets) {
    for (const ToolIndex tool : tools) ++uses[tool];
  }
  const auto n = static_cast<std::uint32_t>(successful_tool_sets.size());
  const auto is_mandatory = [&](ToolIndex tool, std::uint32_t count) {
    switch (rule.kind) {
      case MandatoryRule::Kind::kIntersection:
        return count == n;
      // A share computed as a product, with room for rounding: 0.9 of 10 is 9.
      case MandatoryRule::Kind::kFrequency:
        return count >= rule.frequency * n - 1e-9;
      case MandatoryRule::Kind::kFile:
        return std::find(listed.begin(), listed.end(), tool) != listed.end();
      case MandatoryRule::Kind::kNothing:
        return false;
    }
    return false;
  };
  TaskTools split;
  split.n_successful = n;
  for (const auto& [tool, count] : uses) {
    if (is_mandatory(tool, count)) {
      if (rule.kind != MandatoryRule::Kind::kFile) split.mandatory.push_back(tool);
    } else if (count >= rule.min_support) {
      split.optional.push_back(tool);
    }
  }
  if (rule.kind == MandatoryRule::Kind::kFile) {
    split.mandatory.assign(listed.begin(), listed.end());
    std::sort(split.mandatory.begin(), split.mandatory.end());
    split.mandatory.erase(std::unique(split.mandatory.begin(), split.mandatory.end()),
                          split.mandatory.end());
  }
  return split;
}

}  // namespace agentecho

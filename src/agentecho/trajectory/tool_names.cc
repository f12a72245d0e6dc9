#include "agentecho/trajectory/tool_names.h"

#include <algorithm>

#include "agentecho/base/text.h"

namespace agentecho {

std::string_view without_serving_marks(std::string_view tool) {
  const auto is_plain = [](char c) { return is_ascii_alphanumeric(c) || c == '_' || c == '-'; };
  if (std::all_of(tool.begin(), tool.end(), is_plain)) return tool;
  std::string_view name = trimmed(tool.substr(0, tool.find("<|")));
  for (const std::string_view space : {"functions.", "functions::", "functions:", "function.",
                                       "default_api.", "default_api:", "tools.", "tool."}) {
    if (name.size() > space.size() && name.starts_with(space)) name.remove_prefix(space.size());
  }
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && colon > 0 && colon + 1 < name.size() &&
      std::all_of(name.begin() + static_cast<std::ptrdiff_t>(colon) + 1, name.end(),
                  is_ascii_digit)) {
    name = name.substr(0, colon);
  }
  return name.empty() ? tool : name;
}

std::string_view bare_tool_name(std::string_view tool) {
  constexpr std::size_t kLongest = 512;  // bytes; what is longer is a text
  if (tool.size() > kLongest) return tool;
  std::string_view name = without_serving_marks(tool);
  constexpr std::string_view kMcp = "mcp__";
  if (!name.starts_with(kMcp)) return name;
  const std::size_t server_end = name.find("__", kMcp.size());
  const bool named = server_end != std::string_view::npos && server_end + 2 < name.size();
  return named ? name.substr(server_end + 2) : name;
}

}  // namespace agentecho

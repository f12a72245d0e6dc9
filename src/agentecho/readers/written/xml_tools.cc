#include "agentecho/readers/written/xml_tools.h"

#include <algorithm>
#include <string>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/json_calls.h"

namespace agentecho::written {

namespace {

bool is_plain_tag(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_ascii_lower(c) || is_ascii_digit(c) || c == '_';
  });
}

// The tools of Cline and Roo Code, which are told by their names; others only by the answer.
bool is_editor_tool(std::string_view name) {
  constexpr std::string_view kTools[] = {"read_file",
                                         "write_to_file",
                                         "replace_in_file",
                                         "apply_diff",
                                         "insert_content",
                                         "search_files",
                                         "search_and_replace",
                                         "list_files",
                                         "execute_command",
                                         "browser_action",
                                         "use_mcp_tool",
                                         "access_mcp_resource",
                                         "ask_followup_question",
                                         "attempt_completion",
                                         "new_task",
                                         "switch_mode",
                                         "fetch_instructions",
                                         "plan_mode_respond",
                                         "codebase_search",
                                         "update_todo_list",
                                         "list_code_definition_names",
                                         "load_mcp_documentation",
                                         "web_fetch",
                                         "condense"};
  return is_in(kTools, name);
}

}  // namespace

std::optional<XmlTool> xml_tool(std::string_view text, std::size_t from) {
  int tries = 0;
  for (std::size_t at = text.find('<', from); at != kNowhere && ++tries < kMostFailures;
       at = text.find('<', at + 1)) {
    const std::size_t name_end = text.find('>', at);
    if (name_end == kNowhere) return std::nullopt;
    const std::string_view name = text.substr(at + 1, name_end - at - 1);
    if (!is_plain_tag(name)) continue;
    const std::string close = "</" + std::string(name) + ">";
    const std::size_t close_at = text.find(close, name_end);
    if (close_at == kNowhere) continue;
    XmlTool tool{name, {}, at, close_at + close.size()};
    std::string_view body = trimmed(text.substr(name_end + 1, close_at - name_end - 1));
    bool only_elements = !body.empty();
    while (only_elements && !body.empty()) {
      const std::size_t key_end = body.find('>');
      const std::string_view key = body.starts_with('<') && key_end != kNowhere
                                       ? body.substr(1, key_end - 1)
                                       : body.substr(0, 0);
      const std::string key_close = "</" + std::string(key) + ">";
      const std::size_t value_end = is_plain_tag(key) ? body.find(key_close) : kNowhere;
      only_elements = value_end != kNowhere;
      if (!only_elements) break;
      tool.parameters.emplace_back(key, trimmed(body.substr(key_end + 1, value_end - key_end - 1)));
      body = trimmed(body.substr(value_end + key_close.size()));
    }
    if (only_elements) return tool;
  }
  return std::nullopt;
}

bool read_xml_tools(std::string_view text, std::string_view answer, Turn& turn) {
  std::size_t kept = 0;
  bool last_is_mcp = false;  // other agents than editors answer it without a mark
  std::string left;
  for (auto tool = xml_tool(text, 0); tool; tool = xml_tool(text, tool->end)) {
    answer = trimmed(answer);
    const bool answered = answer.starts_with("[" + std::string(tool->name));
    if (!is_editor_tool(tool->name) && !answered) continue;
    Call call{std::string(tool->name), {}};
    Json arguments = Json::object();
    for (const auto& [key, value] : tool->parameters) {
      if (tool->name == "use_mcp_tool" && key == "tool_name") {
        call.name = value;
      } else if (tool->name == "use_mcp_tool" && key == "arguments") {
        call.arguments = value;
      } else {
        arguments[std::string(key)] = Json::parse(as_json(value), nullptr, false);
      }
    }
    if (call.arguments.empty()) {
      call.arguments = dumped(arguments);
    }
    last_is_mcp = tool->name == "use_mcp_tool";
    turn.calls.push_back(std::move(call));
    left += text.substr(kept, tool->begin - kept);
    kept = tool->end;
  }
  if (turn.calls.empty()) return false;
  turn.waits = last_is_mcp && trimmed(text.substr(kept)).empty();
  left += text.substr(kept);
  take_thought(left, turn);
  return true;
}

}  // namespace agentecho::written

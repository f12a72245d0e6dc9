// Calls as elements that have a tool's name, as Cline and Roo Code write them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// An element that holds nothing but elements: <read_file><path>a</path></read_file>.
struct XmlTool {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  std::size_t begin = 0;
  std::size_t end = 0;  // behind it
};

// The first at or behind `from`.
std::optional<XmlTool> xml_tool(std::string_view text, std::size_t from);

// Tools that are told by their names, others by the answer ("[find …] Result:").
bool read_xml_tools(std::string_view text, std::string_view answer, Turn& turn);

}  // namespace agentecho::written

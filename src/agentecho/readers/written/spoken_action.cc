#include "agentecho/readers/written/spoken_action.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/code_blocks.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/readers/written/react.h"
#include "agentecho/readers/written/tagged_calls.h"

namespace agentecho::written {

std::vector<Call> calls_in_text(std::string_view action) {
  action = trimmed(action);
  if (action.empty()) return {};
  Turn turn;
  if (!add_action(action, turn.calls) || turn.calls.empty()) {
    if (!read_tags(action, turn)) read_fences(action, {}, turn);
  }
  if (!turn.calls.empty()) return turn.calls;
  const std::size_t end = std::min(action.find_first_of(" \n\t"), action.size());
  const std::string_view name = action.substr(0, end);
  if (!is_name(name)) return {};
  const std::string_view rest = trimmed(action.substr(end));
  Json arguments = Json::object();
  if (!rest.empty()) arguments["input"] = std::string(rest);
  return {{std::string(name), dumped(arguments)}};
}

}  // namespace agentecho::written

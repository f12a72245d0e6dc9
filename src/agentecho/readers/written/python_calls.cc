#include "agentecho/readers/written/python_calls.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/readers/written/python_literal.h"

namespace agentecho::written {

namespace {

// "Search Orders API": words that are names, one blank between them.
bool is_title(std::string_view text) {
  for (;;) {
    const std::size_t blank = text.find(' ');
    if (!is_name(text.substr(0, blank))) return false;
    if (blank == kNowhere) return true;
    text.remove_prefix(blank + 1);
  }
}

}  // namespace

std::optional<Call> python_call(std::string_view text, std::size_t& end, bool in_list) {
  const std::size_t open = text.find('(');
  if (open == kNowhere) return std::nullopt;
  const std::string_view name = text.substr(0, open);
  if (!is_name(name) && !(in_list && is_title(name))) return std::nullopt;
  Json arguments = Json::object();
  std::size_t at = open + 1;
  const auto skip = [&] {
    while (at < text.size() && (is_ascii_space(text[at]) || text[at] == ',')) ++at;
  };
  for (skip(); at < text.size() && text[at] != ')'; skip()) {
    const std::size_t equals = text.find('=', at);
    if (equals == kNowhere) return std::nullopt;
    const std::string_view key = trimmed(text.substr(at, equals - at));
    if (!is_name(key)) return std::nullopt;
    at = equals + 1;
    while (at < text.size() && is_ascii_space(text[at])) ++at;
    if (at >= text.size()) return std::nullopt;
    std::size_t size = 0;
    const auto value = python_literal(text.substr(at), size);
    if (!value) return std::nullopt;
    arguments[std::string(key)] = Json::parse(*value, nullptr, false);
    at += size;
  }
  if (at >= text.size()) return std::nullopt;
  end = at + 1;
  return Call{std::string(name), dumped(arguments)};
}

bool add_python_calls(std::string_view text, std::vector<Call>& calls) {
  text = trimmed(text);
  const bool list = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (list) text = trimmed(text.substr(1, text.size() - 2));
  std::vector<Call> found;
  while (!text.empty()) {
    std::size_t end = 0;
    auto call = python_call(text, end, list);
    if (!call) return false;
    found.push_back(std::move(*call));
    text = without_separator(text.substr(end));
  }
  std::move(found.begin(), found.end(), std::back_inserter(calls));
  return !found.empty();
}

bool read_printed_blocks(std::string_view body, Turn& turn) {
  std::vector<Call> blocks;
  if (body.find("Block(") == kNowhere || !add_python_calls(body, blocks)) return false;
  const bool all_blocks = std::all_of(blocks.begin(), blocks.end(), [](const Call& block) {
    return block.name.ends_with("Block");
  });
  if (!all_blocks) return false;
  for (const Call& block : blocks) {
    const Json members = Json::parse(block.arguments, nullptr, false);
    const auto text_of = [&](const char* key) {
      const auto found = members.find(key);
      return found != members.end() && found->is_string() ? found->get<std::string>() : "";
    };
    if (block.name.ends_with("ToolUseBlock")) {
      Call& call = turn.calls.emplace_back();
      call.name = text_of("name");
      call.arguments = dumped(members.value("input", Json::object()));
      call.id = text_of("id");
    } else if (block.name == "ThinkingBlock") {
      turn.reasoning += text_of("thinking");
    } else {
      turn.text += text_of("text");
    }
  }
  return true;
}

}  // namespace agentecho::written

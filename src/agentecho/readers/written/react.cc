#include "agentecho/readers/written/react.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/fences.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/readers/written/labels.h"
#include "agentecho/readers/written/python_calls.h"

namespace agentecho::written {

namespace {

constexpr std::string_view kFinalAnswer = "Final Answer";

// The actions from `action` to the end of the text, one after the other; false: the first is none.
// An input in words goes on over a line "Action:" behind which no action can be read.
bool add_actions(std::string_view text, Label action, std::vector<Call>& calls) {
  bool any = false;
  for (Label next; action; action = next) {
    next = find_label(text, kAction, action.end());
    for (Label after; next; next = after) {
      after = find_label(text, kAction, next.end());
      std::vector<Call> tried;
      if (add_action(text.substr(next.end(), after.at - next.end()), tried)) break;
    }
    if (!add_action(text.substr(action.end(), next.at - action.end()), calls)) return any;
    any = true;
  }
  return any;
}

// A text that ends with "Observation:" waits for the result; some leave the colon to the prompt.
bool waits_for_observation(std::string_view text) {
  text = trimmed(text);
  return text.ends_with("\nObservation:") || text.ends_with("\nObservation");
}

// The whole run in one text: each observation is the result of the call before it.
void read_transcript(std::string_view text, std::size_t from, Turn& turn) {
  for (Label seen = find_label(text, kObservation, from); seen;) {
    const Label next = find_label(text, kAction, seen.end());
    const Label thought = find_label(text, "Thought", seen.end());
    const Label answer = find_label(text, kFinalAnswer, seen.end());
    const std::size_t end = std::min({next.at, thought.at, answer.at, text.size()});
    turn.calls.back().result = trimmed(text.substr(seen.end(), end - seen.end()));
    if (!next) return;
    seen = find_label(text, kObservation, next.end());
    const std::size_t behind = seen ? seen.at : text.size();
    if (!add_action(text.substr(next.end(), behind - next.end()), turn.calls)) return;
  }
}

// "Action: None": the agent says that it calls nothing.
bool is_no_tool(std::string_view name) {
  return name == "None" || name == "none" || name == "N/A" || name == "n/a";
}

// What a call's arguments say as a text: a JSON string's content, or the text itself.
std::string said_in(const std::string& arguments) {
  const Json json = Json::parse(arguments, nullptr, false);
  return json.is_string() ? json.get<std::string>() : arguments;
}

}  // namespace

bool add_action(std::string_view rest, std::vector<Call>& calls) {
  while (!rest.empty() && (rest.front() == '*' || is_ascii_space(rest.front()))) {
    rest.remove_prefix(1);
  }
  rest = without_fence_mark(rest);
  if (!rest.empty() && rest.front() == '{') {
    const std::size_t end = json_end(rest);
    return end != kNowhere && add_json_calls(rest.substr(0, end), calls);
  }
  const std::size_t line_end = std::min(rest.find('\n'), rest.size());
  std::string_view name = trimmed(rest.substr(0, line_end));
  while (!name.empty() && (name.front() == '`' || name.front() == '[')) name.remove_prefix(1);
  while (!name.empty() && (name.back() == '`' || name.back() == ']')) name.remove_suffix(1);
  const Label input_label = find_label(rest, "Action Input");
  if (!input_label) {
    std::size_t end = 0;
    if (auto call = python_call(rest, end)) {  // find(id="x")
      calls.push_back(std::move(*call));
      return true;
    }
    // search[query], finish[answer]: the form of the first ReAct prompts.
    const std::size_t bracket = name.find_first_of("[(");
    if (bracket == kNowhere || !is_name(name.substr(0, bracket))) return false;
    std::string_view argument = trimmed(name.substr(bracket + 1));
    if (name[bracket] == '(' && argument.ends_with(')')) {
      argument = trimmed(argument.substr(0, argument.size() - 1));
    }
    calls.push_back({std::string(name.substr(0, bracket)), as_json(argument)});
    return true;
  }
  if (!is_name(name)) return false;
  std::string_view input = trimmed(rest.substr(input_label.end()));
  while (!input.empty() && input.front() == '*') input = trimmed(input.substr(1));
  input = without_fence_mark(input);
  if (input.size() > 2 && input.front() == '`' && input.back() == '`') {
    input = trimmed(input.substr(1, input.size() - 2));
  }
  const std::size_t end =
      !input.empty() && (input.front() == '{' || input.front() == '[') ? json_end(input) : kNowhere;
  calls.push_back({std::string(name),
                   end != kNowhere ? std::string(input.substr(0, end)) : as_json(trimmed(input))});
  return true;
}

void take_final_answer(Turn& turn) {
  for (const Call& call : turn.calls) {
    if (call.name != kFinalAnswer) continue;
    if (!turn.text.empty()) turn.text += '\n';
    turn.text += said_in(call.arguments);
  }
  std::erase_if(turn.calls, [](const Call& call) { return call.name == kFinalAnswer; });
}

bool read_action(std::string_view text, bool holds_results, Turn& turn) {
  const Label action = find_label(text, kAction);
  if (!action) return false;
  const Label seen = find_label(text, kObservation, action.end());
  const std::size_t behind = seen ? seen.at : text.size();
  if (!add_actions(text.substr(0, behind), action, turn.calls)) return false;
  if (is_no_tool(turn.calls.front().name)) return false;
  std::erase_if(turn.calls, [](const Call& call) { return is_no_tool(call.name); });
  take_thought(text.substr(0, action.at), turn);
  turn.waits = !seen || waits_for_observation(text);
  if (holds_results && seen) read_transcript(text, action.end(), turn);
  Call& call = turn.calls.back();
  if (call.name != "respond") return true;
  const Json arguments = Json::parse(call.arguments, nullptr, false);
  if (!arguments.is_object() || !arguments.contains("content")) return true;
  const Json& content = arguments["content"];
  turn.text = content.is_string() ? content.get<std::string>() : content.dump();
  turn.calls.pop_back();
  return true;
}

}  // namespace agentecho::written

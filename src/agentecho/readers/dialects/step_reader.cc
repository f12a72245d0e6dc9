#include "agentecho/readers/dialects/step_reader.h"

#include <algorithm>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/message.h"
#include "agentecho/readers/dialects/thought_reader.h"
#include "agentecho/readers/dialects/walk.h"
#include "agentecho/readers/written/spoken_action.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;

namespace {

enum class StepMember { kOther, kAction, kInput, kThought, kObservation, kText };

StepMember meaning_in_step(std::string_view key) {
  struct Word {
    std::string_view name;
    StepMember means;
  };
  using enum StepMember;
  constexpr Word kWords[] = {
      {"action", kAction},
      {"actions", kAction},
      {"tool", kAction},
      {"tool_call", kAction},
      {"tool_calls", kAction},
      {"function_call", kAction},
      {"tool_name", kAction},
      {"action_name", kAction},
      {"action_input", kInput},
      {"action_args", kInput},
      {"tool_input", kInput},
      {"tool_args", kInput},
      {"arguments", kInput},
      {"args", kInput},
      {"parameters", kInput},
      {"params", kInput},
      {"thought", kThought},
      {"thoughts", kThought},
      {"thinking", kThought},
      {"reasoning", kThought},
      {"think", kThought},
      {"plan", kThought},
      {"reflection", kThought},
      {"observation", kObservation},
      {"observations", kObservation},
      {"obs", kObservation},
      {"next_observation", kObservation},
      {"next_obs", kObservation},
      {"next_state", kObservation},
      {"tool_output", kObservation},
      {"tool_result", kObservation},
      {"tool_response", kObservation},
      {"result", kObservation},
      {"env_response", kObservation},
      {"feedback", kObservation},
      {"output", kObservation},
      {"content", kText},
      {"text", kText},
      {"message", kText},
      {"response", kText},
      {"answer", kText},
      {"final_answer", kText},
  };
  const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                   [&](const Word& word) { return word.name == key; });
  return found == std::end(kWords) ? kOther : found->means;
}

constexpr std::string_view kNextObservations[] = {"next_observation", "next_obs", "next_state"};

bool has_next_observation(std::string_view step) {
  return any_member(
      step, [](const PeekedMember& member) { return is_in(kNextObservations, member.name); });
}

}  // namespace

bool looks_like_steps(std::string_view list) {
  const std::string_view first = peek_first_element(list);
  // Messages mostly begin with one of these, and are not looked at further.
  const auto head = peek_members(first, 1);
  if (head.empty() || head[0].name == "role" || head[0].name == "content" ||
      head[0].name == "type") {
    return false;
  }
  constexpr std::string_view kActions[] = {"action",      "actions",   "tool",      "tool_name",
                                           "action_name", "tool_call", "tool_calls"};
  constexpr std::string_view kMarks[] = {
      "observation", "observations", "obs",          "thought",   "thoughts", "action_input",
      "tool_input",  "tool_output",  "env_response", "reasoning", "thinking"};
  bool acts = false;
  bool marked = false;
  for (const PeekedMember& member : peek_members(first)) {
    if (member.name == "role" || member.name == "type" || member.name == "from") return false;
    acts = acts || is_in(kActions, member.name);
    marked = marked || is_in(kMarks, member.name);
  }
  return acts && marked;
}

simdjson::error_code StepReader::read_step(od::value value) {
  using Error = simdjson::error_code;
  if (!is_type(value, od::json_type::object)) return values_.refuse("step is not an object");
  Item item = message_.open_item(values_.text_from(value));
  const Trajectory& t = message_.trajectory();
  std::string_view action;
  std::string_view action_key;
  std::string_view input;
  bool observed = false;
  // {"observation": …, "action": …, "next_observation": …}: the first is what the step before gave.
  const bool says_next = has_next_observation(item.json);
  const Error error = for_members(value, [&](std::string_view key, od::value member) -> Error {
    switch (meaning_in_step(key)) {
      case StepMember::kAction:
        if (!is_type(member, od::json_type::string)) return read_action(member, key);
        action_key = key;
        return values_.read_string(member, action);
      case StepMember::kInput:
        return values_.read_text(member, input);
      case StepMember::kThought:
        return read_thoughts(member, Place::kOwn, values_, message_);
      case StepMember::kObservation:
        if (says_next && !is_in(kNextObservations, key)) {
          if (t.messages.empty() && holds_data(member)) message_.note_odd(key);
          return simdjson::SUCCESS;
        }
        if (is_type(member, od::json_type::null)) return simdjson::SUCCESS;
        observed = true;
        return items_.take_output(item, key, member, 0);
      case StepMember::kText:
        return items_.take_content(item, key, member, 0);
      case StepMember::kOther:
        break;
    }
    if (words_.in_item(key) != Member::kHarmless && holds_data(member)) message_.note_odd(key);
    return simdjson::SUCCESS;
  });
  if (error) return error;
  if (!trimmed(action).empty()) add_written_action(action, input, action_key);
  message_.count_odd(item, "step member");
  const std::size_t first_call = message_.open().first_call;
  const bool called = message_.has_calls();
  message_.flush();
  message_.give_role(Role::kAssistant, item);
  if (!observed || item.output.empty()) return simdjson::SUCCESS;
  if (called) {
    message_.push_result(item.output, t.calls[first_call].id, item);
  } else {
    message_.push(Role::kUser, item.output);
  }
  return simdjson::SUCCESS;
}

// {"name": …, "arguments": …}, a list of such, or an object of another kind, which is a call named
// by its type.
simdjson::error_code StepReader::read_action(od::value value, std::string_view key) {
  if (!is_type(value, od::json_type::array) && !is_type(value, od::json_type::object)) {
    return simdjson::SUCCESS;
  }
  if (!holds_data(value)) return simdjson::SUCCESS;
  const std::string_view json = values_.text_from(value);
  const std::string_view first = json[0] == '[' ? peek_first_element(json) : json;
  if (json[0] == '[' && first.starts_with('"')) {  // several, as texts
    return for_elements(value, [&](od::value one) {
      std::string_view text;
      const auto error = values_.read_string(one, text);
      if (!error) add_written_action(text, {}, key);
      return error;
    });
  }
  std::string_view kind;
  const auto members = peek_members(first);
  for (const PeekedMember& member : members) {
    const Member means = words_.in_call(member.name);
    if (means == Member::kName || means == Member::kFunction) return calls_.read_calls(value, key);
    if (member.name == "type" || member.name == "action_type") kind = peek_string(member.value);
  }
  if (members.size() == 1 || kind.empty() || json[0] == '[') return calls_.read_calls(value, key);
  std::string_view whole;
  if (const auto error = raw_json(value, whole)) return error;
  ToolCall call;
  call.name = message_.arena().copy(kind);
  call.arguments = message_.arena().copy(whole);
  message_.add_call(call, key);
  return simdjson::SUCCESS;
}

void StepReader::add_written_action(std::string_view action, std::string_view input,
                                    std::string_view source) {
  TextArena& arena = message_.arena();
  std::vector<written::Call> in_text;
  if (input.empty()) in_text = written::calls_in_text(action);
  ToolCall call;
  for (const written::Call& one : in_text) {
    call.name = arena.copy(one.name);
    call.arguments = arena.copy(one.arguments);
    message_.add_call(call, source);
  }
  if (!in_text.empty()) return;
  call.name = trimmed(action);
  call.arguments = input;
  message_.add_call(call, source);
}

}  // namespace agentecho::dialects

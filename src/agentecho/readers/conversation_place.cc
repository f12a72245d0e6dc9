#include "agentecho/readers/conversation_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/chat_template.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/dialects/vocabulary.h"
#include "agentecho/readers/model_reply.h"

namespace agentecho {

namespace {

bool is_answer(std::string_view key) {
  constexpr std::string_view kKeys[] = {"output", "outputs", "completion", "response", "new_items"};
  return is_in(kKeys, key);
}

// What the model was given, before its own items under a key of their own.
bool is_asked(std::string_view key) {
  constexpr std::string_view kKeys[] = {"input",   "prompt", "query",
                                        "request", "inputs", "responses_create_params"};
  return is_in(kKeys, key);
}

// Whose role an item says; nothing where it says none.
std::optional<Role> said_role(std::string_view item) {
  const dialects::Vocabulary& words = dialects::Vocabulary::get();
  for (const dialects::PeekedMember& member : dialects::peek_members(item)) {
    if (words.in_item(member.name) != dialects::Member::kRole) continue;
    const dialects::RoleWord* const role = words.role(dialects::peek_string(member.value));
    return role != nullptr ? role->role : Role::kTool;  // one whom no dialect knows
  }
  return std::nullopt;
}

}  // namespace

const RecordMember* list_of_messages(const RecordMembers& members) {
  constexpr int kNoRank = std::numeric_limits<int>::max();
  const RecordMember* best = nullptr;
  int best_rank = kNoRank;
  for (const RecordMember& list : members.lists) {
    if (list.key == "content" && is_reply_in_parts(list.json)) continue;  // of one message
    // What was asked alone is no run where an answer stands beside it.
    const int unknown = is_answer(list.key) ? kNoRank - 2 : kNoRank - 1;
    const int rank = message_list_rank(list.key).value_or(unknown);
    if (rank >= best_rank) continue;
    const bool is_text = list.json[0] == '"';  // JSON in a text
    const bool fits = is_text ? list.json.starts_with("\"[") || list.json.starts_with("\"{")
                              : looks_like_messages(list.json);
    if (!fits) continue;
    best = &list;
    best_rank = rank;
  }
  return best;
}

std::optional<RecordMember> asked_in_object(const RecordMembers& members) {
  for (const RecordMember& object : members.objects) {
    if (!is_asked(object.key) || !holds_messages(object.json)) continue;
    for (const dialects::PeekedMember& member : dialects::peek_members(object.json)) {
      if (looks_like_messages(member.value)) {
        return RecordMember{object.key, dialects::peek_value(member.value)};
      }
    }
  }
  return std::nullopt;
}

std::optional<RecordMember> what_comes_before(const RecordMember& list,
                                              const RecordMembers& members) {
  if (!is_answer(list.key)) return std::nullopt;
  if (const auto asked = asked_in_object(members)) return asked;
  const bool says_who_asked = begins_with_the_user(list.json);
  for (const RecordMember& other : members.lists) {
    const bool is_text = other.json[0] == '"';
    if (&other != &list && is_asked(other.key) &&
        (is_text ? !says_who_asked : looks_like_messages(other.json))) {
      return other;
    }
  }
  const RecordMember* const asked = says_who_asked ? nullptr : question_of(members);
  return asked != nullptr ? std::optional(*asked) : std::nullopt;
}

const RecordMember* question_of(const RecordMembers& members) {
  constexpr std::string_view kQuestions[] = {
      "question",         "instruction", "instructions",      "query",  "goal", "user_query",
      "task_description", "objective",   "problem_statement", "prompt", "input"};
  for (const auto* const texts : {&members.unknown, &members.lists}) {
    for (const RecordMember& one : *texts) {
      if (one.json[0] == '"' && is_in(kQuestions, one.key)) {
        return &one;
      }
    }
  }
  return nullptr;
}

std::optional<std::string> conversation_written_out(const RecordMembers& members) {
  constexpr std::string_view kTexts[] = {"text",      "prompt",       "input",      "input_prompt",
                                         "full_text", "conversation", "transcript", "chat"};
  constexpr std::string_view kReplies[] = {"output", "response", "completion", "generation",
                                           "output_response"};
  const auto text_under = [&](std::string_view key) -> std::string_view {
    for (const auto* const texts : {&members.unknown, &members.lists}) {
      for (const RecordMember& one : *texts) {
        if (one.key == key && one.json[0] == '"') return dialects::peek_string(one.json);
      }
    }
    return {};
  };
  for (const std::string_view key : kTexts) {
    std::string text(text_under(key));
    const bool whole = key == "text" || key == "full_text";
    for (const std::string_view reply : kReplies) {
      if (whole || text.empty() || text_under(reply).empty()) continue;
      text += text_under(reply);
      break;
    }
    if (auto list = dialects::messages_of_template(text)) return list;
  }
  return std::nullopt;
}

std::optional<Exchange> exchange_in(std::span<const RecordMember> objects) {
  std::string asked;
  std::string answered;
  std::string_view answer_key;
  for (const RecordMember& object : objects) {
    const bool is_request = is_asked(object.key);
    if (!is_request && !is_answer(object.key)) continue;
    std::string& side = is_request ? asked : answered;
    for (const dialects::PeekedMember& member : dialects::peek_members(object.json)) {
      if (!side.empty()) break;
      if (looks_like_messages(member.value)) {
        side = dialects::peek_value(member.value);
        if (!is_request) answer_key = object.key;
      } else if (is_request && is_asked(member.name) &&
                 !trimmed(dialects::peek_string(member.value)).empty()) {
        side =
            fmt::format(R"([{{"role":"user","content":{}}}])", dialects::peek_value(member.value));
      }
    }
  }
  if (asked.empty() || answered.empty()) return std::nullopt;
  if (begins_with_the_user(answered)) return Exchange{answered, answer_key};
  return Exchange{asked.substr(0, asked.rfind(']')) + "," + answered.substr(1), answer_key};
}

bool holds_conversation(const RecordMember& object) {
  if (holds_messages(object.json)) return true;
  if (object.key != "state") return false;
  return dialects::any_member(object.json, [](const dialects::PeekedMember& member) {
    return member.value[0] == '{' && holds_messages(member.value);
  });
}

bool goes_on_from_server(std::span<const RecordMember> objects) {
  return std::any_of(objects.begin(), objects.end(), [](const RecordMember& object) {
    return dialects::any_member(object.json, [](const dialects::PeekedMember& member) {
      return member.name == "previous_response_id" && !dialects::peek_string(member.value).empty();
    });
  });
}

bool begins_with_the_user(std::string_view list) {
  constexpr std::size_t kInstructions = 8;
  for (const std::string_view item : dialects::peek_elements(list, kInstructions)) {
    const auto role = said_role(item);
    if (role && role != Role::kSystem) return role == Role::kUser;
  }
  return false;
}

bool is_of_agent_alone(std::string_view list) {
  const std::vector<std::string_view> items = dialects::peek_elements(list);
  return std::all_of(items.begin(), items.end(),
                     [](std::string_view item) { return said_role(item) == Role::kAssistant; });
}

bool looks_like_results(std::string_view list) {
  const dialects::Vocabulary& words = dialects::Vocabulary::get();
  bool answers = false;
  bool output = false;
  for (const auto& member : dialects::peek_members(dialects::peek_first_element(list))) {
    const dialects::Member means = words.in_item(member.name);
    answers = answers || means == dialects::Member::kCallId;
    output = output || means == dialects::Member::kOutput || means == dialects::Member::kContent;
  }
  return answers && output;
}

bool holds_calls(std::string_view json) {
  constexpr std::string_view kMembers[] = {"tool_calls",   "toolCalls",  "function_call",
                                           "functionCall", "tool_input", "arguments",
                                           "tool_args"};
  constexpr std::string_view kBlanks = " \t\r\n";
  constexpr std::string_view kTypes[] = {"tool_use", "tool_call", "tool-call", "function_call"};
  const auto has = [&](std::string_view key, auto wanted) {
    const std::string quoted = fmt::format("\"{}\"", key);
    for (std::size_t at = json.find(quoted); at != json.npos; at = json.find(quoted, at + 1)) {
      const std::size_t colon = json.find_first_not_of(kBlanks, at + quoted.size());
      if (colon == json.npos || json[colon] != ':') continue;
      const std::size_t value = json.find_first_not_of(kBlanks, colon + 1);
      if (value != json.npos && wanted(json.substr(value))) return true;
    }
    return false;
  };
  return std::any_of(std::begin(kMembers), std::end(kMembers),
                     [&](std::string_view key) { return has(key, dialects::peek_holds_data); }) ||
         has("type",
             [&](std::string_view value) { return is_in(kTypes, dialects::peek_string(value)); });
}

}  // namespace agentecho

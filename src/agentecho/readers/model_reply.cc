#include "agentecho/readers/model_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostLookedAt = 64;  // messages of a list
constexpr int kDeepestReply = 8;

constexpr std::string_view kReplyKeys[] = {
    "response",       "output",       "completion",         "reply",
    "choices",        "generation",   "candidates",         "final_response",
    "final_output",   "model_output", "assistant_response", "model_response",
    "generated_text", "output_text",  "final_answer",       "response_body"};

bool holds_replies(std::string_view key) {
  return key == "choices" || key == "candidates" || key == "generations";
}

bool holds_texts(std::string_view list) {
  const std::string_view first = dialects::peek_first_element(list);
  return !first.starts_with('{') && !first.starts_with('[');
}

// JSON that a model may have written as its answer: no object of an API.
bool is_bare_text(std::string_view json) {
  const std::string_view first = json.starts_with('[') ? dialects::peek_first_element(json) : json;
  const auto members = dialects::peek_members(first);
  return std::none_of(members.begin(), members.end(), [](const dialects::PeekedMember& member) {
    if (member.name == "role") return dialects::peek_string(member.value) == "assistant";
    return member.name == "stop_reason" ||
           ((holds_replies(member.name) || member.name == "tool_calls") &&
            !holds_texts(member.value));
  });
}

std::string as_message(std::string_view json, int depth);

std::string message_with(std::string_view key, std::string_view value) {
  return fmt::format(R"({{"role":"assistant","{}":{}}})", key, dialects::peek_value(value));
}

// A text, or the JSON of a reply as a text.
std::string text_as_message(std::string_view json, int depth) {
  const std::string_view text = trimmed(dialects::peek_string(json));
  if (text.empty() || text.starts_with("data: {")) return {};  // a stream of events
  if (text.starts_with("{") || text.starts_with("[{")) {
    const std::string inner = json_text::unescaped(json);
    const std::string_view holds = trimmed(std::string_view(inner));
    if (!is_bare_text(holds)) {
      if (std::string message = as_message(holds, depth + 1); !message.empty()) {
        return message;
      }
    }
  }
  return message_with("content", json);
}

std::string object_as_message(std::string_view json, int depth) {
  const auto members = dialects::peek_members(json);
  const auto find = [&](std::string_view key) -> std::string_view {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const auto& member) { return member.name == key; });
    return found == members.end() ? std::string_view{} : found->value;
  };
  const auto is_object = [&](std::string_view key) {
    const std::string_view value = find(key);
    return value.starts_with('{') || value.starts_with('[');
  };
  for (const std::string_view inner :
       {"choices", "candidates", "generations", "message", "output", "body", "data"}) {
    if (!is_object(inner) || is_choice_of_texts(inner, find(inner))) continue;
    if (std::string message = as_message(find(inner), depth + 1); !message.empty()) {
      return message;
    }
  }
  if (find("role").starts_with('"') || is_object("kwargs")) {
    return std::string(dialects::peek_value(json));
  }
  if (find("content").starts_with('{')) return as_message(find("content"), depth + 1);
  if (is_object("tool_calls") || is_reply_in_parts(find("content"))) {
    return fmt::format(R"({{"role":"assistant",{})", dialects::peek_value(json).substr(1));
  }
  for (const std::string_view text : {"content", "text", "output_text", "generated_text", "message",
                                      "answer", "response", "output"}) {
    if (!trimmed(dialects::peek_string(find(text))).empty()) {
      return message_with("content", find(text));
    }
  }
  return {};
}

std::string as_message(std::string_view json, int depth) {
  if (depth > kDeepestReply) return {};
  if (json.starts_with('"')) return text_as_message(json, depth);
  if (is_reply_in_parts(json)) return message_with("content", json);
  if (json.starts_with('[')) return as_message(dialects::peek_first_element(json), depth + 1);
  return object_as_message(json, depth);
}

}  // namespace

std::span<const std::string_view> reply_keys() { return kReplyKeys; }

std::string reply_as_message(std::string_view json) { return as_message(json, 0); }

bool holds_further_replies(std::string_view json) {
  if (json.starts_with('[')) {
    return !is_reply_in_parts(json) && dialects::peek_elements(json, 2).size() > 1;
  }
  return dialects::any_member(json, [](const auto& member) {
    return (member.name == "choices" || member.name == "candidates") &&
           dialects::peek_elements(member.value, 2).size() > 1;
  });
}

bool is_reply_in_parts(std::string_view json) {
  constexpr std::string_view kTypes[] = {"text",      "output_text", "reasoning", "thinking",
                                         "tool_call", "tool_use",    "tool-call"};
  bool typed = false;
  for (const auto& member : dialects::peek_members(dialects::peek_first_element(json))) {
    if (member.name == "role" || member.name == "message") return false;
    typed = typed || (member.name == "type" && is_in(kTypes, dialects::peek_string(member.value)));
  }
  return typed;
}

bool is_choice_of_texts(std::string_view key, std::string_view json) {
  return holds_replies(key) && holds_texts(json);
}

bool continues_conversation(std::string_view json) {
  if (!json.starts_with('[')) return false;
  bool others = false;
  for (const std::string_view element : dialects::peek_elements(json, kMostLookedAt)) {
    const auto members = dialects::peek_members(element);
    const auto role = std::find_if(members.begin(), members.end(),
                                   [](const auto& member) { return member.name == "role"; });
    if (role == members.end()) return false;
    others = others || dialects::peek_string(role->value) != "assistant";
  }
  return others;
}

}  // namespace agentecho

#include "agentecho/readers/formats/langchain_messages.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/message_parts.h"

namespace agentecho::formats {

namespace {

bool is_type_of(Json message, std::initializer_list<std::string_view> words) {
  std::string_view type = message["type"].string();
  if (message.has("lc")) {  // its class is the last part of the id
    message["id"].each([&](Json part) { type = part.string(); });
  }
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return type == word || type.starts_with(std::string(word) + "Message");
  });
}

// str(message) does not name the class; only a model's messages have these members.
bool is_of_model(Json printed) {
  const std::string_view id = printed["id"].string();
  return printed.has("tool_calls") || printed.has("invalid_tool_calls") ||
         printed.has("usage_metadata") || !printed["response_metadata"].empty() ||
         id.starts_with("run-") || id.starts_with("lc_run-");
}

bool holds_content(Json message) {
  const Json members = kwargs_of(message);
  return members.has("content") || members.has("additional_kwargs");
}

}  // namespace

Json kwargs_of(Json value) { return value.has("lc") ? value["kwargs"] : value; }

bool is_langchain_reply(Json message) {
  return message.string().starts_with("content=") ||
         (is_type_of(message, {"ai", "tool", "AI", "Tool"}) && holds_content(message));
}

bool is_langchain_message(Json message) {
  return is_langchain_reply(message) ||
         (is_type_of(message, {"human", "system", "function", "chat", "remove", "Human", "System",
                               "Function", "Chat", "Remove"}) &&
          holds_content(message));
}

Json langchain_message(Json message, Texts& texts) {
  const Json opened = texts.printed(message);
  if (!opened.is_object()) return {};
  if (!message.is_string() || opened.has("type")) return opened;
  const std::string_view type = opened.has("tool_call_id") ? "tool"
                                : is_of_model(opened)      ? "ai"
                                                           : "human";
  return texts.parsed("{\"type\":\"" + std::string(type) + "\"," + opened.json().substr(1));
}

void add_question(Json record, Texts& texts, RunWriter& runs) {
  for (const std::string_view key :
       {"input", "inputs", "question", "query", "prompt", "instruction"}) {
    const Json given = record[key]["messages"].is_list() ? record[key]["messages"] : record[key];
    if (!given.here()) continue;
    if (!given.is_list() || !given.first().here()) {
      runs.message("user");
      runs.text(text_of(given));
      return;
    }
    given.each([&](Json message) {
      if (message.is_list()) {  // (role, text)
        const Json role = message.first();
        Json text;
        message.each([&](Json part) { text = part; });
        runs.message(role.is("system") ? "system" : role.is("ai") ? "assistant" : "user");
        runs.text(text.string());
      } else if (const Json opened = langchain_message(message, texts); opened.here()) {
        runs.message_as_is(opened.json());
      } else {
        runs.message("user");
        runs.text(message.text());
      }
    });
    return;
  }
}

}  // namespace agentecho::formats

// What a model replied, in the forms in which APIs and people keep it: {"choices": [{"message":
// …}]},
// {"role", "content"}, {"candidates": […]}, a list of content parts, a text, and each of these as
// JSON in a text. Looks at JSON text without a parser (dialects/json_peek.h); linear in its bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace agentecho {

// Members of a record under which the reply to its messages may stand, the likeliest first.
std::span<const std::string_view> reply_keys();

// The JSON of the message that the value is, one of the assistant's; empty where it is none.
std::string reply_as_message(std::string_view json);

// [reply, reply], or {"choices": [reply, reply]}: the first of them is what reply_as_message()
// gives.
bool holds_further_replies(std::string_view json);

// [{"type": "text", "text": …}]: one reply in parts, and not several.
bool is_reply_in_parts(std::string_view json);

// `choices`: ["yes", "no"]: of a question, and no replies.
bool is_choice_of_texts(std::string_view key, std::string_view json);

// [{"role": "assistant", …}, {"role": "tool", …}]: how the conversation went on, and not several
// replies, which are all the assistant's.
bool continues_conversation(std::string_view json);

}  // namespace agentecho

// What formats share in how a message holds its text. Only included by .cc files.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"

namespace agentecho::formats {

// The text of a content: a string, or a list of parts with "text" (or strings); parts without text
// are passed over.
std::string text_of(Json content);

// The number that a key is: of members that stand for a list.
std::optional<std::uint64_t> position_of(std::string_view key);

// A content into the message at hand: text, and parts of reasoning (type thinking or reasoning).
void add_content(Json content, RunWriter& runs);

// A call as OpenAI chat writes it: {id, function: {name, arguments}}.
void add_openai_call(Json call, RunWriter& runs);

// A call whose arguments are a JSON value, or a string of JSON.
void add_call(std::string_view id, std::string_view name, Json arguments, RunWriter& runs);

// {"key": value}, the value being JSON text: arguments of calls that the log keeps otherwise.
std::string one_member(std::string_view key, std::string_view value);

// The members of a record that may say who ran what and how it ended, for what the format does not
// say itself: all plain values and objects, without what is long in them, but those of `read` and
// what may be a reply.
void pass_on(Json record, std::initializer_list<std::string_view> read, RunWriter& runs);

// The id of the conversation that a record is of.
std::string conversation_of(Json record);

// The last element of a list; nothing where there is none.
Json last_of(Json list);

// Whether a list of messages holds one of the agent's.
bool agent_speaks_in(Json messages);

// Reasoning as the Responses API has it: {content: [{text}], summary: [{text}]}; the content where
// there is one.
void add_reasoning(Json item, RunWriter& runs);

}  // namespace agentecho::formats

// Where the conversation stands among the members of a record: under a usual name, as what was
// asked and what was answered, in an object, or written out as one text. Looks at JSON text without
// a parser (dialects/json_peek.h); linear in its bytes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agentecho/readers/record_members.h"

namespace agentecho {

// The list, or JSON in a text, that holds the messages; null where none does.
const RecordMember* list_of_messages(const RecordMembers& members);

// {"prompt": {"messages": […]}}: what was asked, in an object.
std::optional<RecordMember> asked_in_object(const RecordMembers& members);

// input + output: what stands before the list of the model's own items, a list or what the user
// said.
std::optional<RecordMember> what_comes_before(const RecordMember& list,
                                              const RecordMembers& members);

// The text that a trajectory of steps was asked, which its steps do not repeat; null where none is.
const RecordMember* question_of(const RecordMembers& members);

// The messages of a conversation that was written out as one text, with the reply behind it where
// that has a member of its own.
std::optional<std::string> conversation_written_out(const RecordMembers& members);

// {"request": {"input": […]}, "response": {"output": […]}}: both lists as one, where the second
// does not say the first again.
struct Exchange {
  std::string messages;
  std::string_view answer_key;
};
std::optional<Exchange> exchange_in(std::span<const RecordMember> objects);

// Does the object hold the messages, in a session's state ({"state": {"in_memory": {…}}}) also one
// level down?
bool holds_conversation(const RecordMember& object);

// Does one of the objects go on from messages that the server of the Responses API kept?
bool goes_on_from_server(std::span<const RecordMember> objects);

// Is the first to speak in the list, behind instructions, a user?
bool begins_with_the_user(std::string_view list);

// Is each item of the list a message of the agent's, as what a model replied is?
bool is_of_agent_alone(std::string_view list);

// [{"tool_call_id": …, "output": …}]: results beside the messages?
bool looks_like_results(std::string_view list);

// Has the value, at any depth, what only a call has?
bool holds_calls(std::string_view json);

}  // namespace agentecho

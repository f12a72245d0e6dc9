// What logs of LangChain and LangGraph share. Only included by .cc files.
#pragma once

#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"
#include "agentecho/readers/formats/texts.h"

namespace agentecho::formats {

// What an object of langchain_core.load.dumps holds, {lc, type, id, kwargs}; any other as it is.
Json kwargs_of(Json value);

// A message of LangChain's members, as an object or printed by Python; one that the agent or a tool
// said.
bool is_langchain_message(Json message);
bool is_langchain_reply(Json message);

// The message as an object, also where Python printed it; nothing where it cannot be read.
Json langchain_message(Json message, Texts& texts);

// What a record says that its agent was asked: a text, or messages.
void add_question(Json record, Texts& texts, RunWriter& runs);

}  // namespace agentecho::formats

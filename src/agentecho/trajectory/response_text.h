// What a message of the agent shows to the user.
#pragma once

#include <string_view>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// A text that opens <think> and never closes it: the model was cut while it was reasoning. (Readers
// move closed <think>...</think> parts to Message::reasoning.)
bool is_unfinished_reasoning(std::string_view text);

// The message's text without white space around it; empty when it is unfinished reasoning.
std::string_view response_text(const Message& message);

}  // namespace agentecho

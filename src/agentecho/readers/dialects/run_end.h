// What a run says that can be told only once all of it is read.
#pragma once

#include <string_view>

#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/message_builder.h"

namespace agentecho::dialects {

// Agents in a group get their role; `question` and `policy` become messages where the log has none
// of their kind; reasoning leaves the texts, calls that are written in them become calls; results
// find their calls, and those that stand in calls become messages.
void end_run(MessageBuilder& message, ResultLinker& linker, std::string_view policy,
             std::string_view question);

}  // namespace agentecho::dialects

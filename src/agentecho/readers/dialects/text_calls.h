// Calls that are written in the text of the assistant's messages: tags with JSON, tags with a
// member for each argument, ReAct, tau-bench's own text agents, fenced code.
#pragma once

#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/notes.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Calls that are marked clearly become calls, and the messages that answer them results; in a run
// whose agent also calls tools otherwise only those in messages that a result answers. In other
// runs marks that could not be read are counted in the notes. Linear in the size of the texts.
// Results are not linked yet.
void read_text_calls(Trajectory& t, CallWriter& calls, RecordNotes& notes);

}  // namespace agentecho::dialects

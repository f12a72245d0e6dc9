// ReAct (doi:10.48550/arXiv.2210.03629) and what came of it: "Thought:", "Action:", "Observation:".
#pragma once

#include <string_view>
#include <vector>

#include "agentecho/readers/written/turn.h"

namespace agentecho::written {

// What stands behind "Action:", to the next observation: one call. False: it is none.
bool add_action(std::string_view rest, std::vector<Call>& calls);

// LangChain's agents end with an action that says the answer.
void take_final_answer(Turn& turn);

// ReAct ("Action: name" and "Action Input: …") and tau-bench's text agents ("Action:" and a JSON
// object with name and arguments; the call `respond` is what is said to the user). What the model
// went on to imagine behind its first call is no part of it, unless the results stand there.
bool read_action(std::string_view text, bool holds_results, Turn& turn);

}  // namespace agentecho::written

// Replies that are a list of numbered answers: a JSON Schema can say what an entry looks like, not
// that every number occurs, nor that none occurs twice.
#pragma once

#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/llm/chat.h"

namespace agentecho::llm {

// Whether a valid reply (ChatReply::json) has exactly one entry for each number that
// `request.numbered` asks for; entries for other numbers are let pass. Errors (kInput): which
// numbers are missing or occur twice, as a sentence for the model. O(entries + numbers).
Result<void> check_numbers(const ChatRequest& request, std::string_view json);

}  // namespace agentecho::llm

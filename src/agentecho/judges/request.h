// What the requests of all judges have in common.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "agentecho/judges/prompts.h"
#include "agentecho/judges/settings.h"
#include "agentecho/llm/chat.h"

namespace agentecho::judges {

// About as much as is shown in one request, prompt not counted.
inline constexpr std::size_t kMaxShownBytes = 60'000;

// The system message is the prompt, word for word; everything else is in the user message.
llm::ChatRequest make_request(const JudgeSettings& settings, const Prompt& prompt,
                              std::string user_message, std::string_view schema_name,
                              std::string schema);

// "llm:MODEL PROMPT/VERSION".
std::string judge_name(const JudgeSettings& settings, const Prompt& prompt);

}  // namespace agentecho::judges

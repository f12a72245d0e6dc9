// The requests that the crash test and the program that it kills agree on.
#pragma once

#include <cstddef>
#include <string>

#include "agentecho/llm/chat.h"

namespace agentecho::test {

inline constexpr const char* kScoreSchema =
    R"({"type":"object","properties":{"overall":{"type":"integer","minimum":1,"maximum":5}},)"
    R"("required":["overall"],"additionalProperties":false})";

// "item N" as its only message.
inline llm::ChatRequest score_request(std::size_t index) {
  llm::ChatRequest request;
  request.model = "judge";
  request.messages = {{llm::Role::kUser, "item " + std::to_string(index)}};
  request.temperature = 0.0;
  request.max_tokens = 50;
  request.schema = kScoreSchema;
  request.schema_name = "score";
  request.prompt_version = "test-1";
  return request;
}

}  // namespace agentecho::test

#include "agentecho/judges/request.h"

#include <fmt/format.h>

#include <utility>

namespace agentecho::judges {

llm::ChatRequest make_request(const JudgeSettings& settings, const Prompt& prompt,
                              std::string user_message, std::string_view schema_name,
                              std::string schema) {
  llm::ChatRequest request;
  request.model = settings.model;
  request.messages = {{llm::Role::kSystem, std::string(prompt.text)},
                      {llm::Role::kUser, std::move(user_message)}};
  request.temperature = settings.temperature;
  request.max_tokens = settings.max_tokens;
  request.schema = std::move(schema);
  request.schema_name = schema_name;
  request.prompt_version = prompt.version;
  request.extra = settings.extra;
  return request;
}

std::string judge_name(const JudgeSettings& settings, const Prompt& prompt) {
  std::string name = fmt::format("llm:{} {}", settings.model, prompt.version);
  if (!settings.temperature)
    name += " default temperature";
  else if (*settings.temperature != 0)
    name += fmt::format(" temperature {:g}", *settings.temperature);
  return name;
}

}  // namespace agentecho::judges

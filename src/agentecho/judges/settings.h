// What every judge that asks an LLM is told.
#pragma once

#include <optional>
#include <string>

namespace agentecho::judges {

// How the pair judge's question is put: neutral, with the sides anonymised, or in the framing of
// the paper, which tells its judge that it is looking for distillation (METHOD 4.5).
enum class Framing { kNeutral, kPaper };

struct JudgeSettings {
  std::string model;
  std::optional<double> temperature = 0.0;  // nothing: the endpoint's default
  std::optional<int> max_tokens = 1500;     // of a reply
  std::string extra{};                      // ChatRequest::extra
};

}  // namespace agentecho::judges

#include "agentecho/judges/prompts.h"

#include <algorithm>

#include "agentecho/judges/dependencies_prompt.h"
#include "agentecho/judges/pair_neutral_prompt.h"
#include "agentecho/judges/pair_paper_prompt.h"
#include "agentecho/judges/rse_prompt.h"
#include "agentecho/judges/stages_prompt.h"

namespace agentecho::judges {

const std::vector<Prompt>& prompts() {
  static const std::vector<Prompt> all = {
      {"stages", "stages/1", text::stages, "gives each item of a trajectory its stage"},
      {"pair-neutral", "pair-neutral/1", text::pair_neutral,
       "scores two stage blocks; sides anonymous, no word of distillation (default)"},
      {"pair-paper", "pair-paper/1", text::pair_paper,
       "the same in the paper's framing: models named, looking for distillation"},
      {"dependencies", "dependencies/1", text::dependencies,
       "decides which candidate dependencies between calls are true (verifier llm)"},
      {"rse", "rse/1", text::rse, "scores whole responses (Response Similarity Evaluation)"},
  };
  return all;
}

const Prompt* find_prompt(std::string_view name) {
  const auto found = std::find_if(prompts().begin(), prompts().end(),
                                  [&](const Prompt& prompt) { return prompt.name == name; });
  return found == prompts().end() ? nullptr : &*found;
}

const Prompt& stages_prompt() { return prompts()[0]; }

const Prompt& pair_prompt(Framing framing) {
  return prompts()[framing == Framing::kNeutral ? 1 : 2];
}

const Prompt& dependencies_prompt() { return prompts()[3]; }

const Prompt& rse_prompt() { return prompts()[4]; }

}  // namespace agentecho::judges

// What judges are told: the system messages, versioned, and word for word as they are sent
// (prompts/*.txt, part of the library). A change of a text is a new version.
#pragma once

#include <string_view>
#include <vector>

#include "agentecho/judges/settings.h"

namespace agentecho::judges {

struct Prompt {
  std::string_view name;         // "pair-neutral"
  std::string_view version;      // "pair-neutral/1"
  std::string_view text;         // the system message
  std::string_view explanation;  // one line for people
};

// stages, pair-neutral, pair-paper, dependencies, rse.
const std::vector<Prompt>& prompts();

// The prompt of that name; nullptr when there is none.
const Prompt* find_prompt(std::string_view name);

const Prompt& stages_prompt();
const Prompt& pair_prompt(Framing framing);
const Prompt& dependencies_prompt();
const Prompt& rse_prompt();

}  // namespace agentecho::judges

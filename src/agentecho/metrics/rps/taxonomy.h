// A stage taxonomy as data: the names of the stages and a readable rule set that scores an item for
// each of them (docs/rps.md, "Stages"). The default has the paper's five stages; a user supplies
// another as a JSON file of the same form:
//
//   { "schema_version": 1,
//     "stages": ["Greeting", "Work", "Farewell"],
//     "cues": { "hello": ["hello", "good morning"], "bye": ["have a _ day"] },
//     "bias":    { "Work": 1.0 },
//     "weights": { "cue.hello": { "Greeting": 2.0 },
//                  "cue.bye.last": { "Farewell": 3.0 },
//                  "call.own": { "Work": 1.5 } } }
//
// A cue is a list of phrases, matched word by word without regard to case; "_" stands for any one
// word. A weight belongs to a feature: one of the built-in ones (stage_features.h lists them) or,
// for a cue c, "cue.c" (anywhere in the item), "cue.c.first" (in its first sentence), "cue.c.last"
// (in its last two sentences) or "cue.c.ask" (in a sentence that asks: it ends in a question mark
// or has a phrase of the cue named "ask"). "think:" before a feature restricts it to reasoning
// items. The score of a stage is its bias plus the weights of all features that hold; the highest
// score wins, the earlier stage on a tie.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho::rps {

// Index into Taxonomy::stages.
using StageId = std::uint8_t;
constexpr StageId kNoStage = 255;
constexpr std::size_t kMaxStages = 32;

struct Cue {
  std::string name;
  std::vector<std::string> phrases;
};

struct FeatureWeights {
  std::string feature;
  std::vector<double> weight;  // one per stage
};

struct Taxonomy {
  std::vector<std::string> stages;
  std::vector<Cue> cues;
  std::vector<double> bias;  // one per stage
  std::vector<FeatureWeights> weights;
};

// The stage of that name, compared without regard to case; kNoStage when there is none.
StageId find_stage(const Taxonomy& taxonomy, std::string_view name);

// The paper's five stages with the fitted weights (docs/rps.md says how they were obtained).
const Taxonomy& default_taxonomy();
std::string_view default_taxonomy_json();

// From the JSON form above. Errors (kInput) name the offending member: no stages, more than
// kMaxStages, a repeated or empty name, a weight for an unknown stage or a feature that does not
// exist, a number that is not finite.
Result<Taxonomy> parse_taxonomy(std::string_view json);

}  // namespace agentecho::rps

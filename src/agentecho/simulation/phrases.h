// What an agent says: for each speech act (and kind of goal, for the acts that depend on it) a few
// templates with weights. Hand-made agents get templates composed by a grammar under a style
// (openings, lists or prose, emphasis, length); a student gets what it read in its traces, with the
// values replaced by slots (retrieval).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/simulation/acts.h"
#include "agentecho/simulation/slots.h"
#include "agentecho/simulation/tasks.h"

namespace agentecho::simulation {

struct Phrase {
  Template words;
  double weight = 1;
};

class PhraseBook {
 public:
  // Acts that are the same for every kind of goal have one entry for all.
  std::vector<Phrase>& of(Act act, GoalKind kind) { return phrases_[index(act, kind)]; }
  const std::vector<Phrase>& of(Act act, GoalKind kind) const { return phrases_[index(act, kind)]; }

  static constexpr std::size_t kEntries = kActCount + 2 * kGoalKinds;
  static constexpr std::size_t index(Act act, GoalKind kind) {
    const auto k = static_cast<std::size_t>(kind);
    if (act == Act::kConfirm) return kActCount + k;
    if (act == Act::kReport) return kActCount + kGoalKinds + k;
    return static_cast<std::size_t>(act);
  }
  std::vector<Phrase>& entry(std::size_t i) { return phrases_[i]; }
  const std::vector<Phrase>& entry(std::size_t i) const { return phrases_[i]; }

 private:
  std::array<std::vector<Phrase>, kEntries> phrases_;
};

// A phrase whose slots are all known, drawn by weight; when none fits, the first; nullptr when the
// entry is empty. Always one draw.
const Phrase* draw_phrase(const std::vector<Phrase>& phrases, std::uint32_t known, Rng& rng);

// A way of speaking. Scores are log weights over the variants of the grammar.
struct Style {
  std::array<double, 8> wordings{};  // of the core sentence
  std::array<double, 12> openings{};
  std::array<double, 10> endings{};
  double opening_rate = 0;  // log odds
  double ending_rate = 0;
  double list_rate = 0;
  double bold_rate = 0;
  double long_rate = 0;
};

// Style of a family and of a model of it: normal scores with the given spreads.
Style sample_style(Rng& family, Rng& model, double family_spread, double model_spread);

// `variants` templates for every entry, drawn from the grammar under the style.
PhraseBook compose_phrases(const Style& style, Rng& rng, int variants = 4);

}  // namespace agentecho::simulation

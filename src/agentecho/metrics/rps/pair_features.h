// How alike two stage sketches are, habit by habit: each feature is a similarity in [0, 1],
// symmetric in the two sides, 1 for a sketch and itself. A habit is the mean of a few details of
// one kind, so that a model fitted on few labelled pairs has few weights and none hangs on a single
// detail:
//
//   wording             word bigrams, distorted trigrams, function-word profile
//   openings_closings   first words and last sentences of responses
//   tone                enthusiasm, exclamations, emoji, greetings, thanks
//   courtesy            politeness, apologies, first and second person, "we"
//   typography          curly or straight apostrophes, dashes
//   length, turns       words per response and in all, words per sentence; items and responses
//   lists, lines        bullets, numbering, their marks and nesting; lines, paragraphs, lead-in
//   lines markup, wrapping    bold and headings; answers wrapped in JSON or a code fence marks
//   parentheses, arrows, hard line breaks, questions reasoning           share, length, layout and
//   hesitation of visible reasoning announcing          calls announced in words, promises kept or
//   not, leave asked calling             calls per item and per message, any calls at all, errors
//
// A detail for which neither side has anything to compare (no reasoning on either, no calls on
// either) is 1: nothing sets them apart.
//
// Counts are compared as rates by closeness(x, y) = 1 - |x - y| / (x + y + softening), a form of
// the Bray-Curtis similarity, so that a habit counts by its proportion and rare events weigh
// little. Cost: O(sketch size).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agentecho/metrics/rps/packed_profile.h"
#include "agentecho/metrics/rps/stage_sketch.h"

namespace agentecho::rps {

const std::vector<std::string>& pair_feature_names();
constexpr std::size_t kPairFeatures = 15;
constexpr std::size_t kPairDetails = 56;

using PairFeatures = std::array<double, kPairFeatures>;  // in the order of pair_feature_names()

// A sketch made ready to be compared often: all that depends on one side alone is worked out. It
// refers to the sketch's sets.
class ComparableStage {
 public:
  ComparableStage() = default;
  explicit ComparableStage(const StageSketchView& sketch);

  bool occurs() const { return occurs_; }

 private:
  friend PairFeatures pair_features(const ComparableStage& a, const ComparableStage& b);
  friend double profile_affinity(const ComparableStage& a, const ComparableStage& b);

  bool occurs_ = false;
  std::array<double, kPairDetails> rates_{};  // by detail; 0 where it is no rate of one side
  double words_ = 0;
  double other_words_ = 0;  // those without a place in the profile
  std::array<std::uint64_t, (kProfileWords + 63) / 64> in_profile_{};
  std::array<float, kProfileWords> profile_{};
  std::array<BottomKView, 4> sets_;  // bigrams, distorted, openings, closings
};

PairFeatures pair_features(const ComparableStage& a, const ComparableStage& b);
PairFeatures pair_features(const StageSketch& a, const StageSketch& b);

// By StageId.
using ComparableProfile = std::vector<ComparableStage>;
ComparableProfile comparable(const PackedProfile& profile);

}  // namespace agentecho::rps

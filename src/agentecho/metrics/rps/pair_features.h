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

#include <string>
#include <vector>

#include "agentecho/metrics/rps/stage_sketch.h"

namespace agentecho::rps {

const std::vector<std::string>& pair_feature_names();

// In the order of pair_feature_names().
std::vector<double> pair_features(const StageSketch& a, const StageSketch& b);

}  // namespace agentecho::rps

// The verbal evidence of one pair: which phrases, openings, closings, layout and working habits two
// models share that are rare among the other models (metrics/rps/phrases.h, habits.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/metrics/rps/habits.h"
#include "agentecho/metrics/rps/phrases.h"

namespace agentecho {

struct SharedWording {
  std::string a;
  std::string b;
  std::size_t others = 0;                  // models that they are set against
  bool phrases_known = true;               // false: a model's logs are not there, only features
  std::vector<rps::SharedPhrase> phrases;  // strongest first; where_a and where_b are tasks
  std::vector<rps::SharedHabit> habits;    // strongest first; none with fewer than two others
};

// The corpus was loaded with CorpusOptions::phrases and stage profiles. Errors: an unknown model or
// the same twice (kUsage); a model that is known from feature files only, which hold no phrases
// (kInput). O(phrases of both models x other models).
Result<SharedWording> shared_wording(const LoadedCorpus& loaded, const std::string& a,
                                     const std::string& b, std::size_t most_phrases = 12);

// The same for two models of the corpus; without phrases where they are not known.
SharedWording shared_wording(const LoadedCorpus& loaded, ModelIndex a, ModelIndex b,
                             std::size_t most_phrases = 12);

}  // namespace agentecho

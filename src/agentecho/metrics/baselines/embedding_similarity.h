// How alike two texts are by the meaning of their sentences: greedy matching of sentence vectors in
// the manner of BERTScore (T. Zhang et al., "BERTScore: Evaluating Text Generation with BERT", ICLR
// 2020, arXiv:1904.09675), with sentences where BERTScore has tokens, without its importance
// weighting and its rescaling.
//
//   precision = mean over x in a of max over y in b of cos(x, y)
//   recall    = mean over y in b of max over x in a of cos(x, y)
//   F1        = 2 precision recall / (precision + recall)
//
// Exchanging a and b exchanges precision and recall and leaves F1 as it is.
//
// [choice] The cosine with a zero vector is 0. F1 is 0 where precision or recall is not positive
// (the harmonic mean has no meaning there, and 0 is its limit). Where a side has no sentences there
// is nothing to match and no value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

// The vectors of many sentences, each once; texts refer to them by index.
class SentenceVectors {
 public:
  // The index of the vector just added. Errors (kInput): no numbers, numbers that are not finite,
  // another dimension than the vectors before.
  Result<std::uint32_t> add(std::span<const float> vector);

  std::size_t size() const { return norms_.size(); }
  std::size_t dimension() const { return dimension_; }  // 0 before the first

  // In [-1, 1]; 0 where either is zero. O(dimension).
  double cosine(std::uint32_t i, std::uint32_t j) const;

 private:
  std::span<const float> row(std::uint32_t i) const {
    return std::span(numbers_).subspan(i * dimension_, dimension_);
  }

  std::size_t dimension_ = 0;
  std::vector<float> numbers_;
  std::vector<double> norms_;
};

struct EmbeddingSimilarity {
  double precision = 0;  // in [-1, 1]
  double recall = 0;     // in [-1, 1]
  double f1 = 0;         // in [0, 1]
};

// a, b: indices into `vectors`, one a sentence, repetitions included. nullopt where either is
// empty. O(|a| |b| dimension).
std::optional<EmbeddingSimilarity> embedding_similarity(const SentenceVectors& vectors,
                                                        std::span<const std::uint32_t> a,
                                                        std::span<const std::uint32_t> b);

}  // namespace agentecho

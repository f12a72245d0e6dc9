// How well do these references tell models apart? identify() on runs whose model is known: groups
// of runs of every model, of tasks that no profile and no group of the reference has seen.
//
// Within one corpus: tasks are dealt into folds; runs of one fold are unknown, those of the others
// the reference. Across: the profiles of one corpus, runs of another (a label that both have is the
// truth; runs of other labels are of a model that is left out). Each group is scored with all
// candidates, with its own model left out, and with all models of its family left out (families by
// name).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/corpus.h"
#include "agentecho/study/identify.h"

namespace agentecho {

struct IdentityCheckOptions {
  IdentifyOptions identify;  // level, channels, seed, threads; replicates of each p value
  std::vector<std::size_t> sizes = {1, 5, 10, 20};  // runs of a group, each of another task
  std::size_t groups = 40;                          // of each model, size and fold, at most
  std::size_t folds = 3;
};

struct IdentityCheckRow {
  std::string channels;  // "actions + wording"
  std::size_t size = 0;
  std::size_t groups = 0;  // of models among the candidates
  // Shares of the groups; nothing where no model has so many runs.
  std::optional<double> first;      // the right model fits best
  std::optional<double> covered90;  // p of the right model is at least 0.1
  std::optional<double> covered;    // ... at least alpha
  std::optional<double> named;      // it alone is in the set
  std::optional<double> misnamed;   // another one alone is
  std::optional<double> set_size;   // mean
  std::optional<double> sibling;    // a model of its family is in the set, over all such pairs
  std::optional<double> stranger;   // a model of no such family is
};

struct LeftOutRow {
  std::size_t size = 0;
  bool siblings = false;  // the other models of the family are among the candidates
  std::size_t groups = 0;
  std::optional<double> unknown;  // the set is empty
  std::optional<double> one;      // one name, wrongly
  std::optional<double> several;
};

struct IdentityCheck {
  IdentityCheckOptions options;
  std::size_t models = 0;
  std::size_t families = 0;  // with several models
  bool across = false;
  std::vector<IdentityCheckRow> rows;  // the counted channels together, then each alone
  std::vector<LeftOutRow> left_out;
};

// `other` may be null. Errors (kInput): fewer than two models, no habits or grams, no label in
// common.
Result<IdentityCheck> check_identity(const Corpus& reference, const Corpus* other,
                                     const IdentityCheckOptions& options);

}  // namespace agentecho

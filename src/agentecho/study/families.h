// Same-family against other pairs (the paper's Table 2, with the test it lacks; METHOD 6).
//
// A family is a proxy for common origin, not the truth: relatives may behave differently, and a
// model may be trained on the outputs of another family.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/affinity.h"
#include "agentecho/stats/permutation.h"

namespace agentecho {

struct Families {
  std::vector<std::string> of_model;  // by ModelIndex; empty: in no family
  bool guessed = false;               // from the names

  std::vector<std::string> names() const;   // ascending, without repetition
  std::vector<std::size_t> groups() const;  // by ModelIndex; a model in no family is alone
  bool same(ModelIndex a, ModelIndex b) const;
};

// The letters before the first other character, in lower case, after the last "/" of the name; an
// "o" before a digit is read as "gpt", which OpenAI's o-series belongs to; "sim-" in front, as
// `simulate` names its agents, is passed over. Empty for a name that starts with no letter.
std::string family_from_name(std::string_view model);
Families guess_families(const Corpus& corpus);

// {"family": ["model", ...], ...}. Errors: not such an object (kInput); a model in two families
// (kInput); a model that the corpus has not, with the nearest name (kUsage). Models that are not
// listed belong to no family.
Result<Families> parse_families(const Corpus& corpus, std::string_view json);

// Probability that a same-family pair scores above another pair. What is uncertain about it is
// which models happen to be there: a bootstrap over tasks holds them fixed, and lies too low
// besides, since every resample adds noise once more (its 95 % intervals held the truth in 24 to 81
// %).
struct FamilyAuc {
  std::optional<double> auc;                  // nothing without such pairs or without others
  std::optional<double> error_over_models;    // jackknife: each model left out in turn
  std::optional<double> error_over_families;  // jackknife: each family left out in turn
  std::optional<double> p_value;  // one-sided: labels exchanged between the models do as well
};

struct FamilyTest {
  std::size_t metric = 0;
  Statistic<GroupDifference> difference = undefined(Undefined::kTooFew);
  FamilyAuc auc;           // of the scores
  FamilyAuc affinity_auc;  // of their affinities (typicality of the models removed)
};

struct FamilyResults {
  Families families;
  std::vector<FamilyTest> tests;  // by metric
};

// Cost: that of the intervals, and permutations x models^2 for each metric.
FamilyResults compare_families(const Study& study, const Families& families);

// The AUC of same-family pairs over the pairs with a value (NaN: none).
std::optional<double> family_auc(const Families& families, std::span<const PairRows> pairs,
                                 std::span<const double> values);

// The same with its errors and p value. Cost: that of group_difference_test, and models^2 for each
// model.
FamilyAuc test_family_auc(const Families& families, std::span<const ModelPair> pairs,
                          std::span<const double> values, std::uint64_t seed);

// The pairs that have a score in `table`, as a design; undefined as AffinityDesign::make is.
struct FittedDesign {
  AffinityDesign design;
  std::vector<std::size_t> places;  // of the design's pairs among the pairs handed in
};
Statistic<FittedDesign> affinity_design(std::size_t models, std::span<const PairRows> pairs,
                                        std::span<const double> values);

// Every vector (vectors x pairs) becomes its residuals: NaN for pairs outside the design and for
// vectors in which a pair of the design is NaN.
void take_residuals(const FittedDesign& fitted, std::size_t pairs, std::span<double> vectors,
                    unsigned threads);

}  // namespace agentecho

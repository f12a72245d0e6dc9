#include "agentecho/study/families.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/names.h"
#include "agentecho/stats/gaps.h"
#include "agentecho/stats/jackknife.h"
#include "agentecho/stats/ranking.h"
#include "agentecho/trajectory/model_names.h"

namespace agentecho {

namespace {

// Of the pairs that are kept.
template <class Keep>
std::optional<double> auc_of(const Families& families, std::span<const ModelPair> pairs,
                             std::span<const double> values, const Keep& keep) {
  std::vector<double> within;
  std::vector<double> cross;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (std::isnan(values[p]) || !keep(pairs[p])) continue;
    (families.same(pairs[p].first, pairs[p].second) ? within : cross).push_back(values[p]);
  }
  return roc_auc(within, cross);
}

// Nothing where the AUC is undefined without one of them.
std::optional<double> error_of(std::span<const std::optional<double>> left_out) {
  std::vector<double> values;
  for (const auto& value : left_out) {
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return jackknife_error(values);
}

// With ranks for values, the difference of means orders relabellings as the AUC does.
std::optional<double> auc_p_value(const Families& families, std::span<const ModelPair> pairs,
                                  std::span<const double> values, std::uint64_t seed) {
  std::vector<double> defined;
  std::vector<ModelPair> of;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (std::isnan(values[p])) continue;
    defined.push_back(values[p]);
    of.push_back(pairs[p]);
  }
  const std::vector<double> ranks = average_ranks(defined);
  PairTable table(families.of_model.size());
  for (std::size_t i = 0; i < of.size(); ++i) table.set(of[i].first, of[i].second, ranks[i]);
  PermutationOptions options;
  options.exact_limit = 20'000;
  options.seed = seed;
  const auto test = group_difference_test(table, families.groups(), options);
  return test ? std::optional(test->p.greater) : std::nullopt;
}

std::vector<ModelPair> models_of(std::span<const PairRows> rows) {
  std::vector<ModelPair> pairs;
  for (const PairRows& row : rows) pairs.emplace_back(row.a, row.b);
  return pairs;
}

FamilyTest test_metric(const Study& study, const Families& families, std::span<const PairRows> rows,
                       std::size_t metric) {
  FamilyTest test;
  test.metric = metric;
  const PairTable table = score_table(study, rows, metric);
  PermutationOptions options;
  options.seed = study.bootstrap.seed;
  test.difference = group_difference_test(table, families.groups(), options);
  std::vector<double> scores;
  for (const PairRows& pair : rows) scores.push_back(table.at(pair.a, pair.b).value_or(kNaN));
  test.auc = test_family_auc(families, models_of(rows), scores, study.bootstrap.seed);
  const auto fitted = affinity_design(study.corpus.models().size(), rows, scores);
  if (!fitted) return test;
  take_residuals(*fitted, rows.size(), scores, study.threads);
  test.affinity_auc = test_family_auc(families, models_of(rows), scores, study.bootstrap.seed);
  return test;
}

}  // namespace

std::vector<std::string> Families::names() const {
  std::set<std::string> names(of_model.begin(), of_model.end());
  names.erase("");
  return {names.begin(), names.end()};
}

std::vector<std::size_t> Families::groups() const {
  const std::vector<std::string> all = names();
  std::vector<std::size_t> groups;
  for (std::size_t model = 0; model < of_model.size(); ++model) {
    const auto found = std::find(all.begin(), all.end(), of_model[model]);
    groups.push_back(found == all.end() ? all.size() + model
                                        : static_cast<std::size_t>(found - all.begin()));
  }
  return groups;
}

bool Families::same(ModelIndex a, ModelIndex b) const {
  return !of_model[a].empty() && of_model[a] == of_model[b];
}

std::string family_from_name(std::string_view model) { return model_family(model); }

Families guess_families(const Corpus& corpus) {
  Families families;
  families.guessed = true;
  for (const std::string& model : corpus.models()) {
    families.of_model.push_back(family_from_name(model));
  }
  return families;
}

Result<Families> parse_families(const Corpus& corpus, std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  const Error shape{ErrorKind::kInput, "the families are not an object of lists of model names",
                    R"(expected {"family": ["model", ...], ...})"};
  if (!document.is_object()) return Unexpected(shape);
  Families families;
  families.of_model.resize(corpus.models().size());
  for (const auto& [family, members] : document.items()) {
    if (!members.is_array() || family.empty()) return Unexpected(shape);
    for (const auto& member : members) {
      if (!member.is_string()) return Unexpected(shape);
      auto model = require_model(corpus, member.get<std::string>());
      if (!model) return Unexpected(model.error());
      std::string& of_model = families.of_model[*model];
      if (!of_model.empty() && of_model != family) {
        return fail(ErrorKind::kInput,
                    fmt::format("model \"{}\" is in two families, \"{}\" and \"{}\"",
                                corpus.models()[*model], of_model, family));
      }
      of_model = family;
    }
  }
  return families;
}

std::optional<double> family_auc(const Families& families, std::span<const PairRows> pairs,
                                 std::span<const double> values) {
  return auc_of(families, models_of(pairs), values, [](const ModelPair&) { return true; });
}

FamilyAuc test_family_auc(const Families& families, std::span<const ModelPair> pairs,
                          std::span<const double> values, std::uint64_t seed) {
  FamilyAuc result;
  result.auc = auc_of(families, pairs, values, [](const ModelPair&) { return true; });
  if (!result.auc) return result;
  std::vector<std::optional<double>> left_out;
  for (ModelIndex left = 0; left < families.of_model.size(); ++left) {
    left_out.push_back(auc_of(families, pairs, values, [&](const ModelPair& p) {
      return p.first != left && p.second != left;
    }));
  }
  result.error_over_models = error_of(left_out);
  left_out.clear();
  for (const std::string& family : families.names()) {
    left_out.push_back(auc_of(families, pairs, values, [&](const ModelPair& p) {
      return families.of_model[p.first] != family && families.of_model[p.second] != family;
    }));
  }
  result.error_over_families = error_of(left_out);
  result.p_value = auc_p_value(families, pairs, values, seed);
  return result;
}

Statistic<FittedDesign> affinity_design(std::size_t models, std::span<const PairRows> pairs,
                                        std::span<const double> values) {
  std::vector<ItemPair> defined;
  std::vector<std::size_t> places;
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    if (std::isnan(values[p])) continue;
    defined.push_back({pairs[p].a, pairs[p].b});
    places.push_back(p);
  }
  auto design = AffinityDesign::make(models, std::move(defined));
  if (!design) return undefined(design.error());
  return FittedDesign{std::move(*design), std::move(places)};
}

void take_residuals(const FittedDesign& fitted, std::size_t pairs, std::span<double> vectors,
                    unsigned threads) {
  if (pairs == 0) return;
  parallel_for(vectors.size() / pairs, threads, [&](std::size_t v) {
    const std::span<double> vector = vectors.subspan(v * pairs, pairs);
    std::vector<double> scores;
    for (const std::size_t place : fitted.places) scores.push_back(vector[place]);
    fitted.design.residuals(scores, scores);
    std::fill(vector.begin(), vector.end(), kNaN);
    for (std::size_t i = 0; i < scores.size(); ++i) vector[fitted.places[i]] = scores[i];
  });
}

FamilyResults compare_families(const Study& study, const Families& families) {
  const std::vector<PairRows> rows = score_rows(study, all_pairs(study.corpus));
  FamilyResults results{families, {}};
  for (std::size_t m = 0; m < study.metrics.metrics.size(); ++m) {
    results.tests.push_back(test_metric(study, families, rows, m));
  }
  return results;
}

}  // namespace agentecho

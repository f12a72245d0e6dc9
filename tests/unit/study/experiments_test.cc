#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/report/experiment_tables.h"
#include "agentecho/study/families.h"
#include "agentecho/study/mandatory_ablation.h"
#include "agentecho/study/metric_correlations.h"
#include "agentecho/study/outcomes.h"
#include "agentecho/study/pool_sensitivity.h"
#include "agentecho/study/run_variation.h"
#include "agentecho/study/scaffolds.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Four models on one task with tools x, y: a and b call x, c and d call y.
Corpus two_camps() {
  return make_corpus(
      {{"fa-1", "t", {"x"}}, {"fa-2", "t", {"x"}}, {"fb-1", "t", {"y"}}, {"fb-2", "t", {"y"}}});
}

TEST(Families, AreGuessedFromTheLettersOfTheName) {
  EXPECT_EQ(family_from_name("Qwen3-235B"), "qwen");
  EXPECT_EQ(family_from_name("openai/gpt-4o-mini"), "gpt");
  EXPECT_EQ(family_from_name("o3-high"), "gpt");
  EXPECT_EQ(family_from_name("olmo-7b"), "olmo");
  EXPECT_EQ(family_from_name("3-model"), "");
  EXPECT_EQ(family_from_name("sim-birch-2-after-sim-alder-1"), "birch");
  EXPECT_EQ(family_from_name("similar-1"), "similar");
}

TEST(Families, ComeFromAFile) {
  const Corpus corpus = two_camps();
  const auto families = parse_families(corpus, R"({"one": ["fa-1", "fb-1"], "two": ["fa-2"]})");
  ASSERT_TRUE(families);
  EXPECT_THAT(families->of_model, ElementsAre("one", "two", "one", ""));
  EXPECT_TRUE(families->same(0, 2));
  EXPECT_FALSE(families->same(1, 3));
  EXPECT_THAT(families->groups(), ElementsAre(0u, 1u, 0u, 5u));
}

TEST(Families, ErrorsInTheFileAreNamed) {
  const Corpus corpus = two_camps();
  EXPECT_EQ(parse_families(corpus, "[1]").error().kind, ErrorKind::kInput);
  EXPECT_EQ(parse_families(corpus, R"({"one": "fa-1"})").error().kind, ErrorKind::kInput);
  EXPECT_EQ(parse_families(corpus, R"({"one": [3]})").error().kind, ErrorKind::kInput);
  const Error unknown = parse_families(corpus, R"({"one": ["fa-3"]})").error();
  EXPECT_EQ(unknown.kind, ErrorKind::kUsage);
  EXPECT_THAT(unknown.hint, HasSubstr("fa-1"));
  const Error twice = parse_families(corpus, R"({"one": ["fa-1"], "two": ["fa-1"]})").error();
  EXPECT_THAT(twice.message, HasSubstr("two families"));
}

TEST(Families, WithinIsAboveCrossWhereCampsAreFamilies) {
  const Corpus corpus = two_camps();
  const Study study = study_of(corpus);
  const FamilyResults results = compare_families(study, guess_families(corpus));
  const FamilyTest& s_node = results.tests[0];
  ASSERT_TRUE(s_node.difference);
  EXPECT_EQ(s_node.difference->within_mean, 1);
  EXPECT_EQ(s_node.difference->cross_mean, 0);
  EXPECT_TRUE(s_node.difference->p.exact);
  // Of the 6 arrangements of aabb, the camps themselves come up twice.
  EXPECT_NEAR(s_node.difference->p.greater, 2.0 / 6, 1e-12);
  EXPECT_EQ(s_node.auc.auc, 1.0);
  EXPECT_EQ(s_node.affinity_auc.auc, 1.0);
  // All S_seq are 1.
  EXPECT_EQ(results.tests[1].auc.auc, 0.5);
}

TEST(Families, AnAucHasItsErrorOverModelsAndAPermutationP) {
  const Families families{{"a", "a", "b", "b", "c"}, false};
  std::vector<ModelPair> pairs;
  std::vector<double> values;
  for (ModelIndex i = 0; i < 5; ++i) {
    for (ModelIndex j = i + 1; j < 5; ++j) {
      pairs.emplace_back(i, j);
      values.push_back(families.same(i, j) ? 10 - double(i) : (i == 0 && j == 4 ? 9 : j));
    }
  }
  const FamilyAuc auc = test_family_auc(families, pairs, values, 1);
  // Same-family pairs 10 and 8 against 2, 3, 9, 2, 3, 4, 4, 4: 15 of 16.
  EXPECT_NEAR(*auc.auc, 15 / 16.0, 1e-12);
  // Without model 0, 1, 2, 3, 4 in turn: 8 against 2 3 4 4 4; 8 against 2 3 9 4 4; 10 against ...;
  // 10 against ...; both against 2 3 2 3.
  // AUC 1, .8, 1, 1, 1: sqrt(4/5 * (4 * .04^2 + .16^2)).
  EXPECT_NEAR(*auc.error_over_models, 0.16, 1e-12);
  // Without a: 8 against 4 4; without b: 10 against 9, 4; without c: 10, 8 against 2 3 2 3.
  EXPECT_NEAR(*auc.error_over_families, 0, 1e-12);
  // Of the 15 ways to choose who is alone and who belongs together, this one alone does as well.
  EXPECT_NEAR(*auc.p_value, 1 / 15.0, 1e-12);
}

TEST(Families, WithoutRelativesThereIsAReasonInsteadOfANumber) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}}, {"b", "t", {"y"}}, {"c", "t", {"x"}}});
  const Study study = study_of(corpus);
  const FamilyResults results = compare_families(study, guess_families(corpus));
  EXPECT_EQ(results.tests[0].difference.error(), Undefined::kNoWithin);
  EXPECT_FALSE(results.tests[0].auc.auc);
  EXPECT_FALSE(results.tests[0].affinity_auc.auc);
}

TEST(Outcomes, SortTrialPairsAndCorrectAgreementForChance) {
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}, true},
                                     {"b", "t1", {"x"}, true},
                                     {"a", "t2", {"x"}, false},
                                     {"b", "t2", {"y"}, false},
                                     {"a", "t3", {"x"}, true},
                                     {"b", "t3", {"y"}, false},
                                     {"a", "t4", {"x"}, true},
                                     {"b", "t4", {"x", "y"}, true},
                                     {"c", "t2", {"x", "y"}, true}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const OutcomeResults results = compare_outcomes(study, pairs);
  const OutcomePair& pair = results.pairs[0];
  EXPECT_THAT(pair.trajectory_pairs, ElementsAre(2u, 1u, 1u));
  const std::size_t s_node = *study.metrics.find("s_node");
  // Both correct: t1 has no optional tool (all call x), t4 has y: disagreement.
  EXPECT_EQ(pair.estimates[0][s_node].value, 0.0);
  EXPECT_EQ(pair.estimates[0][s_node].n_tasks, 1u);
  // Both wrong: on t2 only c succeeds, so nothing is optional.
  EXPECT_FALSE(pair.estimates[1][s_node].value);
  // Success a 1 0 1 1, b 1 0 0 1: observed 3/4, expected 3/4 * 1/2 + 1/4 * 1/2 = 1/2.
  ASSERT_TRUE(pair.errors);
  EXPECT_DOUBLE_EQ(pair.errors->observed, 0.75);
  EXPECT_DOUBLE_EQ(pair.errors->expected, 0.5);
  EXPECT_DOUBLE_EQ(pair.errors->kappa.value(), 0.5);
  EXPECT_EQ(results.means[0][s_node].value, 0.0);
  EXPECT_FALSE(results.means[1][s_node].value);
}

TEST(Outcomes, WithoutCommonTasksThereIsNothing) {
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}}, {"b", "t2", {"x"}}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const OutcomeResults results = compare_outcomes(study, pairs);
  EXPECT_FALSE(results.pairs[0].errors);
  EXPECT_FALSE(results.means[2][0].value);
}

TEST(MandatoryAblation, NoRuleMakesEveryToolOptional) {
  const Corpus corpus =
      make_corpus({{"a", "t", {"must", "x"}}, {"b", "t", {"must"}}, {"c", "t", {"must"}}});
  const std::vector<MandatoryRule> rules = {{}, {MandatoryRule::Kind::kNothing, 1, 1}};
  const auto results = ablate_mandatory_rule(corpus, everyone(corpus), rules,
                                             guess_families(corpus), {100, 1, 0.95}, 1);
  ASSERT_EQ(results.size(), 2u);
  // Optional: x. Agreement ab 0, ac 0, bc 1.
  EXPECT_NEAR(results[0].s_node.value.value(), 1.0 / 3, 1e-12);
  EXPECT_EQ(results[0].optional_per_task, 1.0);
  // Optional: must and x. 1/2, 1/2, 1.
  EXPECT_NEAR(results[1].s_node.value.value(), 2.0 / 3, 1e-12);
  EXPECT_EQ(results[1].optional_per_task, 2.0);
  EXPECT_DOUBLE_EQ(results[1].s_node_ranks->coefficient, 1);
  EXPECT_FALSE(results[0].s_node_auc);  // no families
}

TEST(MandatoryAblation, AnAllFailedPoolHasNoOptionalTools) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}, false}, {"b", "t", {"y"}, false}});
  const std::vector<MandatoryRule> rules(1);
  const auto results = ablate_mandatory_rule(corpus, everyone(corpus), rules,
                                             guess_families(corpus), {100, 1, 0.95}, 1);
  EXPECT_EQ(results[0].tasks_with_optional, 0u);
  EXPECT_FALSE(results[0].optional_per_task);
  EXPECT_FALSE(results[0].ags.value);
  EXPECT_FALSE(results[0].s_node_ranks);
}

TEST(MandatoryAblation, ThePoolAndTheListDecide) {
  const Corpus corpus =
      make_corpus({{"a", "t", {"must", "x"}}, {"b", "t", {"must", "y"}}, {"c", "t", {"must"}}});
  const std::vector<MandatoryRule> rules = {{}, {MandatoryRule::Kind::kFile, 1, 1}};
  const std::vector<ModelIndex> pool = {0, 2};  // y is never seen
  const std::vector<std::vector<ToolIndex>> listed = {{*corpus.find_tool("x")}};
  const auto results =
      ablate_mandatory_rule(corpus, pool, rules, guess_families(corpus), {100, 1, 0.95}, 1, listed);
  EXPECT_EQ(results[0].optional_per_task, 1.0);  // x
  EXPECT_NEAR(results[0].s_node.value.value(), 1.0 / 3, 1e-12);
  EXPECT_EQ(results[1].optional_per_task, 1.0);  // must
  EXPECT_NEAR(results[1].s_node.value.value(), 1.0, 1e-12);
}

TEST(PoolSensitivity, LeavesModelsOutOfThePoolGiven) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}}, {"b", "t", {"x", "y"}}, {"c", "t", {"z"}}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const std::vector<ModelIndex> pool = {0, 1};
  // {a} or {b}: every tool of one run is mandatory, so nothing is left to choose.
  const PoolResults results = vary_pool(study, pairs, pool, {}, 1);
  EXPECT_EQ(results.pools, 2u);
  EXPECT_EQ(results.pairs[0].s_node.pools, 0u);
  EXPECT_DOUBLE_EQ(results.pairs[0].s_node.full.value(), 0);  // y: only b calls it
  EXPECT_EQ(vary_pool(study, pairs, pool, {}, 2).pools, 0u);
}

TEST(PoolSensitivity, SpreadIsOverPoolsInWhichTheScoreIsDefined) {
  const Corpus corpus = make_corpus({{"a", "t", {"x"}}, {"b", "t", {"x", "y"}}, {"c", "t", {"z"}}});
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const PoolResults results = vary_pool(study, pairs, everyone(corpus), {}, 1);
  EXPECT_TRUE(results.exact);
  EXPECT_EQ(results.pools, 3u);
  const PoolSpread& s_node = results.pairs[0].s_node;
  EXPECT_DOUBLE_EQ(s_node.full.value(), 2.0 / 3);  // x, y, z: they differ on y
  // Pool ab: y only, 0. Pool ac: x, z, 1. Pool bc: x, y, z, 2/3.
  EXPECT_DOUBLE_EQ(s_node.mean.value(), 5.0 / 9);
  EXPECT_NEAR(s_node.sd.value(), std::sqrt((25.0 / 81 + 16.0 / 81 + 1.0 / 81) / 2), 1e-12);
  EXPECT_EQ(s_node.lowest, 0.0);
  EXPECT_EQ(s_node.highest, 1.0);
  // S_seq and S_dep are 1 throughout.
  EXPECT_DOUBLE_EQ(results.pairs[0].ags.full.value(), (2.0 / 3 + 2) / 3);
  EXPECT_EQ(vary_pool(study, pairs, everyone(corpus), {}, 3).pools, 0u);
}

TEST(PoolSensitivity, ManyPoolsAreDrawn) {
  const Corpus corpus = random_corpus(12, 2, 1);
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const PoolResults results = vary_pool(study, pairs, everyone(corpus), {}, 4);  // 495 pools
  EXPECT_FALSE(results.exact);
  EXPECT_EQ(results.pools, kMostPools);
}

TEST(PoolSensitivity, SaysWhichPoolsAreTooSmall) {
  const Corpus corpus = random_corpus(5, 2, 1);
  const Study study = study_of(corpus);
  const std::vector<ModelPair> pairs = {{0, 1}};
  const auto note = [&](std::initializer_list<std::size_t> left_out) {
    std::vector<PoolResults> results;
    for (const std::size_t k : left_out) {
      results.push_back(vary_pool(study, pairs, everyone(corpus), {}, k));
    }
    return pool_tables(corpus, results).front().note;
  };
  EXPECT_EQ(note({1}), "");
  EXPECT_TRUE(note({3, 1, 2}).starts_with(
      "From k = 2 on: S_node and AGS are a matter of the pool here: with 3 models"));
  EXPECT_EQ(note({1, 5}), "");  // no such pool
}

TEST(RunVariation, PlacesTheNearestBetweenChanceAndCeiling) {
  std::vector<PlainRun> runs;
  for (const char* task : {"t1", "t2"}) {
    for (const char* model : {"a", "b"}) {
      const bool b = *model == 'b';
      runs.push_back({model, task, {b ? "y" : "x"}, true});
      runs.push_back({model, task, {b ? "y" : "x"}, b});
    }
  }
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus);
  const auto results = vary_runs(study, *study.metrics.find("s_node"));
  EXPECT_EQ(results[0].itself.value, 1.0);
  EXPECT_EQ(results[0].nearest, 1u);
  EXPECT_EQ(results[0].nearest_score, 0.0);
  EXPECT_EQ(results[0].nearest_position, 0.0);
  // a: one success and one failure on each task: agreement 0, expected 1/2.
  EXPECT_DOUBLE_EQ(results[0].outcome_kappa.value(), -1.0);
  EXPECT_FALSE(results[1].outcome_kappa);  // always correct
}

// Two trials of one task, one of them right: -1 by the formula, with nothing measured.
TEST(RunVariation, OneTaskSaysNothingOfOutcomes) {
  const Corpus corpus = make_corpus({{"a", "t1", {"x"}, true}, {"a", "t1", {"x"}, false}});
  const Study study = study_of(corpus);
  EXPECT_FALSE(vary_runs(study, *study.metrics.find("s_node")).front().outcome_kappa);
}

TEST(MetricCorrelations, NeedThreeModels) {
  const CorrelationPair two = correlate(std::vector<std::optional<double>>{1.0, 2.0, std::nullopt},
                                        std::vector<std::optional<double>>{1.0, 2.0, 3.0}, 0.95);
  EXPECT_EQ(two.n, 2u);
  EXPECT_EQ(two.pearson.error(), Undefined::kTooFew);
  const CorrelationPair constant =
      correlate(std::vector<std::optional<double>>{1.0, 1.0, 1.0},
                std::vector<std::optional<double>>{1.0, 2.0, 3.0}, 0.95);
  EXPECT_EQ(constant.spearman.error(), Undefined::kConstant);
}

TEST(MetricCorrelations, TheReferenceHasNoValue) {
  const Corpus corpus = random_corpus(5, 6, 1);
  const Study study = study_of(corpus);
  const MetricCorrelations results = correlate_metrics(study, 2);
  EXPECT_FALSE(results.values[2][0]);
  EXPECT_EQ(results.pairs[0].n, 4u);
  EXPECT_EQ(correlate_metrics(study, std::nullopt).pairs[0].n, 5u);
}

TEST(References, AreComparedOverTheModelsThatAreNeither) {
  const Corpus corpus = random_corpus(6, 6, 1);
  const Study study = study_of(corpus);
  const std::vector<ModelIndex> references = {0, 3};
  const ReferenceScores results = compare_references(study, references, 3);
  ASSERT_EQ(results.pairs.size(), 1u);
  EXPECT_EQ(results.pairs[0].n, 4u);
  EXPECT_FALSE(results.scores[0][0].value);
  EXPECT_EQ(results.scores[0][3].value, results.scores[1][0].value);
}

TEST(Scaffolds, LabelsOfOneModelAreTogether) {
  const Corpus corpus =
      make_corpus({{"m@react", "t", {"x"}}, {"m@plan", "t", {"x"}}, {"n", "t", {"y"}}});
  const Study study = study_of(corpus);
  const ScaffoldResults results = compare_scaffolds(study, guess_scaffolds(corpus), 0);
  ASSERT_EQ(results.pairs.size(), 1u);
  EXPECT_EQ(results.pairs[0].model, "m");
  EXPECT_EQ(results.pairs[0].estimates[0].value, 1.0);
  EXPECT_EQ(results.same_model.tests[0].difference->difference, 1.0);
  EXPECT_TRUE(results.domains.empty());
}

TEST(Scaffolds, WhoResemblesWhomIsComparedBetweenBenchmarks) {
  std::vector<PlainRun> runs;
  for (const char* benchmark : {"one", "two"}) {
    runs.push_back({"a", "t", {"x", "y"}, true, {}, benchmark});
    runs.push_back({"b", "t", {"x", "y"}, true, {}, benchmark});
    runs.push_back({"c", "t", {"x"}, true, {}, benchmark});
    runs.push_back({"d", "t", {"z"}, true, {}, benchmark});
  }
  const Corpus corpus = make_corpus(runs);
  const Study study = study_of(corpus);
  const ScaffoldResults results = compare_scaffolds(study, guess_scaffolds(corpus), 0);
  ASSERT_EQ(results.domains.size(), 1u);
  EXPECT_EQ(results.domains[0].models, 4u);
  EXPECT_EQ(results.domains[0].pair_scores.n, 6u);
  EXPECT_NEAR(results.domains[0].pair_scores.pearson->coefficient, 1, 1e-12);
  const DomainAgreement& agreement = results.domains[0];
  ASSERT_TRUE(agreement.scores);
  EXPECT_NEAR(agreement.scores->correlation, 1, 1e-12);
  // Of the 24 orders of a, b, c, d, exchanging a with b, or c with d, or both, may leave the scores
  // as they are: a and b are the same, and so is the order that exchanges them.
  EXPECT_TRUE(agreement.scores->p.exact);
  EXPECT_NEAR(agreement.scores->p.greater, 2 / 24.0, 1e-12);
}

}  // namespace
}  // namespace agentecho

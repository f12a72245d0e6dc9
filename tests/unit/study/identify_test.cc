#include "agentecho/study/identify.h"

#include <gtest/gtest.h>

#include <cmath>

#include "agentecho/base/random.h"
#include "agentecho/report/identify_report.h"
#include "agentecho/stats/conditional_logit.h"
#include "agentecho/study/identity_check.h"
#include "agentecho/study/identity_power.h"
#include "agentecho/study/identity_profiles.h"
#include "agentecho/trajectory/builder.h"
#include "support/study.h"

namespace agentecho {
namespace {

// What a model says and how likely it is to look twice.
struct Voice {
  std::string name;
  std::vector<std::string> phrases;
  double looks_again = 0.5;
};

const Voice kAlder{"alder", {"Certainly! Let me look into that.", "Happy to help with it."}, 0.2};
const Voice kBirch{"birch", {"- checking **order** state", "1. done, see below"}, 0.8};
const Voice kCedar{"cedar", {"Righto, I shall fetch those particulars.", "Cheerio then."}, 0.5};

void speak(std::vector<TrajectoryFeatures>& features, const Voice& voice, const std::string& label,
           int first_task, int tasks, std::uint64_t seed, const char* domain = "shop") {
  Rng rng(seed);
  for (int t = first_task; t < first_task + tasks; ++t) {
    TrajectoryBuilder builder(domain, std::to_string(t));
    builder.model(label).system("be kind").user("please help").reward(1);
    for (int turn = 0; turn < 4; ++turn) {
      builder.assistant(voice.phrases[rng.below(voice.phrases.size())] + " Item " +
                        std::string(1 + rng.below(5), 'x'));
      builder.call("get_order");
      if (rng.chance(voice.looks_again)) builder.call("get_order");
    }
    const Trajectory trajectory = builder.build();
    features.push_back(testing::features_of(trajectory));
    auto verbal = std::make_shared<VerbalFeatures>();
    verbal->habits = run_habits(trajectory);
    verbal->grams = run_grams(trajectory);
    features.back().verbal = verbal;
  }
}

Corpus references(int tasks = 40) {
  std::vector<TrajectoryFeatures> features;
  speak(features, kAlder, "alder", 0, tasks, 1);
  speak(features, kBirch, "birch", 0, tasks, 2);
  return testing::corpus_of(std::move(features));
}

Corpus unknown_runs(const Voice& voice, int tasks, std::uint64_t seed) {
  std::vector<TrajectoryFeatures> features;
  speak(features, voice, "endpoint", 100, tasks, seed);
  return testing::corpus_of(std::move(features));
}

IdentifyResults identified(const Corpus& reference, const Corpus& unknown,
                           const std::string& claimed = {}) {
  IdentifyOptions options;
  options.claimed = claimed;
  options.threads = 1;
  const ModelIndex model = 0;
  return identify(reference, unknown, std::span(&model, 1), options).value();
}

// Two models, two tasks, one kind. Task 0: a shows e1 twice, b shows e2 once; task 1: a shows e1
// once, b shows e1 once and e2 twice. A run of task 0 that shows e1 is scored against task 1 alone:
// V = 2, p_a(e1) = (1 + .5) / (1 + 1), p_b(e1) = (1 + .5) / (3 + 1).
TEST(IdentityProfiles, LeaveOutTheTaskOfTheRunThatTheyScore) {
  constexpr auto kKind = static_cast<std::size_t>(EventKind::kCharacters);
  std::vector<RunEvents> events(5);
  events[0][kKind] = {{1, 2}};
  events[1][kKind] = {{2, 1}};
  events[2][kKind] = {{1, 1}};
  events[3][kKind] = {{1, 1}, {2, 2}};
  events[4][kKind] = {{1, 3}, {7, 5}};  // nobody shows 7: it says nothing
  const std::vector<ScoredRun> runs = {{0, 0, &events[0]},
                                       {1, 0, &events[1]},
                                       {0, 1, &events[2]},
                                       {1, 1, &events[3]},
                                       {kNoProfile, 0, &events[4]}};
  const auto scores = log_likelihoods(runs, EventKind::kCharacters, 2, 1);
  EXPECT_NEAR(scores[4 * 2 + 0], std::log(1.5 / 2), 1e-6);
  EXPECT_NEAR(scores[4 * 2 + 1], std::log(1.5 / 4), 1e-6);
  EXPECT_NEAR(scores[0], std::log(1.5 / 2), 1e-6);  // a's own run of task 0
  // A run of no reference task meets all counts: a has e1 three times, b e1 once and e2 three
  // times.
  std::vector<ScoredRun> elsewhere = runs;
  elsewhere[4].task = 9;
  const auto other = log_likelihoods(elsewhere, EventKind::kCharacters, 2, 1);
  EXPECT_NEAR(other[8], std::log(3.5 / 4), 1e-6);
  EXPECT_NEAR(other[9], std::log(1.5 / 5), 1e-6);
}

TEST(GroupConformal, RanksAGroupAmongThoseOfTheReference) {
  EXPECT_DOUBLE_EQ(group_conformal_p({{1}, {2}, {3}, {4}}, {{2.5f}}, {}), 3.0 / 5);
  EXPECT_DOUBLE_EQ(group_conformal_p({{1}, {2}, {3}, {4}}, {{0}}, {}), 1.0 / 5);
  EXPECT_DOUBLE_EQ(group_conformal_p({}, {{0}}, {}), 1);
  // Two of six: the lowest pair is one of 15 choices.
  EXPECT_NEAR(group_conformal_p({{1}, {2}, {3}, {4}}, {{-1}, {0}}, {.replicates = 20'000}),
              1.0 / 15, 0.006);
  EXPECT_DOUBLE_EQ(least_conformal_p(4, 2, 1000), 1.0 / 15);
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {  // where groups are drawn, too
    EXPECT_GE(group_conformal_p({{1}, {2}, {3}}, {{-2}, {-1}, {0}}, {.seed = seed}),
              least_conformal_p(3, 3, 1999));
  }
  EXPECT_DOUBLE_EQ(least_conformal_p(19, 1, 1000), 0.05);
  EXPECT_DOUBLE_EQ(least_conformal_p(100, 50, 999), 0.001);
}

// One score, three alternatives: the posterior of w has its mode where the gradient is zero; with
// the right alternative ahead in three of four cases by one unit and behind by one in the fourth,
// and two alternatives, w solves 4 logistic terms; the prior hardly moves it.
TEST(ConditionalLogit, FindsTheWeightOfAKnownCase) {
  std::vector<std::vector<float>> scores(2);
  std::vector<std::uint32_t> right;
  for (int i = 0; i < 4000; ++i) {
    scores[0].insert(scores[0].end(), {0.5f, -0.5f});
    scores[1].insert(scores[1].end(), {2.0f, 2.0f});  // the same throughout
    right.push_back(i % 4 == 0 ? 1u : 0u);
  }
  const auto weights = fit_conditional_logit(scores, right, 2);
  EXPECT_NEAR(weights[0], std::log(3.0), 1e-3);  // odds 3 : 1 at a lead of one
  EXPECT_EQ(weights[1], 0);
}

TEST(Identify, NamesTheModel) {
  const auto results = identified(references(), unknown_runs(kAlder, 10, 21), "alder");
  EXPECT_EQ(results.answer, IdentityAnswer::kOne) << identify_verdict(results);
  EXPECT_EQ(results.candidates.front().model, "alder");
  EXPECT_TRUE(results.candidates.front().in_set);
  EXPECT_FALSE(results.candidates.back().in_set);
  EXPECT_FALSE(claim_failure(results));
  EXPECT_EQ(results.common_tasks, 0u);
  EXPECT_TRUE(identify_verdict(results).starts_with("No task of these runs is among those"));
  EXPECT_NE(identify_verdict(results).find("consistent with alder alone, of 2 models"),
            std::string::npos);
}

// Held against runs of another benchmark nobody is excluded, and no claim refuted.
TEST(Identify, SaysNothingAcrossBenchmarks) {
  std::vector<TrajectoryFeatures> elsewhere;
  speak(elsewhere, kCedar, "endpoint", 100, 20, 5, "airport");
  const Corpus unknown = testing::corpus_of(std::move(elsewhere));
  const auto results = identified(references(), unknown, "birch");
  EXPECT_EQ(results.tested(), 0u);
  EXPECT_EQ(results.answer, IdentityAnswer::kNothing);
  EXPECT_EQ(claim_answer(results), "cannot_tell");
  EXPECT_FALSE(claim_failure(results));
  EXPECT_TRUE(claim_failure(results, {.cannot_tell = true}));
  EXPECT_TRUE(identify_verdict(results).starts_with("Cannot tell: no reference model has runs of"));

  std::vector<TrajectoryFeatures> some;
  speak(some, kAlder, "alder", 0, 40, 1);
  speak(some, kBirch, "birch", 0, 40, 2, "airport");
  const auto mixed = identified(testing::corpus_of(std::move(some)), unknown, "alder");
  EXPECT_EQ(mixed.tested(), 1u);
  EXPECT_EQ(mixed.answer, IdentityAnswer::kUnknown);  // cedar is not birch
  EXPECT_EQ(claim_answer(mixed), "cannot_tell");
  EXPECT_NE(identify_verdict(mixed).find("One more reference model was not tested"),
            std::string::npos);
}

// The right model is in the set about as often as promised: in 60 groups at 95 %, at least 50
// times.
TEST(Identify, CoversTheRightModel) {
  const Corpus reference = references();
  int covered = 0;
  for (std::uint64_t seed = 100; seed < 160; ++seed) {
    const auto results = identified(reference, unknown_runs(kAlder, 6, seed), "alder");
    covered += results.candidates[*results.claimed].in_set ? 1 : 0;
  }
  EXPECT_GE(covered, 50);
}

TEST(Identify, RefutesAClaim) {
  const auto results = identified(references(), unknown_runs(kAlder, 10, 9), "birch");
  ASSERT_TRUE(results.claimed);
  EXPECT_TRUE(claim_failure(results));
  EXPECT_EQ(results.candidates[results.examined].model, "birch");
  EXPECT_TRUE(std::all_of(results.labels.begin(), results.labels.end(),
                          [](const RunIdentity& run) { return run.foreign; }));
}

TEST(Identify, SaysUnknownOfAStranger) {
  const auto results = identified(references(), unknown_runs(kCedar, 10, 9));
  EXPECT_EQ(results.answer, IdentityAnswer::kUnknown) << identify_verdict(results);
}

TEST(Identify, PromisesNothingFromFewReferences) {
  const auto results = identified(references(10), unknown_runs(kAlder, 1, 9));
  EXPECT_EQ(results.answer, IdentityAnswer::kNothing);
  EXPECT_DOUBLE_EQ(results.candidates.front().least_p, 1.0 / 11);
  ASSERT_FALSE(results.warnings.empty());
  EXPECT_NE(results.warnings.front().find("too few reference tasks"), std::string::npos);
}

// With 19 reference tasks one run has p = 1/20 at least, which is not below 1 - 0.95: the set is of
// candidates with p >= alpha.
TEST(Identify, RefutesNothingWherePIsTheLevel) {
  const Corpus reference = references(19);
  const auto results = identified(reference, unknown_runs(kBirch, 1, 9), "alder");
  const IdentityCandidate& alder = results.candidates[*results.claimed];
  EXPECT_EQ(alder.p, 0.05);
  EXPECT_EQ(alder.least_p, 0.05);
  EXPECT_TRUE(alder.in_set);
  EXPECT_FALSE(claim_failure(results));
  EXPECT_EQ(results.answer, IdentityAnswer::kNothing);
  EXPECT_NE(results.warnings.front().find("too few reference tasks"), std::string::npos);
  for (const RunIdentity& run : results.labels) EXPECT_FALSE(run.foreign);
  for (const IdentityChannelFinding& channel : results.channels) {
    EXPECT_TRUE(channel.silent || channel.consistent == 2);
  }
  // One task more, and it is refuted.
  EXPECT_TRUE(claim_failure(identified(references(20), unknown_runs(kBirch, 1, 9), "alder")));
}

TEST(Identify, GivesTheSameFiguresForAnyNumberOfThreads) {
  const Corpus reference = references();
  const Corpus unknown = unknown_runs(kBirch, 8, 3);
  IdentifyOptions options;
  const ModelIndex model = 0;
  options.threads = 1;
  const auto one = identify(reference, unknown, std::span(&model, 1), options).value();
  options.threads = 3;
  const auto three = identify(reference, unknown, std::span(&model, 1), options).value();
  for (std::size_t c = 0; c < one.candidates.size(); ++c) {
    EXPECT_EQ(one.candidates[c].p, three.candidates[c].p);
    EXPECT_EQ(one.candidates[c].fit, three.candidates[c].fit);
    EXPECT_EQ(one.candidates[c].foreign_noticed, three.candidates[c].foreign_noticed);
  }
}

TEST(Identify, RefusesAReferenceOfOneModel) {
  std::vector<TrajectoryFeatures> features;
  speak(features, kAlder, "alder", 0, 5, 1);
  const Corpus one = testing::corpus_of(std::move(features));
  const ModelIndex model = 0;
  const auto results = identify(one, one, std::span(&model, 1), {});
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().kind, ErrorKind::kInput);
}

TEST(Identify, KnowsChannelsByTheirNamesInTheirOrder) {
  const std::vector<std::string> two = {"wording", "actions"};
  EXPECT_EQ(identity_channels(two).value(),
            (std::vector<IdentityChannel>{IdentityChannel::kActions, IdentityChannel::kWording}));
  const std::vector<std::string> none = {"actions", "tone"};
  EXPECT_EQ(identity_channels(none).error().kind, ErrorKind::kUsage);
}

TEST(Identify, TakesTheRunsOfOneLabel) {
  EXPECT_EQ(models_to_identify(references(), "birch").value(), (std::vector<ModelIndex>{1}));
  EXPECT_EQ(models_to_identify(references(), "").error().kind, ErrorKind::kUsage);
  EXPECT_EQ(models_to_identify(references(), "elm").error().kind, ErrorKind::kUsage);
  EXPECT_EQ(models_to_identify(unknown_runs(kAlder, 2, 1), "").value(),
            (std::vector<ModelIndex>{0}));
}

TEST(IdentityPower, CountsForeignRunsAndRunsNeeded) {
  Clusters own;
  Clusters foreign;
  for (int i = 0; i < 50; ++i) {
    own.push_back({static_cast<float>(i % 5)});            // mean 2
    foreign.push_back({static_cast<float>(i % 5) - 100});  // one is noticed at once
  }
  EXPECT_EQ(foreign_runs_noticed(own, foreign, 10, {}), 1u);
  EXPECT_EQ(foreign_runs_noticed(own, own, 10, {}), std::nullopt);
  EXPECT_EQ(runs_needed(own, foreign, {}), 1u);
  EXPECT_EQ(runs_needed(own, own, {}), std::nullopt);
}

TEST(IdentityCheck, NamesRunsByFoldsOfTasks) {
  IdentityCheckOptions options;
  options.sizes = {1, 5};
  options.groups = 10;
  options.identify.replicates = 199;
  const auto check = check_identity(references(), nullptr, options).value();
  ASSERT_EQ(check.rows.size(), 8u);
  EXPECT_EQ(check.rows[0].groups, 60u);  // 2 models, 3 folds, 10 groups
  EXPECT_DOUBLE_EQ(check.rows[1].first.value(), 1);
  EXPECT_FALSE(check.rows[0].sibling);  // two families
}

}  // namespace
}  // namespace agentecho

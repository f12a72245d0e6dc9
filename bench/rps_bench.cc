// Throughput of the local RPS backend on one core: items labelled and sketched per second (the
// target is 20,000), pairs of trajectories scored per second, trajectories added to a phrase table
// per second. Trajectories are made up from a seed: dialogues of 20 responses of about 100 words
// with lists and bold, and reasoning of about 150 words before every second one.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::rps {
namespace {

std::string words(Rng& rng, std::size_t count) {
  static constexpr std::string_view kWords[] = {
      "the",     "your",   "order", "please",  "confirm", "I",       "can",    "see",
      "would",   "you",    "like",  "me",      "to",      "proceed", "with",   "item",
      "42",      "refund", "great", "which",   "one",     "account", "has",    "been",
      "updated", "let",    "check", "address", "and",     "payment", "method", "for"};
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kWords[rng.below(std::size(kWords))];
    text += i % 12 == 11 ? (rng.chance(0.3) ? "? " : ". ") : " ";
  }
  return text;
}

Trajectory made_up(std::uint64_t seed) {
  Rng rng(seed);
  TrajectoryBuilder builder;
  for (int turn = 0; turn < 10; ++turn) {
    builder.user(words(rng, 20));
    builder.calls({{"get_order_details", {"77"}, words(rng, 60)}}, words(rng, 20));
    builder.assistant(words(rng, 60) + "\n\n**Summary:**\n- **Item:** " + words(rng, 10) +
                          "\n- **Price:** " + words(rng, 10) + "\n\n" + words(rng, 20),
                      words(rng, 150));
  }
  return builder.build();
}

void BM_AnnotateAndSketch(benchmark::State& state) {
  const LocalAnnotator annotator;
  std::vector<Trajectory> trajectories;
  for (std::uint64_t seed = 0; seed < 50; ++seed) trajectories.push_back(made_up(seed));
  std::int64_t n_items = 0;
  for (auto _ : state) {
    for (const Trajectory& t : trajectories) {
      const std::vector<Item> items = items_of(t);
      const StageProfile profile = make_stage_profile(t, items, annotator.label(t, items),
                                                      annotator.taxonomy().stages.size());
      if (profile.unlabelled != 0 || items.size() != 30) state.SkipWithError("wrong profile");
      benchmark::DoNotOptimize(profile.stages.data());
      n_items += static_cast<std::int64_t>(items.size());
    }
  }
  state.SetItemsProcessed(n_items);
}
BENCHMARK(BM_AnnotateAndSketch)->Unit(benchmark::kMillisecond);

void BM_ScorePairsOfTrajectories(benchmark::State& state) {
  const LocalAnnotator annotator;
  const LocalJudge judge;
  std::vector<StageProfile> profiles;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Trajectory t = made_up(seed);
    const std::vector<Item> items = items_of(t);
    profiles.push_back(make_stage_profile(t, items, annotator.label(t, items), 5));
  }
  std::int64_t pairs = 0;
  for (auto _ : state) {
    for (const StageProfile& a : profiles) {
      for (const StageProfile& b : profiles) {
        const TrajectoryPairVerdict pair = judge_profiles(judge, annotator.taxonomy(), a, b);
        if (pair.shared.empty()) state.SkipWithError("nothing shared");
        ++pairs;
      }
    }
  }
  state.SetItemsProcessed(pairs);
}
BENCHMARK(BM_ScorePairsOfTrajectories)->Unit(benchmark::kMillisecond);

void BM_CountPhrases(benchmark::State& state) {
  std::vector<Trajectory> trajectories;
  for (std::uint64_t seed = 0; seed < 64; ++seed) trajectories.push_back(made_up(seed));
  std::int64_t added = 0;
  for (auto _ : state) {
    ResponseSample sample;
    for (const Trajectory& t : trajectories) sample.add(items_of(t), sample.runs().size());
    const PhraseTable table(sample);
    if (table.runs() != trajectories.size()) state.SkipWithError("lost a run");
    added += static_cast<std::int64_t>(trajectories.size());
  }
  state.SetItemsProcessed(added);
}
BENCHMARK(BM_CountPhrases)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace agentecho::rps

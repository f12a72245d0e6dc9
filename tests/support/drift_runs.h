// Runs of an agent whose habits are numbers, for comparisons of sides.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/verbal_features.h"
#include "agentecho/trajectory/builder.h"
#include "support/study.h"

namespace agentecho::testing {

// A run as a side of a comparison has it.
inline TrajectoryFeatures with_habits(const Trajectory& trajectory) {
  TrajectoryFeatures features = features_of(trajectory);
  auto verbal = std::make_shared<VerbalFeatures>();
  verbal->habits = run_habits(trajectory);
  features.verbal = verbal;
  return features;
}

// What an agent does: how likely it is to look twice, what it says, how often it succeeds.
struct Habits {
  double looks_again = 0.5;
  std::string greeting = "Hello there.";
  double success = 0.7;
  std::string system = "be kind";
};

// `trials` runs of each task; a task decides some of what happens.
inline LoadedCorpus runs_of(const std::string& model, const Habits& habits, int tasks, int trials,
                            std::uint64_t seed) {
  std::vector<TrajectoryFeatures> features;
  Rng rng(seed);
  for (int t = 0; t < tasks; ++t) {
    Rng task_rng(17, static_cast<std::uint64_t>(t));
    const bool books = task_rng.chance(0.5);
    for (int i = 0; i < trials; ++i) {
      TrajectoryBuilder builder("shop", std::to_string(t));
      builder.model(model).trial(i).system(habits.system).user("please help");
      builder.reward(rng.chance(habits.success) ? 1 : 0);
      std::string said = habits.greeting;
      for (std::uint64_t w = rng.below(8); w > 0; --w) said += " I will look into it.";
      builder.assistant(said).call("get_order");
      if (rng.chance(0.5)) builder.call("find_user");
      if (books) builder.call("book_item");
      if (rng.chance(habits.looks_again)) builder.call("get_order").call("check_state");
      const Trajectory trajectory = builder.assistant("Done.").build();
      features.push_back(with_habits(trajectory));
    }
  }
  LoadedCorpus loaded;
  loaded.corpus = corpus_of(std::move(features));
  return loaded;
}

}  // namespace agentecho::testing

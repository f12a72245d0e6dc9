#include "agentecho/metrics/rps/packed_profile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agentecho/base/random.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/pair_features.h"

namespace agentecho::rps {
namespace {

// Any sketch, which need not be one of a text.
StageSketch random_sketch(Rng& rng, std::uint64_t most) {
  StageSketch sketch;
  sketch.n_items = 1 + static_cast<std::uint32_t>(rng.below(9));
  for (float& count : sketch.counts) {
    if (rng.chance(0.5)) count = static_cast<float>(rng.below(most));
  }
  for (float& count : sketch.profile) {
    if (rng.chance(0.3)) count = static_cast<float>(rng.below(most));
  }
  for (BottomK* const set : sketch.sketches()) {
    for (std::uint64_t i = rng.below(600); i > 0; --i) set->add(rng.below(500) << 40);
    set->tidy();
  }
  return sketch;
}

StageProfile random_profile(std::uint64_t seed, std::uint64_t most = 300) {
  Rng rng(seed);
  StageProfile profile;
  profile.unlabelled = static_cast<std::uint32_t>(rng.below(5));
  for (int stage = 0; stage < 5; ++stage) {
    profile.stages.push_back(rng.chance(0.7) ? random_sketch(rng, most) : StageSketch{});
  }
  return profile;
}

TEST(PackedProfile, LosesNothing) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const StageProfile profile = random_profile(seed);
    const PackedProfile packed(profile);
    EXPECT_EQ(packed.unpacked(), profile);
    for (StageId stage = 0; stage < 5; ++stage) EXPECT_EQ(packed.has(stage), profile.has(stage));
    EXPECT_EQ(packed, PackedProfile(packed.unpacked()));
  }
  EXPECT_EQ(PackedProfile(StageProfile{}).unpacked(), StageProfile{});
}

TEST(PackedProfile, KeepsCountsThatNeedMoreRoom) {
  StageProfile profile = random_profile(1, 1 << 20);
  profile.stages[0].n_items = 1;
  profile.stages[0].counts[3] = 0.5f;
  EXPECT_EQ(PackedProfile(profile).unpacked(), profile);
}

TEST(PackedProfile, DiffersWhereAProfileDoes) {
  StageProfile profile = random_profile(2);
  const PackedProfile before(profile);
  ++profile.unlabelled;
  EXPECT_FALSE(PackedProfile(profile) == before);
}

TEST(PackedProfile, IsJudgedAsTheProfileIs) {
  const LocalJudge judge;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const StageProfile a = random_profile(2 * seed);
    const StageProfile b = random_profile(2 * seed + 1);
    const PackedProfile packed_a(a);
    const PackedProfile packed_b(b);
    const ComparableProfile ready_a = comparable(packed_a);
    const ComparableProfile ready_b = comparable(packed_b);
    for (StageId s = 0; s < 5; ++s) {
      ASSERT_EQ(ready_a[s].occurs(), a.has(s));
      if (!a.has(s) || !b.has(s)) continue;
      EXPECT_EQ(judge.score(ready_a[s], ready_b[s]).overall,
                judge.score(a.stages[s], b.stages[s]).overall);
    }
  }
}

}  // namespace
}  // namespace agentecho::rps

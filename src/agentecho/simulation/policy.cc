#include "agentecho/simulation/policy.h"

#include <algorithm>
#include <cmath>

namespace agentecho::simulation {

namespace {

// Streams of the seeds.
enum : std::uint64_t { kFamilyHabits = 11, kFamilyStyle, kModelHabits, kModelStyle, kModelPhrases };

bool is_skill(Point point) { return point == Point::kMistype || point == Point::kWrongValue; }

AgentPolicy::Row softmax(const AgentPolicy::Row& logits, std::size_t n) {
  AgentPolicy::Row row{};
  const double top = *std::max_element(logits.begin(), logits.begin() + static_cast<long>(n));
  double total = 0;
  for (std::size_t i = 0; i < n; ++i) total += row[i] = std::exp(logits[i] - top);
  for (double& p : row) p /= total;
  return row;
}

constexpr unsigned kGiveUpOption = 3;

void set_skill(AgentPolicy& policy, double slip) {
  for (std::size_t k = 0; k < kGoalKinds; ++k) {
    const auto kind = static_cast<GoalKind>(k);
    policy.row(Point::kMistype, kind) = {1 - slip, slip};
    policy.row(Point::kWrongValue, kind) = {1 - slip, slip};
    AgentPolicy::Row& row = policy.row(Point::kTransient, kind);
    const double rest = row[0] + row[1] + row[2];
    for (unsigned i = 0; i < kGiveUpOption; ++i) row[i] = rest > 0 ? row[i] / rest * (1 - slip) : 0;
    if (rest <= 0) row[0] = 1 - slip;
    row[kGiveUpOption] = slip;
  }
}

}  // namespace

AgentPolicy sample_agent(std::uint64_t family_seed, std::uint64_t model_seed,
                         const AgentOptions& options) {
  AgentPolicy policy;
  policy.name = "family-" + std::to_string(family_seed) + "/model-" + std::to_string(model_seed);
  Rng family(family_seed, kFamilyHabits);
  // A model's deviations must differ between families even when model seeds repeat.
  const std::uint64_t own = model_seed * 0x9E3779B97F4A7C15u ^ (family_seed + 0x632BE59BD9B4E019u);
  Rng model(own, kModelHabits);
  for (std::size_t p = 0; p < kPointCount; ++p) {
    const std::size_t n = kPoints[p].n_options;
    AgentPolicy::Row common{};
    for (std::size_t o = 0; o < n; ++o) {
      common[o] = family.normal() * options.family_spread + model.normal() * options.model_spread;
    }
    for (std::size_t k = 0; k < kGoalKinds; ++k) {
      AgentPolicy::Row logits = common;
      for (std::size_t o = 0; o < n; ++o) {
        logits[o] += family.normal() * options.family_goal_spread +
                     model.normal() * options.model_goal_spread;
      }
      policy.table[p][k] = softmax(logits, n);
    }
  }
  set_skill(policy, options.slip);
  Rng family_style(family_seed, kFamilyStyle);
  Rng model_style(own, kModelStyle);
  Rng phrases(own, kModelPhrases);
  policy.phrases = compose_phrases(
      sample_style(family_style, model_style, options.family_spread, options.model_spread),
      phrases);
  return policy;
}

AgentPolicy gold_agent() {
  AgentPolicy policy;
  policy.name = "gold";
  for (auto& rows : policy.table) {
    for (AgentPolicy::Row& row : rows) row = {1, 0, 0, 0};
  }
  set_skill(policy, 0);
  Rng rng(0);
  Style plain;  // first wordings, no ornaments
  plain.wordings[0] = plain.openings[0] = plain.endings[0] = 50;
  plain.opening_rate = plain.ending_rate = plain.list_rate = plain.bold_rate = plain.long_rate =
      -50;
  policy.phrases = compose_phrases(plain, rng, 1);
  return policy;
}

AgentPolicy with_skill(AgentPolicy policy, double slip) {
  set_skill(policy, slip);
  return policy;
}

AgentPolicy drifted(AgentPolicy policy, std::uint64_t seed, double spread) {
  Rng rng(seed);
  for (std::size_t p = 0; p < kPointCount; ++p) {
    const auto point = static_cast<Point>(p);
    if (is_skill(point)) continue;
    const std::size_t n = kPoints[p].n_options;
    AgentPolicy::Row common{};
    for (std::size_t o = 0; o < n; ++o) common[o] = rng.normal() * spread;
    for (AgentPolicy::Row& row : policy.table[p]) {
      const std::size_t habits = point == Point::kTransient ? kGiveUpOption : n;
      const double mass = point == Point::kTransient ? 1 - row[kGiveUpOption] : 1;
      double total = 0;
      for (std::size_t o = 0; o < habits; ++o) total += row[o] *= std::exp(common[o]);
      for (std::size_t o = 0; o < habits && total > 0; ++o) row[o] *= mass / total;
    }
  }
  return policy;
}

unsigned draw_option(const AgentPolicy::Row& row, unsigned allowed, Rng& rng) {
  double total = 0;
  for (unsigned i = 0; i < kMaxOptions; ++i) total += (allowed >> i & 1u) != 0 ? row[i] : 0;
  double left = rng.uniform() * total;
  unsigned last = 0;
  bool found = false;
  for (unsigned i = 0; i < kMaxOptions; ++i) {
    if ((allowed >> i & 1u) == 0 || (total > 0 && row[i] <= 0)) continue;
    if (!found || total > 0) last = i;
    found = true;
    left -= row[i];
    if (left < 0 && total > 0) break;
  }
  return last;
}

}  // namespace agentecho::simulation

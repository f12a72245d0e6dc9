// Seeded trajectories for laws that must hold on any trajectory: a few tools, values that travel
// from results to arguments, errors, parallel calls, a user with tools, reasoning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/trajectory/builder.h"

namespace agentecho::testing {

template <class T, std::size_t N>
const T& pick(Rng& rng, const T (&items)[N]) {
  return items[rng.below(N)];
}

// Values that overlap, contain each other, differ in case, end in non-letters, or are too common.
inline std::string random_value(Rng& rng) {
  static constexpr std::string_view kValues[] = {
      "ann_lee_42",
      "Ann",
      "lee",
      "#W123",
      "w123",
      "W1234",
      "ab",
      "success",
      "12.5",
      "125",
      "été",
      "naïve",
      "日本",
      "日本語",
      "a-b-c",
      "b-c",
      "a b",
      "SEA",
      "sea-tac",
      "x1",
      "x12",
      "  lee  ",
      "(lee)",
      "pending",
      "PENDING",
      "10000000",
      "gift",
      "gift_card_7",
      "card_7",
      "...",
      "credit",
      "Credit",
      "user.name",
      "a\"b",
      "éa",
      "\xC3\xA9\xC3\xA9",
      "aé",
      "long value with many words, and a comma",
      "this value is longer than one block of sixty-four bytes, so that it spans two of them"};
  return std::string(pick(rng, kValues));
}

inline std::string random_text(Rng& rng) {
  static constexpr std::string_view kGlue[] = {" ",  "",   "_", "-", "\n", ": ", "\"", "é",
                                               "Z9", ", ", "a", "7", ".",  "(",  ")",  "日"};
  std::string text;
  const auto n = rng.below(12);
  for (std::uint64_t i = 0; i < n; ++i) {
    text += pick(rng, kGlue);
    if (rng.chance(0.6)) text += random_value(rng);
    if (rng.chance(0.05)) text.append(rng.below(90), 'q');
  }
  return text + std::string(pick(rng, kGlue));
}

inline std::vector<std::string> random_leaves(Rng& rng) {
  std::vector<std::string> leaves;
  const auto n = rng.below(4);
  for (std::uint64_t i = 0; i < n; ++i) leaves.push_back(random_value(rng));
  return leaves;
}

constexpr std::string_view kTools[] = {"get_user_details",
                                       "get_order_details",
                                       "cancel_pending_order",
                                       "modify_user_address",
                                       "calculate",
                                       "searchFlights",
                                       "refund"};

inline CallSpec random_call(Rng& rng) {
  CallSpec spec;
  spec.name = std::string(pick(rng, kTools));
  spec.leaves = random_leaves(rng);
  spec.result = (rng.chance(0.2) ? "Error: " : "") + random_text(rng);
  if (rng.chance(0.1)) spec.error_flag = rng.chance(0.5) ? ErrorFlag::kError : ErrorFlag::kNoError;
  return spec;
}

// One more message, or call with its result.
inline void add_step(Rng& rng, TrajectoryBuilder& builder) {
  switch (rng.below(8)) {
    case 0:
      builder.user(random_text(rng));
      break;
    case 1:
      builder.assistant(random_text(rng), rng.chance(0.5) ? random_text(rng) : "");
      break;
    case 2:
      builder.user_call("check_phone", random_leaves(rng), random_text(rng));
      break;
    case 3: {
      std::vector<CallSpec> specs;
      const auto n = 2 + rng.below(3);
      for (std::uint64_t i = 0; i < n; ++i) specs.push_back(random_call(rng));
      builder.calls(specs, rng.chance(0.3) ? random_text(rng) : "");
      break;
    }
    default:
      builder.calls({random_call(rng)}, rng.chance(0.2) ? random_text(rng) : "");
  }
}

inline Trajectory random_trajectory(Rng& rng, const std::string& model = "model",
                                    const std::string& task = "task", std::int64_t trial = 0) {
  TrajectoryBuilder builder("retail", task);
  builder.model(model).trial(trial).reward(rng.chance(0.6) ? 1 : 0);
  if (rng.chance(0.3)) builder.system(random_text(rng));
  builder.user(random_text(rng)).assistant("hello");
  const auto steps = rng.below(14);
  for (std::uint64_t i = 0; i < steps; ++i) add_step(rng, builder);
  return builder.build();
}

}  // namespace agentecho::testing

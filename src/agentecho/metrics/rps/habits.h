// Which layout and working habits two models share that set them apart from the others: the
// evidence of a pair beside its phrases (phrases.h). A model's habits are the totals of its stage
// sketches, so they cost nothing extra, merge by addition and need no text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "agentecho/metrics/rps/stage_profile.h"

namespace agentecho::rps {

struct HabitTotals {
  std::array<double, kCounts> counts{};

  void add(const StageProfile& profile);
  double count(Count which) const { return counts[static_cast<std::size_t>(which)]; }
};

// The habits that are reported, in words a reader understands ("bold spans per response").
std::size_t habit_count();
std::string_view habit_name(std::size_t habit);
// The rate of a habit; nothing when there is nothing to divide by (no responses, no calls, ...).
std::optional<double> habit_rate(std::size_t habit, const HabitTotals& totals);

struct SharedHabit {
  std::string_view name;
  double rate_a = 0;
  double rate_b = 0;
  double others_mean = 0;
  double others_spread = 0;  // standard deviation over the other models
  double distance = 0;       // of the nearer of the two from others_mean, in spreads
};

// Habits for which both models lie on the same side of the others' mean, by falling distance (then
// order); those nearer than `least_distance` are left out. A spread below a twentieth of the mean
// plus 0.01 counts as that. At least two others are needed.
std::vector<SharedHabit> shared_habits(const HabitTotals& a, const HabitTotals& b,
                                       std::span<const HabitTotals* const> others,
                                       double least_distance = 1.0);

}  // namespace agentecho::rps

#include "agentecho/metrics/rps/habits.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace agentecho::rps {

namespace {

// A rate: one count per another.
struct HabitRate {
  std::string_view name;
  Count part;
  Count whole;
  double scale = 1;
};

constexpr HabitRate kRates[] = {
    {"words per response", Count::kWords, Count::kResponses},
    {"words per sentence", Count::kWords, Count::kSentences},
    {"paragraphs per response", Count::kParagraphs, Count::kResponses},
    {"share of responses with a list", Count::kListed, Count::kResponses},
    {"dash bullets per response", Count::kDashBullets, Count::kResponses},
    {"round bullets per response", Count::kDotBullets, Count::kResponses},
    {"nested bullets per response", Count::kNestedBullets, Count::kResponses},
    {"numbered lines per response", Count::kNumbered, Count::kResponses},
    {"headings per response", Count::kHeadings, Count::kResponses},
    {"bold spans per response", Count::kBold, Count::kResponses},
    {"emoji per response", Count::kEmoji, Count::kResponses},
    {"dashes per 100 words", Count::kDashes, Count::kWords, 100},
    {"arrows per response", Count::kArrows, Count::kResponses},
    {"curly apostrophes per 100 words", Count::kCurlyApostrophes, Count::kWords, 100},
    {"straight apostrophes per 100 words", Count::kStraightApostrophes, Count::kWords, 100},
    {"parentheses per 100 words", Count::kParentheses, Count::kWords, 100},
    {"lines ending in a colon per response", Count::kColonLines, Count::kResponses},
    {"hard line breaks per response", Count::kHardBreaks, Count::kResponses},
    {"table lines per response", Count::kTableLines, Count::kResponses},
    {"share of responses wrapped in JSON or a code fence", Count::kJsonWrapped, Count::kResponses},
    {"questions per response", Count::kQuestions, Count::kResponses},
    {"share of responses that end asking", Count::kEndsAsking, Count::kResponses},
    {"exclamation marks per response", Count::kExclamations, Count::kResponses},
    {"share of responses that open with enthusiasm", Count::kOpensWithEnthusiasm,
     Count::kResponses},
    {"share of responses that open with a greeting", Count::kOpensWithGreeting, Count::kResponses},
    {"share of responses that open with thanks", Count::kOpensWithThanks, Count::kResponses},
    {"apologies per response", Count::kSorry, Count::kResponses},
    {"courtesy words per 100 words", Count::kPolite, Count::kWords, 100},
    {"'we' per 100 words", Count::kWe, Count::kWords, 100},
    {"words of reasoning per reasoning item", Count::kThinkWords, Count::kThinks},
    {"list lines per reasoning item", Count::kThinkListLines, Count::kThinks},
    {"hesitations per 100 words of reasoning", Count::kThinkHesitation, Count::kThinkWords, 100},
    {"calls per calling message", Count::kCalls, Count::kCallMessages},
    {"share of calling messages announced in words", Count::kAnnouncedMessages,
     Count::kCallMessages},
    {"share of calling messages with reasoning only", Count::kReasonedMessages,
     Count::kCallMessages},
    {"share of calls that fail", Count::kCallErrors, Count::kCalls},
    {"share of failed calls tried again at once", Count::kRetriedErrors, Count::kCallErrors},
    {"share of responses that announce an action", Count::kPromises, Count::kResponses},
    {"share of announcements without a call", Count::kBrokenPromises, Count::kPromises},
    {"share of responses that ask leave to act", Count::kAsksLeave, Count::kResponses},
};

}  // namespace

void HabitTotals::add(const StageProfile& profile) {
  for (const StageSketch& sketch : profile.stages) {
    for (std::size_t c = 0; c < kCounts; ++c) counts[c] += static_cast<double>(sketch.counts[c]);
  }
}

std::size_t habit_count() { return std::size(kRates); }

std::string_view habit_name(std::size_t habit) { return kRates[habit].name; }

std::optional<double> habit_rate(std::size_t habit, const HabitTotals& totals) {
  const HabitRate& rate = kRates[habit];
  const double whole = totals.count(rate.whole);
  if (whole <= 0) return std::nullopt;
  return rate.scale * totals.count(rate.part) / whole;
}

std::vector<SharedHabit> shared_habits(const HabitTotals& a, const HabitTotals& b,
                                       std::span<const HabitTotals* const> others,
                                       double least_distance) {
  std::vector<SharedHabit> shared;
  for (std::size_t habit = 0; habit < habit_count(); ++habit) {
    const std::optional<double> rate_a = habit_rate(habit, a);
    const std::optional<double> rate_b = habit_rate(habit, b);
    if (!rate_a || !rate_b) continue;
    std::vector<double> rates;
    for (const HabitTotals* other : others) {
      if (const std::optional<double> rate = habit_rate(habit, *other)) rates.push_back(*rate);
    }
    if (rates.size() < 2) continue;
    double mean = 0;
    for (const double rate : rates) mean += rate / static_cast<double>(rates.size());
    double variance = 0;
    for (const double rate : rates) {
      variance += (rate - mean) * (rate - mean) / static_cast<double>(rates.size() - 1);
    }
    const double from_a = *rate_a - mean;
    const double from_b = *rate_b - mean;
    if (from_a * from_b <= 0) continue;
    const double spread = std::max(std::sqrt(variance), 0.05 * std::abs(mean) + 0.01);
    const double distance = std::min(std::abs(from_a), std::abs(from_b)) / spread;
    if (distance < least_distance) continue;
    shared.push_back({habit_name(habit), *rate_a, *rate_b, mean, std::sqrt(variance), distance});
  }
  std::stable_sort(shared.begin(), shared.end(), [](const SharedHabit& x, const SharedHabit& y) {
    return x.distance > y.distance;
  });
  return shared;
}

}  // namespace agentecho::rps

#include "agentecho/study/run_distance.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "agentecho/base/multiset.h"

namespace agentecho {

namespace {

using rps::Count;

// Rates: a counter over another, times a scale, with the softening of its comparison.
struct Rate {
  Count part;
  Count whole;
  float scale;
  float softening;
};

constexpr std::array<Rate, RunPoint::kToneRates> kTone = {{
    {Count::kEnthusiasm, Count::kResponses, 1, 0.5f},
    {Count::kOpensWithEnthusiasm, Count::kResponses, 1, 0.2f},
    {Count::kExclamations, Count::kResponses, 1, 0.5f},
    {Count::kOpensWithThanks, Count::kResponses, 1, 0.2f},
    {Count::kPolite, Count::kWords, 100, 1},
    {Count::kSorry, Count::kResponses, 1, 0.3f},
    {Count::kFirstPerson, Count::kWords, 100, 1},
    {Count::kYou, Count::kWords, 100, 1},
    {Count::kPromises, Count::kResponses, 1, 0.3f},
    {Count::kAsksLeave, Count::kResponses, 1, 0.3f},
    {Count::kWords, Count::kSentences, 1, 4},
}};

constexpr std::array<Rate, RunPoint::kLayoutRates> kLayout = {{
    {Count::kWords, Count::kResponses, 1, 10},
    {Count::kDashBullets, Count::kLines, 1, 0.2f},
    {Count::kDotBullets, Count::kLines, 1, 0.2f},
    {Count::kListed, Count::kResponses, 1, 0.3f},
    {Count::kNumbered, Count::kResponses, 1, 1},
    {Count::kParagraphs, Count::kResponses, 1, 1},
    {Count::kLines, Count::kResponses, 1, 2},
    {Count::kColonLines, Count::kResponses, 1, 0.5f},
    {Count::kBold, Count::kResponses, 1, 1},
    {Count::kHeadings, Count::kResponses, 1, 0.5f},
    {Count::kEmoji, Count::kResponses, 1, 0.3f},
    {Count::kDashes, Count::kResponses, 1, 0.5f},
    {Count::kCurlyApostrophes, Count::kResponses, 1, 0.5f},
    {Count::kQuestions, Count::kResponses, 1, 0.5f},
    {Count::kParentheses, Count::kWords, 100, 1},
}};

constexpr std::array<Rate, RunPoint::kReasoningRates> kReasoning = {{
    {Count::kThinks, Count::kCallMessages, 1, 0.3f},
    {Count::kThinkWords, Count::kThinks, 1, 10},
    {Count::kThinkListLines, Count::kThinks, 1, 1},
    {Count::kThinkHesitation, Count::kThinkWords, 100, 1},
}};

template <std::size_t N>
void fill_rates(const RunHabits& habits, const std::array<Rate, N>& rates,
                std::array<float, N>& values) {
  for (std::size_t i = 0; i < N; ++i) {
    const auto whole = static_cast<float>(habits.count(rates[i].whole));
    const auto part = static_cast<float>(habits.count(rates[i].part));
    values[i] = whole > 0 ? rates[i].scale * part / whole : 0;
  }
}

template <std::size_t N>
float mean_rate_distance(const std::array<float, N>& a, const std::array<float, N>& b,
                         const std::array<Rate, N>& rates) {
  float sum = 0;
  for (std::size_t i = 0; i < N; ++i) {
    sum += std::abs(a[i] - b[i]) / (a[i] + b[i] + rates[i].softening);
  }
  return sum / static_cast<float>(N);
}

// 1 - Dice of two ascending lists with repetitions; 0 where both are empty.
template <class Id>
float multiset_distance(const std::vector<Id>& a, const std::vector<Id>& b) {
  if (a.empty() && b.empty()) return 0;
  const auto common = static_cast<float>(common_elements(a, b));
  return 1 - 2 * common / static_cast<float>(a.size() + b.size());
}

float checks_distance(const RunPoint& a, const RunPoint& b) {
  float sum = 0;
  int n = 0;
  for (std::size_t f = 0; f < a.checks.size(); ++f) {
    if (!a.checks[f] && !b.checks[f]) continue;
    sum += a.checks[f] && b.checks[f] ? static_cast<float>(std::abs(*a.checks[f] - *b.checks[f]))
                                      : 1.0f;
    ++n;
  }
  return n > 0 ? sum / static_cast<float>(n) : 0;
}

float wording_distance(const RunPoint& a, const RunPoint& b) {
  if (!a.speaks || !b.speaks) return a.speaks == b.speaks ? 0 : 1;
  float squares = 0;
  for (std::size_t i = 0; i < a.profile.size(); ++i) {
    squares += (a.profile[i] - b.profile[i]) * (a.profile[i] - b.profile[i]);
  }
  const float hellinger = std::sqrt(0.5f * squares);
  return 0.5f * hellinger + 0.5f * mean_rate_distance(a.tone, b.tone, kTone);
}

}  // namespace

std::string_view name_of(Channel channel) {
  constexpr std::string_view kNames[kChannels] = {"tools",  "sequences", "checks", "calls",
                                                  "turns",  "words",     "errors", "wording",
                                                  "layout", "reasoning", "outcome"};
  return kNames[static_cast<std::size_t>(channel)];
}

std::string_view describe(Channel channel) {
  constexpr std::string_view kTexts[kChannels] = {"which tools it calls",
                                                  "the order of its calls",
                                                  "its checks, retries and reuse of results",
                                                  "the number of calls",
                                                  "the number of turns",
                                                  "the number of words",
                                                  "its errors and retries",
                                                  "its wording",
                                                  "the layout of its answers",
                                                  "its visible reasoning",
                                                  "its success"};
  return kTexts[static_cast<std::size_t>(channel)];
}

std::vector<std::uint32_t> ToolNames::number(const Corpus& corpus) {
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : corpus.tools()) {
    const auto [at, added] =
        numbers_.try_emplace(name, static_cast<std::uint32_t>(numbers_.size()));
    if (added) names_.push_back(name);
    numbers.push_back(at->second);
  }
  return numbers;
}

RunPoint run_point(const CorpusTrajectory& run, std::span<const std::uint32_t> tools) {
  assert(run.verbal && run.verbal->habits);
  const RunHabits& habits = *run.verbal->habits;
  RunPoint point;
  std::uint32_t before = kNoTool;
  for (const ToolIndex call : run.calls) {
    point.tools.push_back(tools[call]);
    point.call_pairs.push_back(call_pair(before, tools[call]));
    before = tools[call];
  }
  if (!run.calls.empty()) point.call_pairs.push_back(call_pair(before, kNoTool));
  std::sort(point.tools.begin(), point.tools.end());
  std::sort(point.call_pairs.begin(), point.call_pairs.end());
  const auto sequence = calibrated_sequence_features(run.counts);
  const auto dependency = calibrated_dependency_features(run.counts);
  std::copy(sequence.begin(), sequence.end(), point.checks.begin());
  std::copy(dependency.begin(), dependency.end(), point.checks.begin() + 3);
  const std::uint32_t counts[] = {run.counts.calls, run.assistant_messages,
                                  habits.count(Count::kWords), run.counts.errors,
                                  run.counts.retried};
  for (std::size_t i = 0; i < point.logs.size(); ++i) {
    point.logs[i] = std::log1p(static_cast<float>(counts[i]));
  }
  const auto words = static_cast<float>(habits.count(Count::kWords));
  point.speaks = words > 0;
  if (point.speaks) {
    float listed = 0;
    for (std::size_t i = 0; i < habits.profile.size(); ++i) {
      const auto n = static_cast<float>(habits.profile[i]);
      listed += n;
      point.profile[i] = std::sqrt(n / words);
    }
    point.profile.back() = std::sqrt(std::max(0.0f, 1 - listed / words));
  }
  fill_rates(habits, kTone, point.tone);
  fill_rates(habits, kLayout, point.layout);
  fill_rates(habits, kReasoning, point.reasoning);
  // Share of messages with reasoning, also where no message calls anything.
  point.reasoning[0] = run.assistant_messages > 0 ? static_cast<float>(run.reasoning_messages) /
                                                        static_cast<float>(run.assistant_messages)
                                                  : 0;
  point.success = run.success;
  return point;
}

ChannelValues distances(const RunPoint& a, const RunPoint& b) {
  const auto logs = [&](std::size_t i) { return std::abs(a.logs[i] - b.logs[i]); };
  return {multiset_distance(a.tools, b.tools),
          multiset_distance(a.call_pairs, b.call_pairs),
          checks_distance(a, b),
          logs(0),
          logs(1),
          logs(2),
          0.5f * (logs(3) + logs(4)),
          wording_distance(a, b),
          mean_rate_distance(a.layout, b.layout, kLayout),
          mean_rate_distance(a.reasoning, b.reasoning, kReasoning),
          a.success == b.success ? 0.0f : 1.0f};
}

std::optional<double> only_distance(Channel channel) {
  return channel == Channel::kOutcome ? std::optional(1.0) : std::nullopt;
}

bool has_channel(const CorpusTrajectory& run, Channel channel) {
  switch (channel) {
    case Channel::kTools:
    case Channel::kSequences:
    case Channel::kCalls:
      return !run.calls.empty();
    case Channel::kChecks: {
      const auto has = [](const auto& feature) { return feature.has_value(); };
      const auto sequence = calibrated_sequence_features(run.counts);
      const auto dependency = calibrated_dependency_features(run.counts);
      return std::any_of(sequence.begin(), sequence.end(), has) ||
             std::any_of(dependency.begin(), dependency.end(), has);
    }
    case Channel::kTurns:
      return true;
    case Channel::kWords:
    case Channel::kWording:
    case Channel::kLayout:
      return run.verbal && run.verbal->habits && run.verbal->habits->count(Count::kWords) > 0;
    case Channel::kErrors:
      return run.counts.errors > 0;
    case Channel::kReasoning:
      return run.reasoning_messages > 0;
    case Channel::kOutcome:
      return run.reward.has_value();
  }
  return false;
}

}  // namespace agentecho

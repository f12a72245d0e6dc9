#include "agentecho/metrics/rps/pair_features.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace agentecho::rps {

namespace {

double closeness(double x, double y, double softening) {
  return 1.0 - std::abs(x - y) / (x + y + softening);
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

double per_100_words(const StageSketch& s, Count which) {
  return 100.0 * ratio(s.count(which), s.count(Count::kWords));
}

double per_response(const StageSketch& s, Count which) {
  return ratio(s.count(which), s.count(Count::kResponses));
}

double in_words(const StageSketch& a, const StageSketch& b, Count which, double softening) {
  return closeness(per_100_words(a, which), per_100_words(b, which), softening);
}

double in_responses(const StageSketch& a, const StageSketch& b, Count which, double softening) {
  return closeness(per_response(a, which), per_response(b, which), softening);
}

// A set that is empty on one side only shares nothing; empty on both, it sets nothing apart.
Overlap overlap_or_absence(const BottomK& a, const BottomK& b) {
  if (a.values().empty() && b.values().empty()) return {1, 1};
  return overlap(a, b).value_or(Overlap{});
}

// Hellinger affinity of the two word profiles (sum of sqrt(p q)), with one more class for all other
// words.
double profile_affinity(const StageSketch& a, const StageSketch& b) {
  const double words_a = a.count(Count::kWords);
  const double words_b = b.count(Count::kWords);
  if (words_a == 0 && words_b == 0) return 1;
  if (words_a == 0 || words_b == 0) return 0;
  double affinity = 0;
  double listed_a = 0;
  double listed_b = 0;
  for (std::size_t i = 0; i < kProfileWords; ++i) {
    const double x = static_cast<double>(a.profile[i]);
    const double y = static_cast<double>(b.profile[i]);
    affinity += std::sqrt(x * y);
    listed_a += x;
    listed_b += y;
  }
  affinity += std::sqrt(std::max(0.0, words_a - listed_a) * std::max(0.0, words_b - listed_b));
  return std::min(1.0, affinity / std::sqrt(words_a * words_b));
}

double bullets(const StageSketch& s) {
  return ratio(s.count(Count::kDashBullets) + s.count(Count::kDotBullets), s.count(Count::kLines));
}

// Which of two marks a side uses: agreement of the shares of the first; 1 where a side has neither.
double agreement_on_mark(const StageSketch& a, const StageSketch& b, Count first, Count second) {
  const auto total = [&](const StageSketch& s) { return s.count(first) + s.count(second); };
  if (total(a) == 0 || total(b) == 0) return 1;
  return 1.0 - std::abs(ratio(a.count(first), total(a)) - ratio(b.count(first), total(b)));
}

double bullet_mark(const StageSketch& a, const StageSketch& b) {
  return agreement_on_mark(a, b, Count::kDotBullets, Count::kDashBullets);
}

// Curly or straight apostrophes: a mark of the model, not of the task.
double apostrophe(const StageSketch& a, const StageSketch& b) {
  return agreement_on_mark(a, b, Count::kCurlyApostrophes, Count::kStraightApostrophes);
}

double sentence_length(const StageSketch& s) {
  return ratio(s.count(Count::kWords), s.count(Count::kSentences));
}

double marked_up(const StageSketch& s) {
  return std::min(1.0, ratio(s.count(Count::kBold) + s.count(Count::kHeadings),
                             std::max(1.0, s.count(Count::kResponses)) * 2));
}

// A habit is the mean of a few details of the same kind.
using S = const StageSketch&;
using Detail = double (*)(S, S);

struct Habit {
  std::string_view name;
  std::vector<Detail> details;
};

std::vector<Habit> wording_habits() {
  return {
      {"wording",
       {[](S a, S b) { return overlap_or_absence(a.bigrams, b.bigrams).dice; },
        [](S a, S b) { return overlap_or_absence(a.bigrams, b.bigrams).containment; },
        [](S a, S b) { return overlap_or_absence(a.distorted, b.distorted).dice; },
        [](S a, S b) { return overlap_or_absence(a.distorted, b.distorted).containment; },
        profile_affinity}},
      {"openings_closings",
       {[](S a, S b) { return overlap_or_absence(a.openings, b.openings).dice; },
        [](S a, S b) { return overlap_or_absence(a.openings, b.openings).containment; },
        [](S a, S b) { return overlap_or_absence(a.closings, b.closings).dice; }}},
      {"tone",
       {[](S a, S b) { return in_responses(a, b, Count::kEnthusiasm, 0.5); },
        [](S a, S b) { return in_responses(a, b, Count::kOpensWithEnthusiasm, 0.2); },
        [](S a, S b) { return in_responses(a, b, Count::kExclamations, 0.5); },
        [](S a, S b) { return in_responses(a, b, Count::kEmoji, 0.3); },
        [](S a, S b) { return in_responses(a, b, Count::kOpensWithGreeting, 0.2); },
        [](S a, S b) { return in_responses(a, b, Count::kOpensWithThanks, 0.2); }}},
      {"courtesy",
       {[](S a, S b) { return in_words(a, b, Count::kPolite, 1); },
        [](S a, S b) { return in_responses(a, b, Count::kSorry, 0.3); },
        [](S a, S b) { return in_words(a, b, Count::kFirstPerson, 1); },
        [](S a, S b) { return in_words(a, b, Count::kWe, 1); },
        [](S a, S b) { return in_words(a, b, Count::kYou, 1); }}},
      {"typography",
       {apostrophe, [](S a, S b) { return in_responses(a, b, Count::kDashes, 0.5); }}},
  };
}

std::vector<Habit> layout_habits() {
  return {
      {"length",
       {[](S a, S b) { return in_responses(a, b, Count::kWords, 10); },
        [](S a, S b) { return closeness(a.count(Count::kWords), b.count(Count::kWords), 20); },
        [](S a, S b) { return closeness(sentence_length(a), sentence_length(b), 4); }}},
      {"turns",
       {[](S a, S b) { return closeness(a.n_items, b.n_items, 1); },
        [](S a, S b) {
          return closeness(a.count(Count::kResponses), b.count(Count::kResponses), 1);
        }}},
      {"lists",
       {[](S a, S b) { return closeness(bullets(a), bullets(b), 0.2); },
        [](S a, S b) { return in_responses(a, b, Count::kListed, 0.3); },
        [](S a, S b) { return in_responses(a, b, Count::kNumbered, 1); }}},
      {"lines",
       {[](S a, S b) { return in_responses(a, b, Count::kParagraphs, 1); },
        [](S a, S b) { return in_responses(a, b, Count::kLines, 2); },
        [](S a, S b) { return in_responses(a, b, Count::kColonLines, 0.5); }}},
      {"markup",
       {[](S a, S b) { return in_responses(a, b, Count::kBold, 1); },
        [](S a, S b) { return in_responses(a, b, Count::kHeadings, 0.5); },
        [](S a, S b) { return 1.0 - std::abs(marked_up(a) - marked_up(b)); }}},
      {"wrapping", {[](S a, S b) { return in_responses(a, b, Count::kJsonWrapped, 0.1); }}},
      {"marks",
       {bullet_mark, [](S a, S b) { return in_responses(a, b, Count::kNestedBullets, 1); },
        [](S a, S b) { return in_words(a, b, Count::kParentheses, 1); },
        [](S a, S b) { return in_responses(a, b, Count::kArrows, 0.5); },
        [](S a, S b) { return in_responses(a, b, Count::kHardBreaks, 1); },
        [](S a, S b) { return in_responses(a, b, Count::kQuestions, 0.5); },
        [](S a, S b) { return in_responses(a, b, Count::kEndsAsking, 0.3); }}},
  };
}

double think_share(S s) { return ratio(s.count(Count::kThinks), s.n_items); }

double per_think(S s, Count which) { return ratio(s.count(which), s.count(Count::kThinks)); }

double hesitation(S s) {
  return 100 * ratio(s.count(Count::kThinkHesitation), s.count(Count::kThinkWords));
}

double announced_share(S s) {
  return ratio(s.count(Count::kAnnouncedMessages), s.count(Count::kCallMessages));
}

double per_item(S s, Count which) { return ratio(s.count(which), s.n_items); }

double calls_per_message(S s) {
  return ratio(s.count(Count::kCalls), s.count(Count::kCallMessages));
}

std::vector<Habit> working_habits() {
  return {
      {"reasoning",
       {[](S a, S b) { return 1.0 - std::abs(think_share(a) - think_share(b)); },
        [](S a, S b) {
          return closeness(per_think(a, Count::kThinkWords), per_think(b, Count::kThinkWords), 10);
        },
        [](S a, S b) {
          return closeness(per_think(a, Count::kThinkListLines),
                           per_think(b, Count::kThinkListLines), 1);
        },
        [](S a, S b) { return closeness(hesitation(a), hesitation(b), 1); }}},
      {"announcing",
       {[](S a, S b) { return 1.0 - std::abs(announced_share(a) - announced_share(b)); },
        [](S a, S b) { return in_responses(a, b, Count::kPromises, 0.3); },
        [](S a, S b) { return in_responses(a, b, Count::kBrokenPromises, 0.3); },
        [](S a, S b) { return in_responses(a, b, Count::kAsksLeave, 0.3); }}},
      {"calling",
       {[](S a, S b) {
          return closeness(per_item(a, Count::kCalls), per_item(b, Count::kCalls), 0.5);
        },
        [](S a, S b) {
          return (a.count(Count::kCalls) > 0) == (b.count(Count::kCalls) > 0) ? 1.0 : 0.0;
        },
        [](S a, S b) { return closeness(calls_per_message(a), calls_per_message(b), 0.5); },
        [](S a, S b) {
          return closeness(a.count(Count::kCallErrors), b.count(Count::kCallErrors), 1);
        },
        [](S a, S b) { return closeness(a.count(Count::kCalls), b.count(Count::kCalls), 1); }}},
  };
}

const std::vector<Habit>& habits() {
  static const std::vector<Habit> all = [] {
    std::vector<Habit> list;
    for (auto* group : {&wording_habits, &layout_habits, &working_habits}) {
      for (Habit& habit : (*group)()) list.push_back(std::move(habit));
    }
    return list;
  }();
  return all;
}

}  // namespace

const std::vector<std::string>& pair_feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Habit& habit : habits()) list.emplace_back(habit.name);
    return list;
  }();
  return names;
}

std::vector<double> pair_features(const StageSketch& a, const StageSketch& b) {
  std::vector<double> values;
  values.reserve(habits().size());
  for (const Habit& habit : habits()) {
    double sum = 0;
    for (const Detail detail : habit.details) sum += detail(a, b);
    values.push_back(sum / static_cast<double>(habit.details.size()));
  }
  return values;
}

}  // namespace agentecho::rps

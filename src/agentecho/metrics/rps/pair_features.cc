#include "agentecho/metrics/rps/pair_features.h"

#include <algorithm>
#include <cmath>
#include <functional>
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

using Rate = std::function<double(const StageSketch&)>;

double same_rate(const StageSketch& a, const StageSketch& b, double softening, const Rate& rate) {
  return closeness(rate(a), rate(b), softening);
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

// Which mark the bullets have: agreement of the shares of dot bullets; 1 without bullets on a side.
double bullet_mark(const StageSketch& a, const StageSketch& b) {
  const auto total = [](const StageSketch& s) {
    return s.count(Count::kDashBullets) + s.count(Count::kDotBullets);
  };
  if (total(a) == 0 || total(b) == 0) return 1;
  return 1.0 - std::abs(ratio(a.count(Count::kDotBullets), total(a)) -
                        ratio(b.count(Count::kDotBullets), total(b)));
}

// Curly or straight apostrophes: a mark of the model, not of the task.
double apostrophe(const StageSketch& a, const StageSketch& b) {
  const auto total = [](const StageSketch& s) {
    return s.count(Count::kCurlyApostrophes) + s.count(Count::kStraightApostrophes);
  };
  if (total(a) == 0 || total(b) == 0) return 1;
  return 1.0 - std::abs(ratio(a.count(Count::kCurlyApostrophes), total(a)) -
                        ratio(b.count(Count::kCurlyApostrophes), total(b)));
}

double marked_up(const StageSketch& s) {
  return std::min(1.0, ratio(s.count(Count::kBold) + s.count(Count::kHeadings),
                             std::max(1.0, s.count(Count::kResponses)) * 2));
}

struct Feature {
  std::string name;
  std::function<double(const StageSketch&, const StageSketch&)> value;
};

using S = const StageSketch&;

std::vector<Feature> wording_features() {
  return {
      {"bigrams", [](S a, S b) { return overlap_or_absence(a.bigrams, b.bigrams).dice; }},
      {"bigrams.contained",
       [](S a, S b) { return overlap_or_absence(a.bigrams, b.bigrams).containment; }},
      {"distorted", [](S a, S b) { return overlap_or_absence(a.distorted, b.distorted).dice; }},
      {"distorted.contained",
       [](S a, S b) { return overlap_or_absence(a.distorted, b.distorted).containment; }},
      {"openings", [](S a, S b) { return overlap_or_absence(a.openings, b.openings).dice; }},
      {"openings.contained",
       [](S a, S b) { return overlap_or_absence(a.openings, b.openings).containment; }},
      {"closings", [](S a, S b) { return overlap_or_absence(a.closings, b.closings).dice; }},
      {"profile", profile_affinity},
      {"enthusiasm", [](S a, S b) { return in_responses(a, b, Count::kEnthusiasm, 0.5); }},
      {"opens.enthusiasm",
       [](S a, S b) { return in_responses(a, b, Count::kOpensWithEnthusiasm, 0.2); }},
      {"opens.greeting",
       [](S a, S b) { return in_responses(a, b, Count::kOpensWithGreeting, 0.2); }},
      {"opens.thanks", [](S a, S b) { return in_responses(a, b, Count::kOpensWithThanks, 0.2); }},
      {"exclamations", [](S a, S b) { return in_responses(a, b, Count::kExclamations, 0.5); }},
      {"polite", [](S a, S b) { return in_words(a, b, Count::kPolite, 1); }},
      {"sorry", [](S a, S b) { return in_responses(a, b, Count::kSorry, 0.3); }},
      {"first_person", [](S a, S b) { return in_words(a, b, Count::kFirstPerson, 1); }},
      {"we", [](S a, S b) { return in_words(a, b, Count::kWe, 1); }},
      {"you", [](S a, S b) { return in_words(a, b, Count::kYou, 1); }},
      {"apostrophe", apostrophe},
      {"dashes", [](S a, S b) { return in_responses(a, b, Count::kDashes, 0.5); }},
  };
}

std::vector<Feature> layout_features() {
  return {
      {"words", [](S a, S b) { return in_responses(a, b, Count::kWords, 10); }},
      {"words.total",
       [](S a, S b) { return closeness(a.count(Count::kWords), b.count(Count::kWords), 20); }},
      {"sentence_length",
       [](S a, S b) {
         return same_rate(a, b, 4, [](S s) {
           return ratio(s.count(Count::kWords), s.count(Count::kSentences));
         });
       }},
      {"paragraphs", [](S a, S b) { return in_responses(a, b, Count::kParagraphs, 1); }},
      {"lines", [](S a, S b) { return in_responses(a, b, Count::kLines, 2); }},
      {"bullets", [](S a, S b) { return same_rate(a, b, 0.2, bullets); }},
      {"bullet_mark", bullet_mark},
      {"nested", [](S a, S b) { return in_responses(a, b, Count::kNestedBullets, 1); }},
      {"numbered", [](S a, S b) { return in_responses(a, b, Count::kNumbered, 1); }},
      {"listed", [](S a, S b) { return in_responses(a, b, Count::kListed, 0.3); }},
      {"headings", [](S a, S b) { return in_responses(a, b, Count::kHeadings, 0.5); }},
      {"bold", [](S a, S b) { return in_responses(a, b, Count::kBold, 1); }},
      {"marked_up", [](S a, S b) { return 1.0 - std::abs(marked_up(a) - marked_up(b)); }},
      {"emoji", [](S a, S b) { return in_responses(a, b, Count::kEmoji, 0.3); }},
      {"arrows", [](S a, S b) { return in_responses(a, b, Count::kArrows, 0.5); }},
      {"parentheses", [](S a, S b) { return in_words(a, b, Count::kParentheses, 1); }},
      {"colon_lines", [](S a, S b) { return in_responses(a, b, Count::kColonLines, 0.5); }},
      {"hard_breaks", [](S a, S b) { return in_responses(a, b, Count::kHardBreaks, 1); }},
      {"json", [](S a, S b) { return in_responses(a, b, Count::kJsonWrapped, 0.1); }},
      {"questions", [](S a, S b) { return in_responses(a, b, Count::kQuestions, 0.5); }},
      {"ends_asking", [](S a, S b) { return in_responses(a, b, Count::kEndsAsking, 0.3); }},
      {"items", [](S a, S b) { return closeness(a.n_items, b.n_items, 1); }},
      {"responses",
       [](S a, S b) {
         return closeness(a.count(Count::kResponses), b.count(Count::kResponses), 1);
       }},
  };
}

std::vector<Feature> reasoning_features() {
  const Rate share = [](S s) { return ratio(s.count(Count::kThinks), s.n_items); };
  return {
      {"think",
       [](S a, S b) {
         return (a.count(Count::kThinks) > 0) == (b.count(Count::kThinks) > 0) ? 1.0 : 0.0;
       }},
      {"think.share", [share](S a, S b) { return 1.0 - std::abs(share(a) - share(b)); }},
      {"think.words",
       [](S a, S b) {
         return same_rate(a, b, 10, [](S s) {
           return ratio(s.count(Count::kThinkWords), s.count(Count::kThinks));
         });
       }},
      {"think.lists",
       [](S a, S b) {
         return same_rate(a, b, 1, [](S s) {
           return ratio(s.count(Count::kThinkListLines), s.count(Count::kThinks));
         });
       }},
      {"think.hesitation",
       [](S a, S b) {
         return same_rate(a, b, 1, [](S s) {
           return 100 * ratio(s.count(Count::kThinkHesitation), s.count(Count::kThinkWords));
         });
       }},
      {"think.bigrams",
       [](S a, S b) { return overlap_or_absence(a.think_bigrams, b.think_bigrams).dice; }},
      {"think.openings",
       [](S a, S b) { return overlap_or_absence(a.think_openings, b.think_openings).dice; }},
  };
}

std::vector<Feature> call_features() {
  return {
      {"calls",
       [](S a, S b) {
         return same_rate(a, b, 0.5, [](S s) { return ratio(s.count(Count::kCalls), s.n_items); });
       }},
      {"calls.any",
       [](S a, S b) {
         return (a.count(Count::kCalls) > 0) == (b.count(Count::kCalls) > 0) ? 1.0 : 0.0;
       }},
      {"calls.total",
       [](S a, S b) { return closeness(a.count(Count::kCalls), b.count(Count::kCalls), 1); }},
      {"calls.per_message",
       [](S a, S b) {
         return same_rate(a, b, 0.5, [](S s) {
           return ratio(s.count(Count::kCalls), s.count(Count::kCallMessages));
         });
       }},
      {"calls.announced",
       [](S a, S b) {
         const auto share = [](S s) {
           return ratio(s.count(Count::kAnnouncedMessages), s.count(Count::kCallMessages));
         };
         return 1.0 - std::abs(share(a) - share(b));
       }},
      {"calls.errors",
       [](S a, S b) {
         return closeness(a.count(Count::kCallErrors), b.count(Count::kCallErrors), 1);
       }},
      {"promises", [](S a, S b) { return in_responses(a, b, Count::kPromises, 0.3); }},
      {"promises.broken", [](S a, S b) { return in_responses(a, b, Count::kBrokenPromises, 0.3); }},
      {"asks_leave", [](S a, S b) { return in_responses(a, b, Count::kAsksLeave, 0.3); }},
  };
}

const std::vector<Feature>& features() {
  static const std::vector<Feature> all = [] {
    std::vector<Feature> list;
    for (auto* group : {&wording_features, &layout_features, &reasoning_features, &call_features}) {
      for (Feature& feature : (*group)()) list.push_back(std::move(feature));
    }
    return list;
  }();
  return all;
}

}  // namespace

const std::vector<std::string>& pair_feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Feature& feature : features()) list.push_back(feature.name);
    return list;
  }();
  return names;
}

std::vector<double> pair_features(const StageSketch& a, const StageSketch& b) {
  std::vector<double> values;
  values.reserve(features().size());
  for (const Feature& feature : features()) values.push_back(feature.value(a, b));
  return values;
}

}  // namespace agentecho::rps

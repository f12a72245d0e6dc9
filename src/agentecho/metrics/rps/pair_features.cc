#include "agentecho/metrics/rps/pair_features.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

namespace agentecho::rps {

namespace {

using S = const StageSketchView&;

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

template <Count kWhich>
double per_100_words(S s) {
  return 100.0 * ratio(s.count(kWhich), s.count(Count::kWords));
}

template <Count kWhich>
double per_response(S s) {
  return ratio(s.count(kWhich), s.count(Count::kResponses));
}

template <Count kWhich>
double per_think(S s) {
  return ratio(s.count(kWhich), s.count(Count::kThinks));
}

template <Count kWhich>
double per_item(S s) {
  return ratio(s.count(kWhich), s.n_items);
}

template <Count kWhich>
double total(S s) {
  return s.count(kWhich);
}

double bullets(S s) {
  return ratio(s.count(Count::kDashBullets) + s.count(Count::kDotBullets), s.count(Count::kLines));
}

// The share of the first of two marks; below 0 where a side has neither.
template <Count kFirst, Count kSecond>
double share_of_mark(S s) {
  const double both = s.count(kFirst) + s.count(kSecond);
  return both == 0 ? -1 : ratio(s.count(kFirst), both);
}

double sentence_length(S s) { return ratio(s.count(Count::kWords), s.count(Count::kSentences)); }

double marked_up(S s) {
  return std::min(1.0, ratio(s.count(Count::kBold) + s.count(Count::kHeadings),
                             std::max(1.0, s.count(Count::kResponses)) * 2));
}

double items(S s) { return s.n_items; }

double think_share(S s) { return ratio(s.count(Count::kThinks), s.n_items); }

double hesitation(S s) {
  return 100 * ratio(s.count(Count::kThinkHesitation), s.count(Count::kThinkWords));
}

double announced_share(S s) {
  return ratio(s.count(Count::kAnnouncedMessages), s.count(Count::kCallMessages));
}

double calls_per_message(S s) {
  return ratio(s.count(Count::kCalls), s.count(Count::kCallMessages));
}

double any_calls(S s) { return s.count(Count::kCalls) > 0 ? 1 : 0; }

// One thing in which two sides are compared.
enum class How : std::uint8_t {
  kCloseness,  // 1 - |x - y| / (x + y + softening) of a rate
  kShare,      // 1 - |x - y| of a share
  kMark,       // the same; 1 where a side has neither mark
  kBigramDice,
  kBigramContainment,
  kDistortedDice,
  kDistortedContainment,
  kProfile,
  kOpeningDice,
  kOpeningContainment,
  kClosingDice,
};

struct Detail {
  How how = How::kCloseness;
  double (*rate)(S) = nullptr;
  double softening = 0;
};

// A habit is the mean of a few details of the same kind.
struct Habit {
  std::string_view name;
  std::vector<Detail> details;
};

constexpr Detail closeness(double (*rate)(S), double softening) {
  return {How::kCloseness, rate, softening};
}
constexpr Detail share(double (*rate)(S)) { return {How::kShare, rate, 0}; }
template <Count kWhich>
constexpr Detail in_words(double softening) {
  return closeness(per_100_words<kWhich>, softening);
}
template <Count kWhich>
constexpr Detail in_responses(double softening) {
  return closeness(per_response<kWhich>, softening);
}

std::vector<Habit> wording_habits() {
  return {
      {"wording",
       {{How::kBigramDice},
        {How::kBigramContainment},
        {How::kDistortedDice},
        {How::kDistortedContainment},
        {How::kProfile}}},
      {"openings_closings", {{How::kOpeningDice}, {How::kOpeningContainment}, {How::kClosingDice}}},
      {"tone",
       {in_responses<Count::kEnthusiasm>(0.5), in_responses<Count::kOpensWithEnthusiasm>(0.2),
        in_responses<Count::kExclamations>(0.5), in_responses<Count::kEmoji>(0.3),
        in_responses<Count::kOpensWithGreeting>(0.2), in_responses<Count::kOpensWithThanks>(0.2)}},
      {"courtesy",
       {in_words<Count::kPolite>(1), in_responses<Count::kSorry>(0.3),
        in_words<Count::kFirstPerson>(1), in_words<Count::kWe>(1), in_words<Count::kYou>(1)}},
      // Curly or straight apostrophes: a mark of the model, not of the task.
      {"typography",
       {{How::kMark, share_of_mark<Count::kCurlyApostrophes, Count::kStraightApostrophes>},
        in_responses<Count::kDashes>(0.5)}},
  };
}

std::vector<Habit> layout_habits() {
  return {
      {"length",
       {in_responses<Count::kWords>(10), closeness(total<Count::kWords>, 20),
        closeness(sentence_length, 4)}},
      {"turns", {closeness(items, 1), closeness(total<Count::kResponses>, 1)}},
      {"lists",
       {closeness(bullets, 0.2), in_responses<Count::kListed>(0.3),
        in_responses<Count::kNumbered>(1)}},
      {"lines",
       {in_responses<Count::kParagraphs>(1), in_responses<Count::kLines>(2),
        in_responses<Count::kColonLines>(0.5)}},
      {"markup",
       {in_responses<Count::kBold>(1), in_responses<Count::kHeadings>(0.5), share(marked_up)}},
      {"wrapping", {in_responses<Count::kJsonWrapped>(0.1)}},
      {"marks",
       {{How::kMark, share_of_mark<Count::kDotBullets, Count::kDashBullets>},
        in_responses<Count::kNestedBullets>(1),
        in_words<Count::kParentheses>(1),
        in_responses<Count::kArrows>(0.5),
        in_responses<Count::kHardBreaks>(1),
        in_responses<Count::kQuestions>(0.5),
        in_responses<Count::kEndsAsking>(0.3)}},
  };
}

std::vector<Habit> working_habits() {
  return {
      {"reasoning",
       {share(think_share), closeness(per_think<Count::kThinkWords>, 10),
        closeness(per_think<Count::kThinkListLines>, 1), closeness(hesitation, 1)}},
      {"announcing",
       {share(announced_share), in_responses<Count::kPromises>(0.3),
        in_responses<Count::kBrokenPromises>(0.3), in_responses<Count::kAsksLeave>(0.3)}},
      {"calling",
       {closeness(per_item<Count::kCalls>, 0.5), share(any_calls),
        closeness(calls_per_message, 0.5), closeness(total<Count::kCallErrors>, 1),
        closeness(total<Count::kCalls>, 1)}},
  };
}

// All details, habit by habit, as arrays.
struct Details {
  std::vector<std::string> names;  // of the habits
  std::array<Detail, kPairDetails> of{};
  std::array<std::size_t, kPairFeatures + 1> first{};  // detail of each habit, and one behind
  // 1 - |x - y| / ((x + y) * scale + softening)
  std::array<double, kPairDetails> scale{};
  std::array<double, kPairDetails> softening{};
  std::array<std::size_t, 8> shared{};  // by How, from kBigramDice on: the detail
  std::vector<std::size_t> marks;

  Details() {
    std::size_t at = 0;
    for (auto* group : {&wording_habits, &layout_habits, &working_habits}) {
      for (const Habit& habit : (*group)()) {
        names.emplace_back(habit.name);
        for (const Detail& detail : habit.details) add(at++, detail);
        first.at(names.size()) = at;
      }
    }
  }

  std::size_t at(How how) const {
    return shared[static_cast<std::size_t>(how) - static_cast<std::size_t>(How::kBigramDice)];
  }

 private:
  void add(std::size_t at, const Detail& detail) {
    of.at(at) = detail;
    scale[at] = detail.how == How::kCloseness ? 1 : 0;
    softening[at] = detail.how == How::kCloseness ? detail.softening : 1;
    if (detail.how == How::kMark) marks.push_back(at);
    if (detail.how >= How::kBigramDice) {
      shared[static_cast<std::size_t>(detail.how) - static_cast<std::size_t>(How::kBigramDice)] =
          at;
    }
  }
};

const Details& details() {
  static const Details all;
  return all;
}

// A set that is empty on one side only shares nothing; empty on both, it sets nothing apart.
Overlap overlap_or_absence(const BottomKView& a, const BottomKView& b) {
  if (a.values.empty() && b.values.empty()) return {1, 1};
  return overlap(a, b).value_or(Overlap{});
}

// Square roots of small whole numbers, which products of counts mostly are.
class Roots {
 public:
  Roots() {
    for (std::size_t i = 0; i < roots_.size(); ++i) roots_[i] = std::sqrt(static_cast<double>(i));
  }
  // x is whole.
  double of(double x) const {
    return x < static_cast<double>(roots_.size()) ? roots_[static_cast<std::size_t>(x)]
                                                  : std::sqrt(x);
  }

 private:
  std::array<double, 1024> roots_;
};

}  // namespace

const std::vector<std::string>& pair_feature_names() { return details().names; }

ComparableStage::ComparableStage(const StageSketchView& sketch)
    : occurs_(sketch.n_items > 0),
      words_(sketch.count(Count::kWords)),
      profile_(sketch.profile),
      sets_{sketch.sketches[0], sketch.sketches[1], sketch.sketches[2], sketch.sketches[3]} {
  const Details& all = details();
  for (std::size_t d = 0; d < kPairDetails; ++d) {
    if (all.of[d].rate != nullptr) rates_[d] = all.of[d].rate(sketch);
  }
  double listed = 0;
  for (std::size_t i = 0; i < kProfileWords; ++i) {
    listed += static_cast<double>(profile_[i]);
    if (profile_[i] != 0) in_profile_[i / 64] |= std::uint64_t{1} << i % 64;
  }
  other_words_ = std::max(0.0, words_ - listed);
}

// Hellinger affinity of the two word profiles (sum of sqrt(p q)), with one more class for all other
// words.
double profile_affinity(const ComparableStage& a, const ComparableStage& b) {
  if (a.words_ == 0 && b.words_ == 0) return 1;
  if (a.words_ == 0 || b.words_ == 0) return 0;
  static const Roots roots;
  double affinity = 0;
  for (std::size_t word = 0; word < a.in_profile_.size(); ++word) {
    for (std::uint64_t both = a.in_profile_[word] & b.in_profile_[word]; both != 0;
         both &= both - 1) {
      const std::size_t i = 64 * word + static_cast<std::size_t>(std::countr_zero(both));
      affinity += roots.of(static_cast<double>(a.profile_[i]) * static_cast<double>(b.profile_[i]));
    }
  }
  affinity += std::sqrt(a.other_words_ * b.other_words_);
  return std::min(1.0, affinity / std::sqrt(a.words_ * b.words_));
}

PairFeatures pair_features(const ComparableStage& a, const ComparableStage& b) {
  const Details& all = details();
  std::array<double, kPairDetails> values;
  for (std::size_t d = 0; d < kPairDetails; ++d) {
    const double x = a.rates_[d];
    const double y = b.rates_[d];
    values[d] = 1.0 - std::abs(x - y) / ((x + y) * all.scale[d] + all.softening[d]);
  }
  for (const std::size_t d : all.marks) {
    if (a.rates_[d] < 0 || b.rates_[d] < 0) values[d] = 1;
  }
  const Overlap bigrams = overlap_or_absence(a.sets_[0], b.sets_[0]);
  const Overlap distorted = overlap_or_absence(a.sets_[1], b.sets_[1]);
  const Overlap openings = overlap_or_absence(a.sets_[2], b.sets_[2]);
  values[all.at(How::kBigramDice)] = bigrams.dice;
  values[all.at(How::kBigramContainment)] = bigrams.containment;
  values[all.at(How::kDistortedDice)] = distorted.dice;
  values[all.at(How::kDistortedContainment)] = distorted.containment;
  values[all.at(How::kProfile)] = profile_affinity(a, b);
  values[all.at(How::kOpeningDice)] = openings.dice;
  values[all.at(How::kOpeningContainment)] = openings.containment;
  values[all.at(How::kClosingDice)] = overlap_or_absence(a.sets_[3], b.sets_[3]).dice;
  PairFeatures features;
  for (std::size_t habit = 0; habit < kPairFeatures; ++habit) {
    double sum = 0;
    for (std::size_t d = all.first[habit]; d < all.first[habit + 1]; ++d) sum += values[d];
    features[habit] = sum / static_cast<double>(all.first[habit + 1] - all.first[habit]);
  }
  return features;
}

PairFeatures pair_features(const StageSketch& a, const StageSketch& b) {
  return pair_features(ComparableStage(a), ComparableStage(b));
}

ComparableProfile comparable(const PackedProfile& profile) {
  ComparableProfile stages(profile.stage_count());
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const auto stage = static_cast<StageId>(s);
    if (profile.has(stage)) stages[s] = ComparableStage(profile.stage(stage));
  }
  return stages;
}

}  // namespace agentecho::rps

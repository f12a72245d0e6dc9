#include "agentecho/readers/record_outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "agentecho/base/folded_key.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/outcome_scale.h"

namespace agentecho {

namespace {

// Folded keys; a place in the table is a rank.
constexpr std::string_view kOutcomeKeys[] = {"reward",         "success",
                                             "score",          "resolved",
                                             "passed",         "utility",
                                             "correct",        "iscorrect",
                                             "issuccess",      "successful",
                                             "succeeded",      "isresolved",
                                             "ispassed",       "pass",
                                             "solved",         "issolved",
                                             "finalreward",    "totalreward",
                                             "tasksuccess",    "testpassed",
                                             "allpassed",      "taskreward",
                                             "finalscore",     "taskpassed",
                                             "rewards",        "totalscore",
                                             "accuracy",       "acc",
                                             "evalscore",      "taskscore",
                                             "correctness",    "wassuccessful",
                                             "taskresolved",   "tasksolved",
                                             "exactmatch",     "failed",
                                             "isfailed",       "isfailure",
                                             "answercorrect",  "goalachieved",
                                             "goalreached",    "pass@1",
                                             "testspassed",    "passedtests",
                                             "numpassed",      "npassed",
                                             "passedcount",    "cumreward",
                                             "alltestspassed", "taskcompleted",
                                             "passat1",        "verifierreward",
                                             "outcomereward",  "ispass",
                                             "episodereward",  "overallscore",
                                             "rewardscore",    "won"};
// They say the opposite.
constexpr std::string_view kOpposite[] = {"failed", "isfailed", "isfailure"};
// What may also hold an answer: only a boolean or a word for success counts, and anything else is
// not odd. Ranked behind all others.
constexpr std::string_view kVerdictKeys[] = {
    "finaljudgeresult", "verdict",     "outcome",  "grade",    "result",      "testresult",
    "evaluation",       "evalresult",  "eval",     "status",   "finalstatus", "taskstatus",
    "target",           "judgeresult", "judgment", "judgement"};
// Elsewhere the wanted answer: only true and false are an outcome.
constexpr std::string_view kOnlyFlag = "target";
constexpr double kPerCent = 100;

// How many tests passed, and beside that how many did not, or how many there are.
constexpr std::string_view kPassedCounts[] = {"passed", "correct", "pass", "solved"};
constexpr std::string_view kOnlyCounts[] = {"testspassed", "passedtests", "numpassed", "npassed",
                                            "passedcount"};
constexpr std::string_view kFailedCounts[] = {"failed",    "incorrect",   "failures",
                                              "wrong",     "testsfailed", "failedtests",
                                              "numfailed", "nfailed",     "failedcount"};
constexpr std::string_view kAllCounts[] = {"total",      "ntests",     "numtests",
                                           "totaltests", "totalcount", "teststotal",
                                           "testcount",  "numtotal",   "ntotal"};
// A score, and beside it the most that can be had.
constexpr std::string_view kScoreKeys[] = {"score", "finalscore", "totalscore"};
constexpr std::string_view kLargestKeys[] = {"maxscore", "maxpoints", "outof", "maximumscore"};

constexpr std::string_view kOutcomeContainers[] = {"rewardinfo",
                                                   "info",
                                                   "metrics",
                                                   "evaluation",
                                                   "result",
                                                   "results",
                                                   "eval",
                                                   "evalresult",
                                                   "evalresults",
                                                   "evaluationresult",
                                                   "report",
                                                   "finalresult",
                                                   "evaluationresults",
                                                   "executionresult",
                                                   "outcome",
                                                   "grade",
                                                   "metadata",
                                                   "meta",
                                                   "scores",
                                                   "summary",
                                                   "score",
                                                   "reward",
                                                   "rewards",
                                                   "testresult",
                                                   "taskresult",
                                                   "verifierresult",
                                                   "verdict",
                                                   "judge",
                                                   "verifier",
                                                   "grading",
                                                   "verification",
                                                   "gradingresult",
                                                   "summaryinfo"};
// Under which an object that is an outcome has its number, behind `value`.
constexpr std::string_view kTotals[] = {"total", "overall", "final", "mean", "average", "sum"};

constexpr std::string_view kTrialKeys[] = {
    "trial",   "trialid",   "trialindex", "trialidx",      "trialnum",       "trialnumber",
    "epoch",   "attempt",   "attemptid",  "attemptnumber", "attemptidx",     "attemptindex",
    "rollout", "rolloutid", "rolloutidx", "rolloutindex",  "ngrolloutindex", "repetition",
    "repeat",  "repeatid",  "replicate",  "iteration",     "runnumber",      "runindex",
    "runidx",  "run",       "runid",      "sampleidx",     "sampleindex",    "samplenumber",
    "seed",    "rep",       "episode",    "episodeidx",    "episodeindex",   "sample"};
constexpr int kFirstWeak = 25;
static_assert(kTrialKeys[kFirstWeak] == "run");

struct Word {
  std::string_view word;
  double reward;
};
constexpr Word kWords[] = {
    {"true", 1},       {"false", 0},   {"yes", 1},        {"no", 0},        {"passed", 1},
    {"pass", 1},       {"failed", 0},  {"fail", 0},       {"success", 1},   {"successful", 1},
    {"succeeded", 1},  {"failure", 0}, {"correct", 1},    {"incorrect", 0}, {"resolved", 1},
    {"unresolved", 0}, {"solved", 1},  {"unsolved", 0},   {"c", 1},         {"i", 0},
    {"p", 0.5},        {"n", 0},       {"partial", 0.5},  {"wrong", 0},     {"unsuccessful", 0},
    {"y", 1},          {"ok", 1},      {"not solved", 0}, {"right", 1},     {"not resolved", 0},
    {"t", 1},          {"f", 0},       {"not passed", 0}, {"passing", 1},   {"failing", 0},
    {"win", 1},        {"won", 1},     {"loss", 0},       {"lost", 0},
};
// What may stand before a reason: "FAILED: the test timed out".
constexpr std::string_view kBeforeReasons[] = {"passed",   "failed",    "pass",    "fail",
                                               "success",  "failure",   "correct", "incorrect",
                                               "resolved", "unresolved"};
// In a status they say that the program ran, and nothing of the task.
constexpr std::string_view kOnlyRan[] = {"ok", "true", "false", "yes", "no", "y",     "n",
                                         "c",  "i",    "p",     "t",   "f",  "right", "wrong"};

template <std::size_t N>
std::optional<int> rank_in(const std::string_view (&keys)[N], std::string_view key) {
  const std::size_t place = place_in(keys, FoldedKey(key).view());
  return place < N ? std::optional(static_cast<int>(place)) : std::nullopt;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

// "85 %" and "3/4", which say of what they are a share.
std::optional<double> parse_share(std::string_view text) {
  if (text.ends_with('%')) {
    const auto number = parse_number(trimmed(text.substr(0, text.size() - 1)));
    return number && *number >= 0 && *number <= kPerCent ? std::optional(*number / kPerCent)
                                                         : std::nullopt;
  }
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto part = parse_number(trimmed(text.substr(0, slash)));
  const auto whole = parse_number(trimmed(text.substr(slash + 1)));
  if (!part || !whole || *whole <= 0 || *part < 0 || *part > *whole) return std::nullopt;
  return *part / *whole;
}

// The text of the JSON string that `json` begins with, or the JSON of another scalar.
std::string_view scalar_text(std::string_view json) {
  json = trimmed(json);
  if (json.empty() || json.front() != '"') {
    return json.substr(0, json.find_first_of(",}] \t\r\n"));
  }
  return trimmed(dialects::peek_string(json));
}

// The word for success or failure that a text is, or begins with before a reason.
const Word* known_word(std::string_view text) {
  const std::string folded = ascii_lowered(text);
  std::string_view lower = folded;  // "**FAIL**", "Incorrect."
  lower = lower.substr(0, lower.find_last_not_of("*.! ") + 1);
  // A mark before the word, a picture as well: "✅ PASS".
  const auto is_mark = [](char c) {
    return c == '*' || c == ' ' || static_cast<unsigned char>(c) >= 0x80;
  };
  constexpr std::size_t kEscape = 6;  // of JSON: "\u2705 PASS"
  for (;;) {
    while (!lower.empty() && is_mark(lower.front())) lower.remove_prefix(1);
    if (!lower.starts_with("\\u") || lower.size() < kEscape) break;
    lower.remove_prefix(kEscape);
  }
  const std::size_t colon = lower.find(':');
  if (colon != kNowhere && is_in(kBeforeReasons, lower.substr(0, colon))) {
    lower = lower.substr(0, colon);
  }
  const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                  [&](const Word& known) { return known.word == lower; });
  return word == std::end(kWords) ? nullptr : word;
}

std::string shown(std::string_view key, std::string_view json) {
  constexpr std::size_t kShown = 40;
  if (json.starts_with('{')) {
    return fmt::format("`{}` with {}", printable(key), printable(dialects::name_members(json, 4)));
  }
  const std::string_view text = json.starts_with('[') ? "a list" : scalar_text(json);
  return fmt::format("`{}` = {}{}", printable(key), printable(text.substr(0, kShown)),
                     text.size() > kShown ? "…" : "");
}

constexpr int kDeepest = 3;

class OutcomeReader {
 public:
  explicit OutcomeReader(std::vector<std::string>& odd, bool for_certain = false)
      : odd_(odd), for_certain_(for_certain) {}

  std::optional<OutcomeValue> value(std::string_view key, std::string_view json, int depth = 0) {
    json = trimmed(json);
    if (json.empty() || depth > kDeepest) return std::nullopt;
    if (key == kOnlyFlag && !for_certain_ && !json.starts_with("true") &&
        !json.starts_with("false")) {
      return std::nullopt;
    }
    std::optional<OutcomeValue> found = json[0] == '{'   ? of_object(key, json, depth)
                                        : json[0] == '[' ? of_list(key, json, depth)
                                                         : of_scalar(key, json);
    if (found && depth == 0 && rank_in(kOpposite, key)) *found = {1 - found->share};
    return found;
  }

  std::optional<InnerOutcome> inside(std::string_view key, std::string_view object) {
    std::optional<InnerOutcome> best;
    constexpr std::size_t kMostMembers = 256;
    const std::vector<dialects::PeekedMember> members =
        dialects::peek_members(object, kMostMembers);
    for (const auto& [name, json] : members) {
      const auto rank = outcome_rank(name);
      if (!rank) continue;
      if (auto found = value(name, json, 0)) {
        found = with_counts(name, *found, members);
        if (!found) continue;
        const int counts = rank_of_outcome(name, *rank, *found);
        if (best && best->rank <= counts) continue;
        best = InnerOutcome{*found, counts, fmt::format("{}.{}", key, name)};
      }
    }
    if (best) return best;
    // The object is the outcome: {"score": {"value": "C"}}, {"scores": {"match": {"value": 1}}}.
    const bool is_scores = key == "scores";
    const auto rank = is_scores ? std::optional(0) : outcome_rank(key);
    if (!rank) return std::nullopt;
    const auto found = of_object(key, object, 0);
    if (!found) return std::nullopt;
    return InnerOutcome{*found, rank_of_outcome(key, *rank, *found), std::string(key)};
  }

 private:
  void note(std::string_view key, std::string_view json) {
    if (!may_be_answer(key) && !rank_in(kOpposite, key)) odd_.push_back(shown(key, json));
  }

  bool may_be_answer(std::string_view key) const {
    return !for_certain_ && rank_in(kVerdictKeys, key).has_value();
  }

  std::optional<OutcomeValue> of_scalar(std::string_view key, std::string_view json) {
    const std::string_view text = scalar_text(json);
    if (text.empty() || text == "null" || text == "{}" || text == "[]") return std::nullopt;
    const bool verdict = may_be_answer(key);
    if (const auto number = parse_number(text)) {
      if (verdict || rank_in(kOpposite, key)) return std::nullopt;  // "failed": how many tests
      return OutcomeValue{*number <= 1 || is_reward_key(key) ? *number : *number / kPerCent,
                          *number};
    }
    if (const Word* const word = known_word(text)) {
      const bool is_status = !for_certain_ && FoldedKey(key).view().ends_with("status");
      if (is_status && is_in(kOnlyRan, word->word)) return std::nullopt;
      return OutcomeValue{word->reward};
    }
    if (const auto share = verdict ? std::nullopt : parse_share(text)) return OutcomeValue{*share};
    note(key, json);
    return std::nullopt;
  }

  // One value; of rewards, which come step by step, the last where all before are 0.
  std::optional<OutcomeValue> of_list(std::string_view key, std::string_view json, int depth) {
    constexpr std::size_t kMost = 100000;
    const std::vector<std::string_view> elements = dialects::peek_elements(json, kMost);
    if (elements.empty()) return std::nullopt;
    const auto read = [&](std::string_view element) {
      const std::size_t known = odd_.size();
      const auto one = value(key, element, depth + 1);
      odd_.resize(known);
      return one;
    };
    const bool says_one =
        elements.size() == 1 ||
        (is_reward_key(key) &&
         std::all_of(elements.begin(), elements.end() - 1, [&](std::string_view element) {
           const auto one = read(element);
           return one && one->points && *one->points == 0;
         }));
    const auto last = says_one ? read(elements.back()) : std::nullopt;
    if (!last) note(key, json);
    return last;
  }

  // Under `value`, a key of outcomes or a total; or in the only object that stands in it.
  std::optional<OutcomeValue> of_object(std::string_view key, std::string_view json, int depth) {
    const auto members = dialects::peek_members(json);
    if (members.empty()) return std::nullopt;
    const dialects::PeekedMember* best = nullptr;
    int best_rank = std::numeric_limits<int>::max();
    for (const dialects::PeekedMember& member : members) {
      const auto rank = rank_within(member.name);
      if (rank && *rank < best_rank) {
        best = &member;
        best_rank = *rank;
      }
    }
    const std::size_t known = odd_.size();
    std::optional<OutcomeValue> found;
    if (best != nullptr) {
      const bool own_key = outcome_rank(best->name).has_value();
      found = value(own_key ? best->name : key, best->value, depth + 1);
    } else if (members[0].value.starts_with('{') && (members.size() == 1 || key == "scores")) {
      found = of_object(key, members[0].value, depth + 1);
    }
    odd_.resize(known);
    if (!found && depth == 0) note(key, json);
    return found;
  }

  static std::optional<int> rank_within(std::string_view name) {
    if (name == "value") return 0;
    if (const auto rank = outcome_rank(name)) return 1 + *rank;
    const auto total = rank_in(kTotals, name);
    constexpr int kBehind = 500;
    return total ? std::optional(kBehind + *total) : std::nullopt;
  }

  std::vector<std::string>& odd_;
  const bool for_certain_;
};

}  // namespace

const int kFirstVerdictRank = static_cast<int>(std::size(kOutcomeKeys));
const int kFirstWeakTrialRank = kFirstWeak;

std::optional<int> outcome_rank(std::string_view key) {
  if (const auto rank = rank_in(kOutcomeKeys, key)) return rank;
  const auto rank = rank_in(kVerdictKeys, key);
  return rank ? std::optional(*rank + kFirstVerdictRank) : std::nullopt;
}
int rank_of_outcome(std::string_view key, int rank, const OutcomeValue& outcome) {
  if (!outcome.points || *outcome.points == 0 || *outcome.points == 1) return rank;
  const bool is_points = rank_in(kOnlyCounts, key) || *outcome.points > 1;
  if (is_points && !is_reward_key(key)) return rank + kRankOfPoints;
  return std::max(rank, kFirstVerdictRank - 1);
}
bool may_hold_outcome(std::string_view key) { return rank_in(kOutcomeContainers, key).has_value(); }
std::optional<int> trial_rank(std::string_view key) { return rank_in(kTrialKeys, key); }

std::optional<OutcomeValue> parse_outcome(std::string_view key, std::string_view json,
                                          std::vector<std::string>& odd, bool for_certain) {
  return OutcomeReader(odd, for_certain).value(key, json);
}

std::optional<InnerOutcome> outcome_inside(std::string_view key, std::string_view object,
                                           std::vector<std::string>& odd) {
  return OutcomeReader(odd).inside(key, object);
}

std::optional<OutcomeValue> with_counts(std::string_view key, const OutcomeValue& outcome,
                                        std::span<const dialects::PeekedMember> members) {
  const bool is_score = rank_in(kScoreKeys, key).has_value();
  const bool is_only_count = rank_in(kOnlyCounts, key).has_value();
  const bool is_count = (is_only_count || rank_in(kPassedCounts, key)) && outcome.points &&
                        *outcome.points == std::trunc(*outcome.points);
  if (!outcome.points || !(is_score || is_count)) return outcome;
  std::optional<double> all;
  for (const auto& [name, json] : members) {
    if (json.starts_with('"')) continue;
    const auto number = parse_number(scalar_text(json));
    if (!number || *number < 0) continue;
    if (is_score ? rank_in(kLargestKeys, name) : rank_in(kAllCounts, name)) all = *number;
    if (!all && is_count && rank_in(kFailedCounts, name)) all = *outcome.points + *number;
  }
  if (!all || *all < 1 || *outcome.points < 0 || *outcome.points > *all) {
    return is_only_count ? std::nullopt : std::optional(outcome);
  }
  return OutcomeValue{*outcome.points / *all};
}

bool may_be_count(std::string_view key) {
  return rank_in(kAllCounts, key) || rank_in(kFailedCounts, key) || rank_in(kLargestKeys, key);
}

bool speaks_of_outcome(std::string_view key) {
  constexpr std::string_view kSpeaking[] = {
      "success",   "successful", "successes",  "succeeded",  "correct",   "correctness",
      "incorrect", "pass",       "passed",     "passes",     "resolved",  "solved",
      "score",     "scores",     "reward",     "rewards",    "verdict",   "grade",
      "graded",    "grader",     "accuracy",   "completed",  "complete",  "achieved",
      "judge",     "judged",     "judgment",   "judgement",  "outcome",   "fail",
      "failed",    "failure",    "reached",    "win",        "won",       "done",
      "valid",     "satisfied",  "assessment", "evaluation", "evaluated", "eval",
      "rating",    "label",      "em",         "f1",         "match",     "matched",
      "matches",   "goal",       "ok",         "good",       "perfect",   "quality",
      "result",    "metric"};
  // How much of something there is, and who says it.
  constexpr std::string_view kOfSomethingElse[] = {"token", "tokens", "cost", "time",     "seconds",
                                                   "ms",    "count",  "num",  "id",       "index",
                                                   "model", "max",    "min",  "threshold"};
  constexpr std::size_t kLongestKey = 64;
  if (key.size() > kLongestKey) return false;
  bool speaks = false;
  const auto take = [&](const std::string& word) {
    speaks = speaks || is_in(kSpeaking, word);
    return !is_in(kOfSomethingElse, word);
  };
  std::string word;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const bool new_word = i > 0 && is_ascii_upper(key[i]) && !is_ascii_upper(key[i - 1]);
    const bool in_word = is_ascii_alpha(key[i]) || is_ascii_digit(key[i]);
    if ((new_word || !in_word) && !take(std::exchange(word, {}))) return false;
    if (in_word) word += ascii_lower(key[i]);
  }
  return take(word) && speaks;
}

namespace {

bool is_verdict_word(std::string_view text) {
  constexpr std::size_t kLongestWord = 16;
  const std::string lower = ascii_lowered(text.substr(0, kLongestWord + 1));
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](const Word& one) { return one.word.size() > 1 && one.word == lower; });
}

}  // namespace

bool may_say_outcome(std::string_view key, std::string_view json) {
  if (!speaks_of_outcome(key)) return false;
  const std::string_view text = scalar_text(json);
  return is_verdict_word(text) || (!json.starts_with('"') && parse_number(text));
}

bool may_be_verdict(std::string_view json) {
  const std::string_view text = scalar_text(json);
  if (is_verdict_word(text)) return true;
  const auto number = json.starts_with('"') ? std::nullopt : parse_number(text);
  return number && *number >= 0 && *number <= 1;
}

bool is_plain_verdict(std::string_view json) {
  const Word* const word = known_word(scalar_text(json));
  return word != nullptr && !is_in(kOnlyRan, word->word);
}

bool speaks_of_trial(std::string_view key) {
  constexpr std::string_view kWordsOfTrials[] = {"trial",   "attempt", "repeat",  "repetition",
                                                 "rollout", "rerun",   "retry_n", "replica"};
  return holds_any(key, kWordsOfTrials);
}

std::optional<std::int64_t> parse_trial(std::string_view json, bool& odd) {
  const std::string_view text = scalar_text(json);
  if (text.empty() || text == "null") return std::nullopt;
  std::int64_t trial = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), trial);
  if (error == std::errc{} && end == text.data() + text.size()) return trial;
  constexpr double kLargest = 1e15;  // integral numbers below are exact
  if (const auto number = parse_number(text);
      number && *number == std::trunc(*number) && std::abs(*number) < kLargest) {
    return static_cast<std::int64_t>(*number);
  }
  odd = true;
  return std::nullopt;
}

}  // namespace agentecho

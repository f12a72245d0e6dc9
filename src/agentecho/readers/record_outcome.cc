#include "agentecho/readers/record_outcome.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho {

namespace {

constexpr std::string_view kOutcomeKeys[] = {
    "reward",       "success",     "score",      "resolved",    "passed",       "utility",
    "correct",      "is_correct",  "is_success", "successful",  "succeeded",    "is_resolved",
    "is_passed",    "pass",        "solved",     "is_solved",   "final_reward", "total_reward",
    "task_success", "test_passed", "all_passed", "task_reward", "final_score",  "task_passed",
};
// What may also hold an answer: only a boolean or a word for success counts, and anything else is
// not odd. Ranked behind all others.
constexpr std::string_view kVerdictKeys[] = {"verdict",     "outcome",    "grade",      "result",
                                             "test_result", "evaluation", "eval_result"};
constexpr std::string_view kContainers[] = {
    "reward_info",
    "info",
    "metrics",
    "evaluation",
    "result",
    "results",
    "eval",
    "eval_result",
    "evaluation_result",
    "execution_result",
    "outcome",
    "grade",
    "metadata",
    "meta",
    "scores",
    "summary",
    "score",
    "reward",
    "rewards",
    "test_result",
    "task_result",
    "verdict",
};
constexpr std::string_view kTrialKeys[] = {
    "trial",   "trial_id",   "trial_index", "trial_idx",  "trial_num",  "trial_number", "epoch",
    "attempt", "attempt_id", "rollout",     "rollout_id", "repetition", "repeat",       "replicate",
};

struct Word {
  std::string_view word;
  double reward;
};
constexpr Word kWords[] = {
    {"true", 1},       {"false", 0},   {"yes", 1},       {"no", 0},        {"passed", 1},
    {"pass", 1},       {"failed", 0},  {"fail", 0},      {"success", 1},   {"successful", 1},
    {"succeeded", 1},  {"failure", 0}, {"correct", 1},   {"incorrect", 0}, {"resolved", 1},
    {"unresolved", 0}, {"solved", 1},  {"unsolved", 0},  {"c", 1},         {"i", 0},
    {"p", 0.5},        {"n", 0},       {"partial", 0.5}, {"wrong", 0},     {"unsuccessful", 0},
    {"y", 1},
};

template <std::size_t N>
std::optional<int> rank_in(const std::string_view (&keys)[N], std::string_view key) {
  const auto* found = std::find(std::begin(keys), std::end(keys), key);
  if (found == std::end(keys)) return std::nullopt;
  return static_cast<int>(found - std::begin(keys));
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

// The text of a JSON string or the JSON of another scalar.
std::string_view scalar_text(std::string_view json) {
  json = trimmed(json);
  if (json.empty() || json.front() != '"') return json;
  return trimmed(dialects::peek_string(json));
}

bool is_nothing(std::string_view json) {
  const std::string_view text = scalar_text(json);
  return text.empty() || text == "null" || text == "{}" || text == "[]";
}

}  // namespace

std::optional<int> outcome_rank(std::string_view key) {
  if (const auto rank = rank_in(kOutcomeKeys, key)) return rank;
  const auto rank = rank_in(kVerdictKeys, key);
  return rank ? std::optional(*rank + static_cast<int>(std::size(kOutcomeKeys))) : std::nullopt;
}
bool may_hold_outcome(std::string_view key) { return rank_in(kContainers, key).has_value(); }
std::optional<int> trial_rank(std::string_view key) { return rank_in(kTrialKeys, key); }

std::optional<double> parse_outcome(std::string_view key, std::string_view json, bool& odd) {
  if (is_nothing(json)) return std::nullopt;
  const std::string_view text = scalar_text(json);
  const bool verdict = rank_in(kVerdictKeys, key).has_value();
  if (const auto number = parse_number(text)) {
    if (verdict) return std::nullopt;
    if (*number <= 1 || key.ends_with("reward")) return number;
    odd = true;
    return std::nullopt;
  }
  const std::string lower = ascii_lowered(text);
  const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                  [&](const Word& known) { return known.word == lower; });
  if (word != std::end(kWords)) return word->reward;
  odd = odd || !verdict;
  return std::nullopt;
}

std::optional<std::int64_t> parse_trial(std::string_view json, bool& odd) {
  if (is_nothing(json)) return std::nullopt;
  const std::string_view text = scalar_text(json);
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

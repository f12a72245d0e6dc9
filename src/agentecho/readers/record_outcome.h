// What a record says about how the run ended: reward or success, and the trial's number, under the
// keys (folded: folded_key.h) and in the spellings that logs use.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho {

// How a run ended, as one member says it.
struct OutcomeValue {
  double share = 0;  // 1 is success
  // The number itself where it is one: a number above 1 is taken as per cent, except of a reward,
  // which may be any number (METHOD 1), until all numbers are known (outcome_scale.h).
  std::optional<double> points = std::nullopt;
  bool operator==(const OutcomeValue&) const = default;
};

// The rank of a member that says whether the run succeeded; the least counts where several are
// there: reward, success, score, resolved, passed, utility, correct, is_correct, … Nothing for
// other keys.
std::optional<int> outcome_rank(std::string_view key);
// From here on the keys may also hold an answer, or say that the program ran: status, result, …
extern const int kFirstVerdictRank;
// Behind all keys: a number above 1 that is no reward counts where nothing else does.
constexpr int kRankOfPoints = 1000;
// The rank of what a member says: one that says how much was right, and not whether it was enough
// (a score of 0.4, a reward of 0.35 or -2), comes behind every member that says that.
int rank_of_outcome(std::string_view key, int rank, const OutcomeValue& outcome);

// The outcome, or {"passed": 1, "failed": 3}: the share that the number under this key is of all,
// where the members also say how many failed or how many there are. Nothing where they do not, and
// the key can only be that of a number of tests ("tests_passed").
std::optional<OutcomeValue> with_counts(std::string_view key, const OutcomeValue& outcome,
                                        std::span<const dialects::PeekedMember> members);
// Whether a member under this key may say that.
bool may_be_count(std::string_view key);

// Objects in which such members stand one level down (info, metrics, evaluation, result, …).
bool may_hold_outcome(std::string_view key);

// The outcome that the value with which `json` begins gives, under this key: a finite number, a
// boolean, a text that says either ("true", "1.0", "85 %", "3/4", "passed", "C" and "I" of
// Inspect), a list whose elements all say the same, or an object in which one of these stands under
// such a key, or under `value` or `total`. Nothing for null and for what cannot be understood;
// `odd` then names the latter, unless the key may as well hold something else. `for_certain`: it
// does not, whatever it is called.
std::optional<OutcomeValue> parse_outcome(std::string_view key, std::string_view json,
                                          std::vector<std::string>& odd, bool for_certain = false);

// The value under one of the keys of outcomes in an object that may hold such; `rank` and `key` say
// under which, the least rank counts.
struct InnerOutcome {
  OutcomeValue value;
  int rank = 0;
  std::string key;  // "metrics.accuracy"
};
std::optional<InnerOutcome> outcome_inside(std::string_view key, std::string_view object,
                                           std::vector<std::string>& odd);

// A member that no table knows, and that may say how the run ended: its name speaks of it
// ("quality_check", "judge_1_ok"), in at most 64 bytes, and its value is a boolean, a number or a
// word for success or failure.
bool may_say_outcome(std::string_view key, std::string_view json);

// Does the name speak of how a run ended, as words of it say ("quality_check", "judge_1_ok")?
bool speaks_of_outcome(std::string_view key);
// Is the value a boolean, a number from 0 to 1, or a word for success or failure?
bool may_be_verdict(std::string_view json);
// Is the text a word for success or failure that is no answer of a task and no mark ("passed", but
// not "no", "C" or "right"), also before a reason?
bool is_plain_verdict(std::string_view json);

// A trial's number: an integral number, also as 1.0 and as a text. Nothing for null; `odd` is set
// for anything else.
std::optional<std::int64_t> parse_trial(std::string_view json, bool& odd);

// Keys of the trial's number, best first. Those from kFirstWeakTrialRank on may number something
// else as well (a seed that all runs have): a text under them says nothing.
std::optional<int> trial_rank(std::string_view key);
extern const int kFirstWeakTrialRank;

// A member that no table knows, whose name speaks of a trial ("try_no").
bool speaks_of_trial(std::string_view key);

}  // namespace agentecho

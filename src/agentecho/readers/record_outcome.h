// What a record says about how the run ended: reward or success, and the trial's number, under the
// keys and in the spellings that logs use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace agentecho {

// The rank of a member that says whether the run succeeded; the least counts where several are
// there: reward, success, score, resolved, passed, utility, correct, is_correct, … Nothing for
// other keys.
std::optional<int> outcome_rank(std::string_view key);

// Objects in which such members stand one level down (info, metrics, evaluation, result, …).
bool may_hold_outcome(std::string_view key);

// A reward from JSON text: a finite number, a boolean, or a text that says either ("true", "1.0",
// "passed", "C" and "I" of Inspect). Nothing for null and for what cannot be understood; `odd` is
// then set for the latter. Under another key than `reward`, a number above 1 is no share of success
// (points, percent) and cannot be understood either.
std::optional<double> parse_outcome(std::string_view key, std::string_view json, bool& odd);

// A trial's number: an integral number, also as 1.0 and as a text. Nothing for null; `odd` is set
// for anything else.
std::optional<std::int64_t> parse_trial(std::string_view json, bool& odd);

// Keys of the trial's number, best first.
std::optional<int> trial_rank(std::string_view key);

}  // namespace agentecho

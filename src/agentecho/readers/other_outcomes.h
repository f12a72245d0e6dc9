// What members of a record say of how the run ended beside the one that counts: those that
// contradict it, and, where none counts, those that may say it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/readers/record_outcome.h"

namespace agentecho {

// Success by one, and failure by the other. What is neither (a share, points) contradicts nothing.
bool contradict(const OutcomeValue& a, const OutcomeValue& b);

// Does a member that says `said` contradict the outcome that counts? Not where it may speak of
// something else: the answer of a task (`result`: "no"), or that the program ran (`status`:
// "success").
bool contradicts(std::string_view key, std::string_view json, const OutcomeValue& said,
                 const OutcomeValue& counted);

// The members of an object, at any level where outcomes are looked for, that do so
// ("evaluation.success"). Neither criteria among several (accuracy, exact match) nor lists (rewards
// of steps) do, nor a mark that may be the least one of many (`score`: 1).
void add_contradictions(std::string_view key, std::string_view object, const OutcomeValue& counted,
                        std::vector<std::string>& names);

// A list of one score, which is that of the run: a number or verdict, or an object with a value,
// unless it is named after another criterion than success.
bool is_one_score(std::string_view key, std::string_view list);

// The members that may say how the run ended, for a record in which none counts: the first few, as
// "judge_ok", "stats.reward", "graders.main.passed", "checks[]", "results[].passed".
class OutcomeCandidates {
 public:
  // A member of the record.
  void take(std::string_view key, std::string_view json);
  std::vector<std::string> names() && { return std::move(names_); }

 private:
  void take_inside(const std::string& path, std::string_view key, std::string_view object,
                   int depth);
  void take_list(const std::string& path, std::string_view key, std::string_view list);
  void add(const std::string& name);

  std::vector<std::string> names_;
};

}  // namespace agentecho

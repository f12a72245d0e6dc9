#include "agentecho/readers/other_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "agentecho/base/folded_key.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho {

namespace {

// Folded keys of one criterion, which may be met or not whatever the run's outcome is.
constexpr std::string_view kCriteria[] = {
    "accuracy",       "acc",         "correctness", "exactmatch",  "answercorrect",
    "goalachieved",   "goalreached", "testpassed",  "testspassed", "allpassed",
    "alltestspassed", "passedtests", "numpassed",   "passedcount", "npassed"};
constexpr std::size_t kMostMembersInside = 256;
constexpr int kDeepestOutcome = 3;

bool is_container(std::string_view json) { return json.starts_with('{') || json.starts_with('['); }

bool is_scalar_under(std::string_view key, std::string_view json) {
  return !is_container(json) && outcome_rank(key).has_value();
}

bool is_criterion(std::string_view key) { return is_in(kCriteria, FoldedKey(key).view()); }

// {"score": {"value": 0}}: the value is the object's.
std::string_view spoken_of(std::string_view key, std::string_view member) {
  return member == "value" && outcome_rank(key) ? key : member;
}

// 1 may be the least of the marks 1 to 5; 1.0 is all of a share.
bool may_be_least_mark(std::string_view key, std::string_view json) {
  return FoldedKey(key).view().ends_with("score") && dialects::peek_value(json) == "1";
}

void add_inside(const std::string& path, std::string_view key, std::string_view object, int depth,
                const OutcomeValue& counted, std::vector<std::string>& names) {
  const auto members = dialects::peek_members(object, kMostMembersInside);
  for (const auto& [name, json] : members) {
    if (json.starts_with('{')) {
      if (depth < kDeepestOutcome && (may_hold_outcome(name) || outcome_rank(name))) {
        add_inside(fmt::format("{}.{}", path, name), name, json, depth + 1, counted, names);
      }
      continue;
    }
    const std::string_view told = spoken_of(key, name);
    if (!is_scalar_under(told, json) || is_criterion(told)) continue;
    std::vector<std::string> odd;
    auto said = parse_outcome(told, json, odd);
    if (said) said = with_counts(told, *said, members);
    if (!said || !contradicts(told, json, *said, counted)) continue;
    if (said->share == 1 && may_be_least_mark(told, json)) continue;
    names.push_back(fmt::format("{}.{}", path, name));
  }
}

// "grader", "checks", "test_results": does it hold verdicts?
bool may_hold_verdicts(std::string_view key) {
  constexpr std::string_view kPlain[] = {"check",     "assertion", "rubric",      "criteria",
                                         "criterion", "test",      "verification"};
  const auto speaks = [&](std::string_view one) {
    return speaks_of_outcome(one) || is_in(kPlain, FoldedKey(one).view()) ||
           may_hold_outcome(one) || outcome_rank(one);
  };
  return speaks(key) || (key.ends_with('s') && speaks(key.substr(0, key.size() - 1)));
}

}  // namespace

bool contradict(const OutcomeValue& a, const OutcomeValue& b) {
  const auto decides = [](const OutcomeValue& one) {
    return (one.share == 0 || one.share == 1) && (!one.points || *one.points == one.share);
  };
  return decides(a) && decides(b) && a.share != b.share;
}

bool contradicts(std::string_view key, std::string_view json, const OutcomeValue& said,
                 const OutcomeValue& counted) {
  constexpr std::string_view kMayBeAnswers[] = {"result", "outcome"};
  if (!contradict(said, counted)) return false;
  const FoldedKey folded(key);
  if (folded.view() == "target") return false;
  if (folded.view().ends_with("status")) return said.share == 0;
  return !is_in(kMayBeAnswers, folded.view()) || !json.starts_with('"') || is_plain_verdict(json);
}

void add_contradictions(std::string_view key, std::string_view object, const OutcomeValue& counted,
                        std::vector<std::string>& names) {
  add_inside(std::string(key), key, object, 1, counted, names);
}

bool is_one_score(std::string_view key, std::string_view list) {
  constexpr std::string_view kNames[] = {"name", "metric", "criterion", "scorer", "key", "type"};
  if (FoldedKey(key).view() != "scores") return false;
  const auto elements = dialects::peek_elements(list, 2);
  if (elements.size() != 1 || elements[0].starts_with('[')) return false;
  const auto members = dialects::peek_members(elements[0]);
  return std::none_of(members.begin(), members.end(), [&](const dialects::PeekedMember& member) {
    return is_in(kNames, FoldedKey(member.name).view()) &&
           !outcome_rank(dialects::peek_string(member.value));
  });
}

void OutcomeCandidates::add(const std::string& name) {
  constexpr std::size_t kMost = 8;
  if (names_.size() < kMost) names_.push_back(printable(name));
}

void OutcomeCandidates::take(std::string_view key, std::string_view json) {
  constexpr std::size_t kLongestKey = 64;
  if (key.size() > kLongestKey) return;
  if (json.starts_with('{')) {
    take_inside(std::string(key), key, json, 1);
  } else if (json.starts_with('[')) {
    take_list(std::string(key), key, json);
  } else if (may_say_outcome(key, json)) {
    add(std::string(key));
  }
}

// Under a name of outcomes; where the object is about them also under one that only speaks of them.
void OutcomeCandidates::take_inside(const std::string& path, std::string_view key,
                                    std::string_view object, int depth) {
  const bool is_about = may_hold_verdicts(key);
  for (const auto& [name, json] : dialects::peek_members(object)) {
    const auto inner = [&, &member = name] { return fmt::format("{}.{}", path, member); };
    if (json.starts_with('{')) {
      const bool tells = is_about || may_hold_verdicts(name);
      if (depth < kDeepestOutcome && tells) take_inside(inner(), name, json, depth + 1);
    } else if (json.starts_with('[')) {
      if (is_about) take_list(inner(), name, json);
    } else if ((is_about || outcome_rank(name)) && may_say_outcome(name, json)) {
      add(inner());
    }
  }
}

void OutcomeCandidates::take_list(const std::string& path, std::string_view key,
                                  std::string_view list) {
  const std::string_view first = dialects::peek_first_element(list);
  if (first.empty() || !may_hold_verdicts(key)) return;
  if (!is_container(first)) {
    if (may_be_verdict(first)) add(path + "[]");
    return;
  }
  for (const auto& [name, json] : dialects::peek_members(first)) {
    const bool is_value = outcome_rank(name) || name == "value" || name == "met";
    const bool tells = may_say_outcome(name, json) || (is_value && may_be_verdict(json));
    if (!tells) continue;
    add(fmt::format("{}[].{}", path, name));
    return;
  }
}

}  // namespace agentecho

#include "agentecho/readers/said_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/other_outcomes.h"

namespace agentecho {

namespace {

constexpr std::string_view kRewardInfo = "reward_info";

// A `status` in the log of a gateway (LiteLLM) is how the request went.
bool is_of_gateway(std::string_view key, std::span<const std::string_view> keys) {
  constexpr std::string_view kOfGateways[] = {"call_type", "litellm_call_id", "response_cost"};
  return key == "status" && std::any_of(keys.begin(), keys.end(), [&](std::string_view other) {
           return is_in(kOfGateways, other);
         });
}

}  // namespace

void SaidOutcomes::take(int rank, std::string_view key, std::string_view json,
                        std::vector<std::string>& odd) {
  if (json.starts_with('[')) {  // may be anything
    take_holder(key, json);
    return;
  }
  if (const auto outcome = parse_outcome(key, json, odd)) {
    said_.push_back({{}, key, json, *outcome});
    offer(*outcome, rank, key);
  } else if (rank >= kFirstVerdictRank) {
    unsure_.push_back({key, json});
  }
}

void SaidOutcomes::take_of_reward_info(std::string_view key, std::string_view json,
                                       std::vector<std::string>& odd) {
  const bool counts = key == "reward";
  std::vector<std::string> ignored;
  const auto said = parse_outcome(key, json, counts ? odd : ignored);
  if (counts) reward_info_ = said;
  const bool is_plain = !json.starts_with('{') && !json.starts_with('[');
  if (said && is_plain) said_.push_back({kRewardInfo, key, json, *said});
}

void SaidOutcomes::offer(const OutcomeValue& outcome, int rank, std::string_view key) {
  rank = rank_of_outcome(key, rank, outcome);
  if (rank <= rank_) {
    count(outcome, rank, key);
  } else if (outcome.points) {
    points_.emplace_back(key, *outcome.points);
  }
}

void SaidOutcomes::count(const OutcomeValue& outcome, int rank, std::string_view key) {
  keep_points();
  counted_ = outcome;
  rank_ = rank;
  key_ = key;
}

// What counted until now may say what the numbers of other records mean.
void SaidOutcomes::keep_points() {
  if (counted_ && counted_->points) points_.emplace_back(key_, *counted_->points);
}

void SaidOutcomes::look_deeper(std::vector<std::string>& odd) {
  const bool is_said = counted_ && rank_ < kFirstVerdictRank;
  if (is_said || reward_info_) return;
  std::vector<std::string> deeper;
  for (const RecordMember& one : holders_) {
    if (one.json.starts_with('[')) {
      const auto outcome = parse_outcome(one.key, one.json, deeper);
      if (outcome) offer(*outcome, outcome_rank(one.key).value_or(0), one.key);
      continue;
    }
    const auto inner = outcome_inside(one.key, one.json, deeper);
    if (inner && inner->rank <= rank_) count(inner->value, inner->rank, inner->key);
  }
  if (!counted_) odd.insert(odd.end(), deeper.begin(), deeper.end());
}

void SaidOutcomes::take_inner(std::string_view key, SaidOutcomes inner) {
  for (Said& one : inner.said_) {
    one.within = key;
    said_.push_back(one);
  }
  inner_holders_ = std::move(inner.holders_);
  if (inner.counted_ && inner.rank_ < rank_) {
    counted_ = inner.counted_;
    rank_ = inner.rank_;
    key_ = inner.key_;
  }
  if (!reward_info_) reward_info_ = inner.reward_info_;
}

SaidOutcomes::Settled SaidOutcomes::settle(std::string_view named_key,
                                           std::span<const std::string_view> keys,
                                           std::vector<std::string>& odd) {
  look_deeper(odd);
  if (counted_ && is_of_gateway(key_, keys)) counted_.reset();
  if (counted_) {
    counted_ = with_counts(key_, *counted_, counts_);
    if (!counted_) odd.push_back(fmt::format("`{}` without how many there are", printable(key_)));
  }
  Settled settled{counted_, key_, named_.has_value(), {}};
  const bool is_own_reward = counted_ && rank_ == 0;
  if (named_) {
    settled.value = named_;
    settled.key = named_key;
  } else if (reward_info_ && !is_own_reward) {
    settled.value = reward_info_;
    settled.key = fmt::format("{}.reward", kRewardInfo);
  }
  if (settled.key != key_) keep_points();
  settled.other_points = std::move(points_);
  return settled;
}

std::vector<std::string> SaidOutcomes::contradictions(
    const OutcomeValue& counted, std::string_view messages_key,
    std::span<const std::string_view> keys) const {
  std::vector<std::string> names;
  for (const Said& one : said_) {
    const auto said = with_counts(one.key, one.value, counts_);
    if (!said || !contradicts(one.key, one.json, *said, counted)) continue;
    if (is_of_gateway(one.key, keys)) continue;
    names.push_back(one.within.empty() ? std::string(one.key)
                                       : fmt::format("{}.{}", one.within, one.key));
  }
  for (const auto* const holders : {&holders_, &inner_holders_}) {
    for (const RecordMember& one : *holders) {
      if (one.json.starts_with('{') && one.key != messages_key) {
        add_contradictions(one.key, one.json, counted, names);
      }
    }
  }
  return names;
}

std::vector<std::string> SaidOutcomes::candidates(const RecordMembers& members,
                                                  std::string_view messages_key) const {
  OutcomeCandidates candidates;
  for (const auto* const kind :
       {&unsure_, &members.flags, &members.unknown, &members.objects, &members.lists}) {
    for (const RecordMember& one : *kind) {
      if (one.key != messages_key) candidates.take(one.key, one.json);
    }
  }
  for (const RecordMember& one : holders_) {  // the objects were among the others
    const bool is_odd = outcome_rank(one.key).value_or(kNoRank) < kFirstVerdictRank;
    if (one.json.starts_with('[') && !is_odd) candidates.take(one.key, one.json);
  }
  return std::move(candidates).names();
}

}  // namespace agentecho

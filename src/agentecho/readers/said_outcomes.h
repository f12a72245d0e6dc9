// How the run of a record ended, from all of its members that say so: the one that counts, those
// that contradict it and, where none counts, those that may say it. What a single member says is a
// matter of record_outcome.h. Keys and JSON are views of the record.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/record_members.h"
#include "agentecho/readers/record_outcome.h"

namespace agentecho {

class SaidOutcomes {
 public:
  // A number of tests or points, which may say of how many.
  void take_count(std::string_view key, std::string_view json) { counts_.push_back({key, json}); }

  // A scalar or a list under a key of outcomes; `odd` then names what cannot be understood. A list
  // is judged where nothing else says it.
  void take(int rank, std::string_view key, std::string_view json, std::vector<std::string>& odd);

  // An object or a list that may say it one level down.
  void take_holder(std::string_view key, std::string_view json) { holders_.push_back({key, json}); }

  // A member of tau2-bench's `reward_info`; `reward` is what that says.
  void take_of_reward_info(std::string_view key, std::string_view json,
                           std::vector<std::string>& odd);
  bool has_reward_info() const { return reward_info_.has_value(); }

  // What the member says that the user named; beside it nothing else counts.
  void take_named(std::optional<OutcomeValue> outcome) { named_ = outcome; }

  // Looks one level down, where the record itself does not say it.
  void look_deeper(std::vector<std::string>& odd);

  // What the object `key` of the record says, in which its messages stand. It has looked deeper.
  void take_inner(std::string_view key, SaidOutcomes inner);

  // The outcome that counts, and where it stands. `keys` are those of the record.
  struct Settled {
    std::optional<OutcomeValue> value;
    std::string key;
    bool named = false;                                        // by the user
    std::vector<std::pair<std::string, double>> other_points;  // numbers that do not count
  };
  Settled settle(std::string_view named_key, std::span<const std::string_view> keys,
                 std::vector<std::string>& odd);

  // The members, without the one of the messages, that say otherwise than the one that counts.
  std::vector<std::string> contradictions(const OutcomeValue& counted,
                                          std::string_view messages_key,
                                          std::span<const std::string_view> keys) const;

  // Those that may say it, for a record in which none counts.
  std::vector<std::string> candidates(const RecordMembers& members,
                                      std::string_view messages_key) const;

 private:
  static constexpr int kNoRank = std::numeric_limits<int>::max();

  // A member that says how the run ended, whether or not it is the one that counts.
  struct Said {
    std::string_view within;  // the object that it stands in; empty for the record itself
    std::string_view key;
    std::string_view json;
    OutcomeValue value;
  };

  void offer(const OutcomeValue& outcome, int rank, std::string_view key);
  void count(const OutcomeValue& outcome, int rank, std::string_view key);
  void keep_points();

  std::optional<OutcomeValue> counted_;
  int rank_ = kNoRank;
  std::string key_;
  std::vector<std::pair<std::string, double>> points_;  // numbers that do not count
  std::optional<OutcomeValue> reward_info_;             // reward_info.reward
  std::optional<OutcomeValue> named_;
  std::vector<Said> said_;
  std::vector<RecordMember> holders_;
  std::vector<RecordMember> inner_holders_;  // of the object that holds the messages
  std::vector<dialects::PeekedMember> counts_;
  std::vector<RecordMember> unsure_;  // numbers that may be a verdict
};

}  // namespace agentecho

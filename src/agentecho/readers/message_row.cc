#include "agentecho/readers/message_row.h"

#include <algorithm>
#include <limits>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/vocabulary.h"
#include "agentecho/readers/identity_keys.h"
#include "agentecho/readers/record_outcome.h"

namespace agentecho {

namespace {

using dialects::Member;
using dialects::PeekedMember;

void take_role(MessageRow& row, const std::vector<PeekedMember>& members) {
  const dialects::Vocabulary& words = dialects::Vocabulary::get();
  row.is_agents = true;
  for (const PeekedMember& member : members) {
    const Member means = words.in_item(member.name);
    if (means != Member::kRole && means != Member::kType) continue;
    const dialects::RoleWord* const role = words.role(dialects::peek_string(member.value));
    if (role == nullptr) continue;
    row.begins_run = role->role == Role::kSystem;
    row.is_users = role->role == Role::kUser;
    row.is_agents = role->role == Role::kAssistant;
    if (means == Member::kRole) return;
  }
}

bool is_result(const std::vector<PeekedMember>& members) {
  const dialects::Vocabulary& words = dialects::Vocabulary::get();
  return std::any_of(members.begin(), members.end(), [&](const PeekedMember& member) {
    if (words.in_item(member.name) != Member::kRole) return false;
    const dialects::RoleWord* const role = words.role(dialects::peek_string(member.value));
    return role != nullptr && role->role == Role::kTool;
  });
}

// Does a message have such a member, so that it says nothing of the run?
bool is_of_message(std::string_view name, bool in_result) {
  const Member means = dialects::Vocabulary::get().in_item(name);
  // Beside a result "success" is how the call went, else how the run ended.
  if (means == Member::kSuccess) return in_result;
  // One dialect keeps how a call went in an object `run`.
  if (means == Member::kStatus && trial_rank(name)) return false;
  return means != Member::kUnknown && means != Member::kHarmless;
}

}  // namespace

std::string_view text_of_cell(std::string_view json) {
  if (json.starts_with('"')) return dialects::peek_string(json);
  return json == "null" ? std::string_view{} : json;
}

MessageRow parse_message_row(std::string_view json) {
  MessageRow row;
  const std::vector<PeekedMember> members = dialects::peek_members(json);
  take_role(row, members);
  const bool in_result = is_result(members);
  IdentityReader reader;
  constexpr int kNoRank = std::numeric_limits<int>::max();
  int best_trial = kNoRank;
  for (const PeekedMember& member : members) {
    const bool scalar =
        !member.value.empty() && member.value.front() != '{' && member.value.front() != '[';
    if (!scalar) continue;
    if (says_place_of_row(member.name)) {
      row.places.push_back({member.name, dialects::peek_value(member.value)});
    }
    if (is_of_message(member.name, in_result)) continue;
    const PeekedMember cell{member.name, dialects::peek_value(member.value)};
    const std::string_view text = text_of_cell(cell.value);
    const bool names = IdentityReader::wants(cell.name) && !is_weak_task_key(cell.name);
    const int trial = names ? kNoRank : trial_rank(cell.name).value_or(kNoRank);
    const bool is_trial = trial < kFirstWeakTrialRank;
    const bool is_place = cell.name == "benchmark" || cell.name == "domain";
    if (is_trial || names || is_place || outcome_rank(cell.name)) row.members.push_back(cell);
    if (text.empty()) continue;
    if (names) reader.take_text(cell.name, text);
    if (cell.name == "benchmark") row.benchmark = text;
    if (cell.name == "domain") row.domain = text;
    if (trial != kNoRank) row.may_be_trials.push_back(cell);
    if (is_trial && trial < best_trial) {
      best_trial = trial;
      row.trial = text;
    }
  }
  std::erase_if(row.may_be_trials,
                [&](const PeekedMember& cell) { return trial_rank(cell.name) == best_trial; });
  RecordIdentity identity = reader.identity();
  row.session = std::move(identity.session);
  row.task = std::move(identity.task);
  row.model = std::move(identity.model);
  row.model_is_weak = identity.model_is_weak;
  return row;
}

std::string without_members(std::string_view row, const std::vector<PeekedMember>& members) {
  const dialects::Vocabulary& words = dialects::Vocabulary::get();
  std::string rest;
  std::size_t from = 0;
  for (const PeekedMember& member : members) {
    const Member means = words.in_item(member.name);
    if (means != Member::kUnknown && means != Member::kStatus) continue;
    const auto begin = static_cast<std::size_t>(member.name.data() - row.data()) - 1;
    auto end = static_cast<std::size_t>(member.value.data() - row.data()) + member.value.size();
    while (end < row.size() && is_ascii_space(row[end])) ++end;
    rest += row.substr(from, begin - from);
    if (end < row.size() && row[end] == ',') {
      ++end;
    } else {  // the last one
      while (!rest.empty() && (is_ascii_space(rest.back()) || rest.back() == ',')) rest.pop_back();
    }
    from = end;
  }
  rest += row.substr(from);
  return rest;
}

}  // namespace agentecho

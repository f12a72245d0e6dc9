#include "agentecho/readers/outcome_scale.h"

#include <algorithm>

#include "agentecho/base/folded_key.h"

namespace agentecho {

namespace {

constexpr double kWhole = 100;
constexpr double kMostPoints = 10;  // up to here a number may be a mark out of 5 or of 10

OutcomeScale scale_by(const NumbersSeen& seen, bool is_reward) {
  if (seen.most <= 1) return OutcomeScale::kShare;
  const bool within = seen.least >= 0 && seen.most <= kWhole;
  if (is_reward) {
    return within && seen.most == kWhole && seen.shares == 0 ? OutcomeScale::kPerCent
                                                             : OutcomeScale::kShare;
  }
  return within && seen.most > kMostPoints ? OutcomeScale::kPerCent : OutcomeScale::kPoints;
}

}  // namespace

void NumbersSeen::operator+=(const NumbersSeen& other) {
  least = runs == 0 ? other.least : std::min(least, other.least);
  most = runs == 0 ? other.most : std::max(most, other.most);
  shares += other.shares;
  runs += other.runs;
}

bool is_reward_key(std::string_view key) {
  const std::size_t dot = key.rfind('.');
  if (dot != std::string_view::npos) key.remove_prefix(dot + 1);
  const FoldedKey folded(key);
  return folded.view().ends_with("reward") || folded.view().ends_with("rewards");
}

void OutcomeScales::add(std::string_view key, double number) {
  add(key, NumbersSeen{1, number > 0 && number <= 1 ? 1U : 0U, number, number});
}

void OutcomeScales::add(std::string_view key, const NumbersSeen& numbers) {
  auto found = seen_.find(key);
  if (found == seen_.end()) found = seen_.emplace(std::string(key), NumbersSeen{}).first;
  found->second += numbers;
}

void OutcomeScales::operator+=(const OutcomeScales& other) {
  for (const auto& [key, seen] : other.seen_) seen_[key] += seen;
}

OutcomeScale OutcomeScales::scale_of(std::string_view key) const {
  const auto found = seen_.find(key);
  return found == seen_.end() ? OutcomeScale::kShare : scale_by(found->second, is_reward_key(key));
}

std::optional<double> OutcomeScales::share(std::string_view key, double number) const {
  switch (scale_of(key)) {
    case OutcomeScale::kShare:
      return number;
    case OutcomeScale::kPerCent:
      return number / kWhole;
    case OutcomeScale::kPoints:
      break;
  }
  return std::nullopt;
}

bool OutcomeScales::change_anything() const {
  return std::any_of(seen_.begin(), seen_.end(), [](const auto& one) {
    const auto& [key, seen] = one;
    const OutcomeScale scale = scale_by(seen, is_reward_key(key));
    return scale == OutcomeScale::kPoints ||
           (scale == OutcomeScale::kPerCent && (seen.shares > 0 || is_reward_key(key)));
  });
}

std::map<std::string, NumbersSeen> OutcomeScales::above_one() const {
  std::map<std::string, NumbersSeen> found;
  for (const auto& [key, seen] : seen_) {
    if (seen.most > 1) found.emplace(key, seen);
  }
  return found;
}

}  // namespace agentecho

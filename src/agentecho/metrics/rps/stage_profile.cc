#include "agentecho/metrics/rps/stage_profile.h"

#include <cmath>

namespace agentecho::rps {

namespace {

bool is_count(double value, double limit) {
  return value >= 0 && value <= limit && value == std::floor(value);
}

}  // namespace

std::vector<std::vector<std::uint32_t>> items_by_stage(const StageLabels& labels,
                                                       std::size_t n_stages) {
  std::vector<std::vector<std::uint32_t>> numbers(n_stages);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < n_stages) numbers[labels[i]].push_back(static_cast<std::uint32_t>(i));
  }
  return numbers;
}

StageProfile make_stage_profile(const Trajectory& trajectory, const std::vector<Item>& items,
                                const StageLabels& labels, std::size_t n_stages) {
  StageProfile profile;
  std::size_t labelled = 0;
  for (const std::vector<std::uint32_t>& numbers : items_by_stage(labels, n_stages)) {
    labelled += numbers.size();
    profile.stages.push_back(make_stage_sketch(trajectory, items, numbers));
  }
  profile.unlabelled = static_cast<std::uint32_t>(labels.size() - labelled);
  return profile;
}

std::vector<double> to_numbers(const StageProfile& profile) {
  std::vector<double> numbers = {static_cast<double>(profile.unlabelled),
                                 static_cast<double>(profile.stages.size())};
  for (const StageSketch& sketch : profile.stages) {
    // A stage that does not occur is stored as an empty list.
    const std::vector<double> part =
        sketch.n_items > 0 ? to_numbers(sketch) : std::vector<double>{};
    numbers.push_back(static_cast<double>(part.size()));
    numbers.insert(numbers.end(), part.begin(), part.end());
  }
  return numbers;
}

Result<StageProfile> profile_from_numbers(std::span<const double> numbers) {
  const auto wrong = [] { return fail(ErrorKind::kInput, "not the numbers of a stage profile"); };
  if (numbers.size() < 2 || !is_count(numbers[0], 4294967295.0) ||
      !is_count(numbers[1], static_cast<double>(kMaxStages))) {
    return wrong();
  }
  StageProfile profile;
  profile.unlabelled = static_cast<std::uint32_t>(numbers[0]);
  const auto n_stages = static_cast<std::size_t>(numbers[1]);
  std::size_t at = 2;
  for (std::size_t s = 0; s < n_stages; ++s) {
    if (at >= numbers.size()) return wrong();
    const double size = numbers[at++];
    if (!is_count(size, static_cast<double>(numbers.size() - at))) return wrong();
    const std::span<const double> part = numbers.subspan(at, static_cast<std::size_t>(size));
    at += part.size();
    if (part.empty()) {
      profile.stages.emplace_back();
      continue;
    }
    Result<StageSketch> sketch = sketch_from_numbers(part);
    if (!sketch) return Unexpected(sketch.error());
    profile.stages.push_back(std::move(*sketch));
  }
  if (at != numbers.size()) return wrong();
  return profile;
}

}  // namespace agentecho::rps

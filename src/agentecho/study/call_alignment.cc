#include "agentecho/study/call_alignment.h"

#include <algorithm>

namespace agentecho {

namespace {

// Counts the literals true and false of a JSON text, outside its strings.
void count_literals(std::string_view json, CallKey& key) {
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (in_string) {
      if (json[i] == '\\') ++i;
      if (i < json.size() && json[i] == '"') in_string = false;
    } else if (json[i] == '"') {
      in_string = true;
    } else if (json.substr(i).starts_with("true")) {
      ++key.n_true;
    } else if (json.substr(i).starts_with("false")) {
      ++key.n_false;
    }
  }
}

std::uint32_t worth(const CallKey& a, const CallKey& b) {
  if (a.tool != b.tool) return 0;
  return a == b ? 3 : 2;
}

}  // namespace

CallKey key_of(const Trajectory& trajectory, const ToolCall& call) {
  CallKey key;
  key.tool = call.name;
  for (const std::string_view leaf : trajectory.leaves_of(call)) key.values.emplace_back(leaf);
  std::sort(key.values.begin(), key.values.end());
  if (!call.malformed_arguments) count_literals(call.arguments, key);
  return key;
}

std::vector<AlignedStep> align_calls(std::span<const CallKey> a, std::span<const CallKey> b) {
  // best[i][j]: the most that the calls from a[i] and from b[j] on can count.
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> best((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      std::uint32_t most = std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
      if (const std::uint32_t both = worth(a[i], b[j]); both > 0) {
        most = std::max(most, both + best[(i + 1) * width + j + 1]);
      }
      best[i * width + j] = most;
    }
  }
  std::vector<AlignedStep> steps;
  std::uint32_t i = 0;
  std::uint32_t j = 0;
  while (i < a.size() || j < b.size()) {
    const std::uint32_t here = best[i * width + j];
    const bool both_left = i < a.size() && j < b.size();
    const std::uint32_t both = both_left ? worth(a[i], b[j]) : 0;
    if (both > 0 && here == both + best[(i + 1) * width + j + 1]) {
      steps.push_back({both == 3 ? StepKind::kSame : StepKind::kSameTool, i++, j++});
    } else if (i < a.size() && here == best[(i + 1) * width + j]) {
      steps.push_back({StepKind::kOnlyA, i++, std::nullopt});
    } else {
      steps.push_back({StepKind::kOnlyB, std::nullopt, j++});
    }
  }
  return steps;
}

}  // namespace agentecho

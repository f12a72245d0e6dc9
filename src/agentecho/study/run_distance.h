// How far apart two runs of one task are, habit by habit: the distances that drift and diversity
// compare (METHOD 10). Every distance is symmetric and 0 for a run and itself.
//
//   tools         1 - Dice coefficient of the multisets of tools called
//   sequences     the same of the pairs of successive calls, beginning and end included [choice:
//                 without it a mere change of order would be no change]
//   checks        mean distance of the calibrated sequence and dependency features (METHOD 3):
//   reads
//                 after and before writing, retries, reuse, chain length, fan-out; a feature that
//                 one run alone has counts 1, one that neither has counts nothing
//   calls, turns, words     |ln((x + 1) / (y + 1))|; turns: assistant messages, words: of the
//                 responses
//   errors        mean of the same for error results and for errors that were retried
//   wording       half Hellinger distance of 160 function words and all others, half tone and
//                 courtesy
//   layout        lists, lines, bold, headings, marks: per response
//   reasoning     visible reasoning: whether there is any, its length and shape
//   outcome       1 where one run succeeded and the other did not
//
// Rates are compared as |x - y| / (x + y + softening), as the local judge does
// (metrics/rps/pair_features.h).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/corpus/verbal_features.h"

namespace agentecho {

enum class Channel : std::uint8_t {
  kTools,
  kSequences,
  kChecks,
  kCalls,
  kTurns,
  kWords,
  kErrors,
  kWording,
  kLayout,
  kReasoning,
  kOutcome,
};
constexpr std::size_t kChannels = 11;

std::string_view name_of(Channel channel);   // "sequences"
std::string_view describe(Channel channel);  // "order of calls"

using ChannelValues = std::array<float, kChannels>;

// Numbers tools by name across corpora.
class ToolNames {
 public:
  // The number of each tool of the corpus, by ToolIndex.
  std::vector<std::uint32_t> number(const Corpus& corpus);
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::vector<std::string> names_;
};

// Two successive calls; kNoTool stands for the beginning and for the end of the run.
constexpr std::uint32_t kNoTool = 0xFFFFFFFF;
constexpr std::uint64_t call_pair(std::uint32_t first, std::uint32_t second) {
  return std::uint64_t{first} << 32 | second;
}

// What the distances need of a run.
struct RunPoint {
  static constexpr std::size_t kToneRates = 11;
  static constexpr std::size_t kLayoutRates = 15;
  static constexpr std::size_t kReasoningRates = 4;

  std::vector<std::uint32_t> tools;       // ascending, with repetitions
  std::vector<std::uint64_t> call_pairs;  // ascending, with repetitions
  std::array<std::optional<double>, 6> checks;
  std::array<float, 5> logs{};  // of calls, turns, words, errors, retried errors, each + 1
  std::array<float, rps::kProfileWords + 1> profile{};  // square roots of shares
  bool speaks = false;
  std::array<float, kToneRates> tone{};
  std::array<float, kLayoutRates> layout{};
  std::array<float, kReasoningRates> reasoning{};
  bool success = false;
};

// `tools`: the corpus' numbers of ToolNames. The trajectory has habits.
RunPoint run_point(const CorpusTrajectory& run, std::span<const std::uint32_t> tools);

// O(calls + counters).
ChannelValues distances(const RunPoint& a, const RunPoint& b);

// The largest distance, in a channel whose distances are that or 0: a mean over few tasks has few
// values then.
std::optional<double> only_distance(Channel channel);

// Has the run anything to show in the channel? A channel in which no run has is left out.
bool has_channel(const CorpusTrajectory& run, Channel channel);

}  // namespace agentecho

// The four scores that a judge gives a pair of blocks, as a list.
#pragma once

#include <array>
#include <string_view>

#include "agentecho/metrics/rps/judge.h"

namespace agentecho {

inline constexpr std::array<std::string_view, 4> kJudgeScores = {"style", "structure", "alignment",
                                                                 "overall"};

// In the order of kJudgeScores.
inline std::array<double, kJudgeScores.size()> list_of(const rps::PairScore& score) {
  return {score.style, score.structure, score.alignment, score.overall};
}

}  // namespace agentecho

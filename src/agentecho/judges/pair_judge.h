// Pairs of stage blocks scored by an LLM (METHOD 4.3 and 4.5; docs/judges.md).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agentecho/judges/asker.h"
#include "agentecho/judges/settings.h"
#include "agentecho/metrics/rps/judge.h"

namespace agentecho::judges {

// How a pair is asked about. Scores are of the pair, not of a side, so they mean the same in both
// orders.
struct Asking {
  int side_order = 0;  // 1: b is shown first
  int repeat = 0;      // the same again on purpose, for test-retest
};

class LlmJudge final : public rps::PatternJudge {
 public:
  struct Options {
    Framing framing = Framing::kNeutral;
    bool swap = false;  // ask in both orders
    int repeats = 1;    // of each order; at least 1
  };

  // The asker must outlive it.
  LlmJudge(JudgeSettings settings, Options options, Asker& asker);

  std::string name() const override;  // "llm:MODEL pair-neutral/1", + " swapped", + " x3"

  // Mean over orders of the mean over repeats. A pair is scored when each order asked for has at
  // least one valid reply, so that no order ever weighs more; otherwise the error is that of the
  // first question without a verdict. Blocks must have their trajectory and items.
  std::vector<Result<rps::PairScore>> judge(std::span<const rps::BlockPair> pairs) const override;

  // Each pair asked about once; errors as no_verdict(outcome).
  std::vector<Result<rps::PairScore>> judge_once(std::span<const rps::BlockPair> pairs,
                                                 const Asking& asking) const;

 private:
  // Scores of asking k at [k * pairs.size(), (k + 1) * pairs.size()); one batch of questions.
  std::vector<Result<rps::PairScore>> ask(std::span<const rps::BlockPair> pairs,
                                          std::span<const Asking> askings) const;
  llm::ChatRequest request(const rps::BlockPair& pair, const Asking& asking) const;

  JudgeSettings settings_;
  Options options_;
  Asker& asker_;
};

}  // namespace agentecho::judges

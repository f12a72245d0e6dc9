// Response Similarity Evaluation (METHOD 5; N. Lee et al., "Quantification of Large Language Model
// Distillation", ACL 2025, arXiv:2501.12619): a judge compares all that two agents told the user
// over a whole task, in style, logical structure and content detail. A baseline for RPS, which it
// differs from in knowing neither stages nor reasoning nor calls.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/judges/asker.h"
#include "agentecho/judges/replies.h"
#include "agentecho/judges/settings.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::judges {

class RseJudge {
 public:
  // The asker must outlive it.
  RseJudge(JudgeSettings settings, Asker& asker);

  std::string name() const;  // "llm:MODEL rse/1"

  // One answer per pair, in order; the first of a pair is shown first. Errors: no_verdict(outcome);
  // kFailed, without asking, where one of the two has no response, since there is nothing to
  // compare.
  std::vector<Result<RseScore>> judge(
      std::span<const std::pair<const Trajectory*, const Trajectory*>> pairs) const;

 private:
  JudgeSettings settings_;
  Asker& asker_;
};

}  // namespace agentecho::judges

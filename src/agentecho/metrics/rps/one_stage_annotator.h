// No stages: every item of a trajectory belongs to one block, so that whole trajectories are
// compared. What stage alignment is worth is the difference to this (C. Yang et al., ACL 2026,
// Table 6).
#pragma once

#include "agentecho/metrics/rps/annotator.h"

namespace agentecho::rps {

class OneStageAnnotator final : public StageAnnotator {
 public:
  OneStageAnnotator();

  std::string name() const override { return "one stage"; }
  // A single stage, "whole trajectory".
  const Taxonomy& taxonomy() const override { return taxonomy_; }
  // Never fails.
  std::vector<Result<StageLabels>> annotate(
      std::span<const AnnotationRequest> requests) const override;

 private:
  Taxonomy taxonomy_;
};

}  // namespace agentecho::rps

// The local stage annotator: a linear score per stage over yes/no features of the item in its
// dialogue (stage_features.h), the highest score wins. It is multinomial logistic regression with a
// ridge penalty when the weights are fitted, and a plain rule set when a user writes them
// (taxonomy.h). Deterministic, no network, no model file. What it is worth: docs/rps.md.
// Cost: O(bytes) for a trajectory.
#pragma once

#include "agentecho/metrics/rps/annotator.h"
#include "agentecho/metrics/rps/stage_features.h"
#include "agentecho/metrics/rps/stage_profile.h"

namespace agentecho::rps {

class LocalAnnotator final : public StageAnnotator {
 public:
  explicit LocalAnnotator(Taxonomy taxonomy = default_taxonomy());

  std::string name() const override { return "local"; }
  const Taxonomy& taxonomy() const override { return taxonomy_; }

  // Never fails.
  std::vector<Result<StageLabels>> annotate(
      std::span<const AnnotationRequest> requests) const override;
  StageLabels label(const Trajectory& trajectory, const std::vector<Item>& items) const;
  // Memory that profile() uses again.
  struct Workspace {
    StageProfile profile;
    StageSketcher::Scratch scratch;
    TextScan scan;
    std::vector<double> score;
  };
  // make_stage_profile() with these labels; each text is read once for both. It lies in the
  // workspace.
  const StageProfile& profile(const Trajectory& trajectory, const std::vector<Item>& items,
                              Workspace& workspace) const;

 private:
  StageId best_stage(ItemKind kind, std::span<const std::uint16_t> features,
                     std::vector<double>& score) const;

  Taxonomy taxonomy_;
  StageFeatureExtractor extractor_;
  // Per feature id one weight per stage: for every item, and on top of it for reasoning items.
  std::vector<double> weights_;
  std::vector<double> think_weights_;
};

}  // namespace agentecho::rps

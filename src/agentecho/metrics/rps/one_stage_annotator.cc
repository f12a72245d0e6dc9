#include "agentecho/metrics/rps/one_stage_annotator.h"

namespace agentecho::rps {

OneStageAnnotator::OneStageAnnotator() {
  taxonomy_.stages = {"whole trajectory"};
  taxonomy_.bias = {0};
}

std::vector<Result<StageLabels>> OneStageAnnotator::annotate(
    std::span<const AnnotationRequest> requests) const {
  std::vector<Result<StageLabels>> labels;
  for (const AnnotationRequest& request : requests) {
    labels.emplace_back(StageLabels(request.items->size(), StageId{0}));
  }
  return labels;
}

}  // namespace agentecho::rps

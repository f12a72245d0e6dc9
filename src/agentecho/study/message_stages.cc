#include "agentecho/study/message_stages.h"

#include <cstddef>

#include "agentecho/metrics/rps/items.h"

namespace agentecho {

std::vector<MessageStages> message_stages(const Trajectory& trajectory,
                                          const rps::LocalAnnotator& annotator) {
  std::vector<MessageStages> stages(trajectory.messages.size());
  const std::vector<rps::Item> items = rps::items_of(trajectory);
  const rps::StageLabels labels = annotator.label(trajectory, items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (labels[i] == rps::kNoStage) continue;
    MessageStages& message = stages[items[i].message];
    (items[i].kind == rps::ItemKind::kThink ? message.reasoning : message.text) =
        annotator.taxonomy().stages[labels[i]];
  }
  return stages;
}

}  // namespace agentecho

// The annotator's interface: gives every item of a trajectory one of the taxonomy's stages
// (docs/rps.md, "Stages"). Whole trajectories are asked for, since the stage of an item depends on
// its place in the dialogue, and many at once, so that an annotator behind a network can have many
// requests in flight.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/taxonomy.h"

namespace agentecho::rps {

struct AnnotationRequest {
  const Trajectory* trajectory = nullptr;
  const std::vector<Item>* items = nullptr;  // items_of(*trajectory)
};

// One label per item, in item order; kNoStage where the annotator gave none (unparseable, refused,
// over budget). Such items take part in nothing and are counted.
using StageLabels = std::vector<StageId>;

class StageAnnotator {
 public:
  virtual ~StageAnnotator() = default;

  // What made the labels, for the provenance of a result ("local 1", ...).
  virtual std::string name() const = 0;
  virtual const Taxonomy& taxonomy() const = 0;
  // One answer per request, in request order. An error (budget, interruption) belongs to its
  // trajectory alone.
  virtual std::vector<Result<StageLabels>> annotate(
      std::span<const AnnotationRequest> requests) const = 0;
};

}  // namespace agentecho::rps

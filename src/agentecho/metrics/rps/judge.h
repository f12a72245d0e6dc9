// The pair judge's interface: scores two blocks (all items of one stage of one task, from two
// trajectories) in style, structure, alignment and overall, each in [1, 5] (docs/rps.md, "The
// judge"). Many pairs are asked for at once, so that a judge behind a network can have many
// requests in flight.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/metrics/rps/items.h"
#include "agentecho/metrics/rps/stage_sketch.h"

namespace agentecho::rps {

// One side of a pair. The local judge reads the sketch alone; a judge that reads text needs the
// trajectory, its items and which of them belong to the block.
struct StageBlock {
  std::string_view stage;                  // its name in the taxonomy
  const StageSketch* sketch = nullptr;     // for the local judge
  const Trajectory* trajectory = nullptr;  // for judges that read; may be null otherwise
  const std::vector<Item>* items = nullptr;
  std::span<const std::uint32_t> numbers;  // of the block's items, ascending
};

struct BlockPair {
  StageBlock a;
  StageBlock b;
};

struct PairScore {
  double style = 0;
  double structure = 0;
  double alignment = 0;
  double overall = 0;
};

class PatternJudge {
 public:
  virtual ~PatternJudge() = default;

  // What made the scores, for the provenance of a result.
  virtual std::string name() const = 0;
  // One answer per pair, in order. An error (unparseable, refused, budget, ...) is no score: it
  // leaves the mean and is counted (docs/rps.md, "Aggregation").
  virtual std::vector<Result<PairScore>> judge(std::span<const BlockPair> pairs) const = 0;
};

}  // namespace agentecho::rps

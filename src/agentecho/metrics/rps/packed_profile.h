// A stage profile as it is kept for each trajectory: one array of whole words, in which what is 0
// takes no room, about 6 KB where the profile takes 13. Nothing is lost.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "agentecho/base/array_store.h"
#include "agentecho/metrics/rps/stage_profile.h"

namespace agentecho::rps {

class PackedProfile {
 public:
  // In `store`, if there is one.
  explicit PackedProfile(const StageProfile& profile, ArrayStore* store = nullptr);

  StageProfile unpacked() const;

  std::size_t stage_count() const { return words_.values()[1]; }
  bool has(StageId stage) const { return words_.values()[2 + stage] != 0; }
  StageSketchView stage(StageId stage) const;  // has(stage)
  // Where it is kept with others; null: nowhere.
  const ArrayStore* store() const { return words_.store(); }
  bool operator==(const PackedProfile&) const = default;

 private:
  // Unlabelled items; number of stages; where each of them begins (0: it does not occur). A stage:
  // items; flags (bit 0: its counts are floats, else halves; bits 1-6: a sketch is full); sizes of
  // the six sketches, two in a word; which counts are not 0; these; the sketches.
  KeptArray<std::uint32_t> words_;
};

}  // namespace agentecho::rps

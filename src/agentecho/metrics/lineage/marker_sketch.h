// The markers of a run within a bounded budget: the smallest hashes.
//
// Hashes are uniform, so the smallest ones are a random sample of the markers, and the same sample
// in every run: of all runs of a task, whatever lies at or below the least limit() of their
// sketches is known of each, present or absent (coordinated bottom-k samples; E. Cohen, H. Kaplan,
// "Summarizing Data using Bottom-k Sketches", PODC 2007). Sums over markers then keep their
// proportions; only their noise grows. A run with at most kMost markers loses nothing.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "agentecho/metrics/lineage/markers.h"

namespace agentecho::lineage {

struct MarkerSketch {
  static constexpr std::size_t kMost = 1024;  // 8 KB

  bool complete = true;  // holds all markers of the run
  Markers hashes;

  // Every marker up to this hash is in the sketch.
  std::uint64_t limit() const {
    return complete ? std::numeric_limits<std::uint64_t>::max() : hashes.back();
  }
  bool operator==(const MarkerSketch&) const = default;
};

inline MarkerSketch make_sketch(Markers markers, std::size_t most = MarkerSketch::kMost) {
  MarkerSketch sketch;
  if (markers.size() > most) {
    markers.resize(most);
    sketch.complete = false;
  }
  markers.shrink_to_fit();
  sketch.hashes = std::move(markers);
  return sketch;
}

// Of one run, in the three channels.
struct RunMarkers {
  MarkerSketch words;
  MarkerSketch layout;
  MarkerSketch actions;
  bool operator==(const RunMarkers&) const = default;
};

inline RunMarkers read_markers(const Trajectory& trajectory) {
  return {make_sketch(word_markers(trajectory)), make_sketch(layout_markers(trajectory)),
          make_sketch(action_markers(trajectory))};
}

}  // namespace agentecho::lineage

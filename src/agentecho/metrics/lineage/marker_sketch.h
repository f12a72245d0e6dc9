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
#include <span>

#include "agentecho/base/array_store.h"
#include "agentecho/metrics/lineage/markers.h"

namespace agentecho::lineage {

struct MarkerSketch {
  static constexpr std::size_t kMost = 1024;  // 8 KB

  bool complete = true;  // holds all markers of the run
  KeptArray<std::uint64_t> kept;

  std::span<const std::uint64_t> hashes() const { return kept.values(); }  // ascending, each once
  // Every marker up to this hash is in the sketch.
  std::uint64_t limit() const {
    return complete ? std::numeric_limits<std::uint64_t>::max() : hashes().back();
  }
  bool operator==(const MarkerSketch&) const = default;
};

// In `store`, if there is one.
inline MarkerSketch make_sketch(Markers markers, ArrayStore* store = nullptr,
                                std::size_t most = MarkerSketch::kMost) {
  const bool complete = markers.size() <= most;
  if (!complete) markers.resize(most);
  return {complete, keep(std::move(markers), store)};
}

// Of one run, in the three channels.
struct RunMarkers {
  MarkerSketch words;
  MarkerSketch layout;
  MarkerSketch actions;
  bool operator==(const RunMarkers&) const = default;
};

inline RunMarkers read_markers(const Trajectory& trajectory, ArrayStore* store = nullptr) {
  return {make_sketch(word_markers(trajectory), store),
          make_sketch(layout_markers(trajectory), store),
          make_sketch(action_markers(trajectory), store)};
}

}  // namespace agentecho::lineage

// What is kept of a trajectory's wording, made in the same pass over the text as everything else,
// and only the parts that somebody asks for: stage profiles for Response Pattern Similarity (METHOD
// 4), word bigrams for the 2-gram overlap (METHOD 5) and markers of choices for the evidence of
// lineage (METHOD 14). Scoring pairs needs no text beyond this. Size: at most 20 KB a trajectory
// for the profile (typically 6), 8 bytes a bigram, at most 17 KB for the markers (typically 9);
// habits and grams: see run_habits.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/array_store.h"
#include "agentecho/base/workspaces.h"
#include "agentecho/corpus/run_habits.h"
#include "agentecho/metrics/lineage/marker_sketch.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/packed_profile.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

struct VerbalParts {
  bool stages = false;
  bool bigrams = false;
  bool habits = false;   // how the run speaks and was served, for drift
  bool grams = false;    // character 4-grams and openings, for identify
  bool markers = false;  // choices, for the evidence of lineage

  bool any() const { return stages || bigrams || habits || grams || markers; }
};

struct VerbalFeatures {
  std::optional<rps::PackedProfile> stages;
  std::optional<std::vector<std::uint64_t>> bigrams;  // response_bigrams(): ascending, each once
  std::optional<RunHabits> habits;
  std::optional<RunGrams> grams;
  std::optional<lineage::RunMarkers> markers;

  bool operator==(const VerbalFeatures&) const = default;
};

// Are all wanted parts there? `features` may be null.
bool has_parts(const VerbalFeatures* features, VerbalParts wanted);

// Prepares the wanted parts. Safe to use from several threads at once.
class VerbalReader {
 public:
  // Stages by the local annotator with this taxonomy. Profiles and markers are kept in `store`, if
  // there is one.
  explicit VerbalReader(VerbalParts wanted, const rps::Taxonomy& taxonomy = rps::default_taxonomy(),
                        std::shared_ptr<ArrayStore> store = nullptr);

  VerbalParts wanted() const { return wanted_; }
  // Null when nothing is wanted.
  std::shared_ptr<const VerbalFeatures> read(const Trajectory& trajectory) const;
  // The same, but that the markers of actions are those of `run`, whose calls stand in place of the
  // logged ones (METHOD 13). `features` may be null.
  std::shared_ptr<const VerbalFeatures> with_actions_of(
      const Trajectory& run, std::shared_ptr<const VerbalFeatures> features) const;

 private:
  VerbalParts wanted_;
  std::optional<rps::LocalAnnotator> annotator_;
  mutable Workspaces<rps::LocalAnnotator::Workspace> workspaces_{
      [] { return rps::LocalAnnotator::Workspace{}; }};
  std::shared_ptr<ArrayStore> store_;
};

// The annotator and the taxonomy that make the profiles: profiles made differently must not be
// compared. `taxonomy_json`: the text of the taxonomy.
std::string stage_annotator_id(std::string_view taxonomy_json = rps::default_taxonomy_json());

}  // namespace agentecho

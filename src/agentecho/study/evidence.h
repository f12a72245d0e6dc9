// The all-pairs verdict: how unusual is the similarity of each pair, and what carries it (METHOD 6;
// docs/evidence.md defines the combined lineage evidence).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/corpus/tool_split.h"
#include "agentecho/stats/clustering.h"
#include "agentecho/study/families.h"
#include "agentecho/study/shared_habits.h"
#include "agentecho/study/shared_wording.h"

namespace agentecho {

// The affinity of one pair in one metric, or of the combined evidence.
struct AffinityEvidence {
  std::optional<double> affinity;
  // Bootstrap over tasks, refitted in each replicate; of metrics that are evidence, and the
  // lineage.
  std::optional<Interval> interval;
  std::optional<double> standard_error;  // of the same replicates
  std::optional<double> residual_sd;     // from the spread of all residuals, what p_value rests on
  std::optional<double> p_value;
  std::optional<double> p_adjusted;  // Benjamini-Hochberg over all pairs
};

struct MetricEvidence {
  Estimate score;
  std::optional<double> chance;
  std::optional<double> ceiling;
  std::optional<double> place;  // between the two
  AffinityEvidence affinity;
  std::optional<double> standardised;  // affinity over the standard deviation of all affinities
};

struct PairEvidence {
  ModelIndex a = 0;
  ModelIndex b = 0;
  bool same_family = false;
  std::vector<MetricEvidence> metrics;  // by metric
  AffinityEvidence lineage;             // in standard deviations
};

// What a metric contributes.
struct MetricState {
  bool used = false;                     // in the lineage evidence
  std::optional<Undefined> no_affinity;  // why there is none
  std::optional<double> affinity_sd;     // root mean square of the affinities
  std::optional<double> weight;          // of the standardised affinity; they add up to 1
};

struct Neighbour {
  ModelIndex model = 0;
  double lineage = 0;
};

struct EvidenceResults {
  Families families;
  std::vector<MetricState> metrics;  // by metric
  std::vector<PairEvidence> pairs;   // by models
  std::optional<Undefined> no_lineage;
  // Of same-family pairs; nothing without such pairs or without others.
  FamilyAuc lineage_auc;
  std::vector<std::vector<Neighbour>> neighbours;  // by model, nearest first
  std::optional<Undefined> no_clustering;
  Dendrogram dendrogram;
  std::vector<double> support;         // by merge
  std::vector<SharedHabits> habits;    // of the strongest pairs
  std::vector<SharedWording> wording;  // of the same pairs; see explain_wording()
};

struct EvidenceOptions {
  std::vector<ModelPair> explained;  // whose habits are listed, in this order
  // Where none is named: that many, those with the strongest lineage evidence.
  std::size_t pairs_explained = 5;
  std::size_t habits_per_pair = 5;
};

// Affinities of metrics that are no evidence have no intervals. Memory: a replicates x pairs table
// of doubles for each metric that is evidence, and one more. `split` is the one that the metrics
// were made with.
EvidenceResults weigh_evidence(const Study& study, const ToolSplit& split, const Families& families,
                               const EvidenceOptions& options = {});

// Adds what the strongest pairs share in wording: layout and working habits, and phrases where the
// logs were read with CorpusOptions::phrases. The corpus has stage profiles.
void explain_wording(const LoadedCorpus& loaded, EvidenceResults& results,
                     std::size_t phrases_per_pair = 5, std::size_t habits_per_pair = 5);

// Places of results.pairs, strongest lineage evidence first; pairs without come last.
std::vector<std::size_t> by_lineage(const EvidenceResults& results);

}  // namespace agentecho

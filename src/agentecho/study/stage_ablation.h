// What stage alignment is worth (METHOD 4.3; the paper's Table 6): Response Pattern Similarity of
// stages with stages against the same judge on whole trajectories, for the same pairs of runs.
//
// `aligned` and `unaligned` come from judge_rps(), with an annotator of stages and with
// rps::OneStageAnnotator. Everything here is arithmetic on what they say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "agentecho/judged/judged_metrics.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/study/families.h"

namespace agentecho {

enum class Alignment : std::uint8_t { kAligned, kUnaligned };
constexpr std::size_t kAlignments = 2;
std::string_view name_of(Alignment alignment);  // "aligned", "unaligned"

struct StageAblationPair {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::array<Estimate, kAlignments> scores;  // RPS, 1 to 5
  Estimate difference;  // aligned minus unaligned: mean over the tasks that have both
  std::array<std::optional<double>, kAlignments> coverage;  // answers / questions of the judge
  bool withheld = false;  // a coverage below the least: the pair has no scores
};

struct StageAblation {
  std::vector<StageAblationPair> pairs;
  std::array<Estimate, kAlignments> mean;  // over pairs
  Estimate mean_difference;
  // Same-family against other pairs; undefined without families.
  std::array<FamilyTest, kAlignments> families;
  // Aligned minus unaligned, on the same resamples of tasks.
  Estimate auc_difference;
  Estimate affinity_auc_difference;
  // Between the two scores, over pairs; intervals from resamples of tasks.
  Estimate spearman;
  Estimate pearson;
};

// All pairs of different models. Pairs of which a smaller share than `least_coverage` of what was
// asked has a score take part in nothing.
StageAblation ablate_stages(const Corpus& corpus, const JudgedRps& aligned,
                            const JudgedRps& unaligned, const Families& families,
                            double least_coverage, const BootstrapOptions& bootstrap,
                            unsigned threads);

}  // namespace agentecho

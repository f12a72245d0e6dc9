// What `evidence` promises, where the truth is known: p values of pairs, the AUC of families, the
// odds, the copying share.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "agentecho/laboratory/laboratory.h"
#include "agentecho/laboratory/share.h"
#include "agentecho/study/kinship_fit.h"
#include "agentecho/study/lineage.h"

namespace agentecho {

// The study "copying": eight models whose choices are drawn from the rates of the task, one of
// which takes those of another with a known probability. What the copying share and its interval
// are worth.
struct CopyingSummary {
  double truth = 0;
  std::size_t n = 0;
  std::optional<double> mean;
  std::optional<double> sd;
  Share covered;  // 95 % intervals that hold the truth
};
std::vector<CopyingSummary> run_copying(const LaboratoryOptions& options);

// The study "strangers": worlds of 14 simulated agents without kinship (given made-up families of
// 3, 3, 2, 2, 2, 1 and 1), and as many worlds of 14 agents in such families.
struct KinshipChannel {
  LineageChannel channel = LineageChannel::kWords;
  // Of worlds of strangers, at 5 %:
  Share some;       // some pair is as close as the strongest of strangers
  Share alone;      // the same pair, named beforehand
  Share auc_found;  // made-up families are found (permutation p of the AUC)
  // Of pairs of one family: as close as the strongest of strangers; had each been named beforehand.
  Share kin;
  Share kin_alone;
  // Of worlds with families:
  Share auc_power;            // families are found
  std::optional<double> auc;  // mean over worlds
  Share auc_held_models;      // worlds whose 95 % interval, by models or families, holds that mean
  Share auc_held_families;
};
struct KinshipStudy {
  std::array<KinshipChannel, 2> channels;  // words, actions
  OddsReliability odds;                    // all pairs of the worlds with families, by words
  // One pair of one family and one of two from each world: of those with odds of 3 to 1 or more,
  // how many are kin; of those with 1 to 3 or less, how many are not.
  Share kin_where_strong;
  Share others_where_weak;
};
KinshipStudy run_kinship(const LaboratoryOptions& options);

}  // namespace agentecho

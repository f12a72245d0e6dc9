// The local pair judge: each score is a linear function of the similarities of pair_features.h,
// rounded into [1, 5]. No weight is negative (more alike never scores lower), and the weights come
// from ridge regression under that constraint on labelled pairs (docs/rps.md, scripts/fit_rps.py).
// Deterministic and symmetric; a function of the two sketches alone. Cost: microseconds a pair.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/metrics/rps/judge.h"
#include "agentecho/metrics/rps/pair_features.h"

namespace agentecho::rps {

// score = intercept + sum of weight * similarity; weights in the order of pair_feature_names().
struct ScoreModel {
  double intercept = 0;
  std::vector<double> weights;
};

struct JudgeModel {
  ScoreModel style;
  ScoreModel structure;
  ScoreModel alignment;
  ScoreModel overall;
};

const JudgeModel& default_judge_model();

// From JSON: {"schema_version": 1, "scores": {"style": {"intercept": 1.2, "weights": {"bigrams":
// 0.5,
// ...}}, "structure": ..., "alignment": ..., "overall": ...}}. Errors (kInput): a missing score, an
// unknown feature, a number that is not finite.
Result<JudgeModel> parse_judge_model(std::string_view json);

// Why a pair got its overall score: one habit's similarity, and how much it can add to the score.
struct HabitEvidence {
  std::string_view habit;
  double similarity = 0;  // in [0, 1]
  double weight = 0;      // of the overall score; similarity x weight is what it added
};

class LocalJudge final : public PatternJudge {
 public:
  explicit LocalJudge(JudgeModel model = default_judge_model());

  std::string name() const override { return "local"; }
  // Never fails; every block must have its sketch.
  std::vector<Result<PairScore>> judge(std::span<const BlockPair> pairs) const override;
  PairScore score(const ComparableStage& a, const ComparableStage& b) const;
  PairScore score(const StageSketch& a, const StageSketch& b) const;
  // All habits, by falling similarity x weight (then order).
  std::vector<HabitEvidence> explain(const StageSketch& a, const StageSketch& b) const;

 private:
  JudgeModel model_;
};

}  // namespace agentecho::rps

#include "agentecho/metrics/rps/local_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "agentecho/metrics/rps/judge_model_json.h"
#include "agentecho/metrics/rps/versioned_json.h"

namespace agentecho::rps {

namespace {

constexpr WrongDocument kWrongJudgeModel = {"judge model", "scripts/fit_rps.py writes a valid one"};

Result<double> parse_number(const Json& json, std::string_view where) {
  if (!json.is_number() || !std::isfinite(json.get<double>())) {
    return kWrongJudgeModel(fmt::format("\"{}\" is not a number", where));
  }
  return json.get<double>();
}

Result<ScoreModel> parse_score(const Json& scores, const std::string& name) {
  if (!scores.contains(name) || !scores[name].is_object()) {
    return kWrongJudgeModel(fmt::format("no score \"{}\"", name));
  }
  const Json& json = scores[name];
  ScoreModel model;
  if (!json.contains("intercept"))
    return kWrongJudgeModel(fmt::format("\"{}\" has no intercept", name));
  const Result<double> intercept = parse_number(json["intercept"], name + ".intercept");
  if (!intercept) return Unexpected(intercept.error());
  model.intercept = *intercept;
  const std::vector<std::string>& names = pair_feature_names();
  model.weights.assign(names.size(), 0.0);
  if (!json.contains("weights") || !json["weights"].is_object()) {
    return kWrongJudgeModel(fmt::format("\"{}\" has no weights", name));
  }
  for (const auto& [feature, value] : json["weights"].items()) {
    const auto found = std::find(names.begin(), names.end(), feature);
    if (found == names.end())
      return kWrongJudgeModel(fmt::format("there is no feature \"{}\"", feature));
    const Result<double> weight = parse_number(value, name + "." + feature);
    if (!weight) return Unexpected(weight.error());
    model.weights[static_cast<std::size_t>(found - names.begin())] = *weight;
  }
  return model;
}

double apply(const ScoreModel& model, const PairFeatures& features) {
  double score = model.intercept;
  for (std::size_t i = 0; i < features.size(); ++i) score += model.weights[i] * features[i];
  return std::clamp(score, 1.0, 5.0);
}

}  // namespace

const JudgeModel& default_judge_model() {
  static const JudgeModel model = parse_judge_model(kJudgeModelJson).value();
  return model;
}

namespace {

Result<JudgeModel> read_judge_model(const Json& json) {
  if (!json.contains("scores") || !json["scores"].is_object())
    return kWrongJudgeModel("no \"scores\"");
  JudgeModel model;
  const std::pair<const char*, ScoreModel*> parts[] = {{"style", &model.style},
                                                       {"structure", &model.structure},
                                                       {"alignment", &model.alignment},
                                                       {"overall", &model.overall}};
  for (const auto& [name, target] : parts) {
    Result<ScoreModel> score = parse_score(json["scores"], name);
    if (!score) return Unexpected(score.error());
    *target = std::move(*score);
  }
  return model;
}

}  // namespace

Result<JudgeModel> parse_judge_model(std::string_view text) {
  return parse_versioned(text, kWrongJudgeModel, read_judge_model);
}

LocalJudge::LocalJudge(JudgeModel model) : model_(std::move(model)) {}

PairScore LocalJudge::score(const StageSketch& a, const StageSketch& b) const {
  return score(ComparableStage(a), ComparableStage(b));
}

PairScore LocalJudge::score(const ComparableStage& a, const ComparableStage& b) const {
  const PairFeatures features = pair_features(a, b);
  return {apply(model_.style, features), apply(model_.structure, features),
          apply(model_.alignment, features), apply(model_.overall, features)};
}

std::vector<HabitEvidence> LocalJudge::explain(const StageSketch& a, const StageSketch& b) const {
  const PairFeatures features = pair_features(a, b);
  std::vector<HabitEvidence> evidence;
  for (std::size_t i = 0; i < features.size(); ++i) {
    evidence.push_back({pair_feature_names()[i], features[i], model_.overall.weights[i]});
  }
  std::stable_sort(evidence.begin(), evidence.end(),
                   [](const HabitEvidence& x, const HabitEvidence& y) {
                     return x.similarity * x.weight > y.similarity * y.weight;
                   });
  return evidence;
}

std::vector<Result<PairScore>> LocalJudge::judge(std::span<const BlockPair> pairs) const {
  std::vector<Result<PairScore>> scores;
  scores.reserve(pairs.size());
  for (const BlockPair& pair : pairs) scores.emplace_back(score(*pair.a.sketch, *pair.b.sketch));
  return scores;
}

}  // namespace agentecho::rps

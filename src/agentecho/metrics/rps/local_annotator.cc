#include "agentecho/metrics/rps/local_annotator.h"

#include <algorithm>
#include <utility>

namespace agentecho::rps {

LocalAnnotator::LocalAnnotator(Taxonomy taxonomy)
    : taxonomy_(std::move(taxonomy)), extractor_(taxonomy_.cues) {
  const std::vector<std::string>& names = extractor_.names();
  const std::size_t n_stages = taxonomy_.stages.size();
  weights_.assign(names.size() * n_stages, 0.0);
  think_weights_.assign(names.size() * n_stages, 0.0);
  for (const FeatureWeights& row : taxonomy_.weights) {
    std::string_view feature = row.feature;
    const bool think = feature.starts_with("think:");
    if (think) feature.remove_prefix(6);
    const auto found = std::find(names.begin(), names.end(), feature);
    if (found == names.end()) continue;
    std::vector<double>& table = think ? think_weights_ : weights_;
    std::copy(row.weight.begin(), row.weight.end(),
              table.begin() + (found - names.begin()) * static_cast<std::ptrdiff_t>(n_stages));
  }
}

StageId LocalAnnotator::best_stage(ItemKind kind, std::span<const std::uint16_t> features,
                                   std::vector<double>& score) const {
  const std::size_t n_stages = taxonomy_.stages.size();
  score.assign(taxonomy_.bias.begin(), taxonomy_.bias.end());
  const bool think = kind == ItemKind::kThink;
  for (const std::uint16_t feature : features) {
    for (std::size_t s = 0; s < n_stages; ++s) {
      score[s] += weights_[feature * n_stages + s];
      if (think) score[s] += think_weights_[feature * n_stages + s];
    }
  }
  return static_cast<StageId>(std::max_element(score.begin(), score.end()) - score.begin());
}

StageLabels LocalAnnotator::label(const Trajectory& trajectory,
                                  const std::vector<Item>& items) const {
  const std::vector<std::vector<std::uint16_t>> features = extractor_.extract(trajectory, items);
  StageLabels labels;
  std::vector<double> score;
  for (std::size_t i = 0; i < items.size(); ++i) {
    labels.push_back(best_stage(items[i].kind, features[i], score));
  }
  return labels;
}

const StageProfile& LocalAnnotator::profile(const Trajectory& trajectory,
                                            const std::vector<Item>& items,
                                            Workspace& workspace) const {
  auto& [profile, scratch, scan, score] = workspace;
  const std::vector<CallFacts> facts = call_facts(trajectory);
  StageFeatureReader reader(extractor_, trajectory, items, facts);
  profile.stages.resize(taxonomy_.stages.size());
  std::vector<StageSketcher> blocks;
  for (StageSketch& sketch : profile.stages) {
    sketch.clear();
    blocks.emplace_back(trajectory, facts, sketch);
  }
  for (const Item& item : items) {
    scan_text(item.text, scan);
    blocks[best_stage(item.kind, reader.next(scan), score)].add(item, scan, scratch);
  }
  for (StageSketcher& block : blocks) block.finish();
  return profile;
}

std::vector<Result<StageLabels>> LocalAnnotator::annotate(
    std::span<const AnnotationRequest> requests) const {
  std::vector<Result<StageLabels>> answers;
  answers.reserve(requests.size());
  for (const AnnotationRequest& request : requests) {
    answers.emplace_back(label(*request.trajectory, *request.items));
  }
  return answers;
}

}  // namespace agentecho::rps

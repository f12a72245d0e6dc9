#include "agentecho/corpus/verbal_features.h"

#include "agentecho/base/hash.h"
#include "agentecho/metrics/baselines/bigram.h"

namespace agentecho {

bool has_parts(const VerbalFeatures* features, VerbalParts wanted) {
  if (!wanted.any()) return true;
  return features != nullptr && (!wanted.stages || features->stages.has_value()) &&
         (!wanted.bigrams || features->bigrams.has_value()) &&
         (!wanted.habits || features->habits.has_value()) &&
         (!wanted.grams || features->grams.has_value()) &&
         (!wanted.markers || features->markers.has_value());
}

VerbalReader::VerbalReader(VerbalParts wanted, const rps::Taxonomy& taxonomy,
                           std::shared_ptr<ArrayStore> store)
    : wanted_(wanted), store_(std::move(store)) {
  if (wanted.stages) annotator_.emplace(taxonomy);
}

std::shared_ptr<const VerbalFeatures> VerbalReader::read(const Trajectory& trajectory) const {
  if (!wanted_.any()) return nullptr;
  auto features = std::make_shared<VerbalFeatures>();
  if (annotator_) {
    workspaces_.lend([&](rps::LocalAnnotator::Workspace& workspace) {
      const std::vector<rps::Item> items = rps::items_of(trajectory);
      features->stages.emplace(annotator_->profile(trajectory, items, workspace), store_.get());
    });
  }
  if (wanted_.bigrams) {
    features->bigrams = response_bigrams(trajectory);
    features->bigrams->shrink_to_fit();
  }
  if (wanted_.habits) features->habits = run_habits(trajectory);
  if (wanted_.grams) features->grams = run_grams(trajectory);
  if (wanted_.markers) features->markers = lineage::read_markers(trajectory, store_.get());
  return features;
}

std::shared_ptr<const VerbalFeatures> VerbalReader::with_actions_of(
    const Trajectory& run, std::shared_ptr<const VerbalFeatures> features) const {
  if (!features || !features->markers) return features;
  auto changed = std::make_shared<VerbalFeatures>(*features);
  changed->markers->actions = lineage::make_sketch(lineage::action_markers(run), store_.get());
  return changed;
}

std::string stage_annotator_id(std::string_view taxonomy_json) {
  return "local-" + to_hex(digest_of(taxonomy_json)).substr(0, 8);
}

}  // namespace agentecho

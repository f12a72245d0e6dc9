#include "agentecho/metrics/rps/taxonomy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "agentecho/base/text.h"
#include "agentecho/metrics/rps/default_taxonomy_json.h"
#include "agentecho/metrics/rps/stage_features.h"
#include "agentecho/metrics/rps/versioned_json.h"

namespace agentecho::rps {

namespace {

constexpr WrongDocument kWrongTaxonomy = {"taxonomy",
                                          "see the section on taxonomies in docs/rps.md"};

Result<std::vector<std::string>> parse_stages(const Json& json) {
  if (!json.contains("stages") || !json["stages"].is_array() || json["stages"].empty()) {
    return kWrongTaxonomy("\"stages\" must be a list of at least one name");
  }
  std::vector<std::string> stages;
  std::set<std::string> seen;
  for (const Json& name : json["stages"]) {
    if (!name.is_string() || trimmed(name.get_ref<const std::string&>()).empty()) {
      return kWrongTaxonomy("every stage must be a non-empty name");
    }
    stages.push_back(name.get<std::string>());
    if (!seen.insert(ascii_lowered(stages.back())).second) {
      return kWrongTaxonomy(fmt::format("stage \"{}\" occurs twice", stages.back()));
    }
  }
  if (stages.size() > kMaxStages)
    return kWrongTaxonomy(fmt::format("more than {} stages", kMaxStages));
  return stages;
}

Result<std::vector<Cue>> parse_cues(const Json& json) {
  std::vector<Cue> cues;
  if (!json.contains("cues")) return cues;
  if (!json["cues"].is_object())
    return kWrongTaxonomy("\"cues\" must be an object of phrase lists");
  for (const auto& [name, phrases] : json["cues"].items()) {
    if (name.empty() || name.find('.') != std::string::npos) {
      return kWrongTaxonomy(fmt::format("\"{}\" is no name for a cue (no dots, not empty)", name));
    }
    Cue& cue = cues.emplace_back();
    cue.name = name;
    if (!phrases.is_array()) return kWrongTaxonomy(fmt::format("cue \"{}\" must be a list", name));
    for (const Json& phrase : phrases) {
      if (!phrase.is_string())
        return kWrongTaxonomy(fmt::format("cue \"{}\" has a non-text phrase", name));
      cue.phrases.push_back(phrase.get<std::string>());
    }
  }
  return cues;
}

// {"Stage": number, ...} as one number per stage.
Result<std::vector<double>> parse_weights(const Json& json, const Taxonomy& taxonomy,
                                          const std::string& where) {
  std::vector<double> weights(taxonomy.stages.size(), 0.0);
  if (!json.is_object()) return kWrongTaxonomy(fmt::format("\"{}\" must be an object", where));
  for (const auto& [stage, value] : json.items()) {
    const StageId id = find_stage(taxonomy, stage);
    if (id == kNoStage)
      return kWrongTaxonomy(fmt::format("\"{}\" names no stage: \"{}\"", where, stage));
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      return kWrongTaxonomy(fmt::format("\"{}\" has a weight that is no number", where));
    }
    weights[id] = value.get<double>();
  }
  return weights;
}

bool is_known_feature(const Taxonomy& taxonomy, std::string_view feature) {
  if (feature.starts_with("think:")) feature.remove_prefix(6);
  const std::vector<std::string>& builtin = builtin_features();
  if (std::find(builtin.begin(), builtin.end(), feature) != builtin.end()) return true;
  return std::any_of(taxonomy.cues.begin(), taxonomy.cues.end(), [&](const Cue& cue) {
    const std::string stem = "cue." + cue.name;
    return feature == stem || feature == stem + ".first" || feature == stem + ".last" ||
           feature == stem + ".ask";
  });
}

}  // namespace

StageId find_stage(const Taxonomy& taxonomy, std::string_view name) {
  const std::string wanted = ascii_lowered(name);
  for (std::size_t i = 0; i < taxonomy.stages.size(); ++i) {
    if (ascii_lowered(taxonomy.stages[i]) == wanted) return static_cast<StageId>(i);
  }
  return kNoStage;
}

std::string_view default_taxonomy_json() { return kDefaultTaxonomyJson; }

const Taxonomy& default_taxonomy() {
  static const Taxonomy taxonomy = parse_taxonomy(kDefaultTaxonomyJson).value();
  return taxonomy;
}

namespace {

Result<Taxonomy> read_taxonomy(const Json& json) {
  Taxonomy taxonomy;
  Result<std::vector<std::string>> stages = parse_stages(json);
  if (!stages) return Unexpected(stages.error());
  taxonomy.stages = std::move(*stages);
  Result<std::vector<Cue>> cues = parse_cues(json);
  if (!cues) return Unexpected(cues.error());
  taxonomy.cues = std::move(*cues);
  Result<std::vector<double>> bias =
      parse_weights(json.contains("bias") ? json["bias"] : Json::object(), taxonomy, "bias");
  if (!bias) return Unexpected(bias.error());
  taxonomy.bias = std::move(*bias);
  if (!json.contains("weights")) return taxonomy;
  if (!json["weights"].is_object()) return kWrongTaxonomy("\"weights\" must be an object");
  for (const auto& [feature, value] : json["weights"].items()) {
    if (!is_known_feature(taxonomy, feature)) {
      return kWrongTaxonomy(fmt::format("there is no feature \"{}\"", feature));
    }
    Result<std::vector<double>> weights = parse_weights(value, taxonomy, feature);
    if (!weights) return Unexpected(weights.error());
    taxonomy.weights.push_back({feature, std::move(*weights)});
  }
  return taxonomy;
}

}  // namespace

Result<Taxonomy> parse_taxonomy(std::string_view text) {
  return parse_versioned(text, kWrongTaxonomy, read_taxonomy);
}

}  // namespace agentecho::rps

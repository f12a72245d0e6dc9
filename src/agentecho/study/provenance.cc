#include "agentecho/study/provenance.h"

#include <algorithm>
#include <utility>

#include "agentecho/base/version.h"

namespace agentecho {

const std::string& Provenance::annotator() const {
  return rps_annotator.empty() ? features.annotator : rps_annotator;
}

bool Provenance::judged() const {
  return !rps_annotator.empty() || !rse_judge.empty() || !embedding_model.empty() ||
         features.verifier.starts_with("llm:");
}

Provenance make_provenance(const std::vector<const LoadedCorpus*>& loads,
                           const BootstrapOptions& bootstrap) {
  Provenance provenance;
  provenance.version = version();
  for (const LoadedCorpus* loaded : loads) {
    const auto& files = loaded->report.files;
    provenance.inputs.insert(provenance.inputs.end(), files.begin(), files.end());
    provenance.features = loaded->settings;
    provenance.success_only = loaded->success_only;
    provenance.filter = loaded->filter;
    for (const Finding& finding : loaded->validity) {
      const bool said = std::any_of(
          provenance.validity.begin(), provenance.validity.end(), [&](const Finding& other) {
            return other.check == finding.check && other.message == finding.message;
          });
      if (!said) provenance.validity.push_back(finding);
    }
  }
  provenance.bootstrap = bootstrap;
  return provenance;
}

Provenance make_provenance(const LoadReport& read, const FeatureSettings& settings,
                           const BootstrapOptions& bootstrap) {
  Provenance provenance = make_provenance({}, bootstrap);
  provenance.inputs = read.files;
  provenance.features = settings;
  return provenance;
}

Provenance make_provenance(const LoadedCorpus& loaded, std::span<const ModelIndex> pool,
                           const MandatoryTools& mandatory, const BootstrapOptions& bootstrap,
                           std::vector<std::string> metrics) {
  Provenance provenance = make_provenance({&loaded}, bootstrap);
  for (const ModelIndex model : pool) provenance.pool.push_back(loaded.corpus.models()[model]);
  provenance.mandatory_rule = to_string(mandatory.rule);
  provenance.mandatory_file = mandatory.file;
  if (std::count(metrics.begin(), metrics.end(), "rps") > 0) provenance.rps_backend = "local";
  provenance.metrics = std::move(metrics);
  return provenance;
}

void add_judges(const JudgedMetrics& judged, double least_coverage, Provenance& provenance) {
  if (judged.rps != nullptr) {
    provenance.rps_backend = judged.rps->judge;
    provenance.rps_annotator = judged.rps->annotator;
  }
  if (judged.rse != nullptr) provenance.rse_judge = judged.rse->source;
  if (judged.embedding != nullptr) provenance.embedding_model = judged.embedding->source;
  provenance.least_coverage = least_coverage;
}

}  // namespace agentecho

// The laboratory's studies as tables for people and as CSV.
#pragma once

#include <string>
#include <vector>

#include "agentecho/laboratory/diversity_study.h"
#include "agentecho/laboratory/drift_study.h"
#include "agentecho/laboratory/laboratory.h"
#include "agentecho/laboratory/promises.h"
#include "agentecho/report/table.h"

namespace agentecho {

std::string render_conditions(const std::vector<ConditionSummary>& summaries,
                              const TableView& view);
std::string conditions_to_csv(const std::vector<ConditionSummary>& summaries);

std::string render_copying(const std::vector<CopyingSummary>& summaries, const TableView& view);
std::string copying_to_csv(const std::vector<CopyingSummary>& summaries);

std::string render_kinship(const KinshipStudy& study, const TableView& view);
std::string kinship_to_csv(const KinshipStudy& study);

std::string render_coverage(const std::vector<CoverageSummary>& summaries, const TableView& view);
std::string coverage_to_csv(const std::vector<CoverageSummary>& summaries);

std::string render_promises(const std::vector<Promise>& promises, const TableView& view);
std::string promises_to_csv(const std::vector<Promise>& promises);

std::string render_drift_study(const std::vector<DriftSummary>& summaries, const TableView& view);
std::string drift_study_to_csv(const std::vector<DriftSummary>& summaries);

std::string render_diversity_study(const std::vector<DiversitySummary>& summaries,
                                   const TableView& view);
std::string diversity_study_to_csv(const std::vector<DiversitySummary>& summaries);

std::string render_attribution_study(const AttributionStudy& study, const TableView& view);
std::string attribution_study_to_csv(const AttributionStudy& study);

}  // namespace agentecho

// The laboratory's studies as tables for people and as CSV.
#pragma once

#include <string>
#include <vector>

#include "agentecho/laboratory/laboratory.h"
#include "agentecho/report/table.h"

namespace agentecho {

struct LaboratoryReportOptions {
  TableStyle style = TableStyle::kText;
  bool colour = false;
  std::size_t width = 100;
};

std::string render_conditions(const std::vector<ConditionSummary>& summaries,
                              const LaboratoryReportOptions& options);
std::string conditions_to_csv(const std::vector<ConditionSummary>& summaries);

std::string render_attribution_study(const std::vector<AttributionSummary>& summaries,
                                     const LaboratoryReportOptions& options);
std::string attribution_study_to_csv(const std::vector<AttributionSummary>& summaries);

}  // namespace agentecho

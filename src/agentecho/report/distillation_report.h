// DistillationResults as tables for people and as JSON for machines.
#pragma once

#include <string>

#include "agentecho/report/table.h"
#include "agentecho/study/distillation.h"

namespace agentecho {

struct DistillationReportOptions {
  TableStyle style = TableStyle::kText;
  bool colour = false;
  std::size_t width = 100;
};

// All scores against the mean of the controls, AGS against each control where there are several,
// and the verdict.
std::string render_distillation(const DistillationResults& results,
                                const DistillationReportOptions& options);

// One JSON document; undefined values are null.
std::string distillation_to_json(const DistillationResults& results);

}  // namespace agentecho

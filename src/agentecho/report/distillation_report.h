// DistillationResults as tables for people and as JSON for machines.
#pragma once

#include <string>

#include "agentecho/report/data_table.h"
#include "agentecho/study/distillation.h"

namespace agentecho {

// The verdict; the step toward the teacher among those toward the controls; all scores against the
// mean of the controls; AGS against each control where there are several. With `paper`, the paper's
// own figures (tables 3 and 8) as well, for orientation.
DataReport distillation_report(const DistillationResults& results, bool paper = false);

// One JSON document; undefined values are null. With `paper`, the published figures are in it.
std::string distillation_to_json(const DistillationResults& results, bool paper = false);

// One row a control (first the mean of all) and metric.
DataTable distillation_table(const DistillationResults& results);

// One row a teacher and metric: its step (after less before) among those of the controls.
DataTable standings_table(const DistillationResults& results);

}  // namespace agentecho

// A study of the laboratory as a report.
#pragma once

#include "agentecho/laboratory/studies.h"
#include "agentecho/report/data_table.h"

namespace agentecho {

// The verdict, the figures of the study, and the promises that it measures.
DataReport laboratory_report(const StudyResults& results);

}  // namespace agentecho

// DiversityResults in words and as tables.
#pragma once

#include "agentecho/report/data_table.h"
#include "agentecho/study/diversity.h"

namespace agentecho {

// The verdict, then effective numbers, most different models, substitutes, models and, in files,
// pairs. Warnings are among the notes.
DataReport diversity_report(const Study& study, const DiversityResults& results);

}  // namespace agentecho

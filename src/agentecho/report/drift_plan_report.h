// DriftPlan and SeriesResults in words and tables.
#pragma once

#include <string>

#include "agentecho/report/data_table.h"
#include "agentecho/study/drift_plan.h"
#include "agentecho/study/drift_series.h"

namespace agentecho {

std::string plan_verdict(const DriftPlan& plan);
DataReport plan_report(const DriftPlan& plan);

std::string series_verdict(const SeriesResults& results);
DataReport series_report(const SeriesResults& results);

}  // namespace agentecho

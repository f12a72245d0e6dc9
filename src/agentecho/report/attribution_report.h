// AttributionResults as a table for people and as JSON for machines.
#pragma once

#include <string>

#include "agentecho/report/data_table.h"
#include "agentecho/study/attribution.h"

namespace agentecho {

// The verdict, then the candidates, likeliest first.
DataReport attribution_report(const AttributionResults& results);

// One JSON document; undefined values are null.
std::string attribution_to_json(const AttributionResults& results);

// One row a candidate.
DataTable candidates_table(const AttributionResults& results);

}  // namespace agentecho

// What `agentecho evidence` says beside kinship (lineage_tables.h): the combined evidence of 0.1,
// its metrics, neighbours, clustering, and the habits and wording of the strongest pairs.
#pragma once

#include "agentecho/report/data_table.h"
#include "agentecho/study/evidence.h"

namespace agentecho {

DataReport evidence_report(const Study& study, const EvidenceResults& results);

}  // namespace agentecho

// The stage-alignment ablation as tables.
#pragma once

#include <vector>

#include "agentecho/report/data_table.h"
#include "agentecho/study/stage_ablation.h"

namespace agentecho {

// "alignment": means and how well each tells same-family pairs; "order": do both order pairs alike?
// "pairs": pair by pair, the most alike first.
std::vector<DataTable> stage_ablation_tables(const Corpus& corpus, const StageAblation& results);

}  // namespace agentecho

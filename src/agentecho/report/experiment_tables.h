// The results of the experiments as tables.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agentecho/report/data_table.h"
#include "agentecho/study/families.h"
#include "agentecho/study/mandatory_ablation.h"
#include "agentecho/study/metric_correlations.h"
#include "agentecho/study/outcomes.h"
#include "agentecho/study/pool_sensitivity.h"
#include "agentecho/study/run_variation.h"
#include "agentecho/study/scaffolds.h"

namespace agentecho {

// [pair][metric]: all pairs, or, with a reference, all models against it. Best AGS first.
DataTable scores_table(const Study& study, std::span<const PairRows> pairs,
                       const std::vector<std::vector<Estimate>>& estimates,
                       std::optional<ModelIndex> reference);
// The paper's Table 1, as published.
DataTable published_reference_table();

// Which model is in which family, on one line each.
DataTable membership_table(const Corpus& corpus, const Families& families);
DataTable families_table(const Study& study, const FamilyResults& results);

std::vector<DataTable> outcome_tables(const Study& study, const OutcomeResults& results);
DataTable ablation_table(const Corpus& corpus, std::span<const RuleResult> results);
std::vector<DataTable> pool_tables(const Corpus& corpus, std::span<const PoolResults> results);
std::vector<DataTable> reference_tables(const Corpus& corpus, const ReferenceScores& results);
DataTable variation_table(const Corpus& corpus, std::span<const RunVariation> results);
DataTable correlations_table(const Study& study, const MetricCorrelations& results);
DataTable model_values_table(const Study& study, const MetricCorrelations& results);
std::vector<DataTable> scaffold_tables(const Study& study, const ScaffoldResults& results);

}  // namespace agentecho

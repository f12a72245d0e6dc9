// What each experiment says first, from its results: the finding in a sentence or two with the
// figures of the tables, and what to do next.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "agentecho/study/families.h"
#include "agentecho/study/mandatory_ablation.h"
#include "agentecho/study/metric_correlations.h"
#include "agentecho/study/outcomes.h"
#include "agentecho/study/pool_sensitivity.h"
#include "agentecho/study/run_variation.h"
#include "agentecho/study/scaffolds.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

// [pair][metric]; with a reference, models against it.
VerdictParagraph scores_verdict(const Study& study, std::span<const PairRows> pairs,
                                const std::vector<std::vector<Estimate>>& estimates,
                                std::optional<ModelIndex> reference);
VerdictParagraph families_verdict(const Study& study, const FamilyResults& results);
VerdictParagraph outcomes_verdict(const Study& study, const OutcomeResults& results);
VerdictParagraph ablation_verdict(std::span<const RuleResult> results);
VerdictParagraph pool_verdict(std::span<const PoolResults> results);
VerdictParagraph references_verdict(const Corpus& corpus, const ReferenceScores& results);
VerdictParagraph variation_verdict(const Corpus& corpus, std::span<const RunVariation> results);
VerdictParagraph correlations_verdict(const Study& study, const MetricCorrelations& results);
VerdictParagraph scaffolds_verdict(const Study& study, const ScaffoldResults& results);

}  // namespace agentecho

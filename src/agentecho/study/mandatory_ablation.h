// What the rule for mandatory tools changes (the paper's Table 7): the same trajectories scored
// under several rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/metrics/ags/optional_tools.h"
#include "agentecho/stats/correlation.h"
#include "agentecho/study/families.h"

namespace agentecho {

struct RuleResult {
  MandatoryRule rule;
  std::size_t tasks_with_optional = 0;
  std::optional<double> optional_per_task;  // mean over those tasks
  Estimate s_node;                          // mean over pairs
  Estimate ags;
  std::optional<double> s_node_auc;  // of same-family pairs
  std::optional<double> ags_auc;
  // Of the pairs' S_node under this rule and under the first one. Its p value and interval take
  // pairs as independent, which they are not.
  Statistic<Correlation> s_node_ranks = undefined(Undefined::kTooFew);
};

// One result for each rule; `listed` (by task) is what the rule kFile takes.
std::vector<RuleResult> ablate_mandatory_rule(
    const Corpus& corpus, std::span<const ModelIndex> pool, std::span<const MandatoryRule> rules,
    const Families& families, const BootstrapOptions& bootstrap, unsigned threads,
    const std::vector<std::vector<ToolIndex>>& listed = {});

}  // namespace agentecho

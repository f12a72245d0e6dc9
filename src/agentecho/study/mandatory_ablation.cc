#include "agentecho/study/mandatory_ablation.h"

#include <cmath>
#include <limits>

#include "agentecho/scoring/metric_registry.h"
#include "agentecho/study/outcomes.h"

namespace agentecho {

namespace {

const std::string kMetrics[] = {"ags"};

std::vector<double> pair_values(const Study& study, std::span<const PairRows> rows,
                                std::size_t metric) {
  std::vector<double> values;
  for (const PairRows& pair : rows) {
    values.push_back(study.metrics.score(metric, column_sums(study.metrics, pair))
                         .value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return values;
}

}  // namespace

std::vector<RuleResult> ablate_mandatory_rule(const Corpus& corpus,
                                              std::span<const ModelIndex> pool,
                                              std::span<const MandatoryRule> rules,
                                              const Families& families,
                                              const BootstrapOptions& bootstrap, unsigned threads,
                                              const std::vector<std::vector<ToolIndex>>& listed) {
  const std::vector<ModelPair> pairs = all_pairs(corpus);
  std::vector<RuleResult> results;
  std::vector<double> first_s_node;
  for (const MandatoryRule& rule : rules) {
    const ToolSplit split = ToolSplit::make(corpus, pool, rule, listed);
    const Study study{corpus, make_metrics(kMetrics, {corpus, split}).value(), bootstrap, threads};
    RuleResult& result = results.emplace_back();
    result.rule = rule;
    double optional = 0;
    for (const TaskTools& task : split.tasks) {
      optional += static_cast<double>(task.optional.size());
      result.tasks_with_optional += !task.optional.empty();
    }
    if (result.tasks_with_optional > 0) {
      result.optional_per_task = optional / static_cast<double>(result.tasks_with_optional);
    }
    const std::vector<PairRows> rows = score_rows(study, pairs);
    const std::size_t s_node = study.metrics.at("s_node");
    const std::size_t ags = study.metrics.at("ags");
    result.s_node = mean_over_pairs(study, rows, s_node);
    result.ags = mean_over_pairs(study, rows, ags);
    const std::vector<double> values = pair_values(study, rows, s_node);
    result.s_node_auc = family_auc(families, rows, values);
    result.ags_auc = family_auc(families, rows, pair_values(study, rows, ags));
    if (results.size() == 1) first_s_node = values;
    const auto [first, these] = defined_pairs(first_s_node, values);
    result.s_node_ranks = spearman(first, these, bootstrap.level);
  }
  return results;
}

}  // namespace agentecho

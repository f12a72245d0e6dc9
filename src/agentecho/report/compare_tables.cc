// The tables of compare as data: for files, and for other programs.
#include <fmt/format.h>

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "agentecho/report/compare_report.h"

namespace agentecho {

namespace {

constexpr MetricGroup kGroups[] = {MetricGroup::kPaper, MetricGroup::kCalibrated, MetricGroup::kRps,
                                   MetricGroup::kBaseline};

std::vector<DataColumn> columns_of(const std::vector<std::string>& names) {
  std::vector<DataColumn> columns;
  for (const std::string& name : names) columns.emplace_back(name, name);
  return columns;
}

std::string interval_note(const CompareResults& results) {
  return fmt::format(
      "low, high: {:g} % interval, bootstrap over tasks; n_tasks: those that carry "
      "the metric",
      100 * results.provenance.bootstrap.level);
}

std::optional<double> bound(const std::optional<Interval>& interval, double Interval::*end) {
  return interval ? std::optional((*interval).*end) : std::nullopt;
}

}  // namespace

DataTable pairs_table(const CompareResults& results) {
  DataTable table("pairs", "Pairs of models",
                  columns_of({"a", "b", "profile", "metric", "value", "low", "high", "n_tasks"}));
  table.note = interval_note(results);
  const char* const rps = results.provenance.rps_backend == "local" ? "rps-local" : "rps-llm";
  for (const PairResult& pair : results.pairs) {
    for (const MetricGroup group : kGroups) {
      for (std::size_t m = 0; m < results.metrics.metrics.size(); ++m) {
        const Metric& metric = results.metrics.metrics[m];
        if (metric.group != group) continue;
        const Estimate& e = pair.estimates[m];
        table.rows.push_back(
            {text_cell(pair.a), text_cell(pair.b),
             text_cell(group == MetricGroup::kRps ? rps : name_of(group)), metric_cell(metric),
             number_cell(e.value), number_cell(bound(e.interval, &Interval::low)),
             number_cell(bound(e.interval, &Interval::high)), count_cell(e.n_tasks)});
      }
    }
  }
  return table;
}

DataTable domains_table(const CompareResults& results) {
  DataTable table(
      "domains", "Pairs of models, domain by domain",
      columns_of({"a", "b", "benchmark", "domain", "metric", "value", "low", "high", "n_tasks"}));
  table.note = interval_note(results);
  for (const DomainScores& domain : results.domains) {
    for (std::size_t i = 0; i < results.pairs.size(); ++i) {
      for (std::size_t m = 0; m < results.metrics.metrics.size(); ++m) {
        const Estimate& e = domain.estimates[i][m];
        table.rows.push_back({text_cell(results.pairs[i].a), text_cell(results.pairs[i].b),
                              text_cell(domain.benchmark), text_cell(domain.domain),
                              metric_cell(results.metrics.metrics[m]), number_cell(e.value),
                              number_cell(bound(e.interval, &Interval::low)),
                              number_cell(bound(e.interval, &Interval::high)),
                              count_cell(e.n_tasks)});
      }
    }
  }
  return table;
}

DataTable tasks_table(const CompareResults& results) {
  const MetricSet& set = results.metrics;
  std::vector<std::string> names = {"a",      "b",       "benchmark",
                                    "domain", "task_id", "n_trajectory_pairs"};
  for (const CountColumn& count : set.counts) names.push_back(count.slug);
  std::vector<std::size_t> metrics;  // those that a single task has
  for (std::size_t m = 0; m < set.metrics.size(); ++m) {
    const auto* const ratio = std::get_if<Ratio>(&set.metrics[m].formula);
    if (ratio == nullptr || ratio->count != set.metrics[m].tasks) continue;
    metrics.push_back(m);
    names.push_back(set.metrics[m].slug);
  }
  DataTable table("tasks", "Pairs of models, task by task", columns_of(names));
  for (const PairResult& pair : results.pairs) {
    for (std::size_t i = 0; i < pair.rows.tasks.size(); ++i) {
      const TaskKey& task = results.tasks[pair.rows.tasks[i]];
      const auto row = std::span(pair.rows.rows).subspan(i * set.columns(), set.columns());
      std::vector<DataCell> cells = {text_cell(pair.a),         text_cell(pair.b),
                                     text_cell(task.benchmark), text_cell(task.domain),
                                     text_cell(task.task_id),   count_cell(pair.rows.run_pairs[i])};
      for (const CountColumn& count : set.counts) {
        cells.push_back(number_cell(row[count.column], 0));
      }
      for (const std::size_t m : metrics) cells.push_back(number_cell(set.score(m, row)));
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

}  // namespace agentecho

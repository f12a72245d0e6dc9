// CompareResults as tables for people and as files for machines.
#pragma once

#include <string>

#include "agentecho/base/words.h"
#include "agentecho/report/data_table.h"
#include "agentecho/report/table.h"
#include "agentecho/study/results.h"

namespace agentecho {

struct CompareReportOptions {
  TableView view;
  bool calibrated = true;  // the table of profile "calibrated"
  bool paper = true;       // the table of profile "paper"
};

// The table against the reference (best first), or all pairs (best first), with models against
// themselves below, and what the figures rest on. At most 100 columns wide in text style, for names
// of ordinary length.
std::string render_compare(const CompareResults& results, const CompareReportOptions& options);

// All pairs with every metric that has a title, best first, for the page.
DataReport scores_report(const CompareResults& results);

// One JSON document, schema in docs/results.md; undefined values are null.
std::string compare_to_json(const CompareResults& results);

// Tidy: one row per pair and metric; one row per pair and task; one row per pair, domain and
// metric.
DataTable pairs_table(const CompareResults& results);
DataTable tasks_table(const CompareResults& results);
DataTable domains_table(const CompareResults& results);

}  // namespace agentecho

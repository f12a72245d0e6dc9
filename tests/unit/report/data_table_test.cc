#include "agentecho/report/data_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace agentecho {
namespace {

DataReport small_report() {
  DataTable table("shares", "What S_node & co. share",
                  {{"metric", "metric"}, interval_column("share", "share"), file_column("n", "n")});
  table.rows.push_back(
      {named_cell("s_node", "S_node"), percent_cell(0.0666, Interval{0.02, 0.25}), count_cell(3)});
  table.note = "[ ]: 95 % interval";
  DataTable shown = table;
  shown.name = "shown";
  shown.people_only = true;
  table.files_only = true;
  DataReport report;
  report.name = "small";
  report.title = "A_b";
  report.tables = {shown, table};
  return report;
}

TEST(DataTable, SharesAreShownInPercentAndWrittenAsTheyAre) {
  const DataReport report = small_report();
  EXPECT_EQ(shown_cell(report.tables[0].rows[0][1], report.tables[0].columns[1]),
            "6.7 % [2.0 25.0]");
  EXPECT_EQ(table_to_csv(report.tables[1]),
            "metric,share,share_low,share_high,n\ns_node,0.0666,0.02,0.25,3\n");
}

TEST(DataTable, ANumberWithoutAnIntervalSaysWhy) {
  EXPECT_EQ(estimate_cell({0.5, {}, 1}).reason, "a single task carries the score");
  EXPECT_EQ(estimate_cell({0.5, {}, 3}).reason,
            "no replicates, or undefined in most resamples of tasks");
  EXPECT_EQ(estimate_cell({0.5, {}, 3, "of its own"}).reason, "of its own");
  EXPECT_EQ(estimate_cell({}).reason, "no task that carries the score");
  DataTable table("t", "T", {interval_column("x")});
  table.rows.push_back({number_cell(0.5)});
  DataReport report("r", "R");
  report.tables.push_back(table);
  EXPECT_NE(report_to_json(report, {}).find(kNoInterval), std::string::npos);
}

TEST(DataTable, ANumberThatIsNotFiniteIsNone) {
  const double infinity = std::numeric_limits<double>::infinity();
  DataTable table("t", "T", {"x", "y", "z"});
  table.rows.push_back({number_cell(std::nan(""), 2, "no spread"), number_cell(-infinity, 2),
                        p_value_cell(infinity, "no p")});
  DataReport report("r", "R");
  report.tables.push_back(table);
  EXPECT_EQ(table_to_csv(table), "x,y,z\n,,\n");
  EXPECT_EQ(shown_cell(table.rows[0][0], table.columns[0]), "–");
  const auto row = nlohmann::json::parse(report_to_json(report, {}))["tables"]["t"][0];
  EXPECT_TRUE(row["x"].is_null());
  EXPECT_EQ(row["x_reason"], "no spread");
  EXPECT_EQ(row["y_reason"], "undefined for these runs");
  EXPECT_EQ(row["z_reason"], "no p");
}

TEST(DataTable, MetricsHaveTheirTitleForPeopleAndTheirNameInFiles) {
  const std::string text = render_report(small_report(), {});
  EXPECT_NE(text.find("S_node  6.7 %"), std::string::npos) << text;
  EXPECT_EQ(text.find("s_node"), std::string::npos) << text;
}

TEST(DataTable, ProseIsWrappedAndWhatIsDrawnStaysAsItIs) {
  const std::string tree = "┐ 2.54\n├─ maple-1 [agent=careful, base_url=https://one.example/v1]\n";
  DataReport report = small_report();
  report.texts = {{"tree", tree},
                  {"habits", "both call get_rules in 7 of 12 tasks\n", TextLines::kWrap}};
  const std::string text = render_report(report, {.width = 24});
  EXPECT_NE(text.find("\n" + tree), std::string::npos) << text;
  EXPECT_NE(text.find("both call get_rules in 7\nof 12 tasks\n"), std::string::npos) << text;
}

TEST(DataTable, NoPartOfAReportActsOnATerminal) {
  const std::string name = "m\x1B[31m";
  DataReport report = small_report();
  report.title = "Why " + name + "\nis alike";
  report.tables[0].title = report.tables[0].note = name;
  report.tables[0].rows[0][0] = text_cell(name);
  report.texts = {{"tree", "├─ " + name + "\n"}, {"habits", name + "\n", TextLines::kWrap}};
  report.notes = {name};
  for (const TableStyle style : {TableStyle::kText, TableStyle::kMarkdown, TableStyle::kLatex}) {
    const std::string text = render_report(report, {.style = style});
    EXPECT_EQ(text.find('\x1B'), std::string::npos) << text;
  }
  EXPECT_TRUE(render_report(report, {}).starts_with("Why m\uFFFD[31m is alike\n"));
}

TEST(DataTable, WhatIsForThoseWhoAskForAllIsNamedInOneLine) {
  DataReport report = small_report();
  report.tables.push_back(report.tables.front());
  report.tables.back().title = "The same once more (for checking)";
  report.tables.back().detail = true;
  report.texts = {{"calls", "Calls\na long line of arguments that nobody reads\n", TextLines::kCut},
                  {"tree", "Tree\n└─ maple-1\n"}};
  report.texts.back().title = "Tree";
  report.texts.back().detail = true;
  const std::string brief = render_report(report, {.width = 24});
  EXPECT_NE(brief.find("More with --all: the\nsame once more; tree.\n"), std::string::npos)
      << brief;
  EXPECT_EQ(brief.find("maple-1"), std::string::npos) << brief;
  EXPECT_NE(brief.find("\na long line of argument…\n"), std::string::npos) << brief;
  const std::string whole = render_report(report, {.width = 24, .all_rows = true});
  EXPECT_EQ(whole.find("More with"), std::string::npos) << whole;
  EXPECT_NE(whole.find("maple-1"), std::string::npos) << whole;
  EXPECT_NE(render_report(report, {TableStyle::kMarkdown}).find("maple-1"), std::string::npos);
}

TEST(DataTable, LongTextsShowTheirFirstLines) {
  DataReport report = small_report();
  report.texts = {{"habits", "Habits\none\ntwo\nthree\n", TextLines::kWrap}};
  report.texts.back().most_shown = 2;
  EXPECT_NE(render_report(report, {}).find("Habits\none\n… and 2 more lines; --all shows them\n"),
            std::string::npos);
  EXPECT_NE(render_report(report, {.all_rows = true}).find("two\nthree\n"), std::string::npos);
}

TEST(DataTable, TablesWithoutAFigureAreNamedInOneLineWithTheReason) {
  DataReport report = small_report();
  DataTable empty("empty", "Does it find families? (a proxy)", {"metric", "auc"});
  empty.rows.push_back({text_cell("words"), number_cell({}, 3, "no pair within")});
  report.tables.push_back(empty);
  const std::string text = render_report(report, {});
  EXPECT_NE(text.find("Without a single figure, and not shown: does it find families (no pair "
                      "within).\n"),
            std::string::npos)
      << text;
}

TEST(DataTable, DefinitionsGoWithTheTablesInEveryFormat) {
  const DataReport report = small_report();
  EXPECT_NE(render_report(report, {}).find("[ ]: 95 % interval\n"), std::string::npos);
  const std::string latex = render_report(report, {.style = TableStyle::kLatex});
  EXPECT_NE(latex.find("What S\\_node \\& co. share"), std::string::npos) << latex;
  EXPECT_NE(latex.find("[ ]: 95 \\% interval\n"), std::string::npos) << latex;
  EXPECT_NE(report_to_json(report, {}).find("\"definitions\": {\n  \"shares\": \"[ ]: 95 % "),
            std::string::npos);
  EXPECT_EQ(definitions_to_csv(report.tables),
            "table,column,title,definition\n"
            "shares,,What S_node & co. share,[ ]: 95 % interval\n"
            "shares,metric,metric,\nshares,share,share,\nshares,n,n,\n");
}

}  // namespace
}  // namespace agentecho

#include "agentecho/report/verdict_text.h"

#include <gtest/gtest.h>

#include "agentecho/report/data_table.h"

namespace agentecho {
namespace {

VerdictParagraph example() {
  VerdictParagraph verdict;
  verdict.found = "A and B are alike (100 %).";
  verdict.basis = "It rests on 3 tasks.";
  verdict.next = {"agentecho", "explain", "A B", "C", "PATHS"};
  return verdict;
}

TEST(VerdictText, IsAParagraphAndACommandWithTheLogsInPlace) {
  VerdictParagraph verdict = example();
  name_logs(verdict, {"my logs/", "--domain", "shop"});
  EXPECT_EQ(render_verdict(verdict, {}),
            "A and B are alike (100 %). It rests on 3 tasks.\n"
            "Next: agentecho explain 'A B' C 'my logs/' --domain shop\n\n");
}

TEST(VerdictText, BreaksBetweenWordsAtTheWidthOfTheView) {
  const std::string text = render_verdict(example(), {.width = 20});
  EXPECT_TRUE(text.starts_with("A and B are alike\n(100 %). It rests on\n3 tasks.\nNext: "))
      << text;
}

TEST(VerdictText, IsEscapedWhereItIsMarkup) {
  EXPECT_TRUE(render_verdict(example(), {TableStyle::kLatex})
                  .starts_with("A and B are alike (100 \\%). It rests on 3 tasks.\n% Next: "));
  VerdictParagraph verdict;
  verdict.found = "<b> is alike.\x1b[31m";
  EXPECT_EQ(render_verdict(verdict, {TableStyle::kMarkdown}), "&lt;b> is alike.\uFFFD[31m\n\n");
  EXPECT_EQ(render_verdict({}, {}), "");
}

TEST(VerdictText, AReportBeginsWithItAndItsJsonHasIt) {
  DataReport report;
  report.name = "x";
  report.title = "Title";
  report.verdict = example();
  EXPECT_TRUE(render_report(report, {}).starts_with("A and B are alike"));
  const auto json = nlohmann::json::parse(report_to_json(report, {}));
  EXPECT_EQ(json["verdict"], "A and B are alike (100 %). It rests on 3 tasks.");
  EXPECT_EQ(json["next"], "agentecho explain 'A B' C PATHS");
}

DataTable table_of(std::vector<std::vector<DataCell>> rows) {
  DataTable table;
  table.name = "t";
  table.title = "T";
  table.columns = {{"model", "model"}, {"ags", "AGS"}, {"n", "n"}};
  table.rows = std::move(rows);
  return table;
}

TEST(DataReport, RowsWithoutAFigureAreCountedInsteadOfShownAsDashes) {
  DataReport report;
  report.title = "Title";
  report.tables = {
      table_of({{text_cell("a"), number_cell(0.5), count_cell(3)},
                {text_cell("b"), number_cell({}, 3, "no common task"), count_cell(0)},
                {text_cell("c"), number_cell({}, 3, "no common task"), count_cell(0)}})};
  const std::string text = render_report(report, {});
  EXPECT_EQ(text.find("–"), std::string::npos) << text;
  EXPECT_NE(text.find("2 rows without a figure (no common task)\n"), std::string::npos) << text;
}

TEST(DataReport, WithoutAnyFigureOneSentenceSaysWhy) {
  DataReport report;
  report.title = "Title";
  report.tables = {
      table_of({{text_cell("b"), number_cell({}, 3, "too few models"), count_cell(0)}})};
  EXPECT_EQ(render_report(report, {}),
            "Title\n\nNo figure can be given from these logs: too few models.\n");
}

TEST(DataReport, LongTablesShowTheirFirstRowsUnlessAllAreAskedFor) {
  std::vector<std::vector<DataCell>> rows;
  for (int i = 0; i < 12; ++i) {
    rows.push_back({text_cell("model" + std::to_string(i)), number_cell(0.5), count_cell(1)});
  }
  DataReport report;
  report.tables = {table_of(rows)};
  report.tables[0].most_shown = kTopRows;
  const std::string top = render_report(report, {});
  EXPECT_NE(top.find("… and 2 more; --all shows them\n"), std::string::npos) << top;
  EXPECT_EQ(top.find("model11"), std::string::npos);
  EXPECT_NE(render_report(report, {.all_rows = true}).find("model11"), std::string::npos);
  EXPECT_NE(render_report(report, {TableStyle::kMarkdown}).find("model11"), std::string::npos);
}

}  // namespace
}  // namespace agentecho

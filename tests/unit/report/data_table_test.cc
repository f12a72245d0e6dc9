#include "agentecho/report/data_table.h"

#include <gtest/gtest.h>

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

TEST(DataTable, MetricsHaveTheirTitleForPeopleAndTheirNameInFiles) {
  const std::string text = render_report(small_report(), {});
  EXPECT_NE(text.find("S_node  6.7 %"), std::string::npos) << text;
  EXPECT_EQ(text.find("s_node"), std::string::npos) << text;
}

TEST(DataTable, ProseIsWrappedAndWhatIsDrawnStaysAsItIs) {
  const std::string tree = "┐ 2.54\n├─ maple-1 [agent=careful, base_url=https://one.example/v1]\n";
  DataReport report = small_report();
  report.texts = {{"tree", tree}, {"habits", "both call get_rules in 7 of 12 tasks\n", true}};
  const std::string text = render_report(report, {.width = 24});
  EXPECT_NE(text.find("\n" + tree), std::string::npos) << text;
  EXPECT_NE(text.find("both call get_rules in 7\nof 12 tasks\n"), std::string::npos) << text;
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

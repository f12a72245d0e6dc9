#include "agentecho/report/table.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

Table with_names(const std::vector<std::string>& names) {
  Table table({{.title = "model"}, {.title = "other"}});
  for (const std::string& name : names) table.add_row({name, name});
  return table;
}

TEST(Table, LatexRowsDoNotBeginWithWhatAnEndOfRowWouldTakeAsItsArgument) {
  const std::string text = with_names({"[abc]", "*x"}).render({TableStyle::kLatex});
  EXPECT_NE(text.find("\n{}[abc] & [abc] \\\\\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n{}*x & *x \\\\\n"), std::string::npos) << text;
}

TEST(Table, LatexEscapesWhatHasAMeaningThere) {
  const std::string text = with_names({"a_b&50%$#{x}~^\\"}).render({TableStyle::kLatex});
  EXPECT_NE(text.find("\na\\_b\\&50\\%\\$\\#\\{x\\}\\textasciitilde{}\\textasciicircum{}"
                      "\\textbackslash{} & "),
            std::string::npos)
      << text;
}

TEST(Table, MarkdownCellsHoldNoSeparatorAndNoTag) {
  const std::string text = with_names({"a|b<script>"}).render({TableStyle::kMarkdown});
  EXPECT_NE(text.find("| a\\|b&lt;script> | a\\|b&lt;script> |\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace agentecho

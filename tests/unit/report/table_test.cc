#include "agentecho/report/table.h"

#include <gtest/gtest.h>

#include <set>

#include "agentecho/base/text.h"

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

TEST(Table, CutNamesThatDifferStayDifferent) {
  const std::vector<std::string> names = {"Qwen3-235B-A22B-FP8",
                                          "Qwen3-235B-A22B-Instruct-2507-FP8",
                                          "Qwen3-235B-A22B-Thinking-2507-FP8", "gpt-4.1"};
  for (const std::size_t width : {12, 16, 20, 26, 32, 60}) {
    Table table({{.title = "model", .align = Align::kLeft, .elastic = true}});
    for (const std::string& name : names) table.add_row({name});
    const std::string text = table.render({.width = width});
    std::set<std::string> lines;
    std::size_t n = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      EXPECT_LE(display_width(line), width) << line;
      lines.insert(line);
      ++n;
    }
    EXPECT_EQ(lines.size(), n) << text;
  }
}

TEST(Table, NamesThatAProgramReadsAreWhole) {
  Table table({{.title = "model", .align = Align::kLeft, .elastic = true}, {.title = "score"}});
  const std::string name(300, 'x');
  table.add_row({name, "1"});
  EXPECT_EQ(table.render({.width = 40}).find(name), std::string::npos);
  EXPECT_NE(table.render({.width = 40, .whole_names = true}).find(name + "      1\n"),
            std::string::npos);
}

TEST(Table, ColourMarksWhatIsNotableAndWhatIsUndefined) {
  Table table({{.title = "p"}, {.title = "q"}});
  table.add_row({"0.01", "–"}, {CellTone::kNotable, CellTone::kPlain});
  const std::string coloured = table.render({.colour = true});
  EXPECT_NE(coloured.find("\x1b[1;32m0.01\x1b[0m"), std::string::npos) << coloured;
  EXPECT_NE(coloured.find("\x1b[2m–\x1b[0m"), std::string::npos) << coloured;
  EXPECT_EQ(table.render({}).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace agentecho

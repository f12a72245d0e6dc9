#include "agentecho/report/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "agentecho/base/text.h"
#include "agentecho/report/text_lines.h"

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

TEST(Table, NamesOfTwoColumnsThatDifferStayDifferent) {
  Table table({{.title = "model A", .align = Align::kLeft, .elastic = true},
               {.title = "model B", .align = Align::kLeft, .elastic = true}});
  const std::string thinking = "maple-235B-A22B-Thinking-2507-FP8";
  const std::string instruct = "maple-235B-A22B-Instruct-2507-FP8";
  table.add_row({"maple-235B-A22B-FP8", thinking});
  table.add_row({instruct, "larch-4o-20240806"});
  const std::string text = table.render({.width = 41});
  EXPECT_NE(text.find("…Thinking"), std::string::npos) << text;
  EXPECT_NE(text.find("…Instruct"), std::string::npos) << text;
}

TEST(Table, WhatDoesNotFitBesideTheNamesComesInAPartOfItsOwnWithThem) {
  Table table({{.title = "model A", .align = Align::kLeft, .elastic = true},
               {.title = "model B", .align = Align::kLeft, .elastic = true},
               {.title = "S_node excess"},
               {.title = "S_seq excess"},
               {.title = "S_dep excess"}});
  table.add_row({"maple-1", "larch-2", "0.1", "0.2", "0.3"});
  table.add_rule();
  table.add_row({"maple-1", "a-name-that-is-long", "0.4", "0.5", "0.6"});
  EXPECT_EQ(table.render({.width = 44}),
            "model A  model B        S_node excess\n"
            "───────  ─────────────  ─────────────\n"
            "maple-1  larch-2                  0.1\n"
            "───────  ─────────────  ─────────────\n"
            "maple-1  a-name…s-long            0.4\n"
            "\n"
            "model A  model B        S_seq excess\n"
            "───────  ─────────────  ────────────\n"
            "maple-1  larch-2                 0.2\n"
            "───────  ─────────────  ────────────\n"
            "maple-1  a-name…s-long           0.5\n"
            "\n"
            "model A  model B        S_dep excess\n"
            "───────  ─────────────  ────────────\n"
            "maple-1  larch-2                 0.3\n"
            "───────  ─────────────  ────────────\n"
            "maple-1  a-name…s-long           0.6\n");
  // Where names give enough way, and where a program reads, it is one.
  EXPECT_EQ(table.render({.width = 64}).find("\n\n"), std::string::npos);
  EXPECT_EQ(table.render({.width = 44, .whole_names = true}).find("\n\n"), std::string::npos);
}

TEST(Table, LongWordsOfAWrappedColumnTakeSeveralLines) {
  Table table({{.title = "habit", .align = Align::kLeft, .wrapped = true}, {.title = "excess"}});
  table.add_row({"both look up the order directly after the customer", "8.3"});
  table.add_row({"short", "1.0"});
  EXPECT_EQ(table.render({.width = 34}),
            "habit                       excess\n"
            "──────────────────────────  ──────\n"
            "both look up the order         8.3\n"
            "directly after the\n"
            "customer\n"
            "short                          1.0\n");
  // Where there is room, or a program reads, each row is one line.
  for (const TableView& view : {TableView{.width = 80}, TableView{.whole_names = true}}) {
    const std::string text = table.render(view);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
  }
}

TEST(CellLines, AreNoWiderThanAskedWhateverTheCharacters) {
  EXPECT_EQ(cell_lines("", 8), std::vector<std::string>{""});
  EXPECT_EQ(cell_lines("domain/task-0001, t2", 8),
            (std::vector<std::string>{"domain/t", "ask-0001", ", t2"}));
  EXPECT_EQ(cell_lines("模型模型", 5), (std::vector<std::string>{"模型", "模型"}));
  EXPECT_EQ(cell_lines("模", 1), std::vector<std::string>{"模"});
  const auto lines = cell_lines(std::string(10'000, 'x'), 10);
  EXPECT_EQ(lines.size(), kCellLines);
  EXPECT_TRUE(lines.back().ends_with("…"));
}

TEST(Table, WideCharactersAreCutByColumns) {
  Table table({{.title = "model", .align = Align::kLeft, .elastic = true}});
  table.add_row({"日本語の長い名前のモデル一"});
  const std::string text = table.render({.width = 12});
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    EXPECT_LE(display_width(text.substr(at, text.find('\n', at) - at)), 12u) << text;
  }
}

TEST(Table, NotesAreBrokenWhereTheScreenEnds) {
  const std::string_view note = "success: share of rewarded runs\nthink: with reasoning";
  EXPECT_EQ(note_text(note, {.width = 20}),
            "success: share of\nrewarded runs\nthink: with\nreasoning\n");
  EXPECT_EQ(note_text("  both close with a phrase\n", {.width = 20}),
            "  both close with a\n    phrase\n\n");
  EXPECT_EQ(note_text(note, {.style = TableStyle::kMarkdown}), std::string(note) + "\n");
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

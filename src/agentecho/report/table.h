// Tables for people: aligned text, Markdown, LaTeX. Cells are plain text; each style escapes what
// it must.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

enum class TableStyle : std::uint8_t { kText, kMarkdown, kLatex };

Result<TableStyle> parse_table_style(std::string_view name);  // "text", "markdown", "latex"

// How tables are shown.
struct TableView {
  TableStyle style = TableStyle::kText;
  std::size_t width = 100;  // text style: at most so many columns, as far as elastic ones allow
  bool colour = false;      // terminal escapes
};

enum class Align : std::uint8_t { kLeft, kRight };

class Table {
 public:
  struct ColumnSpec {
    std::string title;
    Align align = Align::kRight;
    bool elastic = false;  // text style: cut in the middle where the table would be too wide
  };

  explicit Table(std::vector<ColumnSpec> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns.
  void add_row(std::vector<std::string> cells);
  // A line between the rows above and those below.
  void add_rule();
  bool empty() const { return rows_.empty(); }

  // With a line break at the end.
  std::string render(const TableView& view = {}) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t width) const;
  std::string render_text(std::size_t width, bool bold_header) const;
  std::string render_markdown() const;
  std::string render_latex() const;

  std::vector<ColumnSpec> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
};

}  // namespace agentecho

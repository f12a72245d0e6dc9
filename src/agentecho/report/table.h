// Tables for people: aligned text, Markdown, LaTeX. Cells are plain text; each style escapes what
// it must.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

// Rows of a ranked table that people see unless they ask for all.
inline constexpr std::size_t kTopRows = 10;

enum class TableStyle : std::uint8_t { kText, kMarkdown, kLatex };

Result<TableStyle> parse_table_style(std::string_view name);  // "text", "markdown", "latex"

// How tables are shown.
struct TableView {
  TableStyle style = TableStyle::kText;
  std::size_t width = 100;   // text style: at most so many columns, as far as elastic ones allow
  bool whole_names = false;  // text style: no elastic column is cut, however wide the table gets
  bool colour = false;       // terminal escapes
  bool all_rows = false;     // else long tables show their first rows in text style
};

// What a cell's colour says on a terminal.
enum class CellTone : std::uint8_t {
  kPlain,
  kNotable,  // beyond chance at the level of the table: an adjusted p below it, an interval off 0
  kWeak,     // undefined or withheld
};

// Text as the style shows it as text.
std::string markup_of(std::string_view text, TableStyle style);

enum class Align : std::uint8_t { kLeft, kRight };

class Table {
 public:
  struct ColumnSpec {
    std::string title;
    Align align = Align::kRight;
    bool elastic = false;  // text style: cut in the middle where the table would be too wide
  };

  explicit Table(std::vector<ColumnSpec> columns) : columns_(std::move(columns)) {}

  // As many cells as there are columns; tones as well, or none: all plain. An undefined cell ("–")
  // is weak by itself.
  void add_row(std::vector<std::string> cells, std::vector<CellTone> tones = {});
  // A line between the rows above and those below.
  void add_rule();
  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }

  // With a line break at the end. In text style labels of one elastic column that differ stay
  // different, however narrow it is.
  std::string render(const TableView& view = {}) const;

 private:
  std::vector<std::size_t> column_widths(std::size_t width) const;
  std::string render_text(std::size_t width, bool colour) const;
  std::string render_markdown() const;
  std::string render_latex() const;

  std::vector<ColumnSpec> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
  std::vector<std::vector<CellTone>> tones_;    // by row
};

}  // namespace agentecho

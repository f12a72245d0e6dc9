// Tables for people: aligned text, Markdown, LaTeX. Cells are plain text; each style escapes what
// it must.
#pragma once

#include <cstdint>
#include <map>
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
  std::size_t width = 100;   // text style: at most so many columns; wider tables come in parts
  bool whole_names = false;  // text style: nothing is cut or parted, however wide the table gets
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
// Lines around a table, as the style shows them: in text style wrapped (wrapped_text()). With a
// line break at the end.
std::string note_text(std::string_view note, const TableView& view);

enum class Align : std::uint8_t { kLeft, kRight };

class Table {
 public:
  struct ColumnSpec {
    std::string title;
    Align align = Align::kRight;
    bool elastic = false;  // text style: cut in the middle where the table would be too wide
    bool wrapped = false;  // text style: on several lines where the table would be too wide
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
  // different, however narrow it is. Where even narrow names leave too little room, the table comes
  // in parts, one below the other, each with the names of its rows: the first columns that are
  // elastic, or the first column.
  std::string render(const TableView& view = {}) const;

 private:
  using Columns = std::vector<std::size_t>;  // places in columns_, in order

  std::size_t names() const;                       // how many columns name a row
  std::vector<std::size_t> needed_widths() const;  // of each column, for all its cells
  void narrow(std::vector<std::size_t>& widths, const Columns& columns, std::size_t width) const;
  std::vector<Columns> parts(std::vector<std::size_t>& widths, std::size_t width) const;
  std::string render_text(std::size_t width, bool colour) const;
  std::string render_part(const Columns& columns, const std::vector<std::size_t>& widths,
                          const std::vector<std::map<std::string, std::string>>& labels,
                          bool colour) const;
  std::string render_markdown() const;
  std::string render_latex() const;

  std::vector<ColumnSpec> columns_;
  std::vector<std::vector<std::string>> rows_;  // an empty row is a rule
  std::vector<std::vector<CellTone>> tones_;    // by row
};

}  // namespace agentecho

#include "agentecho/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "agentecho/base/text.h"

namespace agentecho {

namespace {

constexpr std::size_t kGap = 2;        // columns between two cells
constexpr std::size_t kNarrowest = 8;  // of an elastic column

std::string padded(std::string_view cell, std::size_t width, Align align) {
  const std::size_t used = display_width(cell);
  const std::string space(width > used ? width - used : 0, ' ');
  return align == Align::kLeft ? std::string(cell) + space : space + std::string(cell);
}

std::string replaced(std::string_view text,
                     std::initializer_list<std::pair<char, std::string_view>> replacements) {
  std::string out;
  for (const char c : text) {
    const auto found = std::find_if(replacements.begin(), replacements.end(),
                                    [c](const auto& r) { return r.first == c; });
    if (found == replacements.end()) {
      out += c;
    } else {
      out += found->second;
    }
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  return replaced(text, {{'|', "\\|"}, {'<', "&lt;"}, {'*', "\\*"}, {'`', "\\`"}});
}

std::string latex_cell(std::string_view text) {
  return replaced(text, {{'\\', "\\textbackslash{}"},
                         {'&', "\\&"},
                         {'%', "\\%"},
                         {'$', "\\$"},
                         {'#', "\\#"},
                         {'_', "\\_"},
                         {'{', "\\{"},
                         {'}', "\\}"},
                         {'~', "\\textasciitilde{}"},
                         {'^', "\\textasciicircum{}"}});
}

void trim_right(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

Result<TableStyle> parse_table_style(std::string_view name) {
  if (name == "text") return TableStyle::kText;
  if (name == "markdown") return TableStyle::kMarkdown;
  if (name == "latex") return TableStyle::kLatex;
  return fail(ErrorKind::kUsage, fmt::format("unknown table style \"{}\"", name),
              "styles: text, markdown, latex");
}

void Table::add_row(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

void Table::add_rule() { rows_.emplace_back(); }

std::string Table::render(const TableView& view) const {
  switch (view.style) {
    case TableStyle::kText:
      return render_text(view.width, view.colour);
    case TableStyle::kMarkdown:
      return render_markdown();
    case TableStyle::kLatex:
      return render_latex();
  }
  return {};
}

// What the cells need; elastic columns give way, the widest first, when that is more than `width`.
std::vector<std::size_t> Table::column_widths(std::size_t width) const {
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t needed = display_width(columns_[c].title);
    for (const auto& row : rows_) {
      if (!row.empty()) needed = std::max(needed, display_width(row[c]));
    }
    widths.push_back(needed);
    total += needed + (c > 0 ? kGap : 0);
  }
  while (total > width) {
    std::size_t widest = columns_.size();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (!columns_[c].elastic || widths[c] <= kNarrowest) continue;
      if (widest == columns_.size() || widths[c] > widths[widest]) widest = c;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
    --total;
  }
  return widths;
}

std::string Table::render_text(std::size_t width, bool bold_header) const {
  const std::vector<std::size_t> widths = column_widths(width);
  const auto shown = [&](const std::vector<std::string>& row, std::size_t c) {
    return columns_[c].elastic ? elided_middle(row[c], widths[c]) : row[c];
  };
  std::string header;
  std::string rule;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const std::string gap(c > 0 ? kGap : 0, ' ');
    header += gap + padded(columns_[c].title, widths[c], columns_[c].align);
    rule += gap;
    for (std::size_t i = 0; i < widths[c]; ++i) rule += "─";
  }
  trim_right(header);
  std::string out = bold_header ? fmt::format("\x1b[1m{}\x1b[0m\n", header) : header + "\n";
  out += rule + "\n";
  for (const auto& row : rows_) {
    if (row.empty()) {
      out += rule + "\n";
      continue;
    }
    std::string line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      line +=
          std::string(c > 0 ? kGap : 0, ' ') + padded(shown(row, c), widths[c], columns_[c].align);
    }
    trim_right(line);
    out += line + "\n";
  }
  return out;
}

std::string Table::render_markdown() const {
  std::string out = "|";
  for (const ColumnSpec& column : columns_)
    out += fmt::format(" {} |", markdown_cell(column.title));
  out += "\n|";
  for (const ColumnSpec& column : columns_)
    out += column.align == Align::kLeft ? " --- |" : " ---: |";
  out += "\n";
  for (const auto& row : rows_) {
    if (row.empty()) continue;
    out += "|";
    for (const std::string& cell : row) out += fmt::format(" {} |", markdown_cell(cell));
    out += "\n";
  }
  return out;
}

std::string Table::render_latex() const {
  std::string out = "\\begin{tabular}{";
  for (const ColumnSpec& column : columns_) out += column.align == Align::kLeft ? 'l' : 'r';
  out += "}\n\\toprule\n";
  const auto add = [&](const auto& cells, auto text_of) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const std::string cell = latex_cell(text_of(cells[c]));
      if (c > 0) out += " & ";
      // After the end of a row, "[" and "*" would be read as its arguments.
      else if (cell.starts_with('[') || cell.starts_with('*'))
        out += "{}";
      out += cell;
    }
    out += " \\\\\n";
  };
  add(columns_, [](const ColumnSpec& column) { return column.title; });
  out += "\\midrule\n";
  for (const auto& row : rows_) {
    if (row.empty()) {
      out += "\\midrule\n";
    } else {
      add(row, [](const std::string& cell) { return cell; });
    }
  }
  return out + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace agentecho

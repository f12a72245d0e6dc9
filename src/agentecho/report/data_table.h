// Results of a study as tables of typed cells: rendered once for people (text, Markdown, LaTeX),
// once as CSV and once as JSON, so that no experiment needs code of its own for each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/report/table.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/stats/statistic.h"
#include "agentecho/study/results.h"

namespace agentecho {

// Why there is no interval by bootstrap over tasks, where the cell says nothing else.
inline constexpr std::string_view kNoInterval =
    "too few tasks, no replicates, or undefined in most resamples of tasks";

// Text, or a number that may be undefined (then `reason`, where it is known, says why) and may have
// an interval (of a number that has none `reason` says why, where that is special).
struct DataCell {
  std::optional<std::string> text;
  std::optional<double> number;
  std::optional<Interval> interval;
  std::string reason;
  int digits = 3;
  bool p_value = false;
  bool signed_number = false;  // for people: with its sign, and so its interval
  bool percent = false;        // for people: 0.067 as "6.7 %", and so its interval
  std::string title{};         // for people in place of the text: names of metrics
};

DataCell text_cell(std::string_view text);
// A name for files and the title that people know it by; that of a metric in every table with the
// column metric_column().
DataCell named_cell(std::string_view name, std::string_view title);
DataCell metric_cell(const Metric& metric);
DataCell name_cell(const Corpus& corpus, ModelIndex model);
DataCell number_cell(std::optional<double> number, int digits = 3, std::string_view reason = {});
// A difference: shown with its sign.
DataCell step_cell(std::optional<double> step, std::optional<Interval> interval = {});
// A share from 0 to 1.
DataCell percent_cell(std::optional<double> share, std::optional<Interval> interval = {});
DataCell p_value_cell(std::optional<double> p, std::string_view reason = {});
DataCell count_cell(std::size_t number);
DataCell estimate_cell(const Estimate& estimate);
DataCell undefined_cell(Undefined reason);

struct DataColumn {
  DataColumn() = default;
  // Its title is the name, with blanks for underscores. A list of columns reads as a list of names:
  // {"runs", column("n_tasks", "tasks")}.
  DataColumn(const char* name_of_file);
  DataColumn(std::string_view name_of_file, std::string_view title_of_people)
      : name(name_of_file), title(title_of_people) {}

  std::string name;         // snake_case, for files
  std::string title;        // for people
  bool interval = false;    // cells may have intervals: two more columns in CSV
  bool elastic = false;     // may be cut in text style
  bool wrapped = false;     // may take several lines in text style
  bool files_only = false;  // not in tables for people
  bool plain = false;       // intervals in files only
};

DataColumn column(std::string_view name, std::string_view title);
DataColumn elastic_column(std::string_view name, std::string_view title);
DataColumn elastic_column(DataColumn column);
DataColumn wrapped_column(DataColumn column);
DataColumn interval_column(std::string_view name, std::string_view title);
DataColumn interval_column(DataColumn column);
// Intervals in files only.
DataColumn plain_column(std::string_view name, std::string_view title);
DataColumn plain_column(DataColumn column);
// Not in tables for people, where `only`.
DataColumn file_column(std::string_view name, std::string_view title);
DataColumn file_column(DataColumn column);
DataColumn file_column_if(bool only, DataColumn column);  // else as it is
DataColumn metric_column();
DataColumn model_a_column();  // "a", "b": the names of a pair in every table
DataColumn model_b_column();
std::vector<DataColumn> pair_columns();  // both
// Metrics of profile "calibrated" are in files only, for lack of room.
bool is_shown(const Metric& metric);

struct DataTable {
  DataTable() = default;
  DataTable(std::string_view name_of_file, std::string_view title_of_people,
            std::vector<DataColumn> columns_in_order = {})
      : name(name_of_file), title(title_of_people), columns(std::move(columns_in_order)) {}

  std::string name;  // snake_case: of its file, and its key in JSON
  std::string title;
  std::vector<DataColumn> columns;
  std::vector<std::vector<DataCell>> rows;
  std::string note;  // below the table; may be empty
  // Rows in tables for people, who may ask for all (TableView::all_rows); 0: all
  std::size_t most_shown = 0;
  bool files_only = false;
  bool people_only = false;  // files have its rows in another table
  bool detail = false;       // for people who ask for all
};

// What may happen to lines that are wider than the screen.
enum class TextLines : std::uint8_t { kStay, kWrap, kCut };

// A text beside the tables.
struct ReportText {
  std::string key;
  std::string text;  // its title first, where it has one
  TextLines lines = TextLines::kStay;
  std::string title{};         // what a line calls it that says what --all shows; may be empty
  bool detail = false;         // for people who ask for all
  std::size_t most_shown = 0;  // lines for people, who may ask for all; 0: all
};

struct DataReport {
  DataReport() = default;
  DataReport(std::string_view name_of_file, std::string_view title_of_people)
      : name(name_of_file), title(title_of_people) {}

  std::string name;  // "families"
  std::string title;
  std::string paper_table;   // "Table 2", or empty
  VerdictParagraph verdict;  // said first
  std::vector<DataTable> tables;
  std::vector<ReportText> texts;
  std::vector<std::string> notes;
  std::vector<Judging> judging;  // of each LLM that was asked; mostly none
};

// Warnings of an analysis among the notes of its report. Safe for a terminal.
void add_warnings(const std::vector<std::string>& warnings, DataReport& report);

// A cell as people see it: "0.812 [.79 .83]", "–", "<0.0001".
std::string shown_cell(const DataCell& cell, const DataColumn& column);

std::string render_report(const DataReport& report, const TableView& view);
std::string table_to_csv(const DataTable& table);
// What the columns of the tables in files are: table, column, its title for people, and for each
// table a line without a column that has its title and its note.
std::string definitions_to_csv(const std::vector<DataTable>& tables);
// One document: schema version, provenance, tables as lists of objects (an undefined number is
// null, with its reason under "<column>_reason"), the notes of tables under "definitions", texts,
// notes, and what LLMs were asked.
std::string report_to_json(const DataReport& report, const Provenance& provenance);

}  // namespace agentecho

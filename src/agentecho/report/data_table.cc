#include "agentecho/report/data_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/report/csv.h"
#include "agentecho/report/json.h"
#include "agentecho/report/judging_report.h"
#include "agentecho/report/verdict_text.h"

namespace agentecho {

namespace {

std::string shown(const DataCell& cell, bool plain) {
  if (cell.text) return cell.title.empty() ? *cell.text : cell.title;
  if (!cell.number) return "–";
  const auto sign = [&](std::string text) {
    return cell.signed_number && !text.starts_with('-') ? fmt::format("+{}", text)
                                                        : std::move(text);
  };
  if (cell.percent) {
    const auto hundredths = [](double share) { return fixed(100 * share, 1); };
    return cell.interval && !plain
               ? fmt::format("{} % [{} {}]", hundredths(*cell.number),
                             hundredths(cell.interval->low), hundredths(cell.interval->high))
               : hundredths(*cell.number) + " %";
  }
  std::string text = sign(fixed(*cell.number, cell.digits));
  if (cell.p_value && *cell.number > 0 && *cell.number < 0.00005) text = "<0.0001";
  if (cell.interval && !plain) {
    // On which side of 0 a bound of a difference lies matters.
    const int digits = cell.signed_number ? cell.digits : 2;
    text += fmt::format(" [{} {}]", sign(fixed_bound(cell.interval->low, digits)),
                        sign(fixed_bound(cell.interval->high, digits)));
  }
  return text;
}

bool is_text_column(const DataTable& table, std::size_t column) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [&](const auto& row) { return row[column].text.has_value(); });
}

// A row of which nothing is defined but counts says nothing.
bool has_figure(const std::vector<DataCell>& row) {
  const auto is_score = [](const DataCell& cell) { return !cell.text && cell.digits > 0; };
  const bool any_score = std::any_of(row.begin(), row.end(), is_score);
  return !any_score || std::any_of(row.begin(), row.end(), [&](const DataCell& cell) {
    return is_score(cell) && cell.number.has_value();
  });
}

std::vector<std::size_t> rows_with_figures(const DataTable& table) {
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (has_figure(table.rows[r])) rows.push_back(r);
  }
  return rows;
}

// The reason that most undefined cells of rows without a figure give.
std::string usual_reason(const DataTable& table) {
  std::map<std::string, std::size_t> reasons;
  for (const auto& row : table.rows) {
    if (has_figure(row)) continue;
    for (const DataCell& cell : row) {
      if (!cell.text && !cell.number && !cell.reason.empty()) ++reasons[cell.reason];
    }
  }
  const auto most =
      std::max_element(reasons.begin(), reasons.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == reasons.end() ? "undefined" : most->first;
}

// Whether no row has anything in the column, though it is one of figures.
bool is_empty_column(const DataTable& table, const std::vector<std::size_t>& rows,
                     std::size_t column) {
  return !rows.empty() && std::all_of(rows.begin(), rows.end(), [&](std::size_t r) {
    const DataCell& cell = table.rows[r][column];
    return !cell.text && !cell.number;
  });
}

std::string render_table(const DataTable& table, const TableView& view) {
  std::vector<Table::ColumnSpec> columns;
  std::vector<std::size_t> places;
  std::vector<std::string> empty;
  const std::vector<std::size_t> rows = rows_with_figures(table);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].files_only) continue;
    if (view.style == TableStyle::kText && is_empty_column(table, rows, c)) {
      empty.push_back(table.columns[c].title);
      continue;
    }
    places.push_back(c);
    const bool left =
        (table.columns[c].interval && !table.columns[c].plain) || is_text_column(table, c);
    columns.push_back({table.columns[c].title, left ? Align::kLeft : Align::kRight,
                       table.columns[c].elastic, table.columns[c].wrapped});
  }
  Table rendered(std::move(columns));
  const bool whole = view.all_rows || view.style != TableStyle::kText || table.most_shown == 0;
  const std::size_t n = whole ? rows.size() : std::min(table.most_shown, rows.size());
  for (std::size_t r = 0; r < n; ++r) {
    std::vector<std::string> cells;
    std::vector<CellTone> tones;
    for (const std::size_t c : places) {
      const DataCell& cell = table.rows[rows[r]][c];
      cells.push_back(shown(cell, table.columns[c].plain));
      const bool notable = cell.p_value && cell.number && *cell.number < 0.05;
      tones.push_back(notable ? CellTone::kNotable : CellTone::kPlain);
    }
    rendered.add_row(std::move(cells), std::move(tones));
  }
  std::string out = n > 0 ? rendered.render(view) : "";
  if (n < rows.size()) {
    out += fmt::format("… and {} more; --all shows them\n", rows.size() - n);
  }
  if (!empty.empty()) {
    out += note_text(fmt::format("Not known in any row: {}.", listed(empty)), view);
  }
  if (rows.size() < table.rows.size()) {
    const std::size_t without = table.rows.size() - rows.size();
    out += note_text(fmt::format("{} without a figure ({})", counted(without, "row", "rows"),
                                 usual_reason(table)),
                     view);
  }
  return out;
}

Json number_value(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

std::string why_no_number(const DataCell& cell) {
  return cell.reason.empty() ? "undefined for these runs" : cell.reason;
}

std::string why_no_interval(const DataCell& cell) {
  const bool usual = cell.number && cell.reason.empty();
  return usual ? std::string(kNoInterval) : why_no_number(cell);
}

// One more member than there is room for copies all the others, since their names are constant.
Json object_with_room(std::size_t members) {
  Json json = Json::object();
  json.get_ref<Json::object_t&>().reserve(members);
  return json;
}

Json row_json(const DataTable& table, const std::vector<DataCell>& row) {
  Json json = object_with_room(2 * row.size());
  for (std::size_t c = 0; c < row.size(); ++c) {
    const std::string& name = table.columns[c].name;
    const DataCell& cell = row[c];
    json[name] = cell.text ? Json(*cell.text) : number_value(cell.number);
    if (cell.text) continue;
    if (table.columns[c].interval) {
      json[name + "_interval"] = interval_json(cell.interval);
      if (!cell.interval) json[name + "_interval_reason"] = why_no_interval(cell);
    }
    if (!cell.number) json[name + "_reason"] = why_no_number(cell);
  }
  return json;
}

}  // namespace

DataColumn::DataColumn(const char* name_of_file) : name(name_of_file), title(name_of_file) {
  std::replace(title.begin(), title.end(), '_', ' ');
}

DataColumn column(std::string_view name, std::string_view title) { return {name, title}; }

DataColumn elastic_column(std::string_view name, std::string_view title) {
  return elastic_column(DataColumn(name, title));
}

DataColumn elastic_column(DataColumn column) {
  column.elastic = true;
  return column;
}

DataColumn wrapped_column(DataColumn column) {
  column.wrapped = true;
  return column;
}

DataColumn interval_column(std::string_view name, std::string_view title) {
  return interval_column(DataColumn(name, title));
}

DataColumn interval_column(DataColumn column) {
  column.interval = true;
  return column;
}

DataColumn plain_column(std::string_view name, std::string_view title) {
  return plain_column(DataColumn(name, title));
}

DataColumn plain_column(DataColumn column) {
  column.interval = true;
  column.plain = true;
  return column;
}

DataColumn file_column(std::string_view name, std::string_view title) {
  return file_column(DataColumn(name, title));
}

DataColumn file_column(DataColumn column) { return file_column_if(true, std::move(column)); }

DataColumn file_column_if(bool only, DataColumn column) {
  column.files_only = only;
  return column;
}

DataColumn metric_column() { return "metric"; }
DataColumn model_a_column() { return elastic_column("a", "model A"); }
DataColumn model_b_column() { return elastic_column("b", "model B"); }
std::vector<DataColumn> pair_columns() { return {model_a_column(), model_b_column()}; }
bool is_shown(const Metric& metric) { return metric.group != MetricGroup::kCalibrated; }

DataCell text_cell(std::string_view text) { return {std::string(text), {}, {}, {}, 0, false}; }

DataCell named_cell(std::string_view name, std::string_view title) {
  DataCell cell = text_cell(name);
  cell.title = title;
  return cell;
}

DataCell metric_cell(const Metric& metric) { return named_cell(metric.slug, metric.title); }

// A number that is not finite is none, in whatever it is shown.
DataCell number_cell(std::optional<double> number, int digits, std::string_view reason) {
  if (number && !std::isfinite(*number)) number.reset();
  return {{}, number, {}, std::string(number ? std::string_view{} : reason), digits, false};
}

DataCell name_cell(const Corpus& corpus, ModelIndex model) {
  return text_cell(corpus.models()[model]);
}

DataCell step_cell(std::optional<double> step, std::optional<Interval> interval) {
  DataCell cell = number_cell(step);
  cell.interval = interval;
  cell.signed_number = true;
  return cell;
}

DataCell percent_cell(std::optional<double> share, std::optional<Interval> interval) {
  DataCell cell = number_cell(share);
  cell.interval = interval;
  cell.percent = true;
  return cell;
}

DataCell p_value_cell(std::optional<double> p, std::string_view reason) {
  DataCell cell = number_cell(p, 4, reason);
  cell.p_value = true;
  return cell;
}

DataCell count_cell(std::size_t number) {
  return {{}, static_cast<double>(number), {}, {}, 0, false};
}

DataCell estimate_cell(const Estimate& estimate) {
  DataCell cell = number_cell(estimate.value, 3, "no task that carries the score");
  cell.interval = estimate.interval;
  if (!estimate.reason.empty()) {
    cell.reason = estimate.reason;
  } else if (estimate.value && estimate.n_tasks > 0) {
    cell.reason = estimate.n_tasks < kFewestTasks
                      ? "a single task carries the score"
                      : "no replicates, or undefined in most resamples of tasks";
  }
  return cell;
}

DataCell undefined_cell(Undefined reason) {
  return number_cell(std::nullopt, 3, undefined_text(reason));
}

void add_warnings(const std::vector<std::string>& warnings, DataReport& report) {
  for (const std::string& warning : warnings) {
    report.notes.push_back("Note: " + printable(warning));
  }
}

std::string shown_cell(const DataCell& cell, const DataColumn& column) {
  return shown(cell, column.plain);
}

namespace {

// Where no row of any table has a figure, one sentence says so; empty where some row has one.
std::string hopeless(const DataReport& report) {
  std::string reason;
  for (const DataTable& table : report.tables) {
    const auto is_score = [](const DataCell& cell) { return !cell.text && cell.digits > 0; };
    const bool scores = std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
      return std::any_of(row.begin(), row.end(), is_score);
    });
    if (table.files_only || !scores) continue;
    if (!rows_with_figures(table).empty()) return {};
    reason = usual_reason(table);
  }
  return reason.empty() ? reason
                        : fmt::format("No figure can be given from these logs: {}.", reason);
}

}  // namespace

namespace {

bool is_brief(const TableView& view) { return view.style == TableStyle::kText && !view.all_rows; }

std::string with_lines_cut(const std::string& text, std::size_t width) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += elided(std::string_view(text).substr(begin, end - begin), width) + "\n";
    begin = end + 1;
  }
  return out;
}

// Texts of logs may hold what would end the environment that shows them.
std::string without_end_of_verbatim(std::string text) {
  constexpr std::string_view kEnd = "\\end{verbatim}";
  for (std::size_t at = 0; (at = text.find(kEnd, at)) != std::string::npos; at += kEnd.size()) {
    text.insert(at + 4, " ");
  }
  return text;
}

std::string shown_text(const ReportText& part, const TableView& view) {
  std::string text = printable(part.text, false);
  switch (view.style) {
    case TableStyle::kMarkdown:
      return fmt::format("\n```\n{}```\n", text);
    case TableStyle::kLatex:
      return fmt::format("\n\\begin{{verbatim}}\n{}\\end{{verbatim}}\n",
                         without_end_of_verbatim(std::move(text)));
    case TableStyle::kText:
      break;
  }
  std::string more;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (is_brief(view) && part.most_shown > 0 && lines > part.most_shown) {
    std::size_t end = 0;
    for (std::size_t n = 0; n < part.most_shown; ++n) end = text.find('\n', end) + 1;
    text.resize(end);
    more = fmt::format("… and {} more lines; --all shows them\n", lines - part.most_shown);
  }
  if (part.lines == TextLines::kWrap) {
    text = note_text(text.substr(0, text.find_last_not_of('\n') + 1), view);
  } else if (part.lines == TextLines::kCut && !view.whole_names) {
    text = with_lines_cut(text, view.width);
  }
  return "\n" + text + more;
}

// A title that goes on a sentence: without what is added behind it, and with a small first letter
// where that begins an ordinary word.
std::string within_sentence(std::string title) {
  title.resize(std::min({title.find(" ("), title.find("; "), title.find('?'), title.size()}));
  const auto is_upper = [&](std::size_t i) { return title[i] >= 'A' && title[i] <= 'Z'; };
  if (title.size() > 1 && is_upper(0) && !is_upper(1)) title[0] += 'a' - 'A';
  return title;
}

}  // namespace

std::string render_report(const DataReport& report, const TableView& view) {
  std::string out =
      render_verdict(report.verdict, view) + markup_of(printable(report.title), view.style);
  if (!report.paper_table.empty()) out += fmt::format(" (the paper's {})", report.paper_table);
  out += "\n";
  if (const std::string sentence = hopeless(report); !sentence.empty()) {
    out += "\n" + sentence + "\n";
    for (const std::string& note : report.notes) out += note_text(note, view);
    return out;
  }
  std::vector<std::string> empty;
  std::vector<std::string> details;
  for (const DataTable& table : report.tables) {
    if (table.files_only || table.rows.empty()) continue;
    if (rows_with_figures(table).empty()) {
      empty.push_back(fmt::format("{} ({})", within_sentence(table.title), usual_reason(table)));
    } else if (table.detail && is_brief(view)) {
      details.push_back(within_sentence(table.title));
    } else {
      out += fmt::format("\n{}\n", note_text(table.title, view));
      out += render_table(table, view);
      if (!table.note.empty()) out += note_text(table.note, view);
    }
  }
  for (const ReportText& text : report.texts) {
    if (!text.detail || !is_brief(view)) {
      out += shown_text(text, view);
    } else if (!text.title.empty()) {
      details.push_back(within_sentence(text.title));
    }
  }
  std::vector<std::string> notes = report.notes;
  const auto list = [&](const char* before, const std::vector<std::string>& titles) {
    if (titles.empty()) return;
    notes.push_back(fmt::format("{}: {}.", before, fmt::join(titles, "; ")));
  };
  list("Without a single figure, and not shown", empty);
  list("More with --all", details);
  if (!notes.empty()) out += "\n";
  for (const std::string& note : notes) out += note_text(note, view);
  for (const Judging& judging : report.judging) out += render_judging(judging);
  return out;
}

std::string table_to_csv(const DataTable& table) {
  std::vector<std::string> header;
  for (const DataColumn& column : table.columns) {
    header.push_back(column.name);
    if (!column.interval) continue;
    header.push_back(column.name + "_low");
    header.push_back(column.name + "_high");
  }
  std::string out = csv_line(header);
  for (const auto& row : table.rows) {
    std::vector<std::string> fields;
    for (std::size_t c = 0; c < row.size(); ++c) {
      fields.push_back(row[c].text ? *row[c].text : csv_number(row[c].number));
      if (!table.columns[c].interval) continue;
      const auto& interval = row[c].interval;
      fields.push_back(csv_number(interval ? std::optional(interval->low) : std::nullopt));
      fields.push_back(csv_number(interval ? std::optional(interval->high) : std::nullopt));
    }
    out += csv_line(fields);
  }
  return out;
}

std::string report_to_json(const DataReport& report, const Provenance& provenance) {
  constexpr std::size_t kMembers = 16;  // and some to spare
  Json json = object_with_room(kMembers);
  json["schema_version"] = kResultsSchemaVersion;
  json["experiment"] = report.name;
  json["title"] = report.title;
  if (!report.verdict.empty()) add_verdict(report.verdict, json);
  json["paper_table"] = report.paper_table.empty() ? Json(nullptr) : Json(report.paper_table);
  json["provenance"] = provenance_json(provenance);
  for (const DataTable& table : report.tables) {
    if (table.people_only) continue;
    Json& tables = json["tables"];
    if (tables.is_null()) tables = object_with_room(report.tables.size());
    Json& rows = tables[table.name] = Json::array();
    for (const auto& row : table.rows) rows.push_back(row_json(table, row));
  }
  add_definitions(report.tables, json);
  for (const ReportText& text : report.texts) json["texts"][text.key] = text.text;
  json["notes"] = report.notes;
  for (const Judging& judging : report.judging) {
    json["judging"].push_back(judging_json(judging));
  }
  return to_document(json);
}

std::string definitions_to_csv(const std::vector<DataTable>& tables) {
  std::string out = csv_line({"table", "column", "title", "definition"});
  for (const DataTable& table : tables) {
    if (table.people_only) continue;
    out += csv_line({table.name, "", table.title, table.note});
    for (const DataColumn& column : table.columns) {
      out += csv_line({table.name, column.name, column.title, ""});
    }
  }
  return out;
}

}  // namespace agentecho

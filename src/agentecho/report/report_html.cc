#include "agentecho/report/report_html.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/hash.h"
#include "agentecho/base/markup.h"
#include "agentecho/base/words.h"
#include "agentecho/report/provenance_text.h"
#ifdef AGENTECHO_HAS_PAGE
#include "agentecho/report/page_style.h"
#endif

namespace agentecho {

namespace {

#ifndef AGENTECHO_HAS_PAGE
constexpr std::string_view kPageStyle =
    "body{font:15px/1.5 sans-serif;margin:0 auto;max-width:1400px;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px "
    "solid #ccc}td.number{text-align:right}.scroll{overflow-x:auto}";
#endif

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) out += fmt::format("<p>{}</p>\n", escaped_markup(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string table_html(const DataTable& table) {
  std::string out =
      fmt::format("<h2>{}</h2>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>",
                  escaped_markup(table.title));
  for (const DataColumn& column : table.columns) {
    if (!column.files_only) out += fmt::format("<th>{}</th>", escaped_markup(column.title));
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (table.columns[c].files_only) continue;
      const char* const kind = row[c].text ? "" : " class=\"number\"";
      out +=
          fmt::format("<td{}>{}</td>", kind, escaped_markup(shown_cell(row[c], table.columns[c])));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n" + paragraphs(table.note);
}

}  // namespace

std::string report_to_html(const DataReport& report, const Provenance& provenance,
                           std::string_view command) {
  const std::string nonce = to_hex(digest_of(report_to_json(report, provenance)));
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'nonce-{0}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>{1}</title>\n<style nonce=\"{0}\">",
      nonce, escaped_markup(report.title.substr(0, report.title.find('\n'))));
  out += kPageStyle;
  out += fmt::format("</style>\n</head>\n<body>\n<header><h1>{}</h1></header>\n<main>\n",
                     escaped_markup(report.title));
  if (!report.verdict.empty()) {
    out += fmt::format("<section class=\"verdict\"><p>{}</p>",
                       escaped_markup(paragraph_of(report.verdict)));
    if (!report.verdict.next.empty()) {
      out += fmt::format("<p>Next: <code>{}</code></p>",
                         escaped_markup(shell_line(report.verdict.next)));
    }
    out += "</section>\n";
  }
  for (const DataTable& table : report.tables) {
    if (!table.files_only && !table.rows.empty()) out += table_html(table);
  }
  for (const ReportText& part : report.texts) {
    const std::string& text = part.text;
    std::string lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines += escaped_markup(std::string_view(text).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    out += fmt::format("<div class=\"scroll\" tabindex=\"0\"><pre>{}</pre></div>\n", lines);
  }
  for (const std::string& note : report.notes) out += paragraphs(note);
  out += "<h2>How these figures came about</h2>\n";
  out += fmt::format("<p><code>{}</code></p>\n<ul>\n", escaped_markup(command));
  for (const std::string& line : provenance_lines(provenance)) {
    out += fmt::format("<li>{}</li>\n", escaped_markup(line));
  }
  for (const LoadedFile& file : provenance.inputs) {
    out += fmt::format("<li>{}: {}, xxh3-128:{}</li>\n", escaped_markup(file.path),
                       counted(file.trajectories, "run", "runs"), to_hex(file.digest));
  }
  return out + "</ul>\n</main>\n</body>\n</html>\n";
}

}  // namespace agentecho

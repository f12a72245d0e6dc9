// Data frames as pandas writes them to one JSON document, with a run in each row:
//
//   split     {"columns": ["model", "messages", …], "index": […], "data": [[…], …]}
//   columns   {"model": {"0": …, "1": …}, "messages": {"0": […], …}}
//   list      {"model": […], "messages": [[…], …]}
//
// A row becomes a record. The orientations `records` and `table` are lists of records, `index` is a
// map of them, and `values` has no names and is refused.
#include <fmt/format.h>
#include <simdjson.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"
#include "agentecho/readers/formats/unit.h"
#include "agentecho/readers/run_containers.h"

namespace agentecho::formats {

namespace {

using dialects::PeekedMember;

enum class Orientation { kNone, kSplit, kColumns, kLists };

// One cell of a column of messages: a list of them, or the same as a text.
bool is_cell(std::string_view value) {
  return looks_like_messages(value) || value.starts_with("\"[");
}

Orientation orientation_of(std::string_view object) {
  const std::vector<PeekedMember> members = dialects::peek_members(object);
  bool columns = false;
  bool rows = false;
  bool all_lists = true;
  bool all_objects = true;
  Orientation found = Orientation::kNone;
  for (const PeekedMember& member : members) {
    const std::string_view first = dialects::peek_first_element(member.value);
    columns = columns || (member.name == "columns" && first.starts_with('"'));
    rows = rows || (member.name == "data" && first.starts_with('['));
    all_lists = all_lists && member.value.starts_with('[');
    all_objects = all_objects && member.value.starts_with('{');
    if (!may_hold_messages(member.name)) continue;
    if (is_cell(first)) found = Orientation::kLists;
    const auto cells = dialects::peek_members(member.value, 1);
    const bool numbered =
        !cells.empty() && cells[0].name.find_first_not_of("0123456789") == std::string_view::npos;
    if (numbered && is_cell(cells[0].value)) found = Orientation::kColumns;
  }
  if (columns && rows) return Orientation::kSplit;
  const bool of_columns = found == Orientation::kLists ? all_lists : all_objects;
  return of_columns && members.size() >= 2 ? found : Orientation::kNone;
}

// Rows of which the cells come column by column. Each row repeats the columns' names, so that those
// too long for a name are left out: rows must not be much more than the frame.
class Rows {
 public:
  void cell(std::size_t row, std::string_view column, Json value) {
    if (column.size() > kLongestColumnName) {
      too_long_ = true;
      return;
    }
    if (rows_.size() <= row) rows_.resize(row + 1);
    std::string& text = rows_[row];
    text += text.empty() ? "{" : ",";
    append_string(text, column);
    text += ":" + value.json();
  }
  void hand_on(RecordSink& sink) const {
    for (const std::string& row : rows_) {
      if (!row.empty()) sink.record(row + "}");
    }
    if (too_long_) {
      sink.note(
          fmt::format("not read: columns with a name of more than {} bytes", kLongestColumnName));
    }
  }

 private:
  std::vector<std::string> rows_;
  bool too_long_ = false;
};

}  // namespace

bool is_data_frame(Json, const Beginning& beginning) {
  return orientation_of(beginning.first_object) != Orientation::kNone;
}

void convert_data_frame(std::string_view unit, const Entry&, RecordSink& sink) {
  simdjson::dom::parser parser;
  const auto frame = parse_whole(parser, unit, sink);
  if (!frame) return;
  const Orientation orientation = orientation_of(unit);
  Rows rows;
  if (orientation == Orientation::kSplit) {
    std::vector<std::string> names;
    (*frame)["columns"].each([&](Json name) { names.push_back(name.text()); });
    std::size_t row = 0;
    (*frame)["data"].each([&](Json cells) {
      if (cells.size() != names.size()) {
        sink.loss(
            fmt::format("row {} has {} cells under {} columns", row, cells.size(), names.size()));
      } else {
        std::size_t column = 0;
        cells.each([&](Json cell) { rows.cell(row, names[column++], cell); });
      }
      ++row;
    });
  } else {
    std::map<std::string, std::size_t, std::less<>> row_of;  // by the index
    frame->each_member([&](std::string_view column, Json cells) {
      std::size_t row = 0;
      cells.each([&](Json cell) { rows.cell(row++, column, cell); });
      cells.each_member([&](std::string_view index, Json cell) {
        rows.cell(row_of.try_emplace(std::string(index), row_of.size()).first->second, column,
                  cell);
      });
    });
  }
  rows.hand_on(sink);
}

}  // namespace agentecho::formats

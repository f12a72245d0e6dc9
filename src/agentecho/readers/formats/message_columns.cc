// Chat records whose messages are no list:
//
//   {"messages": {"0": {role, content}, "1": {…}}}                a map by position
//   {"messages": {"role": […], "content": […], …}}                a struct of lists
//
// The second is what Hugging Face's datasets make of a Sequence of a dictionary, and so of the
// calls in a message, and of its parts. Cells that are null are not there; lists of different
// lengths cannot be told apart, and the record is a loss. Everything else in the record stays as it
// is.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool says_whose(Json message) {
  return message["role"].is_string() || message["from"].is_string() || message["type"].is_string();
}

bool is_map_by_position(Json messages) {
  bool all_numbers = messages.is_object() && !messages.empty();
  bool is_first = true;
  messages.each_member([&](std::string_view key, Json message) {
    all_numbers = all_numbers && position_of(key) && (!is_first || says_whose(message));
    is_first = false;
  });
  return all_numbers;
}

bool has_short_names(Json columns) {
  bool all = true;
  columns.each_member(
      [&](std::string_view key, Json) { all = all && key.size() <= kLongestColumnName; });
  return all;
}

bool is_struct_of_lists(Json messages) {
  const Json roles = either(messages, "role", "from");
  const Json contents = either(messages, "content", "value");
  return roles.is_list() && roles.first().is_string() && contents.is_list() &&
         has_short_names(messages);
}

bool are_columns(Json messages) {
  return is_map_by_position(messages) || is_struct_of_lists(messages);
}

// The member with such messages; empty where there is none.
std::string_view key_of_columns(Json record) {
  std::string_view found;
  if (record["messages"].is_list() || record["traj"].is_list()) return found;
  record.each_member([&](std::string_view key, Json member) {
    if (found.empty() && may_hold_messages(key) && are_columns(member)) found = key;
  });
  return found;
}

bool looks_like_columns(Json first, const Beginning&) { return !key_of_columns(first).empty(); }

void begin_element(std::string& json) {
  if (json.back() != '[' && json.back() != '{') json += ',';
}

// A cell that is a struct of lists as well: calls have names or functions, parts have types.
bool is_nested(std::string_view column, Json cell) {
  const bool calls =
      column == "tool_calls" && (cell["name"].is_list() || cell["function"].is_list());
  const bool parts = (column == "content" || column == "parts") && cell["type"].is_list();
  return (calls || parts) && has_short_names(cell);
}

// The rows of a struct of lists as a list of objects; nothing where the lists are of different
// lengths.
std::optional<std::string> rows_of(Json columns, int depth = 0) {
  constexpr int kDeepest = 3;
  std::vector<std::string> rows;
  bool same = depth < kDeepest;
  bool is_first = true;
  columns.each_member([&](std::string_view key, Json cells) {
    if (!cells.here()) return;
    if (!cells.is_list() || (!is_first && cells.size() != rows.size())) {
      same = false;
      return;
    }
    if (is_first) rows.assign(cells.size(), "{");
    is_first = false;
    std::size_t row = 0;
    cells.each([&](Json cell) {
      std::string& json = rows[row++];
      if (!cell.here()) return;
      const auto inner = is_nested(key, cell) ? rows_of(cell, depth + 1) : cell.json();
      same = same && inner.has_value();
      begin_element(json);
      append_string(json, key);
      json += ':' + inner.value_or("null");
    });
  });
  if (!same) return std::nullopt;
  std::string list = "[";
  for (const std::string& row : rows) {
    begin_element(list);
    list += row + '}';
  }
  return list + ']';
}

std::string in_order(Json map) {
  std::vector<std::pair<std::uint64_t, Json>> messages;
  map.each_member([&](std::string_view key, Json message) {
    if (message.here()) messages.emplace_back(position_of(key).value_or(0), message);
  });
  std::stable_sort(messages.begin(), messages.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string list = "[";
  for (const auto& [position, message] : messages) {
    begin_element(list);
    list += message.json();
  }
  return list + ']';
}

void convert_columns(std::string_view unit, const Entry&, RecordSink& sink) {
  simdjson::dom::parser parser;
  const auto record = parse_whole(parser, unit, sink);
  if (!record) return;
  const std::string_view key = key_of_columns(*record);
  std::string json = "{";
  if (!record->has("benchmark")) json += "\"benchmark\":\"chat\"";
  bool lost = false;
  record->each_member([&](std::string_view name, Json member) {
    if (name == "benchmark" && !member.here()) return;
    begin_element(json);
    append_string(json, name);
    json += ':';
    if (name != key || lost) {
      json += member.json();
      return;
    }
    const auto list = is_map_by_position(member) ? in_order(member) : rows_of(member);
    lost = !list;
    json += list.value_or("null");
  });
  if (lost) {
    sink.loss(fmt::format("the lists in `{}` are of different lengths", printable(key)));
  } else {
    sink.record(json + "}");
  }
}

}  // namespace

const FormatCode kMessageColumns = {looks_like_columns, convert_columns, nullptr};

}  // namespace agentecho::formats

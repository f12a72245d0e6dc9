// Records that were made flat, as pandas.json_normalize does: {"request.model": …,
// "request.messages": […], "metadata.task_id": …}. Each point stands for an object.
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"
#include "agentecho/readers/formats/unit.h"
#include "agentecho/readers/identity_keys.h"
#include "agentecho/readers/run_containers.h"

namespace agentecho::formats {

namespace {

using dialects::PeekedMember;
using Columns = std::vector<std::pair<std::string_view, Json>>;

std::string_view first_part(std::string_view key) { return key.substr(0, key.find('.')); }

// Does the column hold the messages of a run?
bool holds_list(const PeekedMember& column) {
  const std::size_t point = column.name.rfind('.');
  return point != std::string_view::npos && may_hold_messages(column.name.substr(point + 1)) &&
         (looks_like_messages(column.value) || column.value.starts_with("\"[{"));
}

// Is it of an object that is looked into for who ran what?
bool identifies(const PeekedMember& column) {
  const bool dotted = column.name.find('.') != std::string_view::npos;
  return dotted && IdentityReader::looks_into(first_part(column.name));
}

// What stands under the first part of some columns' names.
struct Group {
  std::string_view name;
  Json whole;      // the column of that name alone, which comes before the others
  Columns inside;  // by the rest of their names
};

// In the order of their first columns.
std::vector<Group> grouped(const Columns& columns, bool split) {
  std::vector<Group> groups;
  std::map<std::string_view, std::size_t> places;
  for (const auto& [key, value] : columns) {
    const std::string_view name = split ? first_part(key) : key;
    const auto [place, is_new] = places.try_emplace(name, groups.size());
    if (is_new) groups.push_back({name, {}, {}});
    Group& group = groups[place->second];
    if (name.size() == key.size()) {
      group.whole = value;
    } else {
      group.inside.emplace_back(key.substr(name.size() + 1), value);
    }
  }
  return groups;
}

void append_object(const Columns& columns, int depth, std::string& json) {
  constexpr int kDeepest = 8;
  json += '{';
  for (const Group& group : grouped(columns, depth < kDeepest)) {
    if (json.back() != '{') json += ',';
    append_string(json, group.name);
    json += ':';
    if (group.whole.here()) {
      json += group.whole.json();
    } else {
      append_object(group.inside, depth + 1, json);
    }
  }
  json += '}';
}

}  // namespace

bool has_dotted_columns(Json, const Beginning& beginning) {
  if (!beginning.first_object.starts_with('{')) return false;
  const std::vector<PeekedMember> columns = dialects::peek_members(beginning.first_object, 256);
  const bool flat = std::any_of(columns.begin(), columns.end(), holds_list);
  return flat || (holds_messages(beginning.first_object) &&
                  std::any_of(columns.begin(), columns.end(), identifies));
}

void convert_dotted_columns(std::string_view unit, const Entry& entry, RecordSink& sink) {
  simdjson::dom::parser parser;
  const auto record = parse_whole(parser, unit, sink);
  if (!record) return;
  Columns columns;
  record->each_member([&](std::string_view key, Json value) {
    if (value.here()) columns.emplace_back(key, value);
  });
  std::string json;
  append_object(columns, 0, json);
  const std::size_t size = json.size();
  json.append(simdjson::SIMDJSON_PADDING, ' ');
  const std::string_view made = std::string_view(json).substr(0, size);
  if (is_record_map({}, {entry, made, false})) {
    convert_record_map(made, entry, sink);
  } else {
    sink.record(made);
  }
}

}  // namespace agentecho::formats

#include "agentecho/readers/formats/unit.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>

#include "agentecho/base/text.h"
#include "agentecho/readers/formats/json_repair.h"

namespace agentecho::formats {

namespace {

constexpr const char* kNoJson = "this is no valid JSON, or it ends early";

// Parses text that has readable bytes behind it, mended where the parser refuses it as it is.
class Parser {
 public:
  std::optional<Json> parse(std::string_view json) {
    simdjson::dom::element value;
    if (!parser_.parse(json.data(), json.size(), false).get(value)) return Json(value);
    mended_ = repaired(json);
    if (!parser_.parse(mended_).get(value)) return Json(value);
    return std::nullopt;
  }

 private:
  simdjson::dom::parser parser_;
  std::string mended_;
};

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

// The lines of JSON Lines as one list, so that one document holds them; those that are no JSON are
// losses.
class Lines {
 public:
  std::optional<Json> parse(std::string_view text, RecordSink& sink) {
    join(text, [](std::string_view) { return true; });
    if (auto all = parser_.parse(list_)) return all;
    std::size_t number = 0;
    join(text, [&](std::string_view line) {
      ++number;
      Parser alone;
      const std::string padded = std::string(line) + std::string(simdjson::SIMDJSON_PADDING, ' ');
      if (alone.parse(std::string_view(padded).substr(0, line.size()))) return true;
      sink.loss(fmt::format("line {} (not counting empty ones) is no JSON", number));
      return false;
    });
    return parser_.parse(list_);
  }

 private:
  template <class Wanted>
  void join(std::string_view text, Wanted wanted) {
    buffer_.clear();
    buffer_.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
    while (!text.empty()) {
      std::string_view line = first_line(text);
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      line = trimmed(line);
      if (line.empty() || !wanted(line)) continue;
      buffer_ += buffer_.empty() ? '[' : ',';
      buffer_ += line;
    }
    buffer_ += buffer_.empty() ? "[]" : "]";
    const std::size_t size = buffer_.size();
    buffer_.append(simdjson::SIMDJSON_PADDING, ' ');
    list_ = std::string_view(buffer_).substr(0, size);
  }

  std::string buffer_;
  std::string_view list_;
  Parser parser_;
};

bool is_json_lines(std::string_view unit) {
  const std::string_view line = trimmed(first_line(unit));
  const bool is_value = line.starts_with('{') || line.starts_with('[');
  if (!is_value || line.size() == unit.size()) return false;
  Parser parser;
  const std::string padded = std::string(line) + std::string(simdjson::SIMDJSON_PADDING, ' ');
  return parser.parse(std::string_view(padded).substr(0, line.size())).has_value();
}

void hand_on(RunWriter& runs, RecordSink& sink) {
  for (const Aside& aside : runs.asides()) {
    const std::string said =
        aside.count > 1 ? fmt::format("{} ({} times)", aside.what, aside.count) : aside.what;
    switch (aside.kind) {
      case Aside::Kind::kLeftOut:
        sink.note("no part of the run: " + said);
        break;
      case Aside::Kind::kNotRead:
        sink.note("not read: " + said);
        break;
      case Aside::Kind::kMalformed:
        sink.loss(said);
        break;
    }
  }
  sink.unnamed_runs(runs.unnamed());
  for (std::size_t i = 0; i < runs.size(); ++i) sink.record(runs.record(i));
}

// What a conversion works with; its memory serves the next unit too.
struct Workspace {
  Lines lines;
  Parser parser;
  RunWriter runs;
};

void convert_in(Workspace& space, Translate translate, std::string_view unit, const Entry& entry,
                RecordSink& sink) {
  Log log{entry, {}};
  const auto value = is_json_lines(unit) ? space.lines.parse(unit, sink) : space.parser.parse(unit);
  if (!value) {
    sink.loss(kNoJson);
    return;
  }
  if (value->is_list()) {
    value->each([&](Json record) { log.records.push_back(record); });
  } else {
    log.records.push_back(*value);
  }
  space.runs.clear();
  translate(log, space.runs);
  hand_on(space.runs, sink);
}

}  // namespace

std::vector<Json> records_in(const Log& log, bool (*is_record)(Json)) {
  std::vector<Json> records;
  for (const Json value : log.records) {
    Json list;
    if (!is_record(value)) {
      value.each_member([&](std::string_view, Json member) {
        if (!list.here() && is_record(member.first())) list = member;
      });
    }
    list.each([&](Json record) { records.push_back(record); });
    if (!list.here()) records.push_back(value);
  }
  return records;
}

std::vector<std::vector<Json>> grouped(const std::vector<Json>& records,
                                       std::string (*group)(Json)) {
  std::map<std::string, std::size_t> places;
  std::vector<std::vector<Json>> groups;
  for (const Json record : records) {
    const auto [place, is_new] = places.try_emplace(group(record), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(record);
  }
  return groups;
}

void convert_with(Translate translate, std::string_view unit, const Entry& entry,
                  RecordSink& sink) {
  while (!unit.empty() && is_ascii_space(unit.front())) unit.remove_prefix(1);
  constexpr std::size_t kKept = 4 << 20;  // memory of larger units goes when they are done
  if (unit.size() > kKept) {
    Workspace space;
    convert_in(space, translate, unit, entry, sink);
    return;
  }
  thread_local Workspace space;
  convert_in(space, translate, unit, entry, sink);
}

std::optional<Json> parse_whole(simdjson::dom::parser& parser, std::string_view unit,
                                RecordSink& sink) {
  simdjson::dom::element value;
  if (!parser.parse(unit.data(), unit.size()).get(value)) return Json(value);
  if (!parser.parse(repaired(unit)).get(value)) return Json(value);
  sink.loss(kNoJson);
  return std::nullopt;
}

FirstObject::FirstObject(std::string_view json) {
  simdjson::dom::element value;
  if (!parser_.parse(json.data(), json.size(), false).get(value)) {
    json_ = Json(value);
    return;
  }
  completed_ = closed(json).value_or("null");
  if (parser_.parse(completed_).get(value)) {
    completed_ = repaired(completed_);
    if (parser_.parse(completed_).get(value)) return;
  }
  json_ = Json(value);
}

}  // namespace agentecho::formats

// From the text of a unit to JSON values, and from what a format says of them to records: what all
// formats share between Format::convert and their own few lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"

namespace agentecho::formats {

// The JSON values of a unit, in order: the object itself, the elements of a list, or the lines of
// JSON Lines.
struct Log {
  const Entry& entry;
  std::vector<Json> records;
};

// The values of a log that are records; of one that is none the elements of the first list in it
// that begins with one; else the value itself.
std::vector<Json> records_in(const Log& log, bool (*is_record)(Json));

// Those that `group` says the same of, group by group in the order of their first.
std::vector<std::vector<Json>> grouped(const std::vector<Json>& records,
                                       std::string (*group)(Json));

using Translate = void (*)(const Log& log, RunWriter& runs);

// Parses the unit, hands its values to `translate` and the runs to the sink. Lines that are no JSON
// are losses; the others are read. Linear in the size of the unit.
void convert_with(Translate translate, std::string_view unit, const Entry& entry, RecordSink& sink);

// A unit that is one JSON value, which lives as long as the parser; where it is none, a loss.
std::optional<Json> parse_whole(simdjson::dom::parser& parser, std::string_view unit,
                                RecordSink& sink);

// convert_with() as a function of its own, for the table of formats.
template <Translate kTranslate>
void convert(std::string_view unit, const Entry& entry, RecordSink& sink) {
  convert_with(kTranslate, unit, entry, sink);
}

// Records made of columns repeat the columns' names, and must not be much more than what they are
// made of: longer names in bytes are not repeated.
inline constexpr std::size_t kLongestColumnName = 128;

// The first object of an entry, parsed for as long as this lives; where it was cut, as far as it
// goes: its members that are complete.
class FirstObject {
 public:
  explicit FirstObject(std::string_view json);
  Json json() const { return json_; }

 private:
  simdjson::dom::parser parser_;
  std::string completed_;
  Json json_;
};

using Looks = decltype(Format::recognises);

// What a format's file gives to the table of known formats; see Format.
struct FormatCode {
  Looks recognises = nullptr;
  decltype(Format::convert) convert = nullptr;
  decltype(Format::is_unit) is_unit = nullptr;
};

template <Looks kLooks, Translate kTranslate>
constexpr FormatCode code_of(decltype(Format::is_unit) is_unit = nullptr) {
  return {kLooks, convert<kTranslate>, is_unit};
}

}  // namespace agentecho::formats

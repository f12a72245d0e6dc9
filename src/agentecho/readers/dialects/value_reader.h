// Values of JSON that is parsed on demand → texts in a trajectory's arena. Only included by .cc
// files.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

class ValueReader {
 public:
  ValueReader();

  // The values of a run stand in `json`, their texts go to `arena`; both must outlive the reading.
  void begin(std::string_view json, TextArena& arena);
  // The next values stand in another text; gives where the one before ends, to set that again.
  const char* set_end(const char* json_end) { return std::exchange(json_end_, json_end); }

  // The JSON text from the value's first character on.
  std::string_view text_from(simdjson::ondemand::value& value) const;

  // A string; anything else leaves `text` as it is.
  simdjson::error_code read_string(simdjson::ondemand::value value, std::string_view& text);
  // A string as it is, other scalars and containers as their JSON text, null as nothing.
  simdjson::error_code read_text(simdjson::ondemand::value value, std::string_view& text);
  // A short string that needs no copy when it has no escapes.
  simdjson::error_code read_word(simdjson::ondemand::value value, std::string_view& word);

  // JSON in a text, or what Python writes in its place: body(value) with the list or object in it.
  // found = false: there is none, or too many lie around it.
  template <class Body>
  simdjson::error_code read_json_text(std::string_view text, bool& found, Body body) {
    simdjson::ondemand::document document;
    simdjson::ondemand::value value;
    std::string_view json;
    found = open(text, json, document) && document.get_value().get(value) == simdjson::SUCCESS;
    if (!found) return simdjson::SUCCESS;
    ++depth_;
    const char* const outer_end = set_end(json.data() + json.size());
    const simdjson::error_code error = body(value);
    set_end(outer_end);
    --depth_;
    return error;
  }

  // What a result says of an error, where it is a JSON object.
  ErrorMember error_member(std::string_view text);

  // What is wrong, in words, where simdjson does not know.
  simdjson::error_code refuse(std::string why);
  const std::string& problem() const { return problem_; }

 private:
  // The text as a document of its own, `json` a padded copy of it. False: it is neither JSON nor a
  // literal of Python's.
  bool open(std::string_view text, std::string_view& json, simdjson::ondemand::document& document);

  simdjson::ondemand::parser unescaper_;
  std::vector<std::unique_ptr<simdjson::ondemand::parser>> parsers_;  // by depth of texts in texts
  simdjson::dom::parser checker_;
  std::string scratch_;
  TextArena* arena_ = nullptr;
  const char* json_end_ = nullptr;
  int depth_ = 0;
  std::string problem_;
};

// Is it more than null, a flag, a number, or something empty?
bool holds_data(simdjson::ondemand::value value);

}  // namespace agentecho::dialects

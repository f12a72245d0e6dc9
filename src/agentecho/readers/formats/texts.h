// Values that a log keeps as texts. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/json.h"

namespace agentecho::formats {

// Opens them; what is in them lives as long as this.
class Texts {
 public:
  // The object or list that is JSON in a text; any other value as it is.
  Json opened(Json value);
  // What Python printed for an object, or for a list of them (written/python_literal.h); any other
  // value as it is.
  Json printed(Json value);
  // JSON text as a value; nothing where it is none.
  Json parsed(std::string_view json);

 private:
  std::vector<std::unique_ptr<simdjson::dom::parser>> parsers_;
};

}  // namespace agentecho::formats

// Calls in the members of a message, or one in an item of its own. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string_view>

#include "agentecho/readers/dialects/item.h"
#include "agentecho/readers/dialects/message_builder.h"
#include "agentecho/readers/dialects/value_reader.h"
#include "agentecho/readers/dialects/vocabulary.h"

namespace agentecho::dialects {

// The member that holds parts; also the member under which calls in parts are said to stand
// (said_calls.h).
inline constexpr std::string_view kPartsKey = "parts";

class CallReader {
 public:
  CallReader(ValueReader& values, MessageBuilder& message) : values_(values), message_(message) {}

  // Does `json` begin with an object, or a list of such, that has what every call has: a name and
  // arguments?
  bool looks_like_calls(std::string_view json) const;

  // A call or a list of calls, which stand under the member `source`. Calls that counted only for
  // want of others go.
  simdjson::error_code read_calls(simdjson::ondemand::value value, std::string_view source);

  // The function's name, or an object with what the call's own members say elsewhere.
  simdjson::error_code take_function(Item& call, simdjson::ondemand::value value);

  // The item becomes a call of the message at hand, unless that stands there already under another
  // member; what else it holds is counted under `member_word`.
  simdjson::error_code add_call(const Item& item, std::string_view member_word,
                                std::string_view source);

 private:
  simdjson::error_code read_call(simdjson::ondemand::value value, std::string_view source);
  simdjson::error_code take_of_call(Item& call, std::string_view key,
                                    simdjson::ondemand::value member);
  simdjson::error_code take_written_function(Item& call, std::string_view text);
  std::optional<Item> named_by_member(const Item& item);

  const Vocabulary& words_ = Vocabulary::get();
  ValueReader& values_;
  MessageBuilder& message_;
};

// Whether an item failed: a flag, or a text that says why.
simdjson::error_code take_error(Item& item, simdjson::ondemand::value value, ValueReader& values);
// "success": false, "exit_code": 1. Anything else says nothing.
simdjson::error_code take_how_it_went(Item& item, simdjson::ondemand::value value);

}  // namespace agentecho::dialects

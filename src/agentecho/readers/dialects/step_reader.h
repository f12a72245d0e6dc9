// The steps of a trajectory: what the agent thought, did and saw. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include <string_view>

#include "agentecho/readers/dialects/call_reader.h"
#include "agentecho/readers/dialects/item_reader.h"
#include "agentecho/readers/dialects/message_builder.h"
#include "agentecho/readers/dialects/value_reader.h"
#include "agentecho/readers/dialects/vocabulary.h"

namespace agentecho::dialects {

class StepReader {
 public:
  StepReader(ValueReader& values, MessageBuilder& message, CallReader& calls, ItemReader& items)
      : values_(values), message_(message), calls_(calls), items_(items) {}

  // An element of a list of steps: it becomes a message of the assistant and what was seen after
  // it. Errors are those of MessageReader (message.h).
  simdjson::error_code read_step(simdjson::ondemand::value value);

 private:
  simdjson::error_code read_action(simdjson::ondemand::value value, std::string_view key);
  void add_written_action(std::string_view action, std::string_view input, std::string_view source);

  const Vocabulary& words_ = Vocabulary::get();
  ValueReader& values_;
  MessageBuilder& message_;
  CallReader& calls_;
  ItemReader& items_;
};

}  // namespace agentecho::dialects

// Reasoning in the members of a message. Only included by .cc files.
#pragma once

#include <simdjson.h>

#include "agentecho/readers/dialects/message_builder.h"
#include "agentecho/readers/dialects/value_reader.h"

namespace agentecho::dialects {

// Reasoning in any form: a text, pieces, a list of either. It counts as that of `place`.
simdjson::error_code read_thoughts(simdjson::ondemand::value value, Place place,
                                   ValueReader& values, MessageBuilder& message);

// The provider's own message: METHOD 1 says where reasoning stands in it.
simdjson::error_code read_raw_data(simdjson::ondemand::value value, ValueReader& values,
                                   MessageBuilder& message);

}  // namespace agentecho::dialects

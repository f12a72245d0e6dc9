// Items of OpenAI's Responses API, as several formats keep them. Only included by .cc files.
#pragma once

#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"

namespace agentecho::formats {

// Items one after the other, into the run at hand. What the agent says, thinks and calls between
// two items of others is one message.
class ResponseItems {
 public:
  explicit ResponseItems(RunWriter& runs) : runs_(runs) {}
  void add(Json item);

 private:
  void add_message(Json item);
  void add_local_call(Json item);

  RunWriter& runs_;
};

}  // namespace agentecho::formats

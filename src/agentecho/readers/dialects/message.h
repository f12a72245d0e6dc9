// One message in any dialect → the trajectory that is being built.
//
// A dialect is how a message says text, reasoning, call and result: OpenAI's chat and Responses
// items, Anthropic's and Gemini's parts, the Vercel AI SDK, LangChain, ShareGPT, calls written in
// the text, … What they have in common is a vocabulary (vocabulary.h: which member is what); what
// formats add is where the messages stand in a record, and whose they are. So a format does
//
//   reader.begin(json, trajectory, notes);
//   reader.read_list(list_of_messages);     // or read_message() for each
//   reader.finish(policy);
//
// and sets model, task, trial and reward itself. Texts are unescaped straight into the trajectory's
// arena. A member that holds data and is not understood is counted by name in the notes. Linear in
// the size of the input, whatever its shape.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "agentecho/base/hidden.h"
#include "agentecho/readers/dialects/notes.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

// Does the list that `list` begins with hold steps of a trajectory, {action, observation, thought},
// in place of messages?
bool looks_like_steps(std::string_view list);

class MessageReader {
 public:
  MessageReader();

  // A new run from the record `json`, in which the values that are read stand; `into` is expected
  // to be empty. All must outlive finish().
  void begin(std::string_view json, Trajectory& into, RecordNotes& notes);

  // Errors of the following: what simdjson says of damaged JSON; INCORRECT_TYPE with problem() for
  // what is no message. The run is then to be given up.

  // One message: an object. What it holds may become several messages of the trajectory (results
  // inside a user message are tool messages) or join the one before (items of the Responses API).
  simdjson::error_code read_message(simdjson::ondemand::value message);
  // A list of messages, or a text that holds such a list as JSON; null is the empty list.
  simdjson::error_code read_list(simdjson::ondemand::value list);
  // More of the same run, from another text: as read_list().
  simdjson::error_code read_more(std::string_view json, simdjson::ondemand::value list);
  // What is wrong in words, where simdjson does not know; empty otherwise.
  const std::string& problem() const;

  // The end of the run: `policy` becomes the system text when the log has none, `question` what the
  // user asked when nobody but the agent speaks; calls written in the text become calls when there
  // are no others; results find their calls.
  void finish(std::string_view policy = {}, std::string_view question = {});

 private:
  struct Impl;
  Hidden<Impl> impl_;
};

}  // namespace agentecho::dialects

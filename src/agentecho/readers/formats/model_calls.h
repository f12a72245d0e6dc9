// Runs from a trace of model calls. Each call was given the whole conversation so far, so a run is
// a chain: a call whose input begins with the input of an earlier one continues it. Of each chain
// the last call's input and output are the conversation. The longest chain of a trace is the run;
// others are those of sub-agents, titles and the like, which are said and left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/run_writer.h"

namespace agentecho::formats {

struct SpokenCall {
  std::string id;
  std::string name;
  std::string arguments;  // JSON text
  bool operator==(const SpokenCall&) const = default;
};

struct SpokenMessage {
  std::string role;  // system, user, assistant, tool
  std::string text;
  std::string reasoning;
  std::vector<SpokenCall> calls;
  std::string call_id;  // role tool: the call that it answers
  bool operator==(const SpokenMessage&) const = default;
};

struct ModelCall {
  std::string trace;
  std::string start;  // sorts by time within its trace
  std::string model;
  std::string agent;
  std::string tools;  // JSON, or empty
  std::vector<SpokenMessage> input;
  std::vector<SpokenMessage> output;
};

class ModelCalls {
 public:
  void add(ModelCall call) { calls_.push_back(std::move(call)); }
  bool empty() const { return calls_.empty(); }
  // One run for each trace; where there are several traces, a trace's id is its task.
  void write(RunWriter& runs);

 private:
  std::vector<ModelCall> calls_;
};

// Appends a piece of text behind a line break.
void join_text(std::string& all, std::string_view piece);

}  // namespace agentecho::formats

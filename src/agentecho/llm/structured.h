// Gets valid answers out of servers that differ: the ladder json_schema -> json_object -> text,
// refused fields dropped, invalid answers sent back with what is wrong.
//
// What the endpoint understands is found out by the first call, which goes alone (others wait), and
// is remembered for the run. A field that the endpoint names in a refusal is dropped for good
// (max_tokens first becomes max_completion_tokens; a refused response_format is a rung down), with
// a warning. While nothing has succeeded yet, a refusal that names nothing lowers the rung on
// trial: if even plain text is refused, the request itself is at fault and the rung goes back up.
// An endpoint that takes a response_format and answers the first call with something else goes a
// rung down as well.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/llm/answer.h"
#include "agentecho/llm/model.h"

namespace agentecho::llm {

struct StructuredOptions {
  Rung first_rung = Rung::kJsonSchema;
  int max_corrections = 2;  // repetitions of an invalid answer
};

class Structured final : public ChatModel {
 public:
  using Warn = std::function<void(const std::string&)>;

  Structured(ChatModel& below, const StructuredOptions& options, Warn warn);
  void ask(ChatCall call, Done done) override;

  const Dialect& dialect() const { return *dialect_; }

 private:
  struct Task;
  using TaskPtr = std::shared_ptr<Task>;

  bool must_wait(const ChatRequest& request) const;
  void begin(TaskPtr task);
  void attempt(TaskPtr task);
  void take(TaskPtr task, const std::shared_ptr<const Dialect>& used, Answer answer);
  void take_reply(TaskPtr task, const Dialect& used, Answer answer);
  void take_rejection(TaskPtr task, const Dialect& used, Answer answer);
  void correct(TaskPtr task, const Answer& answer, const std::string& problem);
  void finish(TaskPtr task, Answer answer);
  void change(Dialect dialect, std::string warning);
  void settle(bool with_schema);
  void release_waiting();

  ChatModel& below_;
  StructuredOptions options_;
  Warn warn_;
  std::shared_ptr<const Dialect> dialect_;
  bool reached_ = false;         // some call had a reply
  bool schema_settled_ = false;  // some call with a schema had
  TaskPtr probe_;                // the call that goes alone
  std::deque<TaskPtr> waiting_;
  bool releasing_ = false;
  std::vector<std::string> trial_warnings_;  // given once the trial has worked
  AnswerReader reader_;
};

}  // namespace agentecho::llm

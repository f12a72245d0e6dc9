#include "agentecho/llm/structured.h"

#include <fmt/core.h>

#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/llm/wire.h"

namespace agentecho::llm {

namespace {

constexpr std::size_t kMaxQuotedAnswer = 4000;  // code points of a bad answer that are sent back

Rung lower(Rung rung) { return rung == Rung::kJsonSchema ? Rung::kJsonObject : Rung::kText; }

// The dialect without a field that was refused, and the words for it; empty where nothing is left
// to give up.
std::optional<std::pair<Dialect, std::string>> without(const Dialect& dialect,
                                                       const std::string& field) {
  Dialect next = dialect;
  if (field == "response_format") {
    if (dialect.rung == Rung::kText) return std::nullopt;
    next.rung = lower(dialect.rung);
    return std::pair{next, fmt::format("the endpoint refuses response_format {}; going on with {}",
                                       name(dialect.rung), name(next.rung))};
  }
  if (field == "max_tokens" && !dialect.new_token_limit) {
    next.new_token_limit = true;
    return std::pair{next, std::string("the endpoint refuses max_tokens; going on with "
                                       "max_completion_tokens")};
  }
  if (!next.dropped.insert(field).second) return std::nullopt;
  return std::pair{next, fmt::format("the endpoint refuses {}; going on without it", field)};
}

}  // namespace

struct Structured::Task {
  std::shared_ptr<const ChatRequest> request;  // as asked for
  std::shared_ptr<const ChatRequest> current;  // with what was wrong, after a bad answer
  Done done;
  int corrections = 0;
  std::optional<Dialect> before_trial;
};

Structured::Structured(ChatModel& below, const StructuredOptions& options, Warn warn)
    : below_(below), options_(options), warn_(std::move(warn)) {
  Dialect first;
  first.rung = options.first_rung;
  dialect_ = std::make_shared<const Dialect>(first);
}

void Structured::ask(ChatCall call, Done done) {
  auto task = std::make_shared<Task>();
  task->request = call.request;
  task->current = std::move(call.request);
  task->done = std::move(done);
  if (must_wait(*task->request)) {
    waiting_.push_back(std::move(task));
  } else {
    begin(std::move(task));
  }
}

bool Structured::must_wait(const ChatRequest& request) const {
  return probe_ && !(request.schema.empty() ? reached_ : schema_settled_);
}

void Structured::begin(TaskPtr task) {
  const bool known = task->request->schema.empty() ? reached_ : schema_settled_;
  if (!known) probe_ = task;
  attempt(std::move(task));
}

void Structured::attempt(TaskPtr task) {
  const auto used = dialect_;
  const auto current = task->current;
  below_.ask({current, used}, [this, task = std::move(task), used](Answer answer) {
    take(task, used, std::move(answer));
  });
}

void Structured::take(TaskPtr task, const std::shared_ptr<const Dialect>& used, Answer answer) {
  if (answer.kind == AnswerKind::kReply)
    return take_reply(std::move(task), *used, std::move(answer));
  if (answer.kind == AnswerKind::kRejected) {
    return take_rejection(std::move(task), *used, std::move(answer));
  }
  finish(std::move(task), std::move(answer));
}

void Structured::take_reply(TaskPtr task, const Dialect& used, Answer answer) {
  const ChatRequest& request = *task->request;
  const bool with_schema = !request.schema.empty();
  ReadAnswer read = reader_.read(request, answer.reply.content);
  if (with_schema) answer.reply.json = std::move(read.json);
  std::string problem = std::move(read.problem);
  if (problem.empty()) {
    settle(with_schema);
    return finish(std::move(task), std::move(answer));
  }
  const bool cut = answer.reply.finish_reason == "length";
  const bool ignores_format = with_schema && !read.keeps_to && !schema_settled_ && !cut &&
                              used.rung != Rung::kText && task->corrections == 0 &&
                              used == *dialect_;
  if (ignores_format) {
    Dialect next = used;
    next.rung = lower(used.rung);
    change(next, fmt::format("the endpoint takes response_format {} but does not keep to it; going "
                             "on with {}",
                             name(used.rung), name(next.rung)));
    return attempt(std::move(task));
  }
  settle(with_schema);
  if (cut) problem = "the answer was cut off at the token limit; be brief";
  if (task->corrections < options_.max_corrections) {
    return correct(std::move(task), answer, problem);
  }
  answer.kind = AnswerKind::kInvalid;
  answer.detail = problem;
  finish(std::move(task), std::move(answer));
}

void Structured::take_rejection(TaskPtr task, const Dialect& used, Answer answer) {
  const bool on_trial = task == probe_ && !task->request->schema.empty() &&
                        used.rung != Rung::kText && !answer.too_long;
  const bool names_nothing = answer.refused_field.empty();
  if (names_nothing && !on_trial) return finish(std::move(task), std::move(answer));
  if (used == *dialect_) {
    const auto next = without(used, names_nothing ? "response_format" : answer.refused_field);
    if (!next) return finish(std::move(task), std::move(answer));
    if (names_nothing && !task->before_trial) task->before_trial = used;
    change(next->first, next->second);
  }
  attempt(std::move(task));
}

void Structured::correct(TaskPtr task, const Answer& answer, const std::string& problem) {
  ++task->corrections;
  auto corrected = std::make_shared<ChatRequest>(*task->request);
  std::string words = fmt::format("That answer cannot be used: {}.", problem);
  // Below json_schema the schema is added to the last message as it is.
  if (!corrected->schema.empty() && dialect_->rung == Rung::kJsonSchema) {
    words += fmt::format(" {}", schema_instruction(corrected->schema));
  }
  if (trimmed(answer.reply.content).empty()) {
    corrected->messages.back().content += fmt::format("\n\n{}", words);
  } else {
    corrected->messages.push_back(
        {Role::kAssistant, elided(answer.reply.content, kMaxQuotedAnswer)});
    corrected->messages.push_back({Role::kUser, std::move(words)});
  }
  task->current = std::move(corrected);
  attempt(std::move(task));
}

void Structured::finish(TaskPtr given, Answer answer) {
  const TaskPtr task = std::move(given);
  const bool trial_failed = task->before_trial && answer.kind != AnswerKind::kReply &&
                            answer.kind != AnswerKind::kInvalid;
  if (trial_failed) {
    dialect_ = std::make_shared<const Dialect>(*task->before_trial);
    trial_warnings_.clear();
  }
  const bool was_probe = task == probe_;
  if (was_probe) probe_.reset();
  task->done(std::move(answer));
  if (was_probe) release_waiting();
}

// Until something has succeeded, warnings wait: the change may be taken back.
void Structured::change(Dialect dialect, std::string warning) {
  dialect_ = std::make_shared<const Dialect>(std::move(dialect));
  trial_warnings_.push_back(std::move(warning));
  if (schema_settled_) settle(true);
}

void Structured::settle(bool with_schema) {
  reached_ = true;
  schema_settled_ = schema_settled_ || with_schema;
  for (const std::string& warning : trial_warnings_) warn_(warning);
  trial_warnings_.clear();
}

// Those that need not wait any more, up to the next that must go alone.
void Structured::release_waiting() {
  if (releasing_) return;  // an answer from within begin(): the loop below goes on with it
  releasing_ = true;
  while (!waiting_.empty() && !must_wait(*waiting_.front()->request)) {
    TaskPtr task = std::move(waiting_.front());
    waiting_.pop_front();
    begin(std::move(task));
  }
  releasing_ = false;
}

}  // namespace agentecho::llm

// A chat model as a chain of wrappers, each of one concern and testable alone:
//
//   Cached( Structured( Retried( RateLimited( Budgeted( HttpModel )))))
//
// All run on one thread: ask() returns at once, the answer comes through the call back, at the
// earliest from within ask() itself. The chain is driven by running its transport and its Timers
// (pool.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "agentecho/llm/chat.h"
#include "agentecho/llm/clock.h"

namespace agentecho::llm {

// What an endpoint has turned out to understand.
struct Dialect {
  Rung rung = Rung::kJsonSchema;
  bool new_token_limit = false;   // says max_completion_tokens instead of max_tokens
  std::set<std::string> dropped;  // optional top-level fields that it refuses

  bool operator==(const Dialect&) const = default;
};

struct ChatCall {
  std::shared_ptr<const ChatRequest> request;
  std::shared_ptr<const Dialect> dialect{};  // set by Structured for what is below it
  std::string key{};                         // of the cache, for Cached; computed there if empty
};

enum class AnswerKind {
  kReply,       // an assistant's message; valid from Structured upwards
  kInvalid,     // an assistant's message without a valid answer in it
  kUnreadable,  // status 200, but no chat completion
  kRefused,     // declined by the model or a content filter
  kTransient,   // overload, server or network trouble: later it may work
  kRejected,    // the request is not acceptable to this endpoint (400, 413, 422, ...)
  kFatal,       // no request of this run can succeed: key, address, certificate, quota
  kStopped,     // not sent or not waited for, because the run has stopped
};

struct Answer {
  AnswerKind kind = AnswerKind::kStopped;
  ChatReply reply{};                    // of kReply and kInvalid
  std::string detail{};                 // of the others: one printable line without secrets
  std::string hint{};                   // of kFatal: what to do next
  ErrorKind stop = ErrorKind::kFailed;  // of kFatal: what kind of end this is to the run
  bool overloaded = false;              // the endpoint asks for less: 429, 503, a timeout
  bool maybe_paid = false;              // ended without a reply, but the server may have worked
  bool from_cache = false;
  std::optional<Duration> retry_after{};
  bool too_long = false;        // of kRejected: this request is too long for the endpoint
  std::string refused_field{};  // of kRejected: the body's field that is at fault, where known
};

class ChatModel {
 public:
  using Done = std::function<void(Answer)>;
  virtual ~ChatModel() = default;
  virtual void ask(ChatCall call, Done done) = 0;
};

// Whether the run goes on. Set once, by whoever finds a reason to stop; read by every wrapper
// before it sends anything more. What is in flight is waited for, since it may be paid for already;
// after an interruption not for long (pool.h).
class RunControl {
 public:
  bool stopped() const { return reason_.has_value(); }
  const std::optional<Error>& reason() const { return reason_; }
  void stop(Error reason) {
    if (!reason_) reason_ = std::move(reason);
  }

 private:
  std::optional<Error> reason_;
};

inline Answer stopped_answer() {
  return Answer{.kind = AnswerKind::kStopped, .detail = "the run stopped"};
}

}  // namespace agentecho::llm

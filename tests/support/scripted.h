// In-memory twins: a transport and a chat model that answer from a script, in the time of
// a FakeClock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/llm/clock.h"
#include "agentecho/llm/http.h"
#include "agentecho/llm/model.h"

namespace agentecho::llm {

// Answers each request as the handler says, after the delay that it says; run() moves the clock.
class ScriptedTransport final : public HttpTransport {
 public:
  struct Scripted {
    HttpResult result;
    Duration delay{0};
  };
  using Handler = std::function<Scripted(const HttpRequest&)>;

  ScriptedTransport(FakeClock& clock, Handler handler)
      : clock_(clock), handler_(std::move(handler)) {}

  void start(HttpRequest request, Done done) override;
  void run(Duration at_most) override;
  void give_up() override;

  std::size_t started() const { return started_; }
  std::size_t most_in_flight() const { return most_in_flight_; }

 private:
  struct Pending {
    HttpResult result;
    Done done;
  };
  FakeClock& clock_;
  Handler handler_;
  std::multimap<Duration, Pending> pending_;  // by the moment they end
  std::size_t started_ = 0;
  std::size_t most_in_flight_ = 0;
};

// A completion with status 200 whose assistant says `content`.
HttpResult completion_result(const std::string& content, const std::string& finish_reason = "stop",
                             std::int64_t input_tokens = 10, std::int64_t output_tokens = 5);

// An error body {"error": {"message", "type": null, "param", "code"}} with a status.
HttpResult error_result(int status, const std::string& message, const std::string& code = {},
                        const std::string& param = {}, const std::string& retry_after = {});

// Keeps the calls until the test answers them, oldest first unless it says otherwise.
class ScriptedModel final : public ChatModel {
 public:
  void ask(ChatCall call, Done done) override {
    pending_.push_back({std::move(call), std::move(done)});
    ++asked_;
  }

  std::size_t asked() const { return asked_; }
  std::size_t waiting() const { return pending_.size(); }
  const ChatCall& call(std::size_t index = 0) const { return pending_.at(index).call; }
  void answer(Answer answer, std::size_t index = 0);

 private:
  struct Pending {
    ChatCall call;
    Done done;
  };
  std::deque<Pending> pending_;
  std::size_t asked_ = 0;
};

}  // namespace agentecho::llm

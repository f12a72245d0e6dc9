// Counts what is sent and what it costs, and stops the run at a limit.
//
// Calls are counted as they are sent, repetitions included: no more than max_calls leave the
// machine. Money is counted from the usage that replies report, else from the estimate; an exchange
// that ended without a reply although the server may have worked is counted at its estimate. While
// calls are in flight their estimates are set aside. A call that does not fit waits for them to
// come in cheaper and ends the run if even then it does not fit, so that max_cost is kept as far as
// the estimates hold (they bound the output when requests set max_tokens).
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "agentecho/llm/model.h"
#include "agentecho/llm/prices.h"

namespace agentecho::llm {

struct Budget {
  std::optional<std::int64_t> max_calls{};
  std::optional<double> max_cost{};    // in the currency of the prices
  std::optional<Duration> max_time{};  // what is in flight then is still waited for
  // What earlier runs have used up of these limits.
  std::int64_t calls_before = 0;
  double cost_before = 0;
  Duration time_before{0};
};

struct Spend {
  std::int64_t calls = 0;
  Usage usage;      // reported, or estimated where a reply reported none
  double cost = 0;  // 0 for models without a price
};

class Budgeted final : public ChatModel {
 public:
  // expected_output: tokens to set aside for a request without max_tokens.
  Budgeted(ChatModel& below, const Budget& budget, Prices prices, std::int64_t expected_output,
           RunControl& control);
  void ask(ChatCall call, Done done) override;

  const Spend& spend() const { return spend_; }

 private:
  struct Waiting {
    ChatCall call;
    Done done;
    Usage estimate;
    double cost = 0;  // of the estimate
  };
  enum class Verdict { kSend, kWait, kStop };

  Verdict judge(double estimate);
  void pump();
  void send(Waiting next);
  double cost(const ChatRequest& request, const Usage& usage) const;

  ChatModel& below_;
  Budget budget_;
  Prices prices_;
  std::int64_t expected_output_;
  RunControl& control_;
  Spend spend_;
  double reserved_ = 0;
  std::int64_t in_flight_ = 0;
  std::deque<Waiting> waiting_;
  bool pumping_ = false;
};

}  // namespace agentecho::llm

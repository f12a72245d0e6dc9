#include "agentecho/llm/budgeted.h"

#include <fmt/core.h>

#include <utility>

namespace agentecho::llm {

namespace {

// What an answer used up: as reported, else as estimated for the kinds that may have been billed.
Usage used(const Answer& answer, const Usage& estimate) {
  if (answer.reply.usage) return *answer.reply.usage;
  const bool replied = answer.kind == AnswerKind::kReply || answer.kind == AnswerKind::kRefused;
  if (replied) return {estimate.input_tokens, estimate_tokens(answer.reply.content)};
  return answer.maybe_paid ? estimate : Usage{};
}

}  // namespace

Budgeted::Budgeted(ChatModel& below, const Budget& budget, Prices prices,
                   std::int64_t expected_output, RunControl& control)
    : below_(below),
      budget_(budget),
      prices_(std::move(prices)),
      expected_output_(expected_output),
      control_(control) {}

void Budgeted::ask(ChatCall call, Done done) {
  const Usage estimate = estimate_usage(*call.request, expected_output_);
  const double estimated_cost = cost(*call.request, estimate);
  waiting_.push_back({std::move(call), std::move(done), estimate, estimated_cost});
  pump();
}

void Budgeted::pump() {
  if (pumping_) return;  // an answer from within ask(): the loop below goes on with it
  pumping_ = true;
  while (!waiting_.empty()) {
    const Verdict verdict = judge(waiting_.front().cost);
    if (verdict == Verdict::kWait) break;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    if (verdict == Verdict::kStop) {
      next.done(stopped_answer());
    } else {
      send(std::move(next));
    }
  }
  pumping_ = false;
}

Budgeted::Verdict Budgeted::judge(double estimate) {
  if (control_.stopped()) return Verdict::kStop;
  const char* const hint = "what is done is kept; run the same command again to go on";
  if (budget_.max_calls && budget_.calls_before + spend_.calls >= *budget_.max_calls) {
    control_.stop({ErrorKind::kBudget,
                   fmt::format("the limit of {} calls is reached", *budget_.max_calls), hint});
    return Verdict::kStop;
  }
  const double spent = budget_.cost_before + spend_.cost;
  if (budget_.max_cost && spent + reserved_ + estimate > *budget_.max_cost) {
    if (in_flight_ > 0) return Verdict::kWait;
    control_.stop({ErrorKind::kBudget,
                   fmt::format("the next call would pass the limit of {:.4f} {} ({:.4f} spent)",
                               *budget_.max_cost, prices_.currency, spent),
                   hint});
    return Verdict::kStop;
  }
  return Verdict::kSend;
}

void Budgeted::send(Waiting next) {
  ++spend_.calls;
  ++in_flight_;
  reserved_ += next.cost;
  const auto request = next.call.request;
  below_.ask(std::move(next.call), [this, request, estimate = next.estimate, reserved = next.cost,
                                    done = std::move(next.done)](Answer answer) {
    --in_flight_;
    reserved_ = in_flight_ == 0 ? 0.0 : reserved_ - reserved;
    const Usage actual = used(answer, estimate);
    spend_.usage.input_tokens += actual.input_tokens;
    spend_.usage.output_tokens += actual.output_tokens;
    spend_.cost += cost(*request, actual);
    done(std::move(answer));
    pump();
  });
}

double Budgeted::cost(const ChatRequest& request, const Usage& usage) const {
  const auto price = prices_.of(request.model);
  return price ? cost_of(*price, usage) : 0.0;
}

}  // namespace agentecho::llm

#include "support/scripted.h"

#include <algorithm>

#include "agentecho/llm/json_edge.h"

namespace agentecho::llm {

void ScriptedTransport::start(HttpRequest request, Done done) {
  Scripted scripted = handler_(request);
  ++started_;
  Duration end = clock_.now() + scripted.delay;
  if (request.time_limit > Duration{0} && scripted.delay > request.time_limit) {
    end = clock_.now() + request.time_limit;
    scripted.result =
        HttpResult{.reply = {}, .failure = HttpFailure::kTimeout, .detail = "timed out"};
  }
  pending_.emplace(end, Pending{std::move(scripted.result), std::move(done)});
  most_in_flight_ = std::max(most_in_flight_, pending_.size());
}

void ScriptedTransport::run(Duration at_most) {
  const Duration limit = clock_.now() + at_most;
  if (pending_.empty() || pending_.begin()->first > limit) return clock_.advance(at_most);
  const Duration moment = std::max(pending_.begin()->first, clock_.now());
  clock_.advance(moment - clock_.now());
  std::vector<Pending> due;
  const auto end = pending_.upper_bound(moment);
  for (auto it = pending_.begin(); it != end; it = pending_.erase(it)) {
    due.push_back(std::move(it->second));
  }
  for (Pending& exchange : due) exchange.done(std::move(exchange.result));
}

void ScriptedTransport::give_up() {
  std::multimap<Duration, Pending> given_up;
  for (auto& [moment, exchange] : pending_) {
    exchange.result =
        HttpResult{.reply = {}, .failure = HttpFailure::kGivenUp, .detail = "given up"};
    given_up.emplace(clock_.now(), std::move(exchange));
  }
  pending_ = std::move(given_up);
}

HttpResult completion_result(const std::string& content, const std::string& finish_reason,
                             std::int64_t input_tokens, std::int64_t output_tokens) {
  const Json body = {
      {"id", "chatcmpl-1"},
      {"object", "chat.completion"},
      {"model", "scripted"},
      {"choices",
       {{{"index", 0},
         {"finish_reason", finish_reason},
         {"message", {{"role", "assistant"}, {"content", content}}}}}},
      {"usage", {{"prompt_tokens", input_tokens}, {"completion_tokens", output_tokens}}}};
  HttpReply reply;
  reply.status = 200;
  reply.content_type = "application/json";
  reply.body = to_text(body);
  return {.reply = std::move(reply)};
}

HttpResult error_result(int status, const std::string& message, const std::string& code,
                        const std::string& param, const std::string& retry_after) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  HttpReply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.retry_after = retry_after;
  reply.body = to_text({{"error",
                         {{"message", message},
                          {"type", nullptr},
                          {"param", or_null(param)},
                          {"code", or_null(code)}}}});
  return {.reply = std::move(reply)};
}

void ScriptedModel::answer(Answer answer, std::size_t index) {
  Pending pending = std::move(pending_.at(index));
  pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(index));
  pending.done(std::move(answer));
}

}  // namespace agentecho::llm

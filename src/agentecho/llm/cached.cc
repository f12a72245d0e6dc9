#include "agentecho/llm/cached.h"

#include <utility>

#include "agentecho/llm/digest.h"
#include "agentecho/llm/endpoint.h"

namespace agentecho::llm {

CacheEntry cache_entry(std::string key, const std::string& endpoint_url, const ChatRequest& request,
                       const ChatReply& reply, std::int64_t unix_seconds) {
  return {std::move(key),
          shown_url(asks_for_embeddings(request) ? embeddings_url(endpoint_url)
                                                 : completions_url(endpoint_url)),
          request.model,
          request.prompt_version,
          request.schema_name,
          request.repeat_index,
          request.side_order,
          unix_seconds,
          reply};
}

Cached::Cached(ChatModel& below, ReplyCache* cache, std::string endpoint_url, const Clock& clock,
               RunControl& control)
    : below_(below),
      cache_(cache),
      endpoint_url_(std::move(endpoint_url)),
      clock_(clock),
      control_(control) {}

void Cached::ask(ChatCall call, Done done) {
  if (cache_ == nullptr) return below_.ask(std::move(call), std::move(done));
  const std::string key =
      call.key.empty() ? cache_key(endpoint_url_, *call.request) : std::move(call.key);
  auto found = cache_->get(key);
  if (!found) {
    control_.stop(found.error());
    return done(stopped_answer());
  }
  if (*found) {
    return done({.kind = AnswerKind::kReply, .reply = std::move(**found), .from_cache = true});
  }
  const auto request = call.request;
  below_.ask(std::move(call), [this, key, request, done = std::move(done)](Answer answer) mutable {
    if (answer.kind != AnswerKind::kReply) return done(std::move(answer));
    entries_.push_back(
        cache_entry(key, endpoint_url_, *request, answer.reply, clock_.unix_seconds()));
    arrived_.push_back({std::move(answer), std::move(done)});
  });
}

void Cached::store() {
  if (arrived_.empty()) return;
  if (const auto stored = cache_->put_all(entries_); !stored) control_.stop(stored.error());
  entries_.clear();
  // A call back may ask, and so bring in more.
  for (Arrived& arrived : std::exchange(arrived_, {})) arrived.done(std::move(arrived.answer));
}

}  // namespace agentecho::llm

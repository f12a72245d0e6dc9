#include "agentecho/llm/cached.h"

#include <chrono>
#include <utility>

#include "agentecho/llm/digest.h"
#include "agentecho/llm/endpoint.h"

namespace agentecho::llm {

namespace {

// The address that answers such a request, as it may be shown.
std::string answering_url(const std::string& endpoint_url, const ChatRequest& request) {
  return shown_url(asks_for_embeddings(request) ? embeddings_url(endpoint_url)
                                                : completions_url(endpoint_url));
}

}  // namespace

CacheEntry cache_entry(std::string key, const std::string& endpoint_url, const ChatRequest& request,
                       const ChatReply& reply, std::int64_t unix_seconds) {
  return {std::move(key),
          answering_url(endpoint_url, request),
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
      control_(control),
      owner_(claim_owner()) {}

void Cached::ask(ChatCall call, Done done) {
  if (cache_ == nullptr) return below_.ask(std::move(call), std::move(done));
  if (call.key.empty()) call.key = cache_key(endpoint_url_, *call.request);
  if (!begin(call, done)) waiting_.push_back({std::move(call), std::move(done)});
}

bool Cached::has_reply_like(const ChatRequest& request) {
  if (cache_ == nullptr) return false;
  const auto found = cache_->has_reply_of(answering_url(endpoint_url_, request), request.model);
  return found && *found;
}

bool Cached::begin(ChatCall& call, Done& done) {
  auto found = cache_->get(call.key);
  if (found && *found) {
    done(kept_answer(*call.request, std::move(**found)));
    return true;
  }
  const std::int64_t now = clock_.unix_seconds();
  const auto ours = found ? cache_->claim(call.key, owner_, now, now + kClaimSeconds)
                          : Result<bool>(tl::unexpected(found.error()));
  if (!ours) {
    control_.stop(ours.error());
    done(stopped_answer());
    return true;
  }
  if (*ours) ask_below(std::move(call), std::move(done));
  return *ours;
}

Answer Cached::kept_answer(const ChatRequest& request, ChatReply reply) {
  Answer answer{.kind = AnswerKind::kReply, .from_cache = true};
  if (const auto good = reader_.check_kept(request, reply); !good) {
    answer.kind = AnswerKind::kInvalid;
    answer.detail = good.error().message;
  }
  answer.reply = std::move(reply);
  return answer;
}

void Cached::ask_below(ChatCall call, Done done) {
  ++claimed_;
  const auto request = call.request;
  const std::string key = call.key;
  below_.ask(std::move(call), [this, key, request, done = std::move(done)](Answer answer) mutable {
    --claimed_;
    if (answer.kind != AnswerKind::kReply) {
      if (const auto free = cache_->unclaim(key); !free) control_.stop(free.error());
      return done(std::move(answer));
    }
    entries_.push_back(
        cache_entry(key, endpoint_url_, *request, answer.reply, clock_.unix_seconds()));
    arrived_.push_back({std::move(answer), std::move(done)});
  });
}

void Cached::store() {
  if (!arrived_.empty()) {
    if (const auto stored = cache_->put_all(entries_); !stored) control_.stop(stored.error());
    entries_.clear();
    // A call back may ask, and so bring in more.
    for (Arrived& arrived : std::exchange(arrived_, {})) arrived.done(std::move(arrived.answer));
  }
  if (claimed_ > 0) renew_claims();
  if (!waiting_.empty()) look_after_waiting();
}

void Cached::renew_claims() {
  constexpr std::int64_t kRenewEvery = kClaimSeconds / 4;
  const std::int64_t now = clock_.unix_seconds();
  if (renewed_ == 0) renewed_ = now;
  if (now - renewed_ < kRenewEvery) return;
  renewed_ = now;
  if (const auto kept = cache_->renew(owner_, now + kClaimSeconds); !kept) {
    control_.stop(kept.error());
  }
}

void Cached::look_after_waiting() {
  constexpr Duration kLookEvery = std::chrono::milliseconds(50);
  const bool stopped = control_.stopped();
  if (!stopped && clock_.now() - looked_ < kLookEvery) return;
  looked_ = clock_.now();
  for (Waiting& waiting : std::exchange(waiting_, {})) {
    if (stopped) {
      waiting.done(stopped_answer());
    } else if (!begin(waiting.call, waiting.done)) {
      waiting_.push_back(std::move(waiting));
    }
  }
}

}  // namespace agentecho::llm

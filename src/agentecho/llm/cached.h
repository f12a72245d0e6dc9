// The top of the chain: what was answered before is not asked again. A reply is on file before it
// is handed on: valid replies wait for store(), which files those that arrived together in one
// transaction and hands them on. Where store() follows every run of the transport, nothing new is
// sent before what has arrived is on file, so that a process that is killed loses no more replies
// than calls may be in flight. Without a cache (nullptr) calls just pass. If the cache fails, the
// run stops: going on would pay for replies that are lost.
//
// What another process with the same cache is asking at this moment is waited for, not asked too
// (ReplyCache::claim). A claim lasts kClaimSeconds and is renewed while the question is in flight,
// so that a process that dies holds nobody up for longer.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "agentecho/llm/answer.h"
#include "agentecho/llm/model.h"
#include "agentecho/llm/reply_cache.h"

namespace agentecho::llm {

inline constexpr std::int64_t kClaimSeconds = 60;

class Cached final : public ChatModel {
 public:
  Cached(ChatModel& below, ReplyCache* cache, std::string endpoint_url, const Clock& clock,
         RunControl& control);
  void ask(ChatCall call, Done done) override;

  // Whether the cache proves that the endpoint has answered this model before.
  bool has_reply_like(const ChatRequest& request);
  // To be called whenever replies may have arrived, and at least every few seconds.
  void store();

 private:
  struct Arrived {
    Answer answer;
    Done done;
  };
  struct Waiting {  // for the reply to a question that another process asks
    ChatCall call;
    Done done;
  };

  // What the cache holds for the call; a reply that the schema forbids is invalid.
  Answer kept_answer(const ChatRequest& request, ChatReply reply);
  void ask_below(ChatCall call, Done done);
  // Whether the call is answered or on its way; if not, another process asks.
  bool begin(ChatCall& call, Done& done);
  void look_after_waiting();
  void renew_claims();

  ChatModel& below_;
  ReplyCache* cache_;
  std::string endpoint_url_;
  const Clock& clock_;
  RunControl& control_;
  AnswerReader reader_;
  std::vector<Arrived> arrived_;
  std::vector<CacheEntry> entries_;  // of what arrived
  std::string owner_;                // of claims
  std::size_t claimed_ = 0;          // in flight
  std::int64_t renewed_ = 0;
  std::deque<Waiting> waiting_;
  Duration looked_{0};
};

// What the cache keeps of a request and its reply.
CacheEntry cache_entry(std::string key, const std::string& endpoint_url, const ChatRequest& request,
                       const ChatReply& reply, std::int64_t unix_seconds);

}  // namespace agentecho::llm

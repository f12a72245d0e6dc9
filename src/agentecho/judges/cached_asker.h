// What all askers of one endpoint know: the endpoint, and the replies that are there already.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "agentecho/judges/asker.h"
#include "agentecho/llm/pool.h"

namespace agentecho::judges {

class CachedAsker : public Asker {
 protected:
  // cache: may be nullptr, else it outlives the asker.
  CachedAsker(llm::Endpoint endpoint, llm::ReplyCache* cache)
      : endpoint_(std::move(endpoint)), cache_(cache) {}

  // The verdicts that the cache holds; the rest is skipped. Errors: as of llm::make_plan, kFailed
  // for a cache that cannot be read.
  Result<std::vector<llm::Outcome>> cached_outcomes(std::size_t count,
                                                    const llm::RequestSource& source) const;

  const llm::Endpoint& endpoint() const { return endpoint_; }
  llm::ReplyCache* cache() const { return cache_; }

 private:
  llm::Endpoint endpoint_;
  llm::ReplyCache* cache_;
};

}  // namespace agentecho::judges

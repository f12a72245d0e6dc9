// Asks a real endpoint, through llm::Pool. The limits of the budget hold for all questions of one
// asker together: what one purpose has spent the next one no longer has.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/judges/cached_asker.h"
#include "agentecho/llm/pool.h"

namespace agentecho::judges {

class PoolAsker final : public CachedAsker {
 public:
  using TellProgress = std::function<void(std::string_view purpose, const llm::Progress&)>;

  // cache: may be nullptr. All references must outlive the asker.
  PoolAsker(llm::Endpoint endpoint, llm::PoolOptions options, llm::HttpTransport& transport,
            llm::Clock& clock, llm::ReplyCache* cache);

  TellProgress progress;                            // may be empty
  std::function<void(const std::string&)> warning;  // may be empty; each text once
  const std::atomic<bool>* interrupted = nullptr;

  // Why the asking ended early; everything after is skipped, or answered from the cache.
  const std::optional<Error>& stopped() const { return stopped_; }
  const llm::Spend& spend() const { return spend_; }

 private:
  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                const llm::RequestSource& source) override;
  llm::Budget remaining_budget() const;

  llm::PoolOptions options_;
  llm::HttpTransport& transport_;
  llm::Clock& clock_;
  std::optional<Error> stopped_;
  llm::Spend spend_;
  llm::Duration elapsed_{0};
  std::vector<std::string> warned_;
};

}  // namespace agentecho::judges

#include "agentecho/judges/pool_asker.h"

#include <algorithm>
#include <utility>

namespace agentecho::judges {

PoolAsker::PoolAsker(llm::Endpoint endpoint, llm::PoolOptions options,
                     llm::HttpTransport& transport, llm::Clock& clock, llm::ReplyCache* cache)
    : CachedAsker(std::move(endpoint), cache),
      options_(std::move(options)),
      transport_(transport),
      clock_(clock) {}

llm::Budget PoolAsker::remaining_budget() const {
  llm::Budget budget = options_.budget;
  budget.calls_before = spend_.calls;
  budget.cost_before = spend_.cost;
  budget.time_before = elapsed_;
  return budget;
}

Result<std::vector<llm::Outcome>> PoolAsker::outcomes_of(std::string_view purpose,
                                                         std::size_t count,
                                                         const llm::RequestSource& source) {
  if (count == 0) return std::vector<llm::Outcome>{};
  if (stopped_) return cached_outcomes(count, source);
  llm::PoolOptions options = options_;
  options.budget = remaining_budget();
  llm::RunEvents events;
  if (progress) {
    events.progress = [&](const llm::Progress& now) { progress(purpose, now); };
  }
  events.warning = [&](const std::string& text) {
    if (std::find(warned_.begin(), warned_.end(), text) != warned_.end()) return;
    warned_.push_back(text);
    if (warning) warning(text);
  };
  events.interrupted = interrupted;
  llm::Pool pool(endpoint(), options, transport_, clock_, cache());
  auto run = pool.complete(count, source, events);
  if (!run) return Unexpected(run.error());
  spend_.calls += run->summary.spend.calls;
  spend_.usage.input_tokens += run->summary.spend.usage.input_tokens;
  spend_.usage.output_tokens += run->summary.spend.usage.output_tokens;
  spend_.cost += run->summary.spend.cost;
  elapsed_ += run->summary.elapsed;
  // A limit that is reached when all has been answered already stops nothing.
  const bool nothing_skipped = run->summary.skipped == 0;
  const bool limit = run->stopped && run->stopped->kind == ErrorKind::kBudget;
  if (!(limit && nothing_skipped)) stopped_ = run->stopped;
  // What the run did not come to may be in the cache all the same.
  if (stopped_ && cache() != nullptr) {
    auto known = cached_outcomes(count, source);
    if (!known) return known;
    for (std::size_t i = 0; i < count; ++i) {
      if (run->outcomes[i].kind == llm::OutcomeKind::kSkipped &&
          (*known)[i].kind != llm::OutcomeKind::kSkipped) {
        run->outcomes[i] = std::move((*known)[i]);
      }
    }
  }
  return std::move(run->outcomes);
}

}  // namespace agentecho::judges

#include "agentecho/judges/cached_asker.h"

namespace agentecho::judges {

Result<std::vector<llm::Outcome>> CachedAsker::cached_outcomes(
    std::size_t count, const llm::RequestSource& source) const {
  auto plan = llm::make_plan(endpoint_, count, source);
  if (!plan) return Unexpected(plan.error());
  std::vector<llm::Outcome> outcomes(count);
  for (std::size_t i = 0; i < count; ++i) {
    outcomes[i].key = plan->keys[i];
    outcomes[i].detail = "not asked";
    if (cache_ == nullptr) continue;
    auto reply = cache_->get(plan->keys[i]);
    if (!reply) return Unexpected(reply.error());
    if (!*reply) continue;
    outcomes[i].kind = llm::OutcomeKind::kScored;
    outcomes[i].reply = std::move(**reply);
    outcomes[i].detail.clear();
    outcomes[i].from_cache = true;
  }
  return outcomes;
}

}  // namespace agentecho::judges

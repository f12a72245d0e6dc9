#include "agentecho/judges/cached_asker.h"

#include "agentecho/llm/answer.h"

namespace agentecho::judges {

Result<std::vector<llm::Outcome>> CachedAsker::cached_outcomes(
    std::size_t count, const llm::RequestSource& source) const {
  auto plan = llm::make_plan(endpoint_, count, source);
  if (!plan) return Unexpected(plan.error());
  std::vector<llm::Outcome> outcomes(count);
  llm::AnswerReader reader;
  for (std::size_t i = 0; i < count; ++i) {
    outcomes[i].key = plan->keys[i];
    outcomes[i].detail = "not asked";
    if (cache_ == nullptr) continue;
    auto reply = cache_->get(plan->keys[i]);
    if (!reply) return Unexpected(reply.error());
    if (!*reply) continue;
    outcomes[i].from_cache = true;
    if (const auto good = reader.check_kept(source(i), **reply); !good) {
      outcomes[i].kind = llm::OutcomeKind::kUnparseable;
      outcomes[i].detail = good.error().message;
      continue;
    }
    outcomes[i].kind = llm::OutcomeKind::kScored;
    outcomes[i].reply = std::move(**reply);
    outcomes[i].detail.clear();
  }
  return outcomes;
}

}  // namespace agentecho::judges

#include "agentecho/judges/asker.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/llm/count_outcome.h"

namespace agentecho::judges {

void AskedCounts::add(const llm::Outcome& outcome) {
  ++questions;
  const bool told = outcome.kind != llm::OutcomeKind::kScored &&
                    outcome.kind != llm::OutcomeKind::kSkipped && !outcome.detail.empty();
  if (told && (reasons.size() < kMostReasons || reasons.contains(outcome.detail))) {
    ++reasons[outcome.detail];
  }
  llm::count_outcome(outcome.kind, *this);
  if (outcome.kind != llm::OutcomeKind::kScored) return;
  if (outcome.from_cache) ++cached;
  for (const std::string& field : outcome.reply.refused_fields) ++refused_fields[field];
}

Result<std::vector<llm::Outcome>> Asker::ask(std::string_view purpose, std::size_t count,
                                             const llm::RequestSource& source) {
  auto outcomes = outcomes_of(purpose, count, source);
  if (!outcomes) {
    if (!error_) error_ = outcomes.error();
    return outcomes;
  }
  auto found = std::find_if(counts_.begin(), counts_.end(),
                            [&](const AskedCounts& c) { return c.purpose == purpose; });
  if (found == counts_.end()) {
    counts_.emplace_back().purpose = purpose;
    found = counts_.end() - 1;
  }
  for (const llm::Outcome& outcome : *outcomes) found->add(outcome);
  return outcomes;
}

Error no_verdict(const llm::Outcome& outcome) {
  const bool skipped = outcome.kind == llm::OutcomeKind::kSkipped;
  return {skipped ? ErrorKind::kBudget : ErrorKind::kFailed,
          fmt::format("{}{}{}", llm::name(outcome.kind), outcome.detail.empty() ? "" : ": ",
                      outcome.detail),
          {}};
}

}  // namespace agentecho::judges

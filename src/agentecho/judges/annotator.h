// Stages by an LLM (METHOD 4.2; docs/judges.md): one question per trajectory, or several where it
// has many items. The model sees the dialogue as a log in which the items are numbered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "agentecho/judges/asker.h"
#include "agentecho/judges/settings.h"
#include "agentecho/metrics/rps/annotator.h"

namespace agentecho::judges {

inline constexpr std::size_t kItemsPerQuestion = 40;

// Of the items in valid replies.
struct LabelCounts {
  std::uint64_t items = 0;
  std::uint64_t labelled = 0;
  std::uint64_t missing = 0;   // without a label in the reply
  std::uint64_t repeated = 0;  // with several
  std::uint64_t unknown = 0;   // labels for items that were not asked about
};

class LlmAnnotator final : public rps::StageAnnotator {
 public:
  // The asker must outlive it.
  LlmAnnotator(rps::Taxonomy taxonomy, JudgeSettings settings, Asker& asker);

  std::string name() const override;  // "llm:MODEL stages/1"
  const rps::Taxonomy& taxonomy() const override { return taxonomy_; }

  // kNoStage for an item that its reply leaves out or names several times. A trajectory of which
  // one question found no valid reply is an error (no_verdict): half of a trajectory's items would
  // make blocks that look like another habit.
  std::vector<Result<rps::StageLabels>> annotate(
      std::span<const rps::AnnotationRequest> requests) const override;

  // Of everything annotated so far.
  const LabelCounts& counts() const { return counts_; }

 private:
  rps::Taxonomy taxonomy_;
  JudgeSettings settings_;
  Asker& asker_;
  mutable LabelCounts counts_;
};

}  // namespace agentecho::judges

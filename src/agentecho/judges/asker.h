// One way to ask many questions. Judges make requests; an Asker decides what happens to them: they
// are sent, only counted, or written to a batch file. So there is one code path for all of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/base/outcome_counts.h"
#include "agentecho/llm/chat.h"
#include "agentecho/llm/plan.h"

namespace agentecho::judges {

// How the questions of one purpose ended; the kinds add up to `questions`.
struct AskedCounts : OutcomeCounts {
  std::string purpose;  // "stages", "pairs", "dependencies", "rse", ...
  std::uint64_t questions = 0;
  std::uint64_t cached = 0;  // of the scored
  // Of the scored: how many were answered without a field that the endpoint refuses (temperature,
  // seed, ...), by its name.
  std::map<std::string, std::uint64_t> refused_fields;
  // Why there was no verdict (unparseable, refused, failed), and how often; of the first
  // kMostReasons different ones.
  std::map<std::string, std::uint64_t> reasons;
  static constexpr std::size_t kMostReasons = 20;

  void add(const llm::Outcome& outcome);
};

class Asker {
 public:
  virtual ~Asker() = default;

  // One outcome per request, in order; `source` may be called several times for an index. Only a
  // scored outcome carries a verdict, in reply.json. Error: the requests could not be sent at all
  // (a usage error, a cache that cannot be read); what stops a run in its midst is not an error
  // here, the rest of the outcomes is skipped.
  Result<std::vector<llm::Outcome>> ask(std::string_view purpose, std::size_t count,
                                        const llm::RequestSource& source);

  // By purpose, in the order of first use.
  const std::vector<AskedCounts>& counts() const { return counts_; }
  // The first error that ask() gave: judges pass it on as missing verdicts only.
  const std::optional<Error>& error() const { return error_; }

 private:
  virtual Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                        const llm::RequestSource& source) = 0;

  std::vector<AskedCounts> counts_;
  std::optional<Error> error_;
};

// An outcome without a verdict as an error: kBudget for skipped, kFailed for the others; the
// message says which.
Error no_verdict(const llm::Outcome& outcome);

}  // namespace agentecho::judges

// Askers that send nothing: one says what asking would cost, one writes the questions to a batch
// file, one takes the answers of a batch. Each gives the verdicts that the cache holds already, and
// skips the rest, so that the questions which follow from known verdicts can be counted and written
// as well.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/judges/cached_asker.h"
#include "agentecho/llm/batch.h"
#include "agentecho/llm/clock.h"
#include "agentecho/llm/pool.h"

namespace agentecho::judges {

// `--dry-run`.
class EstimatingAsker final : public CachedAsker {
 public:
  EstimatingAsker(llm::Pool& pool, llm::Endpoint endpoint, llm::ReplyCache* cache);

  struct PurposeEstimate {
    std::string purpose;
    llm::Estimate estimate;
  };
  // One for each purpose, in the order of first use.
  const std::vector<PurposeEstimate>& estimates() const { return estimates_; }

 private:
  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                const llm::RequestSource& source) override;

  llm::Pool& pool_;
  std::vector<PurposeEstimate> estimates_;
};

// `--batch-out`: a line for every question that the cache lacks. A question that is asked for two
// purposes is written once for each.
class BatchWritingAsker final : public CachedAsker {
 public:
  BatchWritingAsker(std::ostream& out, llm::Endpoint endpoint, llm::ReplyCache* cache,
                    llm::Rung rung);

  const llm::BatchWritten& written() const { return written_; }

 private:
  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                const llm::RequestSource& source) override;

  std::ostream& out_;
  llm::Rung rung_;
  llm::BatchWritten written_;
};

// `--batch-in`: fills the cache from the files of answers before each purpose, and sends nothing.
class BatchReadingAsker final : public CachedAsker {
 public:
  BatchReadingAsker(std::vector<std::string> files, llm::Endpoint endpoint, llm::ReplyCache& cache,
                    const llm::Clock& clock, llm::Rung rung);

  // Of all purposes together. Lines that answer the questions of another purpose are no problem:
  // `unknown` counts the lines that answered none.
  struct Taken {
    std::size_t lines = 0;
    std::size_t filled = 0;
    std::size_t present = 0;
    std::size_t unknown = 0;
    std::vector<std::string> problems;  // "FILE: line 3: ...", each line once
  };
  Taken taken() const;

 private:
  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view purpose, std::size_t count,
                                                const llm::RequestSource& source) override;

  std::vector<std::string> files_;
  const llm::Clock& clock_;
  llm::Rung rung_;
  std::size_t lines_ = 0;  // of all files, once
  std::size_t filled_ = 0;
  std::size_t present_ = 0;
  std::set<std::pair<std::size_t, std::size_t>> problem_lines_;  // file and line
  std::vector<std::string> problems_;
};

}  // namespace agentecho::judges

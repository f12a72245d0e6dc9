#include "agentecho/judges/offline_askers.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace agentecho::judges {

EstimatingAsker::EstimatingAsker(llm::Pool& pool, llm::Endpoint endpoint, llm::ReplyCache* cache)
    : CachedAsker(std::move(endpoint), cache), pool_(pool) {}

namespace {

void add(std::optional<double>& cost, const std::optional<double>& more) {
  cost = cost && more ? std::optional(*cost + *more) : std::nullopt;
}

void add(llm::Estimate& estimate, const llm::Estimate& more) {
  estimate.requests += more.requests;
  estimate.repeated += more.repeated;
  estimate.cached += more.cached;
  estimate.calls += more.calls;
  estimate.expected.input_tokens += more.expected.input_tokens;
  estimate.expected.output_tokens += more.expected.output_tokens;
  estimate.most.input_tokens += more.most.input_tokens;
  estimate.most.output_tokens += more.most.output_tokens;
  add(estimate.expected_cost, more.expected_cost);
  add(estimate.most_cost, more.most_cost);
}

}  // namespace

Result<std::vector<llm::Outcome>> EstimatingAsker::outcomes_of(std::string_view purpose,
                                                               std::size_t count,
                                                               const llm::RequestSource& source) {
  if (count == 0) return std::vector<llm::Outcome>{};
  auto estimate = pool_.estimate(count, source);
  if (!estimate) return Unexpected(estimate.error());
  const auto of_purpose =
      std::find_if(estimates_.begin(), estimates_.end(),
                   [&](const PurposeEstimate& earlier) { return earlier.purpose == purpose; });
  if (of_purpose == estimates_.end()) {
    estimates_.push_back({std::string(purpose), *estimate});
  } else {
    add(of_purpose->estimate, *estimate);
  }
  return cached_outcomes(count, source);
}

BatchWritingAsker::BatchWritingAsker(std::ostream& out, llm::Endpoint endpoint,
                                     llm::ReplyCache* cache, llm::Rung rung)
    : CachedAsker(std::move(endpoint), cache), out_(out), rung_(rung) {}

Result<std::vector<llm::Outcome>> BatchWritingAsker::outcomes_of(std::string_view,
                                                                 std::size_t count,
                                                                 const llm::RequestSource& source) {
  auto written = llm::write_batch(out_, endpoint(), count, source, cache(), rung_);
  if (!written) return Unexpected(written.error());
  written_.requests += written->requests;
  written_.repeated += written->repeated;
  written_.cached += written->cached;
  written_.written += written->written;
  return cached_outcomes(count, source);
}

BatchReadingAsker::BatchReadingAsker(std::vector<std::string> files, llm::Endpoint endpoint,
                                     llm::ReplyCache& cache, const llm::Clock& clock,
                                     llm::Rung rung)
    : CachedAsker(std::move(endpoint), &cache),
      files_(std::move(files)),
      clock_(clock),
      rung_(rung) {}

Result<std::vector<llm::Outcome>> BatchReadingAsker::outcomes_of(std::string_view,
                                                                 std::size_t count,
                                                                 const llm::RequestSource& source) {
  lines_ = 0;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    const std::string& file = files_[f];
    std::ifstream in(file, std::ios::binary);
    if (!in) return fail(ErrorKind::kUsage, fmt::format("{}: cannot be opened", file));
    auto read = llm::read_batch(in, endpoint(), count, source, *cache(), clock_, rung_);
    if (!read) return Unexpected(read.error());
    lines_ += read->lines;
    filled_ += read->filled;
    present_ += read->present;
    for (const llm::BatchProblem& problem : read->problems) {
      if (!problem_lines_.emplace(f, problem.line).second) continue;  // of an earlier purpose
      problems_.push_back(fmt::format("{}: line {}: {}: {}", file, problem.line,
                                      llm::name(problem.kind), problem.reason));
    }
  }
  return cached_outcomes(count, source);
}

BatchReadingAsker::Taken BatchReadingAsker::taken() const {
  const std::size_t used = filled_ + present_ + problems_.size();
  return {lines_, filled_, present_, lines_ - std::min(lines_, used), problems_};
}

}  // namespace agentecho::judges

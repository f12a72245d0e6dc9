#include "agentecho/study/domain_scores.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace agentecho {

namespace {

constexpr std::size_t kPairsInBlock = 256;

// Their tasks, ascending.
using Domains = std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>>;

Domains domains_of(const Corpus& corpus) {
  const std::vector<TaskKey>& tasks = corpus.tasks();
  Domains domains;
  for (TaskIndex t = 0; t < tasks.size(); ++t) {
    domains[{tasks[t].benchmark, tasks[t].domain}].push_back(t);
  }
  return domains;
}

// The rows of the tasks of one domain.
PairRows rows_of(const PairRows& all, std::size_t columns,
                 const std::vector<TaskIndex>& of_domain) {
  PairRows part;
  part.a = all.a;
  part.b = all.b;
  part.withheld = all.withheld;
  for (const TaskIndex task : of_domain) {
    const auto found = std::lower_bound(all.tasks.begin(), all.tasks.end(), task);
    if (found == all.tasks.end() || *found != task) continue;
    const auto i = static_cast<std::size_t>(found - all.tasks.begin());
    part.tasks.push_back(task);
    part.run_pairs.push_back(all.run_pairs[i]);
    const auto begin = all.rows.begin() + static_cast<std::ptrdiff_t>(i * columns);
    part.rows.insert(part.rows.end(), begin, begin + static_cast<std::ptrdiff_t>(columns));
  }
  return part;
}

}  // namespace

std::vector<DomainScores> scores_by_domain(const Study& study, std::span<const PairRows> rows) {
  const Domains domains = domains_of(study.corpus);
  std::vector<DomainScores> scores;
  if (domains.size() < 2) return scores;
  const Resampler draws = draws_of(study);
  for (const auto& [key, of_domain] : domains) {
    std::vector<PairRows> part;
    for (const PairRows& pair : rows) {
      part.push_back(rows_of(pair, study.metrics.columns(), of_domain));
    }
    scores.push_back({key.first, key.second, of_domain.size(),
                      estimate_metrics(study, part, {}, nullptr, &draws)});
  }
  return scores;
}

std::vector<DomainScores> scores_by_domain(const Study& study, std::span<const ModelPair> pairs) {
  std::vector<DomainScores> scores;
  if (domains_of(study.corpus).size() < 2) return scores;
  for (std::size_t first = 0; first < pairs.size(); first += kPairsInBlock) {
    const std::vector<PairRows> rows =
        score_rows(study, pairs.subspan(first, std::min(kPairsInBlock, pairs.size() - first)));
    std::vector<DomainScores> block = scores_by_domain(study, rows);
    if (first == 0) {
      scores = std::move(block);
      continue;
    }
    for (std::size_t d = 0; d < scores.size(); ++d) {
      std::move(block[d].estimates.begin(), block[d].estimates.end(),
                std::back_inserter(scores[d].estimates));
    }
  }
  return scores;
}

}  // namespace agentecho

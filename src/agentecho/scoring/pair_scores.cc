#include "agentecho/scoring/pair_scores.h"

#include "agentecho/base/parallel.h"

namespace agentecho {

namespace {

std::vector<std::unique_ptr<FamilyScorer>> make_scorers(const Corpus& corpus,
                                                        const ToolSplit& split,
                                                        const FamilySet& families,
                                                        const JudgedMetrics& judged) {
  std::vector<std::unique_ptr<FamilyScorer>> scorers;
  if (families.has(Family::kAgs)) scorers.push_back(make_ags_scorer(corpus, split));
  if (families.has(Family::kRps)) scorers.push_back(make_rps_scorer(judged));
  if (families.has(Family::kBigram)) scorers.push_back(make_bigram_scorer());
  if (families.has(Family::kGed)) scorers.push_back(make_ged_scorer(corpus));
  if (families.has(Family::kRse) && judged.rse != nullptr) {
    scorers.push_back(make_rse_scorer(*judged.rse));
  }
  if (families.has(Family::kEmbedding) && judged.embedding != nullptr) {
    scorers.push_back(make_embedding_scorer(*judged.embedding));
  }
  return scorers;
}

PairScores score_pair(const Corpus& corpus,
                      const std::vector<std::unique_ptr<FamilyScorer>>& scorers,
                      const FamilySet& families, ModelIndex a, ModelIndex b) {
  PairScores scores{a, b, families, {}, {}};
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const TaskTrials trials{task, corpus.trials(a, task), corpus.trials(b, task), a == b};
    if (trials.a.empty() || trials.pairs() == 0) continue;
    scores.tasks.push_back({task, static_cast<std::uint32_t>(trials.pairs())});
    scores.values.resize(scores.values.size() + families.columns(), 0.0);
    const std::span row = std::span(scores.values).last(families.columns());
    for (const auto& scorer : scorers) {
      const Family family = scorer->family();
      scorer->score(trials, FamilyColumns(family, row.subspan(families.first_column(family),
                                                              column_count(family))));
    }
  }
  return scores;
}

}  // namespace

std::vector<double> PairScores::sums() const {
  std::vector<double> sums(families.columns(), 0.0);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::span<const double> values_of_task = row(i);
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += values_of_task[c];
  }
  return sums;
}

std::vector<PairScores> score_pairs(const Corpus& corpus, const ToolSplit& split,
                                    std::span<const std::pair<ModelIndex, ModelIndex>> pairs,
                                    unsigned threads, const FamilySet& families,
                                    const JudgedMetrics& judged) {
  const auto scorers = make_scorers(corpus, split, families, judged);
  std::vector<PairScores> scores(pairs.size());
  parallel_for(pairs.size(), threads, [&](std::size_t i) {
    scores[i] = score_pair(corpus, scorers, families, pairs[i].first, pairs[i].second);
  });
  return scores;
}

}  // namespace agentecho

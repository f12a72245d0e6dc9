#include "agentecho/study/identity_fit.h"

#include <algorithm>
#include <cassert>

#include "agentecho/stats/conditional_logit.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostFitted = 4000;  // reference runs that the weights are fitted on

// One kind of the candidates alone, less its mean over them.
std::vector<float> centred(const std::vector<float>& raw, std::size_t models,
                           std::span<const std::uint32_t> candidates) {
  const std::size_t runs = raw.size() / models;
  std::vector<float> scores(runs * candidates.size());
  for (std::size_t r = 0; r < runs; ++r) {
    double sum = 0;
    for (const std::uint32_t m : candidates) sum += static_cast<double>(raw[r * models + m]);
    const double mean = sum / static_cast<double>(candidates.size());
    for (std::size_t j = 0; j < candidates.size(); ++j) {
      scores[r * candidates.size() + j] =
          static_cast<float>(static_cast<double>(raw[r * models + candidates[j]]) - mean);
    }
  }
  return scores;
}

// Reference runs of the candidates, evenly spread where there are very many.
std::vector<std::uint32_t> runs_to_fit(std::span<const ScoredRun> runs,
                                       const std::vector<std::uint32_t>& place) {
  std::vector<std::uint32_t> all;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (runs[r].model != kNoProfile && place[runs[r].model] != kNoProfile) {
      all.push_back(static_cast<std::uint32_t>(r));
    }
  }
  if (all.size() <= kMostFitted) return all;
  std::vector<std::uint32_t> some;
  for (std::size_t i = 0; i < kMostFitted; ++i) some.push_back(all[i * all.size() / kMostFitted]);
  return some;
}

std::vector<float> standings(const std::vector<float>& fit, std::size_t candidates) {
  std::vector<float> standing(fit.size());
  for (std::size_t begin = 0; begin < fit.size(); begin += candidates) {
    const std::span row = std::span(fit).subspan(begin, candidates);
    const auto best =
        static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
    float second = row[best == 0 ? 1 : 0];
    double sum = 0;
    for (std::size_t j = 0; j < candidates; ++j) {
      sum += static_cast<double>(row[j]);
      if (j != best) second = std::max(second, row[j]);
    }
    const double mean = sum / static_cast<double>(candidates);
    for (std::size_t j = 0; j < candidates; ++j) {
      const double rival = static_cast<double>(j == best ? second : row[best]);
      standing[begin + j] = static_cast<float>(static_cast<double>(row[j]) - 0.5 * (mean + rival));
    }
  }
  return standing;
}

}  // namespace

RawScores raw_scores(std::span<const ScoredRun> runs, std::size_t models, unsigned threads) {
  RawScores raw;
  for (std::size_t k = 0; k < kEventKinds; ++k) {
    raw[k] = log_likelihoods(runs, static_cast<EventKind>(k), models, threads);
  }
  return raw;
}

std::size_t IdentityFit::best_of(std::size_t run) const {
  const auto row = std::span(fit).subspan(run * candidates, candidates);
  return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

IdentityFit fit_candidates(std::span<const ScoredRun> runs, const RawScores& raw,
                           std::size_t models, std::span<const std::uint32_t> candidates,
                           std::span<const EventKind> kinds) {
  assert(candidates.size() >= 2);
  IdentityFit result;
  const std::size_t n = candidates.size();
  result.candidates = n;
  std::vector<std::uint32_t> place(models, kNoProfile);
  for (std::size_t j = 0; j < n; ++j) place[candidates[j]] = static_cast<std::uint32_t>(j);
  const std::vector<std::uint32_t> fitted = runs_to_fit(runs, place);
  std::vector<std::uint32_t> right;
  for (const std::uint32_t r : fitted) right.push_back(place[runs[r].model]);
  std::vector<std::vector<float>> all;
  std::vector<std::vector<float>> cases;
  for (const EventKind kind : kinds) {
    all.push_back(centred(raw[static_cast<std::size_t>(kind)], models, candidates));
    std::vector<float>& of_kind = cases.emplace_back();
    for (const std::uint32_t r : fitted) {
      const float* row = &all.back()[r * n];
      of_kind.insert(of_kind.end(), row, row + n);
    }
  }
  const std::vector<double> weights = fit_conditional_logit(cases, right, n);
  result.fit.assign(runs.size() * n, 0);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    result.weights[static_cast<std::size_t>(kinds[k])] = weights[k];
    for (std::size_t i = 0; i < result.fit.size(); ++i) {
      result.fit[i] += static_cast<float>(weights[k] * static_cast<double>(all[k][i]));
    }
  }
  result.standing = standings(result.fit, n);
  return result;
}

}  // namespace agentecho

// Evidence of lineage, second edition: which two models make the same choices where the task leaves
// them free, beyond what either has in common with the rest (METHOD 14; docs/evidence.md).
//
// Three channels, never averaged: words carry the verdict, actions and layout stand beside them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/metrics/lineage/kinship_odds.h"
#include "agentecho/scoring/metric_scores.h"
#include "agentecho/scoring/task_choices.h"
#include "agentecho/stats/mantel.h"
#include "agentecho/stats/statistic.h"
#include "agentecho/study/families.h"

namespace agentecho {

// With fewer tasks no verdict is carried (METHOD 14; docs/evidence.md).
inline constexpr std::uint32_t kEnoughForWords = 20;
inline constexpr std::uint32_t kEnoughForActions = 100;

struct LineageFigures {
  std::optional<double> similarity;     // C: mean over tasks of all benchmarks
  std::optional<double> z;              // mean over the benchmarks in which the pair has one
  Undefined no_z = Undefined::kTooFew;  // why not: too few others, or all alike (kConstant)
  std::optional<Interval> z_interval;  // bootstrap over tasks, cohorts taken anew in each replicate
  std::optional<double> share;         // copying share, both directions
  std::optional<Interval> share_interval;
  std::optional<double> ceiling;  // mean of the two models' share with themselves over trials
  std::uint32_t tasks = 0;
  std::uint32_t benchmarks = 0;  // that have a z, in whatever domain
  // How often strangers are as close: the strongest of all their pairs (stats/strangers.h); and a
  // pair of them, for one that was named beforehand (stats/named_pair.h: its place among the pairs
  // of two families, without those of the same two families; never above p_strongest).
  std::optional<double> p_strongest;
  std::optional<double> p_alone;
};

struct LineagePair {
  ModelIndex a = 0;
  ModelIndex b = 0;
  bool same_family = false;
  std::array<LineageFigures, kLineageChannels> channels;
  std::vector<std::optional<double>> words_z;  // by benchmark
  // Of a common lab, from z of words; nothing below kEnoughForWords tasks.
  std::optional<double> likelihood_ratio;

  const LineageFigures& of(LineageChannel channel) const {
    return channels[static_cast<std::size_t>(channel)];
  }
};

// Does who resembles whom carry over from one benchmark to another?
struct BenchmarkAgreement {
  std::size_t first = 0;  // in LineageResults::benchmarks
  std::size_t second = 0;
  Statistic<MantelTest> words = undefined(Undefined::kTooFew);  // of z
};

struct LineageResults {
  Families families;
  std::vector<std::string> benchmarks;    // "benchmark/domain": domains are normalised apart
  std::vector<std::string> benchmark_of;  // of each of them: "benchmark"; equal ones adjacent
  std::vector<BenchmarkAgreement> agreements;
  bool matched = false;                                               // cohorts by mode
  std::vector<std::size_t> modes;                                     // by model, where matched
  std::vector<LineagePair> pairs;                                     // by models
  std::array<FamilyAuc, kLineageChannels> auc;                        // how well z finds families
  std::array<std::optional<double>, kLineageChannels> usual_maximum;  // largest z among strangers
  std::size_t replicates = 0;  // resamples of tasks that were used, and worlds of strangers
  std::size_t replicates_asked = 0;
  std::vector<std::optional<double>> words;  // written, by model; nothing where it is not known
  std::vector<std::uint32_t> tasks;          // with a run, by model
  std::size_t runs_without_markers = 0;      // read from feature files that have none
};

struct LineageOptions {
  BootstrapOptions bootstrap;      // replicates: see replicates_of_kinship()
  std::vector<std::size_t> modes;  // by model; empty: the cohort is everybody else
  unsigned threads = 0;
  lineage::KinshipScale odds{};
};

// How many of `asked` replicates, and as many worlds, are used where each has so many similarities
// (pairs times benchmarks): all that 10 million similarities leave room for, which is 10,000 for 45
// models, but never fewer than 2,000. Time and memory go with the product.
std::size_t replicates_of_kinship(std::size_t asked, std::size_t similarities);

// Which models reason before they answer: 1 where more than half of the runs have visible
// reasoning, or where the name says so ("thinking", "think", "reasoning", "reasoner", "r1", "qwq",
// o with a digit; not where "off", "no" or "non" stands beside it), else 0. [choice] Names, since
// several providers hide the reasoning.
std::vector<std::size_t> guess_modes(const Corpus& corpus);

// LineageOptions::modes by a wish: "all" (none), "mode" (guess_modes()), or the kinds that a
// document {"kind": ["model", ...]} gives. Errors: those of parse_families().
Result<std::vector<std::size_t>> cohort_kinds(const Corpus& corpus, std::string_view wish);

// A pair that was named beforehand: none, or two models. `option` is what the caller calls it.
// Errors (kUsage): not two, no such model, one model twice.
Result<std::optional<ModelPair>> named_pair(const Corpus& corpus,
                                            const std::vector<std::string>& names,
                                            std::string_view option);

// Cost: that of comparing all tasks (metrics/lineage), and replicates x tasks x pairs.
LineageResults weigh_lineage(const Corpus& corpus, const Families& families,
                             const LineageOptions& options);

// Place of a pair's z of words in one benchmark, 1 being the largest; nothing where it has none.
std::optional<std::size_t> rank_in(const LineageResults& results, const LineagePair& pair,
                                   std::size_t benchmark);

// Places of results.pairs, largest z of words first; pairs without come last.
std::vector<std::size_t> by_words(const LineageResults& results);
// The first `most` of those that have one; a pair that was named comes before all others.
std::vector<ModelPair> strongest_by_words(const LineageResults& results, std::size_t most,
                                          const std::optional<ModelPair>& named = {});

}  // namespace agentecho

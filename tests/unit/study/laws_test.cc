// Laws that hold on any corpus, on seeded random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "agentecho/base/random.h"
#include "agentecho/base/text.h"
#include "agentecho/corpus/feature_file.h"
#include "agentecho/corpus/load_corpus.h"
#include "support/random_trajectory.h"
#include "support/study.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using testing::corpus_of;
using testing::Estimates;
using testing::estimates_of;
using testing::get;

constexpr double kRounding = 1e-12;

struct Runs {
  std::vector<Trajectory> trajectories;

  std::vector<TrajectoryFeatures> features(const ToolCatalog& catalog = {}) const {
    std::vector<TrajectoryFeatures> all;
    for (const Trajectory& t : trajectories) all.push_back(testing::features_of(t, catalog));
    return all;
  }
};

Runs random_runs(std::uint64_t seed) {
  Rng rng(seed);
  Runs runs;
  for (const std::string model : {"A", "B", "C"}) {
    for (const std::string task : {"1", "2", "3", "4"}) {
      const auto trials = 1 + rng.below(3);
      for (std::uint64_t trial = 0; trial < trials; ++trial) {
        runs.trajectories.push_back(
            testing::random_trajectory(rng, model, task, static_cast<std::int64_t>(trial)));
      }
    }
  }
  return runs;
}

void expect_same(const Estimates& a, const Estimates& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [metric, x] : a) {
    const Estimate& y = get(b, metric);
    ASSERT_EQ(x.value.has_value(), y.value.has_value()) << metric;
    ASSERT_EQ(x.n_tasks, y.n_tasks) << metric;
    if (!x.value) continue;
    ASSERT_NEAR(*x.value, *y.value, tolerance) << metric;
  }
}

void expect_same(const std::vector<Estimates>& a, const std::vector<Estimates>& b,
                 double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) expect_same(a[i], b[i], tolerance);
}

class Laws : public ::testing::TestWithParam<int> {
 protected:
  std::uint64_t seed() const { return static_cast<std::uint64_t>(GetParam()); }
};

TEST_P(Laws, ScoresAreInTheirRange) {
  for (const Estimates& pair : estimates_of(corpus_of(random_runs(seed()).features()))) {
    for (const auto& [metric, e] : pair) {
      if (!e.value) continue;
      const bool kappa = metric == "calibrated_s_node" || metric == "calibrated_ags";
      EXPECT_GE(*e.value, kappa ? -1 - kRounding : 0);
      EXPECT_LE(*e.value, 1 + kRounding);
    }
  }
}

// Two models with the same single run of each task are alike in everything that is defined.
TEST_P(Laws, IdenticalRunsHaveSimilarityOne) {
  std::vector<TrajectoryFeatures> features;
  for (TrajectoryFeatures& f : random_runs(seed()).features()) {
    if (f.model != "A" || f.trial != 0) {
      if (f.model == "C") features.push_back(f);  // others in the pool
      continue;
    }
    features.push_back(f);
    f.model = "twin";
    features.push_back(f);
  }
  for (const auto& [metric, e] : estimates_of(corpus_of(features), "A", "twin")) {
    EXPECT_NEAR(e.value.value_or(1), 1, kRounding);
  }
}

TEST_P(Laws, IdenticalTrialsHaveSelfSimilarityOne) {
  std::vector<TrajectoryFeatures> features;
  for (TrajectoryFeatures& f : random_runs(seed()).features()) {
    if (f.model == "A" && f.trial == 0) {
      features.push_back(f);
      f.trial = 1;
      features.push_back(f);
    } else if (f.model == "B") {
      features.push_back(f);
    }
  }
  const Estimates e = estimates_of(corpus_of(features), "A", "A");
  EXPECT_EQ(get(e, "s_seq").n_tasks, 4u);
  for (const auto& [metric, estimate] : e) {
    EXPECT_NEAR(estimate.value.value_or(1), 1, kRounding);
  }
}

TEST_P(Laws, SimilarityIsSymmetric) {
  const Corpus corpus = corpus_of(random_runs(seed()).features());
  for (const std::string a : {"A", "B"}) {
    for (const std::string b : {"B", "C"}) {
      expect_same(estimates_of(corpus, a, b), estimates_of(corpus, b, a), kRounding);
    }
  }
}

TEST_P(Laws, TheOrderOfRunsAndTheNumberOfThreadsChangeNothing) {
  std::vector<TrajectoryFeatures> features = random_runs(seed()).features();
  const BootstrapOptions bootstrap{100, 1, 0.95};
  const auto expected = estimates_of(corpus_of(features), {{}, bootstrap, 1});
  Rng rng(seed());
  for (const unsigned threads : {1u, 2u, 7u}) {
    rng.shuffle(features);
    const auto found = estimates_of(corpus_of(features), {{}, bootstrap, threads});
    expect_same(expected, found, 0);
    for (std::size_t p = 0; p < found.size(); ++p) {
      for (const auto& [metric, x] : found[p]) {
        const Estimate& y = get(expected[p], metric);
        ASSERT_EQ(x.interval.has_value(), y.interval.has_value());
        if (!x.interval) continue;
        EXPECT_EQ(x.interval->low, y.interval->low);
        EXPECT_EQ(x.interval->high, y.interval->high);
      }
    }
  }
}

// New names in another order, with the old kinds in a catalogue.
TEST_P(Laws, RenamingAllToolsWithTheirCatalogueChangesNothing) {
  Runs runs = random_runs(seed());
  const auto expected = estimates_of(corpus_of(runs.features()));
  std::map<std::string, std::string, std::less<>> names;
  ToolCatalog catalog;
  for (Trajectory& t : runs.trajectories) {
    for (ToolCall& call : t.calls) {
      auto known = names.find(call.name);
      if (known == names.end()) {
        std::string renamed = "zz" + std::to_string(90 - names.size()) + "_tool";
        catalog.set(renamed, ToolCatalog().classify(call.name).kind);
        known = names.emplace(std::string(call.name), std::move(renamed)).first;
      }
      call.name = t.arena.copy(known->second);
    }
  }
  expect_same(expected, estimates_of(corpus_of(runs.features(catalog))), kRounding);
}

// Renaming models permutes the pairs and nothing else.
TEST_P(Laws, RenamingModelsChangesNothing) {
  std::vector<TrajectoryFeatures> features = random_runs(seed()).features();
  const Corpus before = corpus_of(features);
  for (TrajectoryFeatures& f : features) f.model = f.model == "A" ? "Z" : f.model;
  const Corpus after = corpus_of(features);
  expect_same(estimates_of(before, "A", "B"), estimates_of(after, "Z", "B"), kRounding);
  expect_same(estimates_of(before, "A", "A"), estimates_of(after, "Z", "Z"), kRounding);
}

TEST_P(Laws, AMandatoryToolForEverybodyChangesNoSNode) {
  std::vector<TrajectoryFeatures> features = random_runs(seed()).features();
  const auto expected = estimates_of(corpus_of(features));
  for (TrajectoryFeatures& f : features) f.tools.push_back("everybody_uses_this");
  const auto found = estimates_of(corpus_of(features));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t p = 0; p < found.size(); ++p) {
    for (const char* metric : {"s_node", "calibrated_s_node"}) {
      EXPECT_EQ(get(found[p], metric).value, get(expected[p], metric).value);
      EXPECT_EQ(get(found[p], metric).n_tasks, get(expected[p], metric).n_tasks);
    }
  }
}

TEST_P(Laws, AcceptingEveryCandidateOnlyAddsEdges) {
  for (const Trajectory& t : random_runs(seed()).trajectories) {
    ProvenanceVerifier provenance;
    AcceptAllVerifier accept_all;
    const auto few = extract_features(t, {}, provenance)->dependencies;
    const auto all = extract_features(t, {}, accept_all)->dependencies;
    EXPECT_TRUE(std::includes(all.begin(), all.end(), few.begin(), few.end()));
  }
}

TEST_P(Laws, FeaturesWrittenAndReadBackGiveTheSameScores) {
  const testing::TempFolder folder;
  const Corpus corpus = corpus_of(random_runs(seed()).features());
  // In two shards, split in the middle of a model.
  std::string shards[2];
  for (std::size_t i = 0; i < corpus.trajectories().size(); ++i) {
    shards[i % 3 == 0 ? 1 : 0] +=
        to_json_line(corpus.features_of(corpus.trajectories()[i]), {}) + "\n";
  }
  CorpusOptions options;
  options.load.threads = 1;
  options.load.files = {{folder.write("a.jsonl", shards[0]), "", ""},
                        {folder.write("b.jsonl", shards[1]), "", ""}};
  const auto merged = load_corpus(options);
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(merged->report.diagnostics.losses(), 0u);
  expect_same(estimates_of(corpus), estimates_of(merged->corpus), 0);

  // The concatenation is the same file.
  options.load.files = {{folder.write("c.jsonl", shards[1] + shards[0]), "", ""}};
  expect_same(estimates_of(corpus), estimates_of(load_corpus(options)->corpus), 0);
}

TEST_P(Laws, LoadingAShardTwiceChangesNothing) {
  const std::vector<TrajectoryFeatures> features = random_runs(seed()).features();
  std::vector<TrajectoryFeatures> twice = features;
  twice.insert(twice.end(), features.begin(), features.end());
  Diagnostics diagnostics;
  expect_same(estimates_of(corpus_of(features)), estimates_of(corpus_of(twice, diagnostics)), 0);
  EXPECT_EQ(diagnostics.count(DiagnosticKind::kDuplicate), features.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Laws, ::testing::Range(1, 13));

}  // namespace
}  // namespace agentecho

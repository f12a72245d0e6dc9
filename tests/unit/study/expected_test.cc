// Real trajectories and what an independent implementation of the method computes on them. They
// are not part of the project; the tests are skipped where they are missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/graph/argument_values.h"
#include "agentecho/graph/dependency.h"
#include "support/study.h"

namespace agentecho {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr double kTolerance = 1e-9;

const fs::path& shared() {
  static const fs::path path = fs::path(AGENTECHO_SOURCE_DIR) / ".." / "shared";
  return path;
}

Json read_json(const fs::path& path) { return Json::parse(std::ifstream(path)); }

std::vector<Json> read_json_lines(const fs::path& path) {
  std::vector<Json> all;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) all.push_back(Json::parse(line));
  return all;
}

CorpusOptions options_for(const fs::path& path) {
  CorpusOptions options;
  options.load.files = resolve_inputs({{path.string(), ""}}).value().files;
  return options;
}

// The corpus that an expectation speaks of: a folder, or a file of variants/.
fs::path corpus_path(const std::string& name) {
  const fs::path folder = shared() / "corpus" / name;
  return fs::exists(folder) ? folder : shared() / "corpus" / "variants" / (name + ".json");
}

class Expected : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!fs::exists(shared() / "expected")) GTEST_SKIP() << "no data at " << shared();
  }
};

void expect_near(const Json& expected, std::optional<double> found, const std::string& what) {
  ASSERT_EQ(expected.is_null(), !found.has_value()) << what;
  if (found) {
    ASSERT_NEAR(expected.get<double>(), *found, kTolerance) << what;
  }
}

TEST_P(Expected, PairScores) {
  const Json expected =
      read_json(shared() / "expected" / (std::string(GetParam()) + ".pairs.json"));
  const auto loaded = load_corpus(options_for(corpus_path(GetParam())));
  ASSERT_TRUE(loaded) << loaded.error().message;
  const Corpus& corpus = loaded->corpus;
  EXPECT_EQ(corpus.trajectories().size(), expected["n_trajectories"].get<std::size_t>());
  EXPECT_EQ(loaded->report.diagnostics.count(DiagnosticKind::kNoAssistantMessage),
            expected["dropped"].get<std::uint64_t>());
  EXPECT_EQ(loaded->report.diagnostics.losses(), 0u);
  ASSERT_FALSE(expected["pairs"].empty());
  for (const Json& pair : expected["pairs"]) {
    const std::string a = pair["a"];
    const std::string b = pair["b"];
    ASSERT_TRUE(corpus.find_model(a) && corpus.find_model(b)) << a << b;
    const testing::Estimates e = testing::estimates_of(corpus, a, b);
    const auto check = [&](const Json& scores, const char* name, const char* metric) {
      expect_near(scores.at(name), testing::get(e, metric).value, a + " / " + b + ": " + name);
    };
    check(pair, "s_node", "s_node");
    check(pair, "s_seq", "s_seq");
    check(pair, "s_dep", "s_dep");
    check(pair, "ags", "ags");
    const Json& calibrated = pair["calibrated"];
    check(calibrated, "s_node", "calibrated_s_node");
    check(calibrated, "s_seq", "calibrated_s_seq");
    check(calibrated, "s_dep", "calibrated_s_dep");
    check(calibrated, "ags", "calibrated_ags");
    EXPECT_EQ(pair["n_tasks"], testing::get(e, "s_seq").n_tasks);
    EXPECT_EQ(pair["n_tasks_node"], testing::get(e, "s_node").n_tasks);
    EXPECT_EQ(calibrated["n_tasks_seq"], testing::get(e, "calibrated_s_seq").n_tasks);
    EXPECT_EQ(calibrated["n_tasks_dep"], testing::get(e, "calibrated_s_dep").n_tasks);
  }
}

INSTANTIATE_TEST_SUITE_P(Corpora, Expected,
                         ::testing::Values("tau-bench-retail", "tau2-bench-airline",
                                           "tau2-bench-telecom", "four-trials-gpt-4o-airline"));

class ExpectedFeatures : public Expected {};

using Key = std::tuple<std::string, std::string, std::int64_t>;

void check_features(const Json& expected, const Trajectory& t) {
  const TrajectoryFeatures f = testing::features_of(t);
  const std::string where = f.model + ", task " + f.task.task_id;
  EXPECT_EQ(expected["benchmark"], f.task.benchmark) << where;
  EXPECT_EQ(expected["domain"], f.task.domain) << where;
  EXPECT_EQ(expected["success"], f.success) << where;
  expect_near(expected["reward"], f.reward, where);
  EXPECT_EQ(expected["names"].get<std::vector<std::string>>(), f.tools) << where;
  const std::set<std::string> tools(f.tools.begin(), f.tools.end());
  EXPECT_EQ(expected["tools"].get<std::set<std::string>>(), tools) << where;
  EXPECT_EQ(expected["n_calls"], f.counts.calls) << where;
  EXPECT_EQ(expected["n_write"], f.counts.writes) << where;
  EXPECT_EQ(expected["n_error"], f.counts.errors) << where;
  EXPECT_EQ(expected["n_edges"], f.dependencies.size()) << where;
  auto edges = expected["edges"].get<decltype(f.dependencies)>();
  std::sort(edges.begin(), edges.end());
  EXPECT_EQ(edges, f.dependencies) << where;
  CandidateFinder candidates;
  EXPECT_EQ(expected["n_cand"], candidates.find(t).size()) << where;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(expected["seq"][i].get<double>(), sequence_vector(f.counts)[i], kTolerance)
        << where;
    EXPECT_NEAR(expected["dep"][i].get<double>(), dependency_vector(f.counts)[i], kTolerance)
        << where;
  }
  const auto seq = calibrated_sequence_features(f.counts);
  const auto dep = calibrated_dependency_features(f.counts);
  expect_near(expected["cal"]["r_verify"], seq[0], where);
  expect_near(expected["cal"]["r_confirm"], seq[1], where);
  expect_near(expected["cal"]["r_retry"], seq[2], where);
  expect_near(expected["cal"]["r_reuse"], dep[0], where);
  expect_near(expected["cal"]["depth"], dep[1], where);
  expect_near(expected["cal"]["r_fanout"], dep[2], where);
}

TEST_P(ExpectedFeatures, OfEveryTrajectory) {
  const auto lines =
      read_json_lines(shared() / "expected" / (std::string(GetParam()) + ".features.jsonl"));
  const auto loaded = load_trajectories(options_for(corpus_path(GetParam())).load);
  ASSERT_TRUE(loaded) << loaded.error().message;
  std::multimap<Key, const Trajectory*> found;
  for (const Trajectory& t : loaded->trajectories) {
    found.emplace(Key{t.model, t.task_id, t.trial.value_or(0)}, &t);
  }
  ASSERT_EQ(lines.size(), found.size());
  for (const Json& line : lines) {
    const Json& task = line["task"];
    const Key key{line["model"], task.is_string() ? task.get<std::string>() : task.dump(),
                  line["trial"]};
    ASSERT_EQ(found.count(key), 1u) << line["model"] << task;
    check_features(line, *found.find(key)->second);
  }
}

INSTANTIATE_TEST_SUITE_P(Corpora, ExpectedFeatures,
                         ::testing::Values("tau-bench-retail", "tau2-bench-airline",
                                           "tau2-bench-telecom"));

// Is there an edge from `source` to `destination` because of this one value?
bool depends_by_value(Trajectory& t, std::uint32_t source, std::uint32_t destination,
                      const std::string& value) {
  ToolCall& call = t.calls[agent_calls(t).at(destination)];
  const ToolCall whole = call;
  const auto leaves = t.leaves_of(call);
  const auto leaf = std::find_if(leaves.begin(), leaves.end(), [&](std::string_view text) {
    return canonical_value(text) == value;
  });
  EXPECT_NE(leaf, leaves.end()) << value;
  call.first_leaf += static_cast<std::uint32_t>(leaf - leaves.begin());
  call.n_leaves = leaf == leaves.end() ? 0 : 1;
  ProvenanceVerifier verifier;
  const auto edges = verifier.dependencies(t).value();
  call = whole;
  return std::any_of(edges.begin(), edges.end(), [&](const Dependency& edge) {
    return edge.source == source && edge.destination == destination;
  });
}

TEST(Gold, LabelledDependenciesAgreeWithProvenance) {
  const fs::path gold = shared() / "gold" / "edges.jsonl";
  if (!fs::exists(gold)) GTEST_SKIP() << "no data at " << gold;
  std::map<std::string, std::vector<Trajectory>> files;
  int n = 0;
  int agree = 0;
  for (const Json& line : read_json_lines(gold)) {
    const std::string file = line["file"];
    if (!files.contains(file)) {
      auto loaded = load_trajectories(options_for(shared() / "corpus" / file).load);
      ASSERT_TRUE(loaded) << loaded.error().message;
      files[file] = std::move(loaded->trajectories);
    }
    const std::string task =
        line["task"].is_string() ? line["task"].get<std::string>() : line["task"].dump();
    auto t = std::find_if(files[file].begin(), files[file].end(),
                          [&](const Trajectory& other) { return other.task_id == task; });
    ASSERT_NE(t, files[file].end()) << file << task;
    const bool found =
        depends_by_value(*t, line["src"], line["dst"], line["value"].get<std::string>());
    ++n;
    agree += found == line["label"].get<bool>() ? 1 : 0;
  }
  RecordProperty("agreement", std::to_string(static_cast<double>(agree) / n));
  EXPECT_GE(agree, std::ceil(0.95 * n)) << agree << " of " << n;
}

TEST(RealLogs, LoadWithoutLosses) {
  const fs::path folder = shared() / "corpus";
  if (!fs::exists(folder)) GTEST_SKIP() << "no data at " << folder;
  const auto loaded = load_corpus(options_for(folder));
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->report.diagnostics.losses(), 0u);
  for (const LoadedFile& file : loaded->report.files) {
    EXPECT_GT(file.trajectories, 0u) << file.path;
    EXPECT_NE(file.format, LogFormat::kAuto) << file.path;
  }
}

}  // namespace
}  // namespace agentecho

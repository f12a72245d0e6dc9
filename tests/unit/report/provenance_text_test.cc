#include "agentecho/report/provenance_text.h"

#include <gtest/gtest.h>

#include "agentecho/report/json.h"

namespace agentecho {
namespace {

Provenance of_two_files() {
  Provenance p;
  p.version = "1.2.3";
  p.features.verifier = "provenance";
  LoadedFile file;
  file.path = "a.json";
  file.digest = {1, 2};
  file.trajectories = 3;
  p.inputs = {file, file};
  p.bootstrap = {.replicates = 0};
  return p;
}

TEST(ProvenanceText, WhatIsNotThereIsNotSaid) {
  const auto lines = provenance_lines(of_two_files());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "agentecho 1.2.3");
  EXPECT_EQ(lines[1], "dependencies: provenance");
  EXPECT_TRUE(lines[2].starts_with("inputs: 2 files, 6 runs; xxh3-128:")) << lines[2];
}

TEST(ProvenanceText, OneFileHasItsOwnDigest) {
  Provenance p = of_two_files();
  p.inputs.pop_back();
  EXPECT_EQ(provenance_lines(p).back(),
            "inputs: 1 file, 3 runs; xxh3-128:00000000000000010000000000000002");
}

TEST(ProvenanceText, JudgesPoolSeedAndFilterAreSaid) {
  Provenance p = of_two_files();
  p.metrics = {"ags", "rps"};
  p.bootstrap = {.replicates = 100, .seed = 7, .level = 0.9};
  p.rps_backend = "llm:m pair-1";
  p.rps_annotator = "llm:m stages-1";
  p.embedding_model = "e";
  p.least_coverage = 0.8;
  p.mandatory_rule = "intersection";
  p.pool = {"x", "y"};
  p.filter.models = {"x"};
  const auto lines = provenance_lines(p);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "agentecho 1.2.3; metrics: ags, rps; seed 7, 100 replicates, level 0.9");
  EXPECT_EQ(lines[1],
            "dependencies: provenance; stages: llm:m stages-1; RPS: llm:m pair-1; embeddings: e; "
            "least coverage 80 %");
  EXPECT_EQ(lines[2], "mandatory tools: intersection; pool: x and y");
  EXPECT_EQ(lines[3], "only models x");
}

TEST(ProvenanceText, LatexHasItAsComments) {
  const std::string text = render_provenance(of_two_files(), {.style = TableStyle::kLatex});
  EXPECT_TRUE(text.starts_with("\n% agentecho 1.2.3\n% dependencies: provenance\n% inputs: "))
      << text;
}

TEST(ProvenanceJson, HasTheSameMembersWhateverWasComputed) {
  const auto names = [](const Json& json) {
    std::vector<std::string> found;
    for (const auto& [name, value] : json.items()) found.push_back(name);
    return found;
  };
  Provenance judged = of_two_files();
  judged.rse_judge = "m";
  judged.least_coverage = 0.5;
  judged.filter.tasks = {"7"};
  judged.bootstrap = {.replicates = 10, .seed = 3, .level = 0.9};
  const Json bare = provenance_json(of_two_files());
  const Json full = provenance_json(judged);
  EXPECT_EQ(names(bare), names(full));
  EXPECT_EQ(names(bare["options"]), names(full["options"]));
  EXPECT_TRUE(bare["seed"].is_null());
  EXPECT_TRUE(bare["options"]["least_coverage"].is_null());
  EXPECT_EQ(full["seed"], 3);
  EXPECT_EQ(full["options"]["least_coverage"], 0.5);
  EXPECT_EQ(full["options"]["filter"]["tasks"][0], "7");
  EXPECT_EQ(full["inputs"].size(), 2u);
}

}  // namespace
}  // namespace agentecho

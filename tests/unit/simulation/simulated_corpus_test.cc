#include "agentecho/simulation/simulated_corpus.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace agentecho::simulation {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Folder {
  explicit Folder(const char* name) : path(fs::path(::testing::TempDir()) / name) {
    fs::remove_all(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path path;
};

CorpusPlan small_plan() {
  CorpusPlan plan;
  plan.tasks = 4;
  plan.families = {1, 2};
  plan.lessons = 10;
  plan.students = {{"sim-birch-1", "sim-alder-1", 0.5}};
  return plan;
}

TEST(SimulatedCorpus, TheBundledSampleIsWhatItsCommandMakes) {
  CorpusPlan plan;
  plan.tasks = 12;
  plan.trials = 2;
  plan.families = {2, 2, 1};
  plan.students = {{"sim-birch-2", "sim-alder-1", 1.0}};
  const Folder made("agentecho_sample");
  const auto files = write_corpus(plan, made.path.string(), 2);
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->size(), 7u);
  for (const WrittenFile& file : *files) {
    const fs::path name = fs::path(file.path).filename();
    const std::string bytes = content_of(file.path);
    EXPECT_EQ(bytes.size(), file.bytes);
    EXPECT_TRUE(bytes == content_of(fs::path(AGENTECHO_SOURCE_DIR) / "examples/simulated" / name))
        << name << " differs from the bundled file";
  }
}

TEST(SimulatedCorpus, BytesDoNotDependOnThreads) {
  const Folder one("agentecho_one_thread");
  const Folder three("agentecho_three_threads");
  const auto files = write_corpus(small_plan(), one.path.string(), 1);
  ASSERT_TRUE(files);
  ASSERT_TRUE(write_corpus(small_plan(), three.path.string(), 3));
  for (const WrittenFile& file : *files) {
    EXPECT_TRUE(content_of(file.path) == content_of(three.path / fs::path(file.path).filename()));
  }
}

TEST(SimulatedCorpus, FurtherModelsLeaveTheOthersAsTheyWere) {
  const auto few = make_models(small_plan());
  CorpusPlan more = small_plan();
  more.families = {3, 2, 1};
  const auto many = make_models(more);
  ASSERT_TRUE(few && many);
  EXPECT_EQ((*few)[1].policy.name, "sim-birch-1");
  EXPECT_EQ((*many)[3].policy.name, "sim-birch-1");
  EXPECT_EQ((*few)[1].policy.table, (*many)[3].policy.table);
  EXPECT_EQ((*few)[1].run_seed, (*many)[3].run_seed);
  EXPECT_EQ(few->back().policy.name, "sim-birch-1-after-sim-alder-1");
  EXPECT_EQ(few->back().policy.table, many->back().policy.table);
}

TEST(SimulatedCorpus, AStudentWithStrengthZeroKeepsItsHabitsAndRunsAnew) {
  CorpusPlan plan = small_plan();
  plan.students.front().strength = 0;
  const auto models = make_models(plan);
  ASSERT_TRUE(models);
  EXPECT_EQ(models->back().policy.table, (*models)[1].policy.table);
  EXPECT_NE(models->back().run_seed, (*models)[1].run_seed);
}

TEST(SimulatedCorpus, FamiliesAreCountedAsWritten) {
  EXPECT_EQ(*parse_families("2,2,1"), (std::vector<std::size_t>{2, 2, 1}));
  EXPECT_EQ(*parse_families("3x2,1"), (std::vector<std::size_t>{2, 2, 2, 1}));
  for (const char* text : {"", "0", "2,", "a", "2x", "x2", "-1", "0x3", "200000", "1000x1000"}) {
    EXPECT_FALSE(parse_families(text)) << text;
  }
}

TEST(SimulatedCorpus, StudentsAreReadAsWritten) {
  const auto half = parse_student("a=b,0.5");
  ASSERT_TRUE(half);
  EXPECT_EQ(half->model, "a");
  EXPECT_EQ(half->teacher, "b");
  EXPECT_EQ(half->strength, 0.5);
  EXPECT_EQ(parse_student("a=b")->strength, 1.0);
  for (const char* text :
       {"", "a", "a=", "=b", "a=,1", "a=b,", "a=b,2", "a=b,-1", "a=b,x", "a=b,nan"}) {
    EXPECT_FALSE(parse_student(text)) << text;
  }
}

TEST(SimulatedCorpus, RelationsThatCannotBeAreRefused) {
  const auto refused = [](std::vector<StudentPlan> students) {
    CorpusPlan plan = small_plan();
    plan.students = std::move(students);
    return !make_models(plan).has_value();
  };
  EXPECT_TRUE(refused({{"sim-birch-1", "sim-oak-1", 1}}));
  EXPECT_TRUE(refused({{"nobody", "sim-alder-1", 1}}));
  EXPECT_TRUE(refused({{"sim-alder-1", "sim-alder-1", 1}}));
  EXPECT_TRUE(refused({{"sim-birch-1", "sim-alder-1", 1}, {"sim-birch-1", "sim-alder-1", 0.5}}));
  EXPECT_FALSE(refused(
      {{"sim-birch-1", "sim-alder-1", 1}, {"sim-birch-2", "sim-birch-1-after-sim-alder-1", 1}}));
}

TEST(SimulatedCorpus, NamesGoOnAfterTheLastTree) {
  EXPECT_EQ(model_name(0, 0), "sim-alder-1");
  EXPECT_EQ(model_name(16, 1), "sim-alder2-2");
}

}  // namespace
}  // namespace agentecho::simulation

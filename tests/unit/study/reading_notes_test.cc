#include "agentecho/study/reading_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

LoadedCorpus with_tasks(std::size_t of_a, std::size_t of_others, const char* tool) {
  std::vector<PlainRun> runs;
  for (std::size_t t = 0; t < of_others; ++t) {
    if (t < of_a) runs.push_back({"a", std::to_string(t), {tool}});
    for (const char* model : {"b", "c"}) runs.push_back({model, std::to_string(t), {tool}});
  }
  LoadedCorpus loaded;
  loaded.corpus = make_corpus(runs);
  return loaded;
}

TEST(ReadingNotes, NamePairsWithFewTasks) {
  EXPECT_THAT(reading_notes(with_tasks(20, 20, "get_user_details"), true), IsEmpty());
  EXPECT_THAT(reading_notes(with_tasks(7, 20, "get_user_details"), true),
              ElementsAre(StartsWith("2 of 3 pairs of models have fewer than 20 tasks in common "
                                     "(fewest: 7)")));
}

TEST(ReadingNotes, NameToolsWhoseKindIsGuessed) {
  EXPECT_THAT(
      reading_notes(with_tasks(20, 20, "fetch_widget"), true),
      ElementsAre(StartsWith("whether a tool reads or writes is guessed from its name for 1 "
                             "tool: \"fetch_widget\"")));
}

TEST(ReadingNotes, CountRunsThatCallNothingByModel) {
  EXPECT_EQ(runs_without_calls_note(make_corpus({{"a", "1", {"x"}}, {"b", "1", {"x"}}})),
            std::nullopt);
  EXPECT_EQ(*runs_without_calls_note(
                make_corpus({{"a", "1", {}}, {"a", "2", {"x"}}, {"b", "1", {}}, {"b", "2", {}}})),
            "3 of 4 runs call no tool at all (a 1, b 2): two such runs count as wholly alike in "
            "S_seq and S_dep");
}

TEST(ReadingNotes, MarkPairsThatHardlyCallATool) {
  LoadedCorpus loaded;
  loaded.corpus = make_corpus({{"a", "1", {}},
                               {"a", "1", {"x"}},
                               {"a", "2", {}},
                               {"a", "3", {}},
                               {"b", "1", {}},
                               {"b", "2", {}},
                               {"b", "3", {}},
                               {"c", "1", {}},
                               {"c", "2", {"x"}},
                               {"c", "3", {"x"}}});
  EXPECT_DOUBLE_EQ(share_without_calls(loaded.corpus, {0, 1}), 2.5 / 3);
  EXPECT_DOUBLE_EQ(share_without_calls(loaded.corpus, {0, 0}), 0);
  EXPECT_DOUBLE_EQ(share_without_calls(loaded.corpus, {1, 1}), 0);
  EXPECT_DOUBLE_EQ(share_without_calls(loaded.corpus, {1, 2}), 1.0 / 3);
  const auto note = StartsWith(
      "1 of 3 pairs calls no tool on either side on more than half of the "
      "common tasks (a and b 83 %)");
  EXPECT_THAT(reading_notes(loaded, true), Contains(note));
  EXPECT_THAT(reading_notes(loaded, false), Not(Contains(note)));
}

}  // namespace
}  // namespace agentecho

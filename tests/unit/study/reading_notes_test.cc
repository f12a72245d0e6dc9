#include "agentecho/study/reading_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
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
  EXPECT_THAT(reading_notes(with_tasks(20, 20, "get_user_details")), IsEmpty());
  EXPECT_THAT(reading_notes(with_tasks(7, 20, "get_user_details")),
              ElementsAre(StartsWith("2 of 3 pairs of models have fewer than 20 tasks in common "
                                     "(fewest: 7)")));
}

TEST(ReadingNotes, NameToolsWhoseKindIsGuessed) {
  EXPECT_THAT(
      reading_notes(with_tasks(20, 20, "fetch_widget")),
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

}  // namespace
}  // namespace agentecho

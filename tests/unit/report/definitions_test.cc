#include "agentecho/report/definitions.h"

#include <gtest/gtest.h>

#include <set>

#include "agentecho/report/lineage_tables.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

TEST(Definitions, HaveEachTermOnceAndNoFullStop) {
  std::set<std::string_view> terms;
  for (const Definition& definition : definitions()) {
    EXPECT_TRUE(terms.insert(definition.term).second) << definition.term;
    ASSERT_FALSE(definition.text.empty()) << definition.term;
    EXPECT_NE(definition.text.back(), '.') << definition.term;
    EXPECT_EQ(definition_of(definition.term), definition.text);
  }
}

TEST(Definitions, SayWhatEveryMetricThatPeopleSeeIs) {
  const Corpus corpus = make_corpus({{"m", "t", {"a"}}, {"n", "t", {"b"}}});
  for (const Metric& metric : study_of(corpus, 0, 1, {"ags", "ged", "frequency"}).metrics.metrics) {
    EXPECT_NE(definition_of(metric.title), "") << metric.title;
  }
  for (const char* title : {"RPS", "2-gram", "RSE", "embed.", "words repeated"}) {
    EXPECT_NE(definition_of(title), "") << title;
  }
}

TEST(Definitions, TakeAColumnOfAChannelForItsFigure) {
  EXPECT_EQ(definition_of("z words"), definition_of("z"));
  EXPECT_EQ(definition_of("words repeated"), definition_of("repeated"));
  EXPECT_EQ(definition_of("nothing of the kind"), "");
}

TEST(Definitions, StandBelowTheTableOfKinship) {
  const Corpus corpus = make_corpus({{"m", "t", {"a"}}, {"n", "t", {"b"}}});
  const std::string note = lineage_table(corpus, {}).note;
  for (const char* term : {"z", "p", "LR", "repeated"}) {
    EXPECT_NE(note.find(define(term)), std::string::npos) << term;
  }
}

}  // namespace
}  // namespace agentecho

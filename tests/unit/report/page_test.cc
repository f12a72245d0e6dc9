#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agentecho/base/markup.h"
#include "agentecho/report/html.h"
#include "agentecho/report/redaction.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(HtmlText, IsNeverMarkup) {
  EXPECT_EQ(escaped_markup("</script><b a=\"1\" c='2'>&"),
            "&lt;/script&gt;&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
  EXPECT_EQ(escaped_markup("a\u202Eb\x01"), "a\uFFFDb\uFFFD");
}

TEST(RedactionOfTexts, ReplacesEveryMatchAndCounts) {
  auto redaction = Redaction::make({"[0-9]{4}", "x*"});
  ASSERT_TRUE(redaction);
  EXPECT_EQ(redaction->apply("1234 a 56789 xx"), "[redacted] a [redacted]9 [redacted]");
  EXPECT_EQ(redaction->count(), 3u);
  EXPECT_EQ(redaction->apply(std::string("a\0b 1234", 8)), std::string("a\0b [redacted]", 14));
  EXPECT_EQ(redaction->apply(""), "");
}

TEST(RedactionOfTexts, RefusesWhatIsNoExpression) {
  const auto redaction = Redaction::make({"(["});
  ASSERT_FALSE(redaction);
  EXPECT_EQ(redaction.error().kind, ErrorKind::kUsage);
  EXPECT_NE(redaction.error().message.find("(["), std::string::npos);
}

PageData page_of(const std::vector<PlainRun>& runs) {
  LoadedCorpus loaded;
  loaded.corpus = make_corpus(runs);
  const ToolSplit split = split_of(loaded.corpus);
  const Study study = study_of(loaded.corpus, 50);
  const Families families = guess_families(loaded.corpus);
  const EvidenceResults evidence = weigh_evidence(study, split, families);
  const Provenance provenance;
  return make_page_data({loaded, study, split, evidence, nullptr, {}, {}, provenance}, {}).value();
}

TEST(PageOfOneModel, SaysThatThereIsNothingToCompare) {
  const PageData page = page_of({{"m", "t", {"a"}}});
  ASSERT_EQ(page.verdict.size(), 1u);
  EXPECT_NE(page.verdict[0].find("one model"), std::string::npos);
}

TEST(PageOfTwoModels, SaysHowManyAreNeeded) {
  const PageData page = page_of({{"m", "t", {"a"}}, {"n", "t", {"a", "b"}}});
  EXPECT_THAT(page.verdict,
              ElementsAre(StartsWith("To say whether a likeness is unusual needs at least 5 models "
                                     "on the same tasks; here there are 2.")));
  EXPECT_THAT(page.json, HasSubstr("\"tree\":{\"missing\":\"it needs at least 4 models"));
}

TEST(PageOfTwoModels, SaysThatScoresAreAMatterOfThePool) {
  const PageData page = page_of({{"m", "t", {"a"}}, {"n", "t", {"a", "b"}}});
  EXPECT_THAT(page.notes, Contains(*small_pool_note(2)));
}

TEST(Page, NamesPairsWithoutACommonTask) {
  const PageData page =
      page_of({{"m", "1", {"a"}}, {"n", "1", {"a", "b"}}, {"o", "2", {"a"}}, {"p", "1", {"b"}}});
  EXPECT_THAT(page.notes, Contains("3 of 6 pairs have no common task, so nothing is known of "
                                   "them: m and o; n and o; o and p."));
  EXPECT_THAT(page.json, HasSubstr("\"tasks\":[1,0,1,0,1,0]"));
}

TEST(Page, CountsRunsThatCallNothing) {
  const PageData page = page_of({{"m", "1", {}}, {"n", "1", {"a"}}});
  EXPECT_THAT(page.notes, Contains(StartsWith("1 of 2 runs call no tool at all (m 1)")));
}

TEST(Page, HasScoresByDomainWhereTheTasksAreOfSeveral) {
  const PageData one = page_of({{"m", "1", {"a"}}, {"n", "1", {"a", "b"}}});
  EXPECT_THAT(one.json, HasSubstr("\"domains\":[]"));
  const PageData two = page_of({{"m", "1", {"a"}},
                                {"n", "1", {"a", "b"}},
                                {"m", "1", {"a"}, true, {}, "other"},
                                {"n", "1", {"a"}, true, {}, "other"}});
  // In the second nobody has a choice: S_node and AGS are undefined there.
  EXPECT_THAT(two.json, HasSubstr(R"("domains":[{"benchmark":"bench","domain":"domain","tasks":1,)"
                                  R"("scores":[{"metric":3,"score":[0.66667])"));
  EXPECT_THAT(two.json, HasSubstr(R"({"benchmark":"other","domain":"domain","tasks":1,)"
                                  R"("scores":[{"metric":3,"score":[null])"));
}

TEST(Page, CarriesItsDataAndForbidsTheNetwork) {
  const PageData data = page_of({{"<m>", "t", {"a"}}, {"n", "t", {"a", "b"}}});
  const auto page = make_page(data, "</title><script>");
  if (!has_page()) {
    ASSERT_FALSE(page);
    EXPECT_NE(page.error().hint.find("esbuild"), std::string::npos);
    return;
  }
  ASSERT_TRUE(page);
  EXPECT_NE(page->find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page->find("<title>&lt;/title&gt;&lt;script&gt;</title>"), std::string::npos);
  EXPECT_NE(page->find("<td>&lt;m&gt;"), std::string::npos);
  EXPECT_EQ(page->find("<m>"), std::string::npos);
  EXPECT_EQ(*page, *make_page(data, "</title><script>"));  // the same bytes for the same data
}

}  // namespace
}  // namespace agentecho

#include <gtest/gtest.h>

#include "agentecho/base/markup.h"
#include "agentecho/report/html.h"
#include "agentecho/report/redaction.h"
#include "support/corpora.h"

namespace agentecho {
namespace {

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
  ASSERT_EQ(page.verdict.size(), 2u);
  EXPECT_NE(page.verdict[0].find("No verdict from wording"), std::string::npos);
  EXPECT_NE(page.verdict[1].find("cannot be told"), std::string::npos);
  EXPECT_NE(page.json.find("\"missing\""), std::string::npos);
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

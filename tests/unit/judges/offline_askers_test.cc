#include "agentecho/judges/offline_askers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agentecho/llm/plan.h"
#include "support/llm_requests.h"
#include "support/temp_folder.h"

namespace agentecho::judges {
namespace {

using ::testing::HasSubstr;

std::string answer_line(const std::string& key, const std::string& content) {
  return R"({"custom_id":")" + key +
         R"(","response":{"status_code":200,"body":{"choices":[{"message":{"content":")" + content +
         R"("},"finish_reason":"stop"}]}},"error":null})" + "\n";
}

TEST(BatchReadingAsker, CountsLinesWithoutAnAnswerOnceWhateverThePurposes) {
  constexpr std::size_t kBad = 2000;
  const llm::Endpoint endpoint{"http://h/v1", {}, {}};
  const llm::RequestSource source = test::score_request;
  const auto plan = llm::make_plan(endpoint, 3, source);
  ASSERT_TRUE(plan);
  std::string good = answer_line(plan->keys[0], R"({\"overall\":3})");
  std::string bad;
  for (std::size_t i = 0; i < kBad; ++i) bad += "not JSON\n";
  bad += answer_line(plan->keys[1], "no idea");
  bad += answer_line(std::string(64, '0'), R"({\"overall\":3})");
  const agentecho::testing::TempFolder folder;
  auto cache = llm::ReplyCache::open(":memory:");
  const llm::SystemClock clock;
  BatchReadingAsker asker({folder.write("good", good), folder.write("bad", bad)}, endpoint, *cache,
                          clock, llm::Rung::kJsonSchema);
  for (const char* purpose : {"stages", "pairs"}) {
    const auto outcomes = asker.ask(purpose, 3, source);
    ASSERT_TRUE(outcomes);
    EXPECT_EQ((*outcomes)[0].kind, llm::OutcomeKind::kScored);
    EXPECT_EQ((*outcomes)[1].kind, llm::OutcomeKind::kSkipped);
  }
  const BatchReadingAsker::Taken taken = asker.taken();
  EXPECT_EQ(taken.lines, kBad + 3);
  EXPECT_EQ(taken.filled, 1u);
  ASSERT_EQ(taken.problems.size(), kBad + 1);
  EXPECT_THAT(taken.problems.front(), HasSubstr("bad: line 1: "));
  EXPECT_THAT(taken.problems.back(), HasSubstr("bad: line 2001: "));
}

}  // namespace
}  // namespace agentecho::judges

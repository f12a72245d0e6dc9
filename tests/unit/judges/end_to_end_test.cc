// Each judge over real sockets: requests through llm::Pool to a server that reads them and answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agentecho/judges/annotator.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/llm/curl_transport.h"
#include "agentecho/llm/pool.h"
#include "support.h"
#include "support/chat_server.h"

namespace agentecho::judges {
namespace {

using agentecho::test::Behaviour;
using agentecho::test::ChatServer;
using agentecho::test::Received;
using agentecho::test::says;
using testing::block_of;
using ::testing::ElementsAre;
using testing::pair_reply;

// The simplest Asker that asks: a pool with a cache in memory.
class PoolAsker final : public Asker {
 public:
  explicit PoolAsker(std::string url)
      : pool_({std::move(url), {}, {}}, options(), transport_, clock_, &*cache_) {}

 private:
  static llm::PoolOptions options() {
    llm::PoolOptions options;
    options.max_in_flight = 4;
    options.time_limit = std::chrono::seconds(10);
    options.retry.first = std::chrono::milliseconds(2);
    return options;
  }

  Result<std::vector<llm::Outcome>> outcomes_of(std::string_view, std::size_t count,
                                                const llm::RequestSource& source) override {
    auto run = pool_.complete(count, source);
    if (!run) return Unexpected(run.error());
    return std::move(run->outcomes);
  }

  llm::SystemClock clock_;
  llm::CurlTransport transport_;
  Result<llm::ReplyCache> cache_ = llm::ReplyCache::open(":memory:");
  llm::Pool pool_;
};

std::string user_message_of(const Received& received) {
  return nlohmann::json::parse(received.body)["messages"][1]["content"];
}

Trajectory run_of(const std::string& model, const std::string& words) {
  return TrajectoryBuilder("retail", "1")
      .model(model)
      .user("where is W1234?")
      .assistant(words)
      .call("get_order", {"W1234"}, "shipped, tracking T9876")
      .call("track", {"T9876"}, "in Oslo")
      .assistant("It is in Oslo.")
      .build();
}

TEST(EndToEnd, annotator) {
  ChatServer server([](const Received& received) {
    nlohmann::json reply = {{"labels", nlohmann::json::array()}};
    for (const std::string& line : testing::take_apart(user_message_of(received)).ours) {
      if (!line.starts_with("item ")) continue;
      const int item = std::stoi(line.substr(5));
      reply["labels"].push_back(
          {{"item", item}, {"stage", item == 0 ? "Execution" : "Notification"}});
    }
    return says(reply.dump());
  });
  PoolAsker asker(server.url());
  const Trajectory t = run_of("cedar", "Let me look.");
  const auto items = rps::items_of(t);
  const rps::AnnotationRequest request{&t, &items};
  const LlmAnnotator annotator(rps::default_taxonomy(), {.model = "judge"}, asker);
  for (int i = 0; i < 2; ++i) {
    const auto labels = annotator.annotate({&request, 1});
    ASSERT_TRUE(labels[0]);
    EXPECT_THAT(*labels[0], ElementsAre(2, 4));
  }
  EXPECT_EQ(server.count(), 1u);  // the second time from the cache
  EXPECT_EQ(asker.counts()[0].cached, 1u);
}

TEST(EndToEnd, pair_judge) {
  // Prefers what stands first, and fails to answer well at first.
  ChatServer server([](const Received& received) {
    if (received.number == 0) return says("They are alike.");
    const std::string text = user_message_of(received);
    return says("<think>hm</think>" + (text.find("Aye") < text.find("Yes")
                                           ? pair_reply(5, 5, 5, 5)
                                           : pair_reply(2, 2, 2, 2)));
  });
  PoolAsker asker(server.url());
  const Trajectory a = run_of("cedar", "Aye, let me look.");
  const Trajectory b = run_of("birch", "Yes, one moment.");
  const auto a_items = rps::items_of(a);
  const auto b_items = rps::items_of(b);
  const std::vector<std::uint32_t> numbers{0, 1};
  const rps::BlockPair pair{block_of(a, a_items, numbers), block_of(b, b_items, numbers)};
  const LlmJudge judge({.model = "judge"}, {.swap = true, .repeats = 2}, asker);
  const auto scores = judge.judge({&pair, 1});
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->overall, 3.5);
  EXPECT_EQ(asker.counts()[0].questions, 4u);
  EXPECT_EQ(server.count(), 5u);
}

}  // namespace
}  // namespace agentecho::judges

// Each judge over real sockets: requests through llm::Pool to a server that reads them and answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agentecho/judges/annotator.h"
#include "agentecho/judges/dependency_verdicts.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/judges/pool_asker.h"
#include "agentecho/judges/rse.h"
#include "agentecho/llm/curl_transport.h"
#include "agentecho/llm/pool.h"
#include "support/chat_server.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using agentecho::test::Behaviour;
using agentecho::test::ChatServer;
using agentecho::test::Received;
using agentecho::test::says;
using testing::block_of;
using ::testing::ElementsAre;
using testing::pair_reply;

llm::PoolOptions quick() {
  llm::PoolOptions options;
  options.max_in_flight = 4;
  options.time_limit = std::chrono::seconds(10);
  options.retry.first = std::chrono::milliseconds(2);
  return options;
}

// What an asker over real sockets needs, with a cache in memory.
struct Client {
  llm::SystemClock clock;
  llm::CurlTransport transport;
  Result<llm::ReplyCache> cache = llm::ReplyCache::open(":memory:");
  PoolAsker asker;

  explicit Client(std::string url)
      : asker({std::move(url), {}, {}}, quick(), transport, clock, &*cache) {}
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
  Client client(server.url());
  PoolAsker& asker = client.asker;
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
  Client client(server.url());
  PoolAsker& asker = client.asker;
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

TEST(EndToEnd, dependency_verifier) {
  ChatServer server(
      [](const Received&) { return says(R"({"verdicts":[{"candidate":1,"dependency":true}]})"); });
  Client client(server.url());
  PoolAsker& asker = client.asker;
  const Trajectory t = run_of("cedar", "Let me look.");
  const Trajectory* trajectories[] = {&t};
  const auto verdicts = DependencyVerdicts::ask(trajectories, {.model = "judge"}, asker);
  ASSERT_TRUE(verdicts);
  EXPECT_EQ(verdicts->judged(), 1u);
  const auto dependencies = verdicts->verifier()->dependencies(t);
  ASSERT_TRUE(dependencies);
  EXPECT_EQ(dependencies->size(), 1u);
}

TEST(EndToEnd, response_similarity) {
  ChatServer server([](const Received& received) {
    // a server that knows no json_schema
    if (received.body.find("json_schema") != std::string::npos) {
      return agentecho::test::errs(400, "response_format json_schema is not supported", "",
                                   "response_format");
    }
    return says(R"({"similarity":{"style":4,"logic":4,"detail":4,"overall":4},"why":"alike"})");
  });
  Client client(server.url());
  PoolAsker& asker = client.asker;
  const Trajectory t = run_of("cedar", "Let me look.");
  const std::pair<const Trajectory*, const Trajectory*> pair{&t, &t};
  const auto scores = RseJudge({.model = "judge"}, asker).judge({&pair, 1});
  ASSERT_TRUE(scores[0]);
  EXPECT_EQ(scores[0]->overall, 4);
}

}  // namespace
}  // namespace agentecho::judges

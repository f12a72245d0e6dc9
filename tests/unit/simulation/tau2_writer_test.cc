#include "agentecho/simulation/tau2_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "agentecho/simulation/run.h"

namespace agentecho::simulation {
namespace {

using Json = nlohmann::json;

std::string written(const World& world, const AgentPolicy& agent) {
  std::ostringstream out;
  Tau2ResultsWriter writer(out, world, agent.name, 2, 7);
  for (std::size_t task = 0; task < world.tasks.size(); ++task) {
    for (std::int64_t trial = 0; trial < 2; ++trial) {
      writer.add(run_agent(world, task, agent, 7, trial));
    }
  }
  writer.finish();
  return out.str();
}

TEST(Tau2Writer, WritesWhatReadersOfTheFormatExpect) {
  const World world = make_world(1, 20);
  const AgentPolicy agent = sample_agent(1, 1);
  const Json file = Json::parse(written(world, agent));
  EXPECT_EQ(file.at("info").at("agent_info").at("llm"), agent.name);
  EXPECT_EQ(file.at("info").at("environment_info").at("domain_name"), kSimulatedDomain);
  EXPECT_EQ(file.at("info").at("environment_info").at("policy"), shop_policy());
  EXPECT_TRUE(file.at("info").contains("simulated"));
  ASSERT_EQ(file.at("tasks").size(), 20u);
  ASSERT_EQ(file.at("simulations").size(), 40u);
  const Trajectory t = run_agent(world, 0, agent, 7, 1);
  const Json& simulation = file.at("simulations").at(1);
  EXPECT_EQ(simulation.at("task_id"), t.task_id);
  EXPECT_EQ(simulation.at("trial"), 1);
  EXPECT_EQ(simulation.at("termination_reason"), "user_stop");
  EXPECT_EQ(simulation.at("reward_info").at("reward"), *t.reward);
  const Json& messages = simulation.at("messages");
  ASSERT_EQ(messages.size() + 1, t.messages.size());  // the system message is the policy
  std::size_t calls = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Json& m = messages.at(i);
    EXPECT_EQ(m.at("turn_idx"), i);
    EXPECT_EQ(m.at("content").is_null() ? "" : m.at("content"), t.messages[i + 1].text);
    if (m.at("role") == "tool") {
      EXPECT_EQ(m.at("requestor"), "assistant");
      EXPECT_TRUE(m.at("error").is_boolean());
      continue;
    }
    for (const Json& call : m.at("tool_calls").is_null() ? Json::array() : m.at("tool_calls")) {
      EXPECT_EQ(call.at("name"), t.calls[calls].name);
      EXPECT_TRUE(call.at("arguments").is_object());
      EXPECT_EQ(call.at("requestor"), "assistant");
      ++calls;
    }
  }
  EXPECT_EQ(calls, t.calls.size());
}

TEST(Tau2Writer, EqualRunsGiveEqualBytes) {
  const World world = make_world(1, 5);
  EXPECT_EQ(written(world, sample_agent(1, 1)), written(world, sample_agent(1, 1)));
}

TEST(Tau2Writer, AnEmptyWorldIsStillAFile) {
  EXPECT_TRUE(Json::parse(written(make_world(1, 0), gold_agent())).at("simulations").empty());
}

}  // namespace
}  // namespace agentecho::simulation

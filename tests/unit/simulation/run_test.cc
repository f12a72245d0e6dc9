#include "agentecho/simulation/run.h"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>
#include <string>

namespace agentecho::simulation {
namespace {

std::vector<std::size_t> all_tasks(const World& world) {
  std::vector<std::size_t> tasks(world.tasks.size());
  std::iota(tasks.begin(), tasks.end(), std::size_t{0});
  return tasks;
}

// Everything that was said and done, as one text.
std::string transcript(const Trajectory& t) {
  std::string out = t.model + t.task_id + std::to_string(*t.reward);
  for (const Message& m : t.messages) {
    out.append(m.reasoning).append("|").append(m.text).append("\n");
    for (const ToolCall& c : t.calls_of(m)) out.append(c.name).append(c.arguments).append("\n");
  }
  return out;
}

std::size_t successes(std::span<const Trajectory> runs) {
  std::size_t n = 0;
  for (const Trajectory& t : runs) n += is_successful(t);
  return n;
}

TEST(Run, EveryTaskOfEveryTemplateCanBeSolved) {
  const World world = make_world(1, 400);
  EXPECT_EQ(successes(run_agent_on(world, all_tasks(world), gold_agent(), 1)), 400u);
}

TEST(Run, HabitsChangeBehaviourButNotSuccess) {
  const World world = make_world(2, 200);
  std::set<std::string> behaviours;
  for (std::uint64_t family = 1; family <= 8; ++family) {
    const AgentPolicy agent = with_skill(sample_agent(family, 1), 0);
    const auto runs = run_agent_on(world, all_tasks(world), agent, family);
    EXPECT_EQ(successes(runs), 200u) << agent.name;
    std::string calls;
    for (const Trajectory& t : runs) {
      for (const ToolCall& c : t.calls) calls.append(c.name).append(" ");
    }
    behaviours.insert(calls);
  }
  EXPECT_EQ(behaviours.size(), 8u);
}

TEST(Run, LessSkillMeansLessSuccess) {
  const World world = make_world(2, 200);
  const AgentPolicy agent = sample_agent(1, 1);
  const auto good = successes(run_agent_on(world, all_tasks(world), with_skill(agent, 0.02), 1));
  const auto bad = successes(run_agent_on(world, all_tasks(world), with_skill(agent, 0.3), 1));
  EXPECT_GT(good, 180u);
  EXPECT_LT(bad, 170u);
}

TEST(Run, IsTheSameForAnyNumberOfThreads) {
  const World world = make_world(3, 60);
  const AgentPolicy agent = sample_agent(4, 2);
  const auto one = run_agent_on(world, all_tasks(world), agent, 9, 2, 1);
  const auto four = run_agent_on(world, all_tasks(world), agent, 9, 2, 4);
  ASSERT_EQ(one.size(), 120u);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(transcript(one[i]), transcript(four[i]));
  EXPECT_EQ(one[1].trial, 1);
  EXPECT_EQ(transcript(one[6]), transcript(run_agent(world, 3, agent, 9, 0)));
}

TEST(Run, SeedsAndTrialsAreIndependent) {
  const World world = make_world(3, 1);
  const AgentPolicy agent = sample_agent(4, 2);
  std::set<std::string> texts;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    for (std::int64_t trial = 0; trial < 4; ++trial) {
      texts.insert(transcript(run_agent(world, 0, agent, seed, trial)));
    }
  }
  EXPECT_GT(texts.size(), 12u);
}

TEST(Run, IsAWellFormedTrajectory) {
  const World world = make_world(4, 100);
  const AgentPolicy agent = sample_agent(2, 7);
  for (const Trajectory& t : run_agent_on(world, all_tasks(world), agent, 5)) {
    ASSERT_EQ(t.messages.front().role, Role::kSystem);
    EXPECT_EQ(t.messages[1].role, Role::kAssistant);
    EXPECT_EQ(t.messages.back().role, Role::kUser);
    EXPECT_EQ(t.termination_reason, "user_stop");
    EXPECT_EQ(t.benchmark, kSimulatedBenchmark);
    EXPECT_EQ(t.domain, kSimulatedDomain);
    std::set<std::string_view> ids;
    for (std::size_t c = 0; c < t.calls.size(); ++c) {
      const ToolCall& call = t.calls[c];
      ids.insert(call.id);
      const Message& result = t.messages[static_cast<std::size_t>(call.result_message)];
      EXPECT_EQ(result.answers, static_cast<std::int32_t>(c));
      EXPECT_EQ(result.error_flag == ErrorFlag::kError, result.text.substr(0, 7) == "Error: ");
      const auto issued = t.calls_of(t.messages[static_cast<std::size_t>(call.message)]);
      EXPECT_TRUE(&call >= issued.data() && &call < issued.data() + issued.size());
    }
    EXPECT_EQ(ids.size(), t.calls.size());
  }
}

TEST(Run, ArgumentsAreLearntFromEarlierResults) {
  // Every id in an argument occurred before in a result or in what the user said.
  const World world = make_world(4, 100);
  const AgentPolicy agent = with_skill(sample_agent(2, 7), 0);
  std::size_t ids = 0;
  for (const Trajectory& t : run_agent_on(world, all_tasks(world), agent, 5)) {
    for (const ToolCall& call : t.calls) {
      for (const std::string_view leaf : t.leaves_of(call)) {
        if (world.shop.ids.find(leaf) == world.shop.ids.end()) continue;
        ++ids;
        bool seen = false;
        for (std::int32_t m = 0; m < call.message && !seen; ++m) {
          const Message& earlier = t.messages[static_cast<std::size_t>(m)];
          seen =
              earlier.role != Role::kAssistant && earlier.text.find(leaf) != std::string_view::npos;
        }
        EXPECT_TRUE(seen) << leaf;
      }
    }
  }
  EXPECT_GT(ids, 400u);
}

TEST(Run, TheWorldOffersErrorsAndJointCallsAndManyTools) {
  const World world = make_world(4, 200);
  std::set<std::string_view> tools;
  std::size_t errors = 0, joint = 0, reasoning = 0;
  for (std::uint64_t family = 1; family <= 6; ++family) {
    const AgentPolicy agent = sample_agent(family, 1);
    for (const Trajectory& t : run_agent_on(world, all_tasks(world), agent, family)) {
      for (const ToolCall& call : t.calls) tools.insert(tool_name(*tool_named(call.name)));
      for (const Message& m : t.messages) {
        errors += m.error_flag == ErrorFlag::kError;
        joint += m.n_calls > 1;
        reasoning += !m.reasoning.empty();
      }
    }
  }
  EXPECT_EQ(tools.size(), kToolCount);
  EXPECT_GT(errors, 100u);
  EXPECT_GT(joint, 20u);
  EXPECT_GT(reasoning, 100u);
}

TEST(Agents, OfOneFamilyAreMoreAlikeThanOthers) {
  const auto distance = [](const AgentPolicy& a, const AgentPolicy& b) {
    double sum = 0;
    for (std::size_t p = 0; p < kPointCount; ++p) {
      for (std::size_t k = 0; k < kGoalKinds; ++k) {
        for (std::size_t o = 0; o < kMaxOptions; ++o) {
          sum += std::abs(a.table[p][k][o] - b.table[p][k][o]);
        }
      }
    }
    return sum;
  };
  for (std::uint64_t f = 1; f <= 5; ++f) {
    const AgentPolicy a = sample_agent(f, 1), sister = sample_agent(f, 2),
                      stranger = sample_agent(f + 9, 1);
    EXPECT_LT(distance(a, sister), 0.8 * distance(a, stranger));
    EXPECT_EQ(distance(a, sample_agent(f, 1)), 0.0);
    EXPECT_GT(distance(a, drifted(a, 3, 0.5)), 0.0);
  }
}

TEST(Agents, RowsAreDistributions) {
  const AgentPolicy agent = drifted(with_skill(sample_agent(3, 3), 0.1), 1, 1.0);
  for (const auto& rows : agent.table) {
    for (const AgentPolicy::Row& row : rows) {
      EXPECT_NEAR(row[0] + row[1] + row[2] + row[3], 1.0, 1e-12);
    }
  }
  EXPECT_DOUBLE_EQ(agent.row(Point::kTransient, GoalKind::kPay)[3], 0.1);
  EXPECT_DOUBLE_EQ(agent.row(Point::kMistype, GoalKind::kPay)[1], 0.1);
}

TEST(DrawOption, KeepsToTheAllowedOnes) {
  Rng rng(1);
  std::array<int, kMaxOptions> counts{};
  for (int i = 0; i < 4000; ++i) ++counts[draw_option({0.5, 0.2, 0.2, 0.1}, 0b0110, rng)];
  EXPECT_EQ(counts[0] + counts[3], 0);
  EXPECT_NEAR(counts[1], 2000, 200);
  EXPECT_EQ(draw_option({1, 0, 0, 0}, 0b0110, rng), 1u);  // nothing allowed has weight
}

}  // namespace
}  // namespace agentecho::simulation

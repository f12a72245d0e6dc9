#include "agentecho/judges/dependency_verdicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agentecho/base/random.h"
#include "agentecho/judges/prompts.h"
#include "agentecho/judges/request.h"
#include "agentecho/judges/shown_log.h"
#include "support/random_trajectory.h"
#include "support/scripted_asker.h"

namespace agentecho::judges {
namespace {

using agentecho::testing::random_trajectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ScriptedAsker;
using testing::take_apart;

// W1234 is known from the user; T9876 and oslo_7 come from results; get_order's result has both
// W1234 and T9876.
Trajectory service(const std::string& model = "m") {
  return TrajectoryBuilder("retail", "1")
      .model(model)
      .system("the policy")
      .user("where is W1234?")
      .assistant("I look.", "thinking")
      .call("get_order", {"W1234"}, "order W1234, tracking T9876")
      .user_call("check_phone", {"T9876x"}, "nothing")
      .call("track", {"T9876", "W1234"}, "depot oslo_7")
      .call("get_depot", {"oslo_7"}, "open")
      .assistant("It is in Oslo.")
      .build();
}

std::string reply(const std::vector<std::pair<int, bool>>& verdicts) {
  nlohmann::json json = {{"verdicts", nlohmann::json::array()}};
  for (const auto& [candidate, dependency] : verdicts) {
    json["verdicts"].push_back({{"candidate", candidate}, {"dependency", dependency}});
  }
  return json.dump();
}

std::size_t candidates_in(const llm::ChatRequest& request) {
  std::size_t n = 0;
  for (const std::string& line : take_apart(request.messages[1].content).ours) {
    n += line.starts_with("candidate ") ? 1 : 0;
  }
  return n;
}

// All candidates of a request get `verdict`.
std::string all(const llm::ChatRequest& request, bool verdict) {
  std::vector<std::pair<int, bool>> verdicts;
  for (std::size_t i = 1; i <= candidates_in(request); ++i) {
    verdicts.emplace_back(static_cast<int>(i), verdict);
  }
  return reply(verdicts);
}

DependencyVerdicts verdicts_on(const std::vector<const Trajectory*>& trajectories, Asker& asker) {
  return DependencyVerdicts::ask(trajectories, {.model = "judge"}, asker).value();
}

TEST(DependencyVerdicts, shows_the_log_and_looks_verdicts_up) {
  const Trajectory t = service();
  ScriptedAsker asker(reply({{1, true}, {2, false}, {3, true}}));
  const auto verdicts = verdicts_on({&t}, asker);
  EXPECT_EQ(verdicts.candidates(), 3u);
  EXPECT_EQ(verdicts.judged(), 3u);
  EXPECT_THAT(asker.purposes, ElementsAre("dependencies"));
  EXPECT_EQ(asker.requests[0].messages[0].content, dependencies_prompt().text);
  const auto parts = take_apart(asker.requests[0].messages[1].content);
  EXPECT_THAT(
      parts.ours,
      ElementsAre("event 1: system", "event 2: user", "event 3: agent, reasoning", "event 4: agent",
                  "event 5: call", "event 6: result", "event 7: tool call of the user",
                  "event 8: result of a tool of the user", "event 9: call", "event 10: result",
                  "event 11: call",
                  "candidate 1: does the call of event 9 depend on the result of event 6 through "
                  "this value?",
                  "candidate 2: does the call of event 9 depend on the result of event 6 through "
                  "this value?",
                  "candidate 3: does the call of event 11 depend on the result of event 10 through "
                  "this value?"));
  EXPECT_THAT(parts.quoted, HasSubstr("where is W1234?"));
  EXPECT_THAT(parts.quoted, HasSubstr("t9876\nw1234\noslo_7\n"));
  EXPECT_THAT(parts.quoted, Not(HasSubstr("It is in Oslo")));

  const auto verifier = verdicts.verifier();
  EXPECT_EQ(verifier->name(), "llm:judge " + std::string(dependencies_prompt().version));
  const auto values = verifier->verified_values(t);
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 2u);
  EXPECT_EQ((*values)[0], (Dependency{0, 1, "t9876"}));
  EXPECT_EQ((*values)[1], (Dependency{1, 2, "oslo_7"}));
  EXPECT_EQ(verifier->dependencies(t)->size(), 2u);
  EXPECT_EQ(verifier->judged(), (JudgedCandidates{3, 3}));
}

TEST(DependencyVerdicts, one_edge_for_several_values) {
  const Trajectory t = service();
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return all(request, true); });
  const auto verifier = verdicts_on({&t}, asker).verifier();  // outlives the verdicts
  EXPECT_EQ(verifier->verified_values(t)->size(), 3u);
  EXPECT_EQ(verifier->dependencies(t)->size(), 2u);
}

TEST(DependencyVerdicts, what_is_not_judged_is_no_dependency) {
  const Trajectory t = service();
  ScriptedAsker partial(reply({{1, true}, {3, true}, {3, true}, {4, true}}));
  const auto verdicts = verdicts_on({&t}, partial);
  EXPECT_EQ(verdicts.candidates(), 3u);
  EXPECT_EQ(verdicts.judged(), 1u);
  const auto verifier = verdicts.verifier();
  EXPECT_EQ(verifier->verified_values(t)->size(), 1u);
  EXPECT_EQ(verifier->judged(), (JudgedCandidates{3, 1}));
  EXPECT_THAT(*verifier->dependencies(TrajectoryBuilder().call("f").build()), IsEmpty());
  EXPECT_EQ(verifier->judged(), JudgedCandidates());

  ScriptedAsker failing("no");
  const auto nothing = verdicts_on({&t}, failing);
  EXPECT_EQ(nothing.judged(), 0u);
  EXPECT_THAT(*nothing.verifier()->dependencies(t), IsEmpty());

  failing.broken = true;
  const Trajectory* one[] = {&t};
  EXPECT_FALSE(DependencyVerdicts::ask(one, {.model = "judge"}, failing));
}

TEST(DependencyVerdicts, equal_content_is_asked_about_once) {
  const Trajectory a = service("a");
  const Trajectory b = service("b");
  const Trajectory silent = TrajectoryBuilder().user("x").assistant("y").build();
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return all(request, true); });
  const auto verdicts = verdicts_on({&a, &b, &silent}, asker);
  EXPECT_EQ(asker.requests.size(), 1u);
  EXPECT_EQ(verdicts.candidates(), 3u);
  const auto verifier = verdicts.verifier();
  EXPECT_EQ(verifier->dependencies(b)->size(), 2u);
  EXPECT_THAT(*verifier->dependencies(silent), IsEmpty());
  const Trajectory other = TrajectoryBuilder().call("f", {}, "abc_1").call("g", {"abc_1"}).build();
  EXPECT_FALSE(verifier->dependencies(other));
}

TEST(DependencyVerdicts, many_candidates_are_asked_about_in_parts) {
  TrajectoryBuilder builder;
  std::string result;
  std::vector<std::string> values;
  for (int i = 0; i < 90; ++i) {
    values.push_back("value_" + std::to_string(i));
    result += values.back() + " ";
  }
  const Trajectory t = builder.call("list", {}, result).call("use", values).build();
  // The second part says no.
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t i) { return all(request, i != 1); });
  const auto verdicts = verdicts_on({&t}, asker);
  EXPECT_EQ(asker.requests.size(), 3u);
  EXPECT_EQ(verdicts.judged(), 90u);
  const auto verifier = verdicts.verifier();
  const auto found = verifier->verified_values(t);
  ASSERT_EQ(found->size(), 50u);
  EXPECT_EQ((*found)[39].value, "value_39");
  EXPECT_EQ((*found)[40].value, "value_80");
}

// With all verdicts true it is the verifier that accepts all candidates.
TEST(DependencyVerdicts, accepting_everything_equals_verifier_none) {
  Rng rng(7);
  ScriptedAsker asker(
      [](const llm::ChatRequest& request, std::size_t) { return all(request, true); });
  std::size_t edges = 0;
  for (int i = 0; i < 200; ++i) {
    const Trajectory t = random_trajectory(rng);
    const auto verifier = verdicts_on({&t}, asker).verifier();
    AcceptAllVerifier accept_all;
    EXPECT_EQ(*verifier->dependencies(t), *accept_all.dependencies(t));
    EXPECT_EQ(*verifier->verified_values(t), *accept_all.verified_values(t));
    edges += verifier->dependencies(t)->size();
  }
  EXPECT_GT(edges, 100u);
}

TEST(ShownLog, finds_values_as_the_method_says) {
  EXPECT_EQ(find_value("sophia_silva_7557", "silva"), 7u);
  EXPECT_EQ(find_value("w1234 w123", "w123"), 6u);
  EXPECT_EQ(find_value("w1234", "w123"), std::string_view::npos);
  EXPECT_EQ(find_value("abc abc", "abc", 1), 4u);
}

// However long the log, the request is bounded and shows the first place of each value.
TEST(ShownLog, shows_first_occurrences_of_long_logs_within_bounds) {
  const std::string noise(30'000, 'n');
  TrajectoryBuilder builder;
  builder.user(noise + " first key_1 " + noise);
  std::vector<std::string> keys;
  for (int i = 0; i < 40; ++i) keys.push_back("key_" + std::to_string(i));
  for (int i = 0; i < 60; ++i) {
    std::string result = noise;
    for (const std::string& key : keys) result += " " + key + " " + std::string(50, 'm');
    builder.call("get" + std::to_string(i), {}, result + noise);
    for (int k = 0; k < 20; ++k) builder.assistant(noise);
  }
  builder.call("use", {keys[0], keys[1]});
  const Trajectory t = builder.build();
  CandidateFinder finder;
  const auto candidates = finder.find(t);
  ASSERT_EQ(candidates.size(), 120u);
  for (std::size_t first = 0; first < 120; first += 40) {
    const std::string message =
        dependency_message(t, std::span(candidates).subspan(first, 40), kMaxShownBytes);
    EXPECT_LE(message.size(), kMaxShownBytes + 1000);
    EXPECT_THAT(message, HasSubstr(" key_0"));
    if (take_apart(message).quoted.find("key_1\n") != std::string::npos) {
      EXPECT_THAT(message, HasSubstr("first key_1"));
    }
    EXPECT_THAT(message, HasSubstr("events left out here)"));
  }
}

TEST(ShownLog, shows_values_that_are_escaped_in_the_arguments) {
  Trajectory t =
      TrajectoryBuilder().call("f", {}, "h\xC3\xA9llo").call("g", {"h\xC3\xA9llo"}).build();
  t.calls[1].arguments = "{\"a\": \"h\\u00e9llo\"}";
  CandidateFinder finder;
  const auto candidates = finder.find(t);
  ASSERT_EQ(candidates.size(), 1u);
  const auto parts = take_apart(dependency_message(t, candidates, kMaxShownBytes));
  EXPECT_THAT(parts.quoted, HasSubstr("g({\"a\": \"h\\u00e9llo\"})\nh\xC3\xA9llo\n"));
}

}  // namespace
}  // namespace agentecho::judges

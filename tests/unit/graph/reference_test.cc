// The finder and the verifiers against the definitions of METHOD 2 spelled out with std::string.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/graph/argument_values.h"
#include "agentecho/graph/dependency.h"
#include "support/random_trajectory.h"

namespace agentecho {
namespace {

bool is_token_byte(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool plainly_occurs(const std::string& value, std::string_view raw) {
  const std::string text = ascii_lowered(raw);
  for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 1)) {
    const std::size_t end = at + value.size();
    const bool left = at == 0 || !is_token_byte(text[at - 1]);
    const bool right = end == text.size() || !is_token_byte(text[end]);
    if (left && right) return true;
  }
  return false;
}

struct PlainCall {
  std::int32_t message = kNone;
  std::int32_t result_message = kNone;
  std::vector<std::string> values;  // traceable, in order, without repetition
};

std::vector<PlainCall> plain_calls(const Trajectory& t) {
  std::vector<PlainCall> calls;
  for (const ToolCall& call : t.calls) {
    if (call.requestor == Requestor::kUser) continue;
    PlainCall plain{call.message, call.result_message, {}};
    for (const auto leaf : t.leaves_of(call)) {
      const std::string value = canonical_value(leaf);
      const bool known =
          std::find(plain.values.begin(), plain.values.end(), value) != plain.values.end();
      if (is_traceable(value) && !known) plain.values.push_back(value);
    }
    calls.push_back(plain);
  }
  return calls;
}

using Candidate = std::tuple<std::uint32_t, std::uint32_t, std::string>;  // v, u, x

std::vector<Candidate> plain_candidates(const Trajectory& t) {
  const auto calls = plain_calls(t);
  std::vector<Candidate> candidates;
  for (std::uint32_t v = 0; v < calls.size(); ++v) {
    for (std::uint32_t u = 0; u < calls.size(); ++u) {
      if (calls[u].result_message == kNone || calls[u].result_message >= calls[v].message) continue;
      const auto result = t.messages[static_cast<std::size_t>(calls[u].result_message)].text;
      for (const std::string& value : calls[v].values) {
        if (plainly_occurs(value, result)) candidates.emplace_back(v, u, value);
      }
    }
  }
  return candidates;
}

// True when the value occurs in any item before message `at`; reasoning, text and arguments of the
// message itself are not looked at.
bool known_before(const Trajectory& t, const std::string& value, std::int32_t at) {
  for (std::int32_t m = 0; m < at; ++m) {
    const Message& message = t.messages[static_cast<std::size_t>(m)];
    if (plainly_occurs(value, message.text) || plainly_occurs(value, message.reasoning))
      return true;
    for (const ToolCall& call : t.calls_of(message)) {
      for (const auto leaf : t.leaves_of(call)) {
        if (plainly_occurs(value, leaf)) return true;
      }
    }
  }
  return false;
}

std::set<std::pair<std::uint32_t, std::uint32_t>> plain_provenance(const Trajectory& t) {
  const auto calls = plain_calls(t);
  std::set<std::pair<std::uint32_t, std::uint32_t>> edges;  // v, u
  for (const auto& [v, u, value] : plain_candidates(t)) {
    if (!known_before(t, value, calls[u].result_message)) edges.emplace(v, u);
  }
  return edges;
}

TEST(Reference, AllThreeAgreeOnRandomTrajectories) {
  Rng rng(20240);
  CandidateFinder finder;
  ProvenanceVerifier provenance;
  AcceptAllVerifier accept_all;
  std::size_t n_candidates = 0;
  std::size_t n_edges = 0;
  for (int round = 0; round < 3000; ++round) {
    const Trajectory t = testing::random_trajectory(rng);

    std::vector<Candidate> found;
    for (const Dependency& c : finder.find(t)) {
      found.emplace_back(c.destination, c.source, std::string(c.value));
    }
    const std::vector<Candidate> expected = plain_candidates(t);
    ASSERT_EQ(found, expected) << "round " << round;
    n_candidates += found.size();

    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
    const auto dependencies = provenance.dependencies(t).value();
    for (const Dependency& d : dependencies) {
      edges.emplace_back(d.destination, d.source);
    }
    const auto plain = plain_provenance(t);
    ASSERT_EQ(edges, (std::vector(plain.begin(), plain.end()))) << "round " << round;
    n_edges += edges.size();

    std::set<std::pair<std::uint32_t, std::uint32_t>> all;
    for (const auto& [v, u, value] : expected) all.emplace(v, u);
    ASSERT_EQ(accept_all.dependencies(t).value().size(), all.size()) << "round " << round;
  }
  // The trajectories put the rules to work.
  EXPECT_GT(n_candidates, 1000u);
  EXPECT_GT(n_edges, 300u);
}

TEST(Reference, TheFinderAgreesOnRandomTextsAndManyValues) {
  Rng rng(7);
  ValueFinder finder;
  for (int round = 0; round < 1500; ++round) {
    finder.clear();
    std::set<std::string> values;
    const auto n = 1 + rng.below(30);
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::string value = canonical_value(testing::random_value(rng));
      if (value.size() >= 3) values.insert(value);
    }
    for (const std::string& value : values) finder.add(value);
    std::string text;
    for (std::uint64_t i = rng.below(6); i > 0; --i) text += testing::random_text(rng);
    std::set<std::string> found;
    finder.scan(text,
                [&](ValueFinder::ValueId id) { found.insert(std::string(finder.value(id))); });
    std::set<std::string> expected;
    for (const std::string& value : values) {
      if (plainly_occurs(value, text)) expected.insert(value);
    }
    ASSERT_EQ(found, expected) << text;
  }
}

}  // namespace
}  // namespace agentecho

#include "agentecho/metrics/ags/optional_tools.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

using Tools = std::vector<ToolIndex>;

const std::vector<Tools> kThreeRuns = {{1, 2, 3}, {1, 3}, {1, 2, 4}};

MandatoryRule rule(MandatoryRule::Kind kind, double frequency = 1, std::uint32_t support = 1) {
  return {kind, frequency, support};
}

TEST(MandatoryTools, ByIntersection) {
  const TaskTools split = split_tools(kThreeRuns, MandatoryRule{});
  EXPECT_EQ(split.mandatory, (Tools{1}));
  EXPECT_EQ(split.optional, (Tools{2, 3, 4}));
  EXPECT_EQ(split.n_successful, 3u);
}

TEST(MandatoryTools, WithoutSuccessThereAreNone) {
  const TaskTools split = split_tools({}, MandatoryRule{});
  EXPECT_TRUE(split.mandatory.empty() && split.optional.empty());
  EXPECT_EQ(split.n_successful, 0u);
}

TEST(MandatoryTools, OfOneRunAreAllMandatory) {
  const std::vector<Tools> one = {{1, 2}};
  EXPECT_EQ(split_tools(one, MandatoryRule{}).mandatory, (Tools{1, 2}));
  EXPECT_TRUE(split_tools(one, MandatoryRule{}).optional.empty());
}

TEST(MandatoryTools, ARunWithoutToolsLeavesNothingMandatory) {
  const std::vector<Tools> runs = {{1}, {}};
  EXPECT_TRUE(split_tools(runs, MandatoryRule{}).mandatory.empty());
  EXPECT_EQ(split_tools(runs, MandatoryRule{}).optional, (Tools{1}));
}

TEST(MandatoryTools, ByFrequency) {
  const auto at = [](double q) {
    return split_tools(kThreeRuns, rule(MandatoryRule::Kind::kFrequency, q)).mandatory;
  };
  EXPECT_EQ(at(1), (Tools{1}));
  EXPECT_EQ(at(0.67), (Tools{1}));
  EXPECT_EQ(at(2.0 / 3), (Tools{1, 2, 3}));  // at least the share
  EXPECT_EQ(at(0.3), (Tools{1, 2, 3, 4}));
  // 0.9 of 10 runs are 9 of them, in spite of rounding.
  std::vector<Tools> ten(10, Tools{5});
  ten[0] = {};
  EXPECT_EQ(split_tools(ten, rule(MandatoryRule::Kind::kFrequency, 0.9)).mandatory, (Tools{5}));
}

TEST(MandatoryTools, ByFile) {
  const Tools listed = {3, 9, 3};
  const TaskTools split = split_tools(kThreeRuns, rule(MandatoryRule::Kind::kFile), listed);
  EXPECT_EQ(split.mandatory, (Tools{3, 9}));
  EXPECT_EQ(split.optional, (Tools{1, 2, 4}));
  EXPECT_EQ(split_tools({}, rule(MandatoryRule::Kind::kFile), listed).mandatory, (Tools{3, 9}));
}

TEST(MandatoryTools, ByNothing) {
  const TaskTools split = split_tools(kThreeRuns, rule(MandatoryRule::Kind::kNothing));
  EXPECT_TRUE(split.mandatory.empty());
  EXPECT_EQ(split.optional, (Tools{1, 2, 3, 4}));
}

TEST(OptionalTools, NeedTheirSupport) {
  EXPECT_EQ(split_tools(kThreeRuns, rule(MandatoryRule::Kind::kIntersection, 1, 2)).optional,
            (Tools{2, 3}));
  EXPECT_EQ(split_tools(kThreeRuns, rule(MandatoryRule::Kind::kNothing, 1, 3)).optional,
            (Tools{1}));
}

TEST(MandatoryRule, IsReadAndWritten) {
  EXPECT_EQ(to_string(parse_mandatory_rule("intersection").value()), "intersection");
  EXPECT_EQ(to_string(parse_mandatory_rule("none").value()), "none");
  EXPECT_EQ(to_string(parse_mandatory_rule("frequency=0.9").value()), "frequency 0.9");
  EXPECT_EQ(to_string(rule(MandatoryRule::Kind::kFile)), "file");
  EXPECT_EQ(to_string(rule(MandatoryRule::Kind::kIntersection, 1, 3)),
            "intersection, optional tools in at least 3 successful trajectories");
  for (const auto text : {"", "all", "frequency", "frequency=", "frequency=0", "frequency=1.5",
                          "frequency=-1", "frequency=0.5x", "frequency=nan", "file"}) {
    const auto parsed = parse_mandatory_rule(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace agentecho

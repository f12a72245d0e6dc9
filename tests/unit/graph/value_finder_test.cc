#include "agentecho/graph/value_finder.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace agentecho {
namespace {

bool occurs(const std::string& value, const std::string& text) {
  ValueFinder finder;
  finder.add(value);
  bool found = false;
  finder.scan(text, [&](ValueFinder::ValueId) { found = true; });
  return found;
}

TEST(ValueFinder, RespectsTokenBoundaries) {
  EXPECT_TRUE(occurs("silva", "sophia_silva_7557"));
  EXPECT_TRUE(occurs("silva", "SILVA"));
  EXPECT_TRUE(occurs("silva", "\"Silva\","));
  EXPECT_FALSE(occurs("silva", "silvana"));
  EXPECT_FALSE(occurs("silva", "desilva"));
  EXPECT_FALSE(occurs("silva", "silva7"));
  EXPECT_TRUE(occurs("silva", "silvana silva"));
  EXPECT_FALSE(occurs("125", "1250"));
  EXPECT_TRUE(occurs("12.5", "$12.5."));
  EXPECT_FALSE(occurs("12.5", "12.50"));
  EXPECT_FALSE(occurs("silva", ""));
  EXPECT_FALSE(occurs("silva", "silv"));
}

TEST(ValueFinder, NonAsciiNeighboursAreBoundaries) {
  EXPECT_TRUE(occurs("silva", "ésilvaé"));
  EXPECT_TRUE(occurs("日本", "日本語"));
  EXPECT_TRUE(occurs("本語", "日本語"));
  EXPECT_FALSE(occurs("日本", "a日本"));
  EXPECT_FALSE(occurs("日本", "日本7"));
  EXPECT_FALSE(occurs("École", "école"));  // only ASCII letters lose their case
}

TEST(ValueFinder, FindsValuesAtEveryPlaceAroundTheBlockBorders) {
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string text = std::string(before, '.') + "Value-123" + std::string(before % 7, ' ');
    EXPECT_TRUE(occurs("value-123", text)) << before;
    EXPECT_FALSE(occurs("value-123", std::string(before, '.') + "xvalue-123")) << before;
    EXPECT_FALSE(occurs("value-123", std::string(before, '.') + "value-1234")) << before;
  }
}

TEST(ValueFinder, TellsManyValuesWithTheSameBeginningAndLengthApart) {
  ValueFinder finder;
  for (int i = 100; i < 400; ++i) finder.add("order_" + std::to_string(i));
  EXPECT_EQ(finder.size(), 300u);
  std::set<std::string> found;
  finder.scan("Order_123, order_399; order_400 order_12",
              [&](ValueFinder::ValueId id) { found.insert(std::string(finder.value(id))); });
  EXPECT_EQ(found, (std::set<std::string>{"order_123", "order_399"}));
}

TEST(ValueFinder, AValueHasOneNumber) {
  ValueFinder finder;
  const auto id = finder.add("alpha");
  EXPECT_EQ(finder.add("alpha"), id);
  EXPECT_NE(finder.add("alphb"), id);
  EXPECT_EQ(finder.value(id), "alpha");
}

TEST(ValueFinder, DoesNotLookForRetiredValues) {
  ValueFinder finder;
  const auto alpha = finder.add("alpha");
  finder.add("beta");
  EXPECT_EQ(finder.n_active(), 2u);
  finder.retire(alpha);
  finder.retire(alpha);
  EXPECT_EQ(finder.n_active(), 1u);
  std::vector<std::string> found;
  finder.scan("alpha beta", [&](ValueFinder::ValueId id) { found.emplace_back(finder.value(id)); });
  EXPECT_EQ(found, std::vector<std::string>{"beta"});
}

TEST(ValueFinder, ForgetsItsValuesWhenCleared) {
  ValueFinder finder;
  for (int i = 0; i < 200; ++i) finder.add("old_" + std::to_string(1000 + i));
  finder.clear();
  EXPECT_EQ(finder.size(), 0u);
  finder.add("new");
  int hits = 0;
  finder.scan("old_1000 new old_1199", [&](ValueFinder::ValueId) { ++hits; });
  EXPECT_EQ(hits, 1);
}

}  // namespace
}  // namespace agentecho

#include "agentecho/trajectory/tool_names.h"

#include <gtest/gtest.h>

#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {
namespace {

TEST(ToolNames, LoseTheMarksOfServingStacks) {
  EXPECT_EQ(without_serving_marks("get_order"), "get_order");
  EXPECT_EQ(without_serving_marks("functions.get_order:12"), "get_order");
  EXPECT_EQ(without_serving_marks("default_api.get_order"), "get_order");
  EXPECT_EQ(without_serving_marks("tools.get_order"), "get_order");
  EXPECT_EQ(without_serving_marks(" get_order<|channel|>json"), "get_order");
  EXPECT_EQ(without_serving_marks("server:tool"), "server:tool");
  EXPECT_EQ(without_serving_marks("functions."), "functions.");
  EXPECT_EQ(without_serving_marks("<|x"), "<|x");
  EXPECT_EQ(without_serving_marks("mcp__files__read"), "mcp__files__read");
}

TEST(ToolNames, AreBareWithoutTheServer) {
  EXPECT_EQ(bare_tool_name("mcp__files__read_file"), "read_file");
  EXPECT_EQ(bare_tool_name("functions.mcp__my_server__bash"), "bash");
  EXPECT_EQ(bare_tool_name("mcp__files"), "mcp__files");
  EXPECT_EQ(bare_tool_name("mcp__files__"), "mcp__files__");
}

TEST(ToolNames, AreLookedUpBare) {
  const ToolCatalog catalog;
  EXPECT_EQ(catalog.classify("functions.get_order_details").kind, ToolKind::kRead);
  EXPECT_FALSE(catalog.classify("functions.get_order_details").guessed);
  EXPECT_EQ(catalog.classify("mcp__files__write_note").kind, ToolKind::kWrite);
  EXPECT_TRUE(catalog.classify("mcp__files__write_note").guessed);
  ToolCatalog own;
  own.set("fetch", ToolKind::kGeneric);
  own.set("mcp__a__fetch", ToolKind::kWrite);
  EXPECT_EQ(own.classify("mcp__a__fetch").kind, ToolKind::kWrite);
  EXPECT_EQ(own.classify("mcp__b__fetch").kind, ToolKind::kGeneric);
  EXPECT_EQ(domain_of_tool("default_api.cancel_pending_order"), "retail");
  std::string text;
  while (text.size() < 4'000'000) text += "functions.";
  EXPECT_EQ(own.classify(text).kind, ToolKind::kGeneric);
}

}  // namespace
}  // namespace agentecho

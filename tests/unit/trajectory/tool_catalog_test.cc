#include "agentecho/trajectory/tool_catalog.h"

#include <gtest/gtest.h>

namespace agentecho {
namespace {

ToolKind kind(std::string_view tool) { return ToolCatalog().classify(tool).kind; }

TEST(ToolCatalog, KnowsTheOfficialLists) {
  const ToolCatalog catalog;
  for (const auto tool :
       {"get_reservation_details", "get_user_details", "list_all_airports", "search_direct_flight",
        "search_onestop_flight", "get_flight_status", "find_user_id_by_email",
        "find_user_id_by_name_zip", "get_order_details", "get_product_details", "get_item_details",
        "list_all_product_types", "get_customer_by_phone", "get_customer_by_id",
        "get_customer_by_name", "get_details_by_id", "get_bills_for_customer", "get_data_usage"}) {
    EXPECT_EQ(catalog.classify(tool).kind, ToolKind::kRead) << tool;
    EXPECT_FALSE(catalog.classify(tool).guessed) << tool;
  }
  for (const auto tool :
       {"book_reservation", "cancel_reservation", "send_certificate", "update_reservation_baggages",
        "update_reservation_flights", "update_reservation_passengers", "cancel_pending_order",
        "exchange_delivered_order_items", "modify_pending_order_address",
        "modify_pending_order_items", "modify_pending_order_payment", "modify_user_address",
        "return_delivered_order_items", "suspend_line", "resume_line", "send_payment_request",
        "enable_roaming", "disable_roaming", "refuel_data"}) {
    EXPECT_EQ(catalog.classify(tool).kind, ToolKind::kWrite) << tool;
    EXPECT_FALSE(catalog.classify(tool).guessed) << tool;
  }
  // By its first word transfer_to_human_agents would be a write.
  for (const auto tool : {"calculate", "transfer_to_human_agents", "think"}) {
    EXPECT_EQ(catalog.classify(tool).kind, ToolKind::kGeneric) << tool;
    EXPECT_FALSE(catalog.classify(tool).guessed) << tool;
  }
}

TEST(ToolCatalog, GuessesByTheFirstWord) {
  for (const auto word : {"get", "list", "find", "search", "read", "fetch", "lookup", "look",
                          "check", "query", "view", "show", "describe", "count", "retrieve"}) {
    EXPECT_EQ(kind(std::string(word) + "_it"), ToolKind::kRead) << word;
  }
  for (const auto word :
       {"book",   "cancel", "update",   "modify", "create", "delete",  "send",    "set",
        "add",    "remove", "exchange", "return", "enable", "disable", "suspend", "resume",
        "refuel", "write",  "insert",   "put",    "post",   "apply",   "submit",  "grant",
        "revoke", "reset",  "transfer", "pay",    "refund"}) {
    EXPECT_EQ(kind(std::string(word) + "_it"), ToolKind::kWrite) << word;
  }
  EXPECT_TRUE(ToolCatalog().classify("get_weather").guessed);
  EXPECT_TRUE(ToolCatalog().classify("frobnicate").guessed);
  EXPECT_EQ(kind("frobnicate"), ToolKind::kGeneric);
}

TEST(ToolCatalog, SplitsTheFirstWordAtSeparatorsAndCaseChanges) {
  for (const auto tool : {"get_x", "get-x", "get.x", "get x", "getX", "Get_x", "GET_X", "get"}) {
    EXPECT_EQ(kind(tool), ToolKind::kRead) << tool;
  }
  // No case change from lower to upper, so these are other words.
  for (const auto tool : {"getter", "GETx", "gets_x", "getaway", "_get", "x_get", ""}) {
    EXPECT_EQ(kind(tool), ToolKind::kGeneric) << tool;
  }
  EXPECT_EQ(kind("lookUp"), ToolKind::kRead);  // "look"
  EXPECT_EQ(kind("lookupUser"), ToolKind::kRead);
}

TEST(ToolCatalog, TheUsersWordOverridesEverything) {
  ToolCatalog catalog;
  catalog.set("get_user_details", ToolKind::kWrite);
  catalog.set("send_mail", ToolKind::kGeneric);
  EXPECT_EQ(catalog.classify("get_user_details").kind, ToolKind::kWrite);
  EXPECT_EQ(catalog.classify("send_mail").kind, ToolKind::kGeneric);
  EXPECT_FALSE(catalog.classify("send_mail").guessed);
  EXPECT_EQ(catalog.classify("send_certificate").kind, ToolKind::kWrite);
}

TEST(ToolCatalog, IsReadFromAFile) {
  const auto catalog =
      ToolCatalog::parse(R"({"read": ["alpha"], "WRITE": ["beta", "get_x"], "generic": []})");
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->classify("alpha").kind, ToolKind::kRead);
  EXPECT_EQ(catalog->classify("beta").kind, ToolKind::kWrite);
  EXPECT_EQ(catalog->classify("get_x").kind, ToolKind::kWrite);
  EXPECT_EQ(catalog->user_kinds().size(), 3u);
}

TEST(ToolCatalog, RefusesAFileOfAnotherShape) {
  for (const auto text : {"", "[]", "nonsense", "{\"read\": [}", R"({"reads": ["a"]})",
                          R"({"read": "a"})", R"({"read": [1]})", R"({"read": [["a"]]})"}) {
    const auto catalog = ToolCatalog::parse(text);
    ASSERT_FALSE(catalog) << text;
    EXPECT_EQ(catalog.error().kind, ErrorKind::kInput);
    EXPECT_FALSE(catalog.error().message.empty());
    EXPECT_NE(catalog.error().hint.find("generic"), std::string::npos);
  }
}

TEST(ToolCatalog, RefusesAToolOfTwoKinds) {
  const auto catalog = ToolCatalog::parse(R"({"read": ["a", "b"], "write": ["c", "b"]})");
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().message, "the tool catalogue has \"b\" under read and under write");
  EXPECT_TRUE(ToolCatalog::parse(R"({"read": ["a", "a"], "Read": ["a"]})"));
}

TEST(DomainOfTool, IsKnownForToolsOfExactlyOneDomain) {
  EXPECT_EQ(domain_of_tool("book_reservation"), "airline");
  EXPECT_EQ(domain_of_tool("get_order_details"), "retail");
  EXPECT_EQ(domain_of_tool("suspend_line"), "telecom");
  EXPECT_EQ(domain_of_tool("get_user_details"), std::nullopt);  // airline and retail
  EXPECT_EQ(domain_of_tool("calculate"), std::nullopt);
  EXPECT_EQ(domain_of_tool("get_weather"), std::nullopt);
}

TEST(ToolKind, HasAName) {
  EXPECT_EQ(name_of(ToolKind::kRead), "READ");
  EXPECT_EQ(name_of(ToolKind::kWrite), "WRITE");
  EXPECT_EQ(name_of(ToolKind::kGeneric), "GENERIC");
}

}  // namespace
}  // namespace agentecho

#include "agentecho/trajectory/tool_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "agentecho/base/enum_names.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho {

namespace {

struct OfficialTool {
  std::string_view domain;
  std::string_view name;
  ToolKind kind;
};

constexpr ToolKind kR = ToolKind::kRead;
constexpr ToolKind kW = ToolKind::kWrite;

// sierra-research/tau-bench and sierra-research/tau2-bench, tool types of the three domains.
constexpr OfficialTool kOfficialTools[] = {
    {"airline", "get_reservation_details", kR},
    {"airline", "get_user_details", kR},
    {"airline", "list_all_airports", kR},
    {"airline", "search_direct_flight", kR},
    {"airline", "search_onestop_flight", kR},
    {"airline", "get_flight_status", kR},
    {"airline", "book_reservation", kW},
    {"airline", "cancel_reservation", kW},
    {"airline", "send_certificate", kW},
    {"airline", "update_reservation_baggages", kW},
    {"airline", "update_reservation_flights", kW},
    {"airline", "update_reservation_passengers", kW},
    {"retail", "find_user_id_by_email", kR},
    {"retail", "find_user_id_by_name_zip", kR},
    {"retail", "get_order_details", kR},
    {"retail", "get_product_details", kR},
    {"retail", "get_item_details", kR},
    {"retail", "get_user_details", kR},
    {"retail", "list_all_product_types", kR},
    {"retail", "cancel_pending_order", kW},
    {"retail", "exchange_delivered_order_items", kW},
    {"retail", "modify_pending_order_address", kW},
    {"retail", "modify_pending_order_items", kW},
    {"retail", "modify_pending_order_payment", kW},
    {"retail", "modify_user_address", kW},
    {"retail", "return_delivered_order_items", kW},
    {"telecom", "get_customer_by_phone", kR},
    {"telecom", "get_customer_by_id", kR},
    {"telecom", "get_customer_by_name", kR},
    {"telecom", "get_details_by_id", kR},
    {"telecom", "get_bills_for_customer", kR},
    {"telecom", "get_data_usage", kR},
    {"telecom", "suspend_line", kW},
    {"telecom", "resume_line", kW},
    {"telecom", "send_payment_request", kW},
    {"telecom", "enable_roaming", kW},
    {"telecom", "disable_roaming", kW},
    {"telecom", "refuel_data", kW},
    {"", "calculate", ToolKind::kGeneric},
    {"", "transfer_to_human_agents", ToolKind::kGeneric},
    {"", "think", ToolKind::kGeneric},
};

constexpr std::string_view kReadWords[] = {"get",   "list",   "find",     "search", "read",
                                           "fetch", "lookup", "look",     "check",  "query",
                                           "view",  "show",   "describe", "count",  "retrieve"};
constexpr std::string_view kWriteWords[] = {
    "book",   "cancel", "update",   "modify", "create", "delete",  "send",    "set",
    "add",    "remove", "exchange", "return", "enable", "disable", "suspend", "resume",
    "refuel", "write",  "insert",   "put",    "post",   "apply",   "submit",  "grant",
    "revoke", "reset",  "transfer", "pay",    "refund"};

struct KnownTool {
  ToolKind kind;
  std::optional<std::string_view> domain;  // nothing when several or none
};

const std::unordered_map<std::string_view, KnownTool>& known_tools() {
  static const auto* const tools = [] {
    auto* map = new std::unordered_map<std::string_view, KnownTool>;
    for (const OfficialTool& tool : kOfficialTools) {
      std::optional<std::string_view> domain;
      if (!tool.domain.empty()) domain = tool.domain;
      const auto [place, added] = map->try_emplace(tool.name, KnownTool{tool.kind, domain});
      if (!added) place->second.domain.reset();
    }
    return map;
  }();
  return *tools;
}

std::string first_word(std::string_view name) {
  std::size_t end = 0;
  while (end < name.size()) {
    const char c = name[end];
    if (c == '_' || c == '-' || c == '.' || c == ' ') break;
    if (end > 0 && is_ascii_lower(name[end - 1]) && is_ascii_upper(c)) break;
    ++end;
  }
  return ascii_lowered(name.substr(0, end));
}

}  // namespace

std::string_view name_of(ToolKind kind) {
  return name_in<ToolKind::kGeneric>({"READ", "WRITE", "GENERIC"}, kind);
}

void ToolCatalog::set(std::string name, ToolKind kind) { user_kinds_[std::move(name)] = kind; }

Result<ToolCatalog> ToolCatalog::parse(std::string_view json) {
  constexpr std::string_view kHint =
      R"(expected {"read": ["tool", ...], "write": [...], "generic": [...]})";
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) {
    return fail(ErrorKind::kInput, "the tool catalogue is not a JSON object", std::string(kHint));
  }
  ToolCatalog catalog;
  for (const auto& [key, names] : document.items()) {
    const std::string word = ascii_lowered(key);
    const bool known = word == "read" || word == "write" || word == "generic";
    if (!known || !names.is_array()) {
      return fail(
          ErrorKind::kInput,
          fmt::format("the tool catalogue has a member \"{}\" that is no list of a known kind",
                      key),
          std::string(kHint));
    }
    const ToolKind kind = word == "read"    ? ToolKind::kRead
                          : word == "write" ? ToolKind::kWrite
                                            : ToolKind::kGeneric;
    for (const auto& name : names) {
      if (!name.is_string()) {
        return fail(
            ErrorKind::kInput,
            fmt::format("the tool catalogue's list \"{}\" holds something that is no name", key),
            std::string(kHint));
      }
      const auto text = name.get<std::string>();
      const auto before = catalog.user_kinds_.find(text);
      if (before != catalog.user_kinds_.end() && before->second != kind) {
        return fail(ErrorKind::kInput,
                    fmt::format("the tool catalogue has \"{}\" under {} and under {}", text,
                                ascii_lowered(name_of(before->second)), word),
                    "a tool stands in one of the lists");
      }
      catalog.set(text, kind);
    }
  }
  return catalog;
}

void ToolCatalog::set_actions(std::map<std::string, ToolKind, std::less<>> classes,
                              std::map<std::string, ToolKind, std::less<>> tools) {
  action_classes_ = std::move(classes);
  action_tools_ = std::move(tools);
}

std::string plain_tool_name(std::string_view name) {
  std::string plain = ascii_lowered(bare_tool_name(name));
  std::replace(plain.begin(), plain.end(), '-', '_');
  return plain;
}

const ToolKind* ToolCatalog::action_kind(std::string_view tool) const {
  const auto action = action_classes_.find(tool.substr(0, tool.find(':')));
  return action == action_classes_.end() ? nullptr : &action->second;
}

ToolClass ToolCatalog::classify(std::string_view tool) const {
  if (const auto user = user_kinds_.find(tool); user != user_kinds_.end()) {
    return {user->second, false};
  }
  const auto known = known_tools().find(tool);
  if (known != known_tools().end()) return {known->second.kind, false};
  if (const ToolKind* kind = action_kind(tool)) return {*kind, false};
  if (!action_tools_.empty()) {
    const auto action = action_tools_.find(plain_tool_name(tool));
    if (action != action_tools_.end()) return {action->second, false};
  }
  const std::string_view bare = bare_tool_name(tool);
  return bare != tool ? classify(bare) : ToolClass{kind_by_first_word(tool), true};
}

ToolKind kind_by_first_word(std::string_view tool) {
  const std::string word = first_word(tool);
  if (is_in(kReadWords, word)) return ToolKind::kRead;
  if (is_in(kWriteWords, word)) return ToolKind::kWrite;
  return ToolKind::kGeneric;
}

std::optional<std::string_view> domain_of_tool(std::string_view tool) {
  const auto known = known_tools().find(bare_tool_name(tool));
  return known == known_tools().end() ? std::nullopt : known->second.domain;
}

}  // namespace agentecho

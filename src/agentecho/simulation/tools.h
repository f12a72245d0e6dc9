// The tools that agents of the world can call. Names follow METHOD 2, so that the first word tells
// READ, WRITE or GENERIC without a catalogue.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace agentecho::simulation {

enum class Tool : std::uint8_t {
  // reads
  kFindMemberByEmail,
  kFindMemberByPhone,
  kFindMemberByName,
  kGetMember,
  kListHires,
  kGetHire,
  kFindModels,
  kListModels,
  kGetModel,
  kListBranches,
  kGetBranch,
  kFindUnits,
  kCheckAvailability,
  kGetQuote,
  kListWorkshopSlots,
  kListInvoices,
  kGetInvoice,
  kGetRules,
  // writes
  kBookHire,
  kCancelHire,
  kUpdateHireEnd,
  kExchangeUnit,
  kBookRepair,
  kPayInvoice,
  kUpdateMember,
  kSendReceipt,
  // generic
  kCalculate,
  kThink,
  kLogNote,
  kEscalate,
};
constexpr std::size_t kToolCount = 30;

constexpr std::array<std::string_view, kToolCount> kToolNames = {"find_member_by_email",
                                                                 "find_member_by_phone",
                                                                 "find_member_by_name",
                                                                 "get_member",
                                                                 "list_hires",
                                                                 "get_hire",
                                                                 "find_models",
                                                                 "list_models",
                                                                 "get_model",
                                                                 "list_branches",
                                                                 "get_branch",
                                                                 "find_units",
                                                                 "check_availability",
                                                                 "get_quote",
                                                                 "list_workshop_slots",
                                                                 "list_invoices",
                                                                 "get_invoice",
                                                                 "get_rules",
                                                                 "book_hire",
                                                                 "cancel_hire",
                                                                 "update_hire_end",
                                                                 "exchange_unit",
                                                                 "book_repair",
                                                                 "pay_invoice",
                                                                 "update_member",
                                                                 "send_receipt",
                                                                 "calculate",
                                                                 "think",
                                                                 "log_note",
                                                                 "escalate_to_staff"};

constexpr std::string_view tool_name(Tool tool) {
  return kToolNames[static_cast<std::size_t>(tool)];
}
constexpr bool is_write(Tool tool) { return tool >= Tool::kBookHire && tool <= Tool::kSendReceipt; }
constexpr std::optional<Tool> tool_named(std::string_view name) {
  for (std::size_t i = 0; i < kToolCount; ++i) {
    if (kToolNames[i] == name) return static_cast<Tool>(i);
  }
  return std::nullopt;
}

}  // namespace agentecho::simulation

// One message, item or content part while its members come by.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "agentecho/base/table.h"
#include "agentecho/readers/dialects/vocabulary.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::dialects {

struct Item {
  std::string_view role;
  bool role_is_plain = false;  // under the key "role"
  std::string_view type;
  std::string_view class_name;  // of LangChain's constructors
  std::string_view id;
  std::string_view call_id;
  std::string_view name;
  std::string_view requestor;
  std::string_view model;
  std::string_view source;
  std::string_view status;
  std::string_view step;
  std::string_view arguments;
  std::string_view arguments_key;
  std::string_view output;
  std::string_view output_key;
  std::string_view error_text;
  std::string_view content_key;
  std::string_view json;  // from the item's first character on, to name its members
  bool has_name = false;
  bool has_items = false;               // it is a list of messages
  std::optional<bool> parts_say_calls;  // where somebody asked
  ErrorFlag error_flag = ErrorFlag::kNotSaid;
  ItemKind kind = ItemKind::kUnknown;  // where a member says it
  // Where the builder (message_builder.h) stood when the item began.
  std::size_t first_piece = 0;
  std::size_t first_odd = 0;
  std::size_t first_message = 0;
  std::size_t first_call = 0;
  std::size_t effects = 0;  // what came of the item's members by themselves

  bool may_be_call() const { return has_name && !arguments_key.empty(); }
  std::string_view answered_id() const { return !call_id.empty() ? call_id : id; }
  // Whether it says that what it is or gives is an error: by a flag, its type or its status.
  ErrorFlag flag() const {
    constexpr std::string_view kFailed[] = {"error",   "output-error", "failed",
                                            "failure", "retried",      "denied"};
    if (error_flag != ErrorFlag::kNotSaid) return error_flag;
    const bool is_retry = type == "retry-prompt" && has_name;  // Pydantic AI 1
    const bool is_error = type == "tool-error" || is_retry || is_in(kFailed, status);
    return is_error ? ErrorFlag::kError : ErrorFlag::kNotSaid;
  }
};

}  // namespace agentecho::dialects

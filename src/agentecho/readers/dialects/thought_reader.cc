#include "agentecho/readers/dialects/thought_reader.h"

#include <string_view>

#include "agentecho/base/table.h"
#include "agentecho/readers/dialects/walk.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;

namespace {

constexpr int kDeepestThought = 6;

simdjson::error_code read_nested_thoughts(od::value value, Place place, int depth,
                                          ValueReader& values, MessageBuilder& message) {
  constexpr std::string_view kTexts[] = {
      "text",    "thinking",      "reasoning",         "summary",
      "content", "reasoningText", "reasoning_content", "reasoning_text"};
  od::json_type type;
  if (const auto error = value.type().get(type)) return error;
  if (type == od::json_type::string) {
    std::string_view text;
    if (const auto error = values.read_string(value, text)) return error;
    if (!text.empty()) message.think(place, text);
    return simdjson::SUCCESS;
  }
  if (depth == kDeepestThought) return simdjson::SUCCESS;
  if (type == od::json_type::array) {
    return for_elements(value, [&](od::value element) {
      return read_nested_thoughts(element, place, depth + 1, values, message);
    });
  }
  return for_members(value, [&](std::string_view key, od::value member) {
    return is_in(kTexts, key) ? read_nested_thoughts(member, place, depth + 1, values, message)
                              : simdjson::SUCCESS;
  });
}

simdjson::error_code read_nested_raw_data(od::value value, int depth, ValueReader& values,
                                          MessageBuilder& message) {
  constexpr std::string_view kBlocks[] = {"thinking_blocks", "reasoning_details"};
  if (depth == kDeepestThought) return simdjson::SUCCESS;
  return for_members(value, [&](std::string_view key, od::value member) -> simdjson::error_code {
    if (key == "message") {
      return for_members(member, [&](std::string_view inner, od::value text) {
        if (inner == "reasoning_content" || inner == "reasoning") {
          return read_thoughts(text, Place::kRawMessage, values, message);
        }
        return is_in(kBlocks, inner) ? read_thoughts(text, Place::kBlocks, values, message)
                                     : simdjson::SUCCESS;
      });
    }
    if (is_in(kBlocks, key)) return read_thoughts(member, Place::kBlocks, values, message);
    if (key != "choices") return simdjson::SUCCESS;
    return for_elements(member, [&](od::value choice) {
      return read_nested_raw_data(choice, depth + 1, values, message);
    });
  });
}

}  // namespace

simdjson::error_code read_thoughts(od::value value, Place place, ValueReader& values,
                                   MessageBuilder& message) {
  return read_nested_thoughts(value, place, 0, values, message);
}

simdjson::error_code read_raw_data(od::value value, ValueReader& values, MessageBuilder& message) {
  return read_nested_raw_data(value, 0, values, message);
}

}  // namespace agentecho::dialects

#include "agentecho/trajectory/response_text.h"

#include "agentecho/base/text.h"

namespace agentecho {

bool is_unfinished_reasoning(std::string_view text) {
  return trimmed(text).starts_with("<think>") && text.find("</think>") == std::string_view::npos;
}

std::string_view response_text(const Message& message) {
  return is_unfinished_reasoning(message.text) ? std::string_view{} : trimmed(message.text);
}

}  // namespace agentecho

#include "agentecho/readers/dialects/chat_template.h"

#include <algorithm>
#include <array>

#include "agentecho/base/text.h"

namespace agentecho::dialects {

namespace {

constexpr std::string_view kLine = "\\n";  // a line break as it stands in a JSON string

struct Template {
  std::string_view begin;
  std::string_view behind_role;
  std::array<std::string_view, 2> ends;
};
constexpr Template kTemplates[] = {
    {"<|im_start|>", kLine, {"<|im_end|>", "<|im_end|>"}},
    {"<|start_header_id|>", "<|end_header_id|>", {"<|eot_id|>", "<|eom_id|>"}},
    {"<start_of_turn>", kLine, {"<end_of_turn>", "<end_of_turn>"}},
};

// Without white space, also where it is escaped.
std::string_view trimmed_inside(std::string_view text) {
  for (;;) {
    text = trimmed(text);
    if (text.starts_with(kLine)) {
      text.remove_prefix(kLine.size());
    } else if (text.ends_with(kLine) && !text.ends_with("\\\\n")) {
      text.remove_suffix(kLine.size());
    } else {
      return text;
    }
  }
}

bool is_role(std::string_view role) {
  return !role.empty() && role.size() <= 32 && std::all_of(role.begin(), role.end(), [](char c) {
    return is_ascii_alpha(c) || c == '_' || c == '-';
  });
}

}  // namespace

std::optional<std::string> messages_of_template(std::string_view text) {
  const auto* const form =
      std::find_if(std::begin(kTemplates), std::end(kTemplates),
                   [&](const Template& one) { return text.find(one.begin) != kNowhere; });
  if (form == std::end(kTemplates)) return std::nullopt;
  std::string list = "[";
  for (std::size_t at = text.find(form->begin); at != kNowhere;) {
    const std::size_t role_at = at + form->begin.size();
    const std::size_t role_end = text.find(form->behind_role, role_at);
    if (role_end == kNowhere) break;
    const std::string_view role = trimmed(text.substr(role_at, role_end - role_at));
    const std::size_t content_at = role_end + form->behind_role.size();
    const std::size_t next = text.find(form->begin, content_at);
    const std::size_t end = std::min({text.find(form->ends[0], content_at),
                                      text.find(form->ends[1], content_at), next, text.size()});
    const std::string_view content = trimmed_inside(text.substr(content_at, end - content_at));
    const bool only_asks = content.empty() && next == kNowhere;
    if (is_role(role) && !only_asks) {
      if (list.size() > 1) list += ',';
      list.append("{\"role\":\"").append(role).append("\",\"content\":\"");
      list.append(content).append("\"}");
    }
    at = next;
  }
  if (list.size() == 1) return std::nullopt;
  return list + "]";
}

}  // namespace agentecho::dialects

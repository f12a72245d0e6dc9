#include "agentecho/readers/dialects/chat_template.h"

#include <algorithm>
#include <array>
#include <utility>

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

// Appends a message to a list of them.
void add_message(std::string_view role, std::string_view content, std::string& list) {
  list += list.empty() ? '[' : ',';
  list.append("{\"role\":\"").append(role).append("\",\"content\":\"");
  list.append(content).append("\"}");
}

std::optional<std::string> closed(std::string list) {
  if (list.empty()) return std::nullopt;
  return std::move(list) + "]";
}

struct Label {
  std::string_view text;
  std::string_view role;
};
constexpr Label kLabels[] = {{"USER:", "user"},
                             {"ASSISTANT:", "assistant"},
                             {"FUNCTION RESPONSE:", "tool"},
                             {"SYSTEM:", "system"}};

const Label* label_at(std::string_view text) {
  const auto* const found =
      std::find_if(std::begin(kLabels), std::end(kLabels),
                   [&](const Label& label) { return text.starts_with(label.text); });
  return found == std::end(kLabels) ? nullptr : found;
}

// Where the first label behind an empty line begins, or the end.
std::size_t next_label(std::string_view text) {
  constexpr std::string_view kEmptyLine = "\\n\\n";
  for (std::size_t at = text.find(kEmptyLine); at != kNowhere; at = text.find(kEmptyLine, at)) {
    while (text.substr(at).starts_with(kLine)) at += kLine.size();
    if (label_at(text.substr(at)) != nullptr) return at;
  }
  return text.size();
}

// "USER: …\n\n\nASSISTANT: … <|endoftext|>\n\n\nFUNCTION RESPONSE: …" (Glaive's set for calls).
std::optional<std::string> messages_of_labels(std::string_view text) {
  constexpr std::string_view kEnd = "<|endoftext|>";
  std::string list;
  bool answers = false;
  text = trimmed_inside(text);
  while (const Label* const label = label_at(text)) {
    text.remove_prefix(label->text.size());
    const std::size_t next = next_label(text);
    std::string_view content = trimmed_inside(text.substr(0, next));
    if (content.ends_with(kEnd)) {
      content = trimmed_inside(content.substr(0, content.size() - kEnd.size()));
    }
    const bool only_asks = content.empty() && next == text.size();
    if (!only_asks) add_message(label->role, content, list);
    answers = answers || label->role == "assistant";
    text.remove_prefix(next);
  }
  return answers ? closed(std::move(list)) : std::nullopt;
}

}  // namespace

std::optional<std::string> messages_of_template(std::string_view text) {
  const auto* const form =
      std::find_if(std::begin(kTemplates), std::end(kTemplates),
                   [&](const Template& one) { return text.find(one.begin) != kNowhere; });
  if (form == std::end(kTemplates)) return messages_of_labels(text);
  std::string list;
  for (std::size_t at = text.find(form->begin); at != kNowhere;) {
    const std::size_t role_at = at + form->begin.size();
    const std::size_t role_end = text.find(form->behind_role, role_at);
    if (role_end == kNowhere) break;
    const std::string_view role = trimmed(text.substr(role_at, role_end - role_at));
    const std::size_t content_at = role_end + form->behind_role.size();
    const std::size_t next = text.find(form->begin, content_at);
    const std::string_view turn = text.substr(content_at, next - content_at);
    const std::size_t end = std::min(turn.find(form->ends[0]), turn.find(form->ends[1]));
    const std::string_view content = trimmed_inside(turn.substr(0, end));
    const bool only_asks = content.empty() && next == kNowhere;
    if (is_role(role) && !only_asks) add_message(role, content, list);
    at = next;
  }
  return closed(std::move(list));
}

}  // namespace agentecho::dialects

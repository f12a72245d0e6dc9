#include "agentecho/readers/formats/message_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace agentecho::formats {

std::string text_of(Json content) {
  if (!content.is_list()) return content.text();
  std::string text;
  content.each([&](Json part) {
    const std::string_view piece = part.is_string() ? part.string() : part["text"].string();
    if (piece.empty()) return;
    if (!text.empty()) text += '\n';
    text += piece;
  });
  return text;
}

std::optional<std::uint64_t> position_of(std::string_view key) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (error != std::errc{} || end != key.data() + key.size()) return std::nullopt;
  return number;
}

void add_content(Json content, RunWriter& runs) {
  if (content.is_string()) {
    runs.text(content.string());
    return;
  }
  if (!content.is_list()) {
    runs.text(content.text());
    return;
  }
  content.each([&](Json part) {
    const std::string_view type = part["type"].string();
    if (type == "thinking" || type == "reasoning") {
      for (const std::string_view key : {"thinking", "reasoning", "summary", "text"}) {
        if (part[key].string().empty()) continue;
        runs.reasoning(part[key].string());
        break;
      }
    } else {
      runs.text(part.is_string() ? part.string() : part["text"].string());
    }
  });
}

void add_call(std::string_view id, std::string_view name, Json arguments, RunWriter& runs) {
  if (arguments.is_string()) {
    runs.call_with_text(id, name, arguments.string());
  } else {
    runs.call(id, name, arguments.here() ? arguments.json() : std::string());
  }
}

void add_openai_call(Json call, RunWriter& runs) {
  const Json function = call["function"].is_object() ? call["function"] : call;
  add_call(call["id"].text(), function["name"].string(), function["arguments"], runs);
}

std::string one_member(std::string_view key, std::string_view value) {
  return fmt::format("{{\"{}\":{}}}", key, value);
}

namespace {

// The longest value that is passed on, and the most that is of a longer object.
constexpr std::size_t kLongestPassedOn = 4096;
constexpr std::size_t kMostOfLongObject = std::size_t{64} << 10;

// An object without its long values; of a long object in it as well: what names the model often
// stands between prompts and tools.
std::string without_long_values(Json object, int levels) {
  std::string kept = "{";
  object.each_member([&](std::string_view key, Json value) {
    if (value.is_string() && value.string().size() > kLongestPassedOn) return;
    std::string json = value.json();
    if (json.size() > kLongestPassedOn) {
      if (!value.is_object() || levels == 0) return;
      json = without_long_values(value, levels - 1);
    }
    if (kept.size() + json.size() > kMostOfLongObject) return;
    if (kept.size() > 1) kept += ',';
    append_string(kept, key);
    kept += ':';
    kept += json;
  });
  return kept + "}";
}

}  // namespace

void pass_on(Json record, std::initializer_list<std::string_view> read, RunWriter& runs) {
  constexpr std::string_view kReplies[] = {
      "input",      "prompt",   "output", "response", "completion", "reply", "generation",
      "candidates", "messages", "traj",   "ticks",    "policy",     "row"};
  record.each_member([&](std::string_view key, Json value) {
    const auto is = [&](std::string_view name) { return name == key; };
    if (value.is_list() || !value.here() || std::any_of(read.begin(), read.end(), is) ||
        std::any_of(std::begin(kReplies), std::end(kReplies), is)) {
      return;
    }
    if (value.is_string() && value.string().size() > kLongestPassedOn) return;
    constexpr int kLevels = 3;
    const std::string json = value.json();
    if (json.size() <= kLongestPassedOn) {
      runs.also(key, json);
    } else if (value.is_object()) {
      runs.also(key, without_long_values(value, kLevels));
    }
  });
}

void add_reasoning(Json item, RunWriter& runs) {
  const std::string content = text_of(item["content"]);
  runs.reasoning(content.empty() ? text_of(item["summary"]) : content);
}

std::string conversation_of(Json record) { return std::string(record["conversation_id"].string()); }

Json last_of(Json list) {
  Json last;
  list.each([&](Json element) { last = element; });
  return last;
}

bool agent_speaks_in(Json messages) {
  bool speaks = false;
  messages.each([&](Json message) { speaks = speaks || message["role"].is("assistant"); });
  return speaks;
}

}  // namespace agentecho::formats

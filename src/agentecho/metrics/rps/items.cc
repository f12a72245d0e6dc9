#include "agentecho/metrics/rps/items.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agentecho/base/text.h"
#include "agentecho/trajectory/error_result.h"
#include "agentecho/trajectory/response_text.h"

namespace agentecho::rps {

namespace {

// A part of the log that bounds the calls around an item: a user turn or a message with items.
struct Mark {
  std::uint32_t calls_begin = 0;  // calls issued before it
  std::uint32_t calls_end = 0;    // calls issued before it or by it
};

// Words of a tool name in small letters, split as METHOD 2 splits them; the first six of its first
// 128 bytes.
class NameWords {
 public:
  explicit NameWords(std::string_view name) {
    name = name.substr(0, lowered_.size());
    std::size_t begin = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char c = name[i];
      lowered_[i] = ascii_lower(c);
      const bool separator = c == '_' || c == '-' || c == '.' || c == ' ';
      const bool hump = i > 0 && is_ascii_lower(name[i - 1]) && is_ascii_upper(c);
      if (separator || hump) add(begin, i);
      if (separator || hump) begin = separator ? i + 1 : i;
    }
    add(begin, name.size());
  }
  NameWords(const NameWords&) = delete;
  NameWords& operator=(const NameWords&) = delete;

  bool empty() const { return count_ == 0; }
  std::string_view first() const { return words_[0]; }
  bool contains(std::string_view wanted) const {
    const auto end = words_.begin() + static_cast<std::ptrdiff_t>(count_);
    return std::find(words_.begin(), end, wanted) != end;
  }

 private:
  void add(std::size_t begin, std::size_t end) {
    if (begin == end || count_ == words_.size()) return;
    words_[count_++] = std::string_view(lowered_.data() + begin, end - begin);
  }

  std::array<char, 128> lowered_;
  std::array<std::string_view, 6> words_;
  std::size_t count_ = 0;
};

template <std::size_t N>
bool any_of(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<std::string_view, 16> kReadVerbs = {
    "get",   "list",  "find", "search", "read",     "fetch", "lookup",   "look",
    "check", "query", "view", "show",   "describe", "count", "retrieve", "load"};
constexpr std::array<std::string_view, 26> kWriteVerbs = {
    "book",   "cancel",   "update", "modify", "create",  "delete",  "send",   "set",    "add",
    "remove", "exchange", "return", "enable", "disable", "suspend", "resume", "refuel", "write",
    "insert", "put",      "post",   "apply",  "submit",  "grant",   "revoke", "refund"};
constexpr std::array<std::string_view, 5> kIdentityVerbs = {"verify", "authenticate", "identify",
                                                            "login", "authorize"};
constexpr std::array<std::string_view, 6> kPersons = {"user",   "customer", "account",
                                                      "member", "client",   "person"};

}  // namespace

bool is_user_turn(const Trajectory& trajectory, std::size_t m) {
  const Message& message = trajectory.messages[m];
  if (message.role != Role::kUser || trimmed(message.text).empty()) return false;
  if (m == 0) return true;
  const Message& previous = trajectory.messages[m - 1];
  return previous.role != Role::kTool || previous.requestor == Requestor::kUser;
}

std::vector<Item> items_of(const Trajectory& trajectory) {
  std::vector<Item> items;
  std::vector<std::size_t> mark_of_item;
  std::vector<Mark> marks;
  std::uint32_t calls_so_far = 0;
  for (std::size_t m = 0; m < trajectory.messages.size(); ++m) {
    const Message& message = trajectory.messages[m];
    const std::uint32_t own_begin = calls_so_far;
    if (message.n_calls > 0) calls_so_far = message.first_call + message.n_calls;
    const std::uint32_t own_end = calls_so_far;
    if (is_user_turn(trajectory, m)) marks.push_back({own_begin, own_end});
    if (message.role != Role::kAssistant) continue;
    const std::size_t first = items.size();
    const auto add = [&](ItemKind kind, std::string_view text) {
      if (trimmed(text).empty()) return;
      Item& item = items.emplace_back();
      item.kind = kind;
      item.message = static_cast<std::uint32_t>(m);
      item.text = trimmed(text);
      item.own = {own_begin, own_end};
      mark_of_item.push_back(marks.size());
    };
    add(ItemKind::kThink, message.reasoning);
    add(is_unfinished_reasoning(message.text) ? ItemKind::kThink : ItemKind::kResponse,
        message.text);
    if (items.size() > first) marks.push_back({own_begin, own_end});
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    Item& item = items[i];
    const std::size_t mark = mark_of_item[i];
    item.before = {mark > 0 ? marks[mark - 1].calls_begin : 0, item.own.begin};
    const std::uint32_t next = mark + 1 < marks.size() ? marks[mark + 1].calls_begin : calls_so_far;
    item.after = {item.own.begin, std::max(item.own.end, next)};
  }
  return items;
}

CallNature nature_of(std::string_view tool_name) {
  const NameWords words(tool_name);
  if (words.empty()) return CallNature::kOther;
  const std::string_view verb = words.first();
  if (any_of(kIdentityVerbs, verb)) return CallNature::kLookup;
  if (any_of(kWriteVerbs, verb)) return CallNature::kWrite;
  if (!any_of(kReadVerbs, verb)) return CallNature::kOther;
  const bool person = std::any_of(kPersons.begin(), kPersons.end(),
                                  [&](std::string_view p) { return words.contains(p); });
  const bool finds = verb == "find" || verb == "lookup" || words.contains("by");
  return person && finds && !words.contains("for") ? CallNature::kLookup : CallNature::kRead;
}

std::vector<CallFacts> call_facts(const Trajectory& trajectory) {
  std::vector<CallFacts> facts(trajectory.calls.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const ToolCall& call = trajectory.calls[i];
    if (call.requestor != Requestor::kAgent) continue;
    facts[i] = {nature_of(call.name), failed(trajectory, call)};
  }
  return facts;
}

std::string shortened_call(const Trajectory& trajectory, const ToolCall& call,
                           std::size_t arguments_length, std::size_t result_length) {
  return fmt::format("{}({}) -> {}", call.name, elided(call.arguments, arguments_length),
                     elided(trajectory.result_of(call), result_length));
}

}  // namespace agentecho::rps

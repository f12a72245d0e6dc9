#include "agentecho/readers/dialects/calls.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "agentecho/base/text.h"
#include "agentecho/readers/written/python_literal.h"

namespace agentecho::dialects {

namespace {
constexpr std::size_t kPadding = 64;
}

std::string_view padded_copy(std::string_view text, TextArena& arena) {
  char* place = arena.reserve(text.size() + kPadding);
  if (!text.empty()) std::memcpy(place, text.data(), text.size());
  std::memset(place + text.size(), 0, kPadding);
  arena.commit(text.size() + kPadding);
  return {place, text.size()};
}

std::string_view joined(const std::vector<std::string_view>& pieces, std::size_t first,
                        TextArena& arena) {
  std::size_t size = 0;
  std::size_t n = 0;
  std::string_view last;
  for (std::size_t i = first; i < pieces.size(); ++i) {
    if (pieces[i].empty()) continue;
    size += pieces[i].size() + 1;
    ++n;
    last = pieces[i];
  }
  if (n <= 1) return last;
  char* const place = arena.reserve(size);
  char* at = place;
  for (std::size_t i = first; i < pieces.size(); ++i) {
    if (pieces[i].empty()) continue;
    if (at != place) *at++ = '\n';
    std::memcpy(at, pieces[i].data(), pieces[i].size());
    at += pieces[i].size();
  }
  arena.commit(size - 1);
  return {place, size - 1};
}

namespace {

bool may_be_object(std::string_view text) { return text.starts_with('{') || text.starts_with('['); }

// Arguments that were made a JSON text twice: "\"{\\\"id\\\": 1}\"" is the object in it.
std::string json_in_text(std::string_view arguments) {
  constexpr int kMostOften = 3;
  std::string text(arguments);
  for (int i = 0; i < kMostOften; ++i) {
    const std::string_view json = trimmed(text);
    if (json.size() < 4 || json.front() != '"') break;
    const nlohmann::json outer = nlohmann::json::parse(json, nullptr, false);
    if (!outer.is_string()) break;
    const auto& inside = outer.get_ref<const std::string&>();
    const std::string_view inner = trimmed(inside);
    const bool object = may_be_object(inner) || inner.starts_with('"');
    if (!object || !(nlohmann::json::accept(inner) || written::whole_python_literal(inner))) break;
    text = inside;
  }
  return text;
}

}  // namespace

void CallWriter::append(ToolCall call, Trajectory& t, RecordNotes& notes) {
  if (call.name.empty()) ++notes.unnamed_calls;
  call.first_leaf = static_cast<std::uint32_t>(t.leaves.size());
  if (!trimmed(call.arguments).empty()) {
    const bool text = trimmed(call.arguments).front() == '"';
    call.arguments = text ? padded_copy(json_in_text(call.arguments), t.arena)
                          : padded_copy(call.arguments, t.arena);
    if (!argument_leaves_.append(call.arguments, t.arena, t.leaves))
      take_other_notation(call, t, notes);
  }
  call.n_leaves = static_cast<std::uint32_t>(t.leaves.size()) - call.first_leaf;
  t.calls.push_back(call);
}

// Arguments that are no JSON: an object in Python's notation, or a text.
void CallWriter::take_other_notation(ToolCall& call, Trajectory& t, RecordNotes& notes) {
  const bool object = may_be_object(trimmed(call.arguments));
  if (object) {
    if (const auto json = written::whole_python_literal(call.arguments)) {
      const std::string_view padded = padded_copy(*json, t.arena);
      if (argument_leaves_.append(padded, t.arena, t.leaves)) {
        call.arguments = padded;
        return;
      }
    }
    RecordNotes::count(notes.unread, "arguments that begin like an object and are no JSON");
  }
  call.malformed_arguments = true;
  ++notes.malformed_arguments;
  t.leaves.push_back(call.arguments);
}

void ResultLinker::link(Trajectory& t, RecordNotes& notes) {
  std::vector<ToolCall>& calls = t.calls;
  call_order_.resize(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) call_order_[i] = static_cast<std::int32_t>(i);
  std::stable_sort(call_order_.begin(), call_order_.end(), [&](std::int32_t a, std::int32_t b) {
    // Calls are in message order already.
    return calls[static_cast<std::size_t>(a)].id < calls[static_cast<std::size_t>(b)].id;
  });
  // Per group (id, message), at its first position: answered so far.
  group_cursor_.assign(calls.size(), 0);
  std::size_t run_end = 0;     // calls before the message at hand
  std::size_t first_open = 0;  // of the latest unbroken run of calls
  bool run_is_broken = true;
  const auto answered_by = [&](const Message& message, std::int32_t index) {
    if (!message.tool_call_id.empty()) {
      const std::int32_t call = next_call_with_id(t, message.tool_call_id, index);
      if (call != kNone) return call;
    }
    while (first_open < run_end && calls[first_open].result_message != kNone) ++first_open;
    const bool may_answer =
        first_open < run_end && (message.tool_call_id.empty() || calls[first_open].id.empty());
    return may_answer ? static_cast<std::int32_t>(first_open) : kNone;
  };
  const auto open_calls_of = [&](const Message& message) {
    if (message.n_calls == 0) return;
    if (run_is_broken) first_open = message.first_call;
    run_is_broken = false;
    run_end = message.first_call + message.n_calls;
  };
  for (std::size_t m = 0; m < t.messages.size(); ++m) {
    Message& message = t.messages[m];
    if (message.role == Role::kTool) {
      run_is_broken = true;
      const auto index = static_cast<std::int32_t>(m);
      message.answers = answered_by(message, index);
      if (message.answers == kNone) {
        ++notes.results_without_call;
      } else {
        ToolCall& call = calls[static_cast<std::size_t>(message.answers)];
        call.result_message = index;
        message.requestor = call.requestor;
      }
    }
    // Behind what the message answers: it is none of its own.
    open_calls_of(message);
    if (message.role == Role::kUser) run_is_broken = true;
  }
}

std::int32_t ResultLinker::next_call_with_id(const Trajectory& t, std::string_view id,
                                             std::int32_t before_message) {
  const auto call_at = [&](std::int32_t i) -> const ToolCall& {
    return t.calls[static_cast<std::size_t>(i)];
  };
  // Behind the last call with this id in a message before.
  const auto behind =
      std::partition_point(call_order_.begin(), call_order_.end(), [&](std::int32_t i) {
        const ToolCall& call = call_at(i);
        return call.id < id || (call.id == id && call.message < before_message);
      });
  if (behind == call_order_.begin() || call_at(*(behind - 1)).id != id) return kNone;
  const std::int32_t issuer = call_at(*(behind - 1)).message;
  const auto group = std::partition_point(call_order_.begin(), behind, [&](std::int32_t i) {
    const ToolCall& call = call_at(i);
    return call.id < id || (call.id == id && call.message < issuer);
  });
  std::uint32_t& answered = group_cursor_[static_cast<std::size_t>(group - call_order_.begin())];
  while (answered < static_cast<std::size_t>(behind - group)) {
    const std::int32_t candidate = *(group + answered++);
    if (call_at(candidate).result_message == kNone) return candidate;
  }
  return kNone;
}

}  // namespace agentecho::dialects

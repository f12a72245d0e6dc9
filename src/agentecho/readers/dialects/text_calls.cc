#include "agentecho/readers/dialects/text_calls.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/bare_calls.h"
#include "agentecho/readers/written/call_marks.h"
#include "agentecho/readers/written/code_blocks.h"
#include "agentecho/readers/written/labels.h"
#include "agentecho/readers/written/python_calls.h"
#include "agentecho/readers/written/react.h"
#include "agentecho/readers/written/result_marks.h"
#include "agentecho/readers/written/tagged_calls.h"
#include "agentecho/readers/written/terminal_reply.h"
#include "agentecho/readers/written/turn.h"
#include "agentecho/readers/written/xml_tools.h"

namespace agentecho::dialects {

namespace {

class TextCalls {
 public:
  TextCalls(Trajectory& t, CallWriter& writer, RecordNotes& notes)
      : t_(t), writer_(writer), notes_(notes) {}

  void read() {
    has_calls_ = agent_calls();
    is_only_reply_ = std::count_if(t_.messages.begin(), t_.messages.end(), [](const Message& m) {
                       return m.role == Role::kAssistant;
                     }) == 1;
    std::vector<std::pair<std::size_t, written::Turn>> found;  // by message
    for (std::size_t m = 0; m < t_.messages.size(); ++m) {
      if (t_.messages[m].role != Role::kAssistant) continue;
      if (has_calls_ && (t_.messages[m].n_calls > 0 || !is_answered_by_result(m))) continue;
      written::Turn turn;
      if (read_message(m, turn)) found.emplace_back(m, std::move(turn));
    }
    const bool any_call = std::any_of(found.begin(), found.end(),
                                      [](const auto& one) { return !one.second.calls.empty(); });
    // tau-bench's text agents talk in calls; a run without any other call is still theirs.
    if (any_call || !found.empty()) rebuild(found);
    if (!has_calls_) count_marks();
  }

 private:
  bool agent_calls() const {
    return std::any_of(t_.calls.begin(), t_.calls.end(),
                       [](const ToolCall& c) { return c.requestor == Requestor::kAgent; });
  }

  // The message that answers the message m is marked as a result, or is one.
  bool is_answered_by_result(std::size_t m) const {
    if (m + 1 >= t_.messages.size()) return false;
    const Message& next = t_.messages[m + 1];
    return next.role == Role::kTool ||
           (next.role == Role::kUser && written::marked_result(next.text).has_value());
  }

  // Nobody answers the message m: the run is one reply, or the agent itself wrote down what its
  // calls gave and speaks again (CrewAI).
  bool holds_results(std::size_t m) const {
    if (is_only_reply_ || m + 1 >= t_.messages.size()) return is_only_reply_;
    const Message& next = t_.messages[m + 1];
    return next.role == Role::kAssistant ||
           (next.role == Role::kUser && written::asks_about_result(next.text));
  }

  bool read_message(std::size_t m, written::Turn& turn) const {
    if (!read_form(m, turn)) return false;
    written::take_final_answer(turn);
    return true;
  }

  // By the first form that the message has.
  bool read_form(std::size_t m, written::Turn& turn) const {
    const std::string_view text = t_.messages[m].text;
    if (text.empty()) return false;
    if (text.find("Block(") != kNowhere && written::read_printed_blocks(text, turn)) return true;
    turn = {};
    if (written::read_tags(text, turn)) return true;
    turn = {};
    if (text.find(written::kAction) != kNowhere &&
        written::read_action(text, holds_results(m), turn))
      return true;
    turn = {};
    if (written::read_labelled_json(text, turn)) return true;
    turn = {};
    if (written::read_terminal_reply(text, turn)) return true;
    turn = {};
    const std::string_view answer =
        m + 1 < t_.messages.size() && t_.messages[m + 1].role == Role::kUser
            ? t_.messages[m + 1].text
            : std::string_view{};
    if (text.find("</") != kNowhere && written::read_xml_tools(text, answer, turn)) return true;
    turn = {};
    const bool is_last = m + 1 == t_.messages.size();
    if (!is_last && !is_answered_by_result(m)) return false;
    if (written::read_whole(text, turn)) return true;
    turn = {};
    if (is_last) return false;
    if (text.find("```") != kNowhere && written::read_fences(text, answer, turn)) return true;
    turn = {};
    if (written::read_behind_text(text, turn)) return true;
    turn = {};
    return written::read_code_tags(text, turn);
  }

  // Calls come in the order of their messages, so all are written anew.
  void rebuild(const std::vector<std::pair<std::size_t, written::Turn>>& found) {
    std::vector<Message> messages;
    std::vector<ToolCall> old_calls = std::exchange(t_.calls, {});
    const std::vector<std::string_view> old_leaves = std::exchange(t_.leaves, {});
    auto next = found.begin();
    std::size_t open_calls = 0;
    bool waits = false;
    std::string_view last_call;  // its id, where the result is that of the last one
    for (std::size_t m = 0; m < t_.messages.size(); ++m) {
      Message message = t_.messages[m];
      const std::uint32_t old_first = message.first_call;
      message.first_call = static_cast<std::uint32_t>(t_.calls.size());
      for (std::uint32_t c = 0; c < message.n_calls; ++c) {
        copy_call(old_calls[old_first + c], old_leaves, messages.size());
      }
      if (next != found.end() && next->first == m) {
        take(next->second, message, messages.size());
        last_call = next->second.one_screen ? give_id(t_.calls.back()) : std::string_view{};
        open_calls = next->second.calls.size();
        messages.push_back(message);
        add_own_results(next->second, messages);
        waits = next->second.waits;
        ++next;
        continue;
      }
      if (message.role == Role::kUser && message.n_calls == 0 && open_calls > 0) {
        std::vector<std::string> results = written::marked_results(message.text, open_calls);
        if (results.empty() && waits) results.emplace_back(message.text);
        waits = false;
        if (results.empty()) {
          open_calls = 0;  // the user speaks
        }
        for (const std::string& text : results) {
          Message result = message;
          result.role = Role::kTool;
          result.requestor = Requestor::kAgent;
          result.tool_call_id = last_call;
          if (written::says_exit_code_of_failure(message.text)) {
            result.error_flag = ErrorFlag::kError;
          }
          result.text = t_.arena.copy(text);
          messages.push_back(result);
        }
        if (!results.empty()) continue;
      } else if (message.role == Role::kTool && message.answers == kNone) {
        const std::vector<std::string> results =
            written::marked_results(message.text, message.tool_call_id.empty() ? open_calls : 1);
        for (const std::string& text : results) {
          message.text = t_.arena.copy(text);
          messages.push_back(message);
        }
        if (!results.empty()) continue;
      }
      messages.push_back(message);
    }
    t_.messages = std::move(messages);
  }

  std::string_view give_id(ToolCall& call) {
    call.id = t_.arena.copy("command_" + std::to_string(t_.calls.size()));
    return call.id;
  }

  // The results that stand in the same text.
  void add_own_results(const written::Turn& turn, std::vector<Message>& messages) const {
    for (const written::Call& call : turn.calls) {
      if (!call.result) continue;
      Message result;
      result.role = Role::kTool;
      result.text = t_.arena.copy(*call.result);
      result.first_call = static_cast<std::uint32_t>(t_.calls.size());
      messages.push_back(result);
    }
  }

  void copy_call(ToolCall call, const std::vector<std::string_view>& leaves, std::size_t message) {
    const auto first = leaves.begin() + call.first_leaf;
    call.message = static_cast<std::int32_t>(message);
    call.first_leaf = static_cast<std::uint32_t>(t_.leaves.size());
    t_.leaves.insert(t_.leaves.end(), first, first + call.n_leaves);
    t_.calls.push_back(call);
  }

  void take(const written::Turn& turn, Message& message, std::size_t index) {
    for (const written::Call& one : turn.calls) {
      ToolCall call;
      call.id = t_.arena.copy(one.id);
      call.name = t_.arena.copy(one.name);
      call.arguments = one.arguments;
      call.message = static_cast<std::int32_t>(index);
      writer_.append(call, t_, notes_);
      // Arguments that are empty are not copied, so that they must not point elsewhere.
      if (trimmed(one.arguments).empty()) t_.calls.back().arguments = {};
    }
    message.n_calls = static_cast<std::uint32_t>(t_.calls.size()) - message.first_call;
    message.as_written = digest_of(message.text).low;
    message.text = t_.arena.copy(turn.text);
    if (!turn.reasoning.empty()) {
      const std::vector<std::string_view> both = {message.reasoning, turn.reasoning};
      message.reasoning = t_.arena.copy(joined(both, 0, t_.arena));
    }
  }

  void count_marks() {
    for (const Message& message : t_.messages) {
      if (message.role != Role::kAssistant || message.n_calls > 0) continue;
      std::string mark = written::mark_of_call(message.text);
      if (!mark.empty()) RecordNotes::count(notes_.call_marks, std::move(mark));
    }
    // Results speak of calls as well.
    if (!notes_.call_marks.empty()) return;
    const bool calls = agent_calls();
    for (std::size_t m = 1; m < t_.messages.size(); ++m) {
      const Message& message = t_.messages[m];
      const Message& before = t_.messages[m - 1];
      const bool is_result =
          (message.role == Role::kTool && message.requestor == Requestor::kAgent && !calls) ||
          (message.role == Role::kUser && written::marked_result(message.text).has_value());
      if (is_result && before.role == Role::kAssistant && before.n_calls == 0) {
        RecordNotes::count(notes_.call_marks, "the result of a tool");
      }
    }
  }

  Trajectory& t_;
  CallWriter& writer_;
  RecordNotes& notes_;
  bool has_calls_ = false;      // the agent calls tools otherwise than in texts
  bool is_only_reply_ = false;  // the run has one message of the assistant
};

}  // namespace

void read_text_calls(Trajectory& t, CallWriter& calls, RecordNotes& notes) {
  TextCalls(t, calls, notes).read();
}

}  // namespace agentecho::dialects

#include "agentecho/readers/dialects/text_calls.h"

#include <simdjson.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"

namespace agentecho::dialects {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kNowhere = std::string_view::npos;

// A call as the text gives it.
struct WrittenCall {
  std::string name;
  std::string arguments;  // JSON
};

// What a text of the assistant says when the calls are taken out of it.
struct Written {
  std::string text;
  std::string reasoning;
  std::vector<WrittenCall> calls;
  bool talks = false;  // it says something to the user in the form of a call
};

// How results are marked that come back as a user's message. A mark with an end encloses the
// result.
struct ResultMark {
  std::string_view begin;
  std::string_view end = {};
};
constexpr ResultMark kResultMarks[] = {
    {"<tool_response>", "</tool_response>"},
    {"<tool_result>", "</tool_result>"},
    {"<tool_output>", "</tool_output>"},
    {"<function_results>", "</function_results>"},
    {"<function_result>", "</function_result>"},
    {"<function_response>", "</function_response>"},
    {"<observation>", "</observation>"},
    {"<execute_result>", "</execute_result>"},
    {"<execution_result>", "</execution_result>"},
    {"<returncode>"},
    {"<output>"},
    {"<result>", "</result>"},
    {"API output:"},
    {"Observation:"},
    {"Observations:"},
    {"OBSERVATION:"},
    {"Tool output:"},
    {"Tool result:"},
    {"Tool response:"},
    {"Function output:"},
    {"Function result:"},
    {"Command output:"},
    {"Execution result:"},
    {"Execution output:"},
    {"EXECUTION RESULT of"},
    {"[Tool Result]"},
    {"[TOOL_RESULTS]", "[/TOOL_RESULTS]"},
};

// The result that a user's message holds: what stands within the mark, or behind it; a mark without
// an end that is itself an element of the result ("<returncode>") stays in it.
std::optional<std::string> marked_result(std::string_view message) {
  const std::string_view text = trimmed(message);
  for (const ResultMark& mark : kResultMarks) {
    if (!text.starts_with(mark.begin)) continue;
    std::string_view inside = text.substr(mark.begin.size());
    if (mark.end.empty()) {
      return std::string(mark.begin.ends_with(":") ? trimmed(inside) : text);
    }
    std::string all;  // several calls: several elements
    for (std::string_view rest = text; rest.starts_with(mark.begin);) {
      rest.remove_prefix(mark.begin.size());
      const std::size_t end = rest.find(mark.end);
      if (!all.empty()) all += '\n';
      all += trimmed(rest.substr(0, end));
      rest = end == kNowhere ? std::string_view{} : trimmed(rest.substr(end + mark.end.size()));
    }
    return all;
  }
  return std::nullopt;
}

// Several results in one message, each within the mark's begin and end; otherwise one.
std::vector<std::string> marked_results(std::string_view message, std::size_t wanted) {
  const std::string_view text = trimmed(message);
  for (const ResultMark& mark : kResultMarks) {
    if (mark.end.empty() || wanted < 2 || !text.starts_with(mark.begin)) continue;
    std::vector<std::string> results;
    std::string_view rest = text;
    while (rest.starts_with(mark.begin)) {
      rest.remove_prefix(mark.begin.size());
      const std::size_t end = rest.find(mark.end);
      results.emplace_back(trimmed(rest.substr(0, end)));
      rest = end == kNowhere ? std::string_view{} : trimmed(rest.substr(end + mark.end.size()));
    }
    if (results.size() == wanted) return results;
  }
  if (auto one = marked_result(message)) return {std::move(*one)};
  return {};
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 128) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_ascii_alpha(c) || is_ascii_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' ||
           c == ':';
  });
}

// The deepest nesting that is taken for a call's JSON, and how often a text may fail to be one
// before the rest of the message is left alone: hostile texts must not cost more than their size.
constexpr std::size_t kDeepest = 256;
constexpr int kMostFailures = 32;

bool is_shallow(std::string_view json) {
  std::size_t depth = 0;
  for (const char c : json) {
    if (c == '{' || c == '[') ++depth;
    if (depth > kDeepest) return false;
    if ((c == '}' || c == ']') && depth > 0) --depth;
  }
  return true;
}

// Text that is a JSON value; a text of another kind is a JSON string.
std::string as_json(std::string_view text) {
  const std::string_view value = trimmed(text);
  if (is_shallow(value) && Json::accept(value.begin(), value.end())) return std::string(value);
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The end of the JSON object or list that `text` begins with.
std::size_t json_end(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
      continue;
    }
    if ((c == '{' || c == '[') && ++depth > kDeepest) return kNowhere;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return kNowhere;
}

// {"name": …, "arguments": …} in its usual spellings, or a list of such.
bool add_json_calls(const Json& json, std::vector<WrittenCall>& calls) {
  if (json.is_array()) {
    return !json.empty() && std::all_of(json.begin(), json.end(), [&](const Json& one) {
      return add_json_calls(one, calls);
    });
  }
  if (!json.is_object()) return false;
  if (const auto function = json.find("function"); function != json.end()) {
    if (function->is_object()) return add_json_calls(*function, calls);
  }
  const auto first_of = [&](std::initializer_list<const char*> keys) -> const Json* {
    for (const char* key : keys) {
      if (const auto found = json.find(key); found != json.end()) return &*found;
    }
    return nullptr;
  };
  const Json* name = first_of({"name", "function", "tool", "tool_name", "function_name", "action"});
  const Json* arguments = first_of({"arguments", "parameters", "args", "params", "input",
                                    "tool_input", "kwargs", "action_input"});
  if (name == nullptr || !name->is_string() || (arguments == nullptr && json.size() > 1)) {
    return false;
  }
  WrittenCall call{name->get<std::string>(), "{}"};
  if (arguments != nullptr && !arguments->is_null()) {
    call.arguments = arguments->is_string()
                         ? arguments->get<std::string>()
                         : arguments->dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  calls.push_back(std::move(call));
  return true;
}

bool add_json_calls(std::string_view text, std::vector<WrittenCall>& calls) {
  text = trimmed(text);
  const std::size_t before = calls.size();
  std::size_t n = 0;
  while (!text.empty()) {  // one object, or one after the other
    const bool opens = text.front() == '{' || text.front() == '[';
    const std::size_t end = opens ? json_end(text) : kNowhere;
    const Json json = end == kNowhere ? Json(Json::value_t::discarded)
                                      : Json::parse(text.substr(0, end), nullptr, false);
    if (json.is_discarded() || !add_json_calls(json, calls)) {
      calls.resize(before);
      return false;
    }
    ++n;
    text = trimmed(text.substr(end));
    if (!text.empty() && (text.front() == ',' || text.front() == ';')) {
      text = trimmed(text.substr(1));
    }
  }
  return n > 0;
}

// <function=name><parameter=k>v</parameter>…</function>, also <invoke name="…"> with <parameter
// name="…">. `at` is where the tag begins; advances behind the call.
bool add_tagged_call(std::string_view text, std::size_t& at, std::vector<WrittenCall>& calls) {
  constexpr std::string_view kForms[][4] = {
      {"<function=", ">", "<parameter=", "</function>"},
      {"<invoke name=\"", "\">", "<parameter name=\"", "</invoke>"},
  };
  for (const auto& [open, open_end, parameter, close] : kForms) {
    std::string_view rest = text.substr(at);
    if (!rest.starts_with(open)) continue;
    const std::size_t name_end = rest.find(open_end);
    const std::size_t end = rest.find(close);
    if (name_end == kNowhere) return false;
    const std::string_view name = trimmed(rest.substr(open.size(), name_end - open.size()));
    if (!is_name(name)) return false;
    std::string_view body = rest.substr(name_end + open_end.size());
    body = end == kNowhere
               ? body
               : rest.substr(name_end + open_end.size(), end - name_end - open_end.size());
    at += end == kNowhere ? rest.size() : end + close.size();
    WrittenCall call{std::string(name), {}};
    Json arguments = Json::object();
    if (trimmed(body).starts_with("{")) {
      call.arguments = std::string(trimmed(body));
      calls.push_back(std::move(call));
      return true;
    }
    std::size_t from = 0;
    while ((from = body.find(parameter, from)) != kNowhere) {
      const std::size_t key_at = from + parameter.size();
      const std::size_t key_end = body.find_first_of("\">", key_at);
      if (key_end == kNowhere) break;
      const std::size_t value_at = body.find('>', key_end);
      if (value_at == kNowhere) break;
      const std::size_t value_end = std::min(body.find("</parameter>", value_at), body.size());
      std::string_view value = body.substr(value_at + 1, value_end - value_at - 1);
      if (value.starts_with("\n")) value.remove_prefix(1);
      if (value.ends_with("\n")) value.remove_suffix(1);
      arguments[std::string(body.substr(key_at, key_end - key_at))] =
          Json::parse(as_json(value), nullptr, false);
      from = value_end;
    }
    call.arguments = arguments.dump(-1, ' ', false, Json::error_handler_t::replace);
    calls.push_back(std::move(call));
    return true;
  }
  return false;
}

// ---- the forms, each tried on every message of the assistant ------------------------------------

// Calls within a pair of marks: JSON, or tags within the tags.
struct CallMark {
  std::string_view begin;
  std::string_view end;  // the end of the text will do where it is missing
};
constexpr CallMark kCallMarks[] = {
    {"<tool_call>", "</tool_call>"},
    {"<tool_calls>", "</tool_calls>"},
    {"<function_call>", "</function_call>"},
    {"<functioncall>", "</functioncall>"},
    {"<function_calls>", "</function_calls>"},
    {"<|tool_call|>", "<|/tool_call|>"},
    {"<|tool_call_start|>", "<|tool_call_end|>"},
    {"[TOOL_CALLS]", "[/TOOL_CALLS]"},
    {"<|python_tag|>", "<|eom_id|>"},
    {"<TOOLCALL>", "</TOOLCALL>"},
};
constexpr std::string_view kBareTags[] = {"<function=", "<invoke name=\""};

bool is_bare_tag(std::string_view text) {
  return std::any_of(std::begin(kBareTags), std::end(kBareTags),
                     [&](std::string_view tag) { return text.starts_with(tag); });
}

bool read_tags(std::string_view text, Written& written) {
  bool any = false;
  int failures = 0;
  std::string left;
  std::size_t at = 0;
  std::size_t kept = 0;
  while (at < text.size()) {
    at = text.find_first_of("<[", at);
    if (at == kNowhere) break;
    const std::string_view rest = text.substr(at);
    std::size_t behind = at;
    std::vector<WrittenCall> calls;
    const auto mark = std::find_if(std::begin(kCallMarks), std::end(kCallMarks),
                                   [&](const CallMark& m) { return rest.starts_with(m.begin); });
    if (mark != std::end(kCallMarks)) {
      const std::string_view inside = rest.substr(mark->begin.size());
      const std::size_t end = inside.find(mark->end);
      const std::string_view body = inside.substr(0, end);
      behind = end == kNowhere ? text.size() : at + mark->begin.size() + end + mark->end.size();
      if (!add_json_calls(body, calls)) {
        for (std::size_t i = body.find('<'); i < body.size(); i = body.find('<', i)) {
          if (add_tagged_call(body, i, calls)) continue;
          if (is_bare_tag(body.substr(i)) && ++failures > kMostFailures) break;
          ++i;
        }
      }
    } else if (is_bare_tag(rest)) {
      add_tagged_call(text, behind, calls);
    } else {
      ++at;
      continue;
    }
    if (calls.empty()) {
      if (++failures > kMostFailures) break;
      ++at;
      continue;
    }
    any = true;
    left += text.substr(kept, at - kept);
    std::move(calls.begin(), calls.end(), std::back_inserter(written.calls));
    at = kept = behind;
  }
  if (!any) return false;
  left += text.substr(std::min(kept, text.size()));
  written.text = trimmed(left);
  return true;
}

// Where a line begins with `label`, from `from` on.
std::size_t find_line(std::string_view text, std::string_view label, std::size_t from = 0) {
  for (std::size_t at = text.find(label, from); at != kNowhere; at = text.find(label, at + 1)) {
    std::size_t line = at;
    while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '*' || text[line - 1] == '#')) {
      --line;
    }
    if (line == 0 || text[line - 1] == '\n') return at;
  }
  return kNowhere;
}

// "Thought: …" before the action is reasoning; what stands before that is text.
void take_thought(std::string_view before, Written& written) {
  constexpr std::string_view kThought = "Thought:";
  const std::size_t at = find_line(before, kThought);
  if (at == kNowhere) {
    written.text = trimmed(before);
    return;
  }
  written.text = trimmed(before.substr(0, at));
  written.reasoning = trimmed(before.substr(at + kThought.size()));
}

// ReAct ("Action: name" and "Action Input: …") and tau-bench's text agents ("Action:" and a JSON
// object with name and arguments; the call `respond` is what is said to the user).
bool read_action(std::string_view text, Written& written) {
  constexpr std::string_view kAction = "Action:";
  constexpr std::string_view kInput = "Action Input:";
  const std::size_t at = find_line(text, kAction);
  if (at == kNowhere) return false;
  std::string_view rest = text.substr(at + kAction.size());
  while (!rest.empty() && (rest.front() == '*' || is_ascii_space(rest.front()))) {
    rest.remove_prefix(1);
  }
  if (rest.starts_with("```")) rest = trimmed(rest.substr(std::min(rest.find('\n'), rest.size())));
  if (!rest.empty() && rest.front() == '{') {
    const std::size_t end = json_end(rest);
    if (end == kNowhere || !add_json_calls(rest.substr(0, end), written.calls)) return false;
    take_thought(text.substr(0, at), written);
    WrittenCall& call = written.calls.back();
    if (call.name != "respond") return true;
    const Json arguments = Json::parse(call.arguments, nullptr, false);
    if (!arguments.is_object() || !arguments.contains("content")) return true;
    const Json& content = arguments["content"];
    written.text = content.is_string() ? content.get<std::string>() : content.dump();
    written.calls.pop_back();
    written.talks = true;
    return true;
  }
  const std::size_t line_end = std::min(rest.find('\n'), rest.size());
  std::string_view name = trimmed(rest.substr(0, line_end));
  while (!name.empty() && (name.front() == '`' || name.front() == '[')) name.remove_prefix(1);
  while (!name.empty() && (name.back() == '`' || name.back() == ']')) name.remove_suffix(1);
  const std::size_t input_at = find_line(rest, kInput);
  if (input_at == kNowhere) {
    // search[query], finish[answer]: the form of the first ReAct prompts.
    const std::size_t bracket = name.find_first_of("[(");
    if (bracket == kNowhere || !is_name(name.substr(0, bracket))) return false;
    const std::string_view argument = trimmed(name.substr(bracket + 1));
    written.calls.push_back({std::string(name.substr(0, bracket)), as_json(argument)});
    take_thought(text.substr(0, at), written);
    return true;
  }
  if (!is_name(name)) return false;
  std::string_view input = trimmed(rest.substr(input_at + kInput.size()));
  while (!input.empty() && input.front() == '*') input = trimmed(input.substr(1));
  if (input.starts_with("```")) {
    input = trimmed(input.substr(std::min(input.find('\n'), input.size())));
  }
  std::string arguments;
  const std::size_t end =
      !input.empty() && (input.front() == '{' || input.front() == '[') ? json_end(input) : kNowhere;
  if (end != kNowhere) {
    arguments = input.substr(0, end);
  } else {
    // What the model went on to imagine is no part of the input.
    input = trimmed(input.substr(0, find_line(input, "Observation:")));
    arguments = as_json(input);
  }
  written.calls.push_back({std::string(name), std::move(arguments)});
  take_thought(text.substr(0, at), written);
  return true;
}

// The name of the tool that a fenced block of this language goes to.
std::optional<std::string_view> tool_of_fence(std::string_view language) {
  struct Fence {
    std::string_view language;
    std::string_view tool;
  };
  constexpr Fence kFences[] = {
      {"bash", "bash"},      {"sh", "bash"},          {"shell", "bash"},
      {"console", "bash"},   {"zsh", "bash"},         {"mswea_bash_command", "bash"},
      {"python", "python"},  {"py", "python"},        {"python3", "python"},
      {"ipython", "python"}, {"tool_code", "python"},
  };
  for (const Fence& fence : kFences) {
    if (fence.language == language) return fence.tool;
  }
  return std::nullopt;
}

// ```bash … ```, and <code> … </code>: marked clearly only when the answer is marked as a result.
bool read_fences(std::string_view text, Written& written) {
  constexpr std::string_view kFence = "```";
  std::string left;
  std::size_t kept = 0;
  std::size_t at = 0;
  while ((at = text.find(kFence, at)) != kNowhere) {
    const std::size_t line_end = text.find('\n', at);
    if (line_end == kNowhere) break;
    const std::string_view language =
        trimmed(text.substr(at + kFence.size(), line_end - at - kFence.size()));
    const std::size_t end = text.find("\n```", line_end);
    const std::size_t body_end = end == kNowhere ? text.size() : end;
    const std::size_t behind = end == kNowhere ? text.size() : end + 4;
    const auto tool = tool_of_fence(language);
    if (tool && line_end + 1 <= body_end) {
      const std::string_view code = text.substr(line_end + 1, body_end - line_end - 1);
      Json arguments = {{*tool == "bash" ? "command" : "code", std::string(code)}};
      written.calls.push_back(
          {std::string(*tool), arguments.dump(-1, ' ', false, Json::error_handler_t::replace)});
      left += text.substr(kept, at - kept);
      kept = behind;
    }
    at = behind;
  }
  if (written.calls.empty()) return false;
  left += text.substr(std::min(kept, text.size()));
  take_thought(left, written);
  return true;
}

// Marks of calls that no form above reads, or that were damaged.
constexpr std::string_view kLooksLikeCalls[] = {
    "<tool_call>",      "<tool_calls>",   "<function_call>",   "<functioncall>",
    "<function_calls>", "<function=",     "<invoke name=",     "[TOOL_CALLS]",
    "<|python_tag|>",   "<|tool_call",    "<\xEF\xBD\x9Ctool", "<|tool_calls_section_begin|>",
    "Action Input:",    "\nAction:",      "```bash",           "```tool_call",
    "```tool_code",     "<execute_bash>", "<execute_ipython>", "<use_mcp_tool>",
    "to=functions.",
};

// ---- the run
// -------------------------------------------------------------------------------------

class TextCalls {
 public:
  TextCalls(Trajectory& t, CallWriter& writer, RecordNotes& notes)
      : t_(t), writer_(writer), notes_(notes) {}

  void read() {
    if (agent_calls()) return;
    std::vector<std::pair<std::size_t, Written>> found;  // by message
    for (std::size_t m = 0; m < t_.messages.size(); ++m) {
      if (t_.messages[m].role != Role::kAssistant) continue;
      Written written;
      if (read_message(m, written)) found.emplace_back(m, std::move(written));
    }
    const bool any_call = std::any_of(found.begin(), found.end(),
                                      [](const auto& one) { return !one.second.calls.empty(); });
    // tau-bench's text agents talk in calls; a run without any other call is still theirs.
    if (any_call || !found.empty()) rebuild(found);
    count_marks();
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
           (next.role == Role::kUser && marked_result(next.text).has_value());
  }

  bool read_message(std::size_t m, Written& written) const {
    const std::string_view text = t_.messages[m].text;
    if (text.empty()) return false;
    if (read_tags(text, written)) return true;
    written = {};
    if (text.find("Action:") != kNowhere && read_action(text, written)) return true;
    written = {};
    if (text.find("```") == kNowhere || !is_answered_by_result(m)) return false;
    return read_fences(text, written);
  }

  // Calls come in the order of their messages, so all are written anew.
  void rebuild(const std::vector<std::pair<std::size_t, Written>>& found) {
    std::vector<Message> messages;
    std::vector<ToolCall> old_calls = std::exchange(t_.calls, {});
    const std::vector<std::string_view> old_leaves = std::exchange(t_.leaves, {});
    auto next = found.begin();
    std::size_t open_calls = 0;
    for (std::size_t m = 0; m < t_.messages.size(); ++m) {
      Message message = t_.messages[m];
      const std::uint32_t old_first = message.first_call;
      message.first_call = static_cast<std::uint32_t>(t_.calls.size());
      for (std::uint32_t c = 0; c < message.n_calls; ++c) {
        copy_call(old_calls[old_first + c], old_leaves, messages.size());
      }
      if (next != found.end() && next->first == m) {
        take(next->second, message, messages.size());
        open_calls = next->second.calls.size();
        messages.push_back(message);
        ++next;
        continue;
      }
      if (message.role == Role::kUser && message.n_calls == 0 && open_calls > 0) {
        std::vector<std::string> results = marked_results(message.text, open_calls);
        if (results.empty()) {
          open_calls = 0;  // the user speaks
        }
        for (const std::string& text : results) {
          Message result = message;
          result.role = Role::kTool;
          result.requestor = Requestor::kAgent;
          result.text = t_.arena.copy(text);
          messages.push_back(result);
        }
        if (!results.empty()) continue;
      } else if (message.role == Role::kTool && message.answers == kNone) {
        if (const auto text = marked_result(message.text)) message.text = t_.arena.copy(*text);
      }
      messages.push_back(message);
    }
    t_.messages = std::move(messages);
  }

  void copy_call(ToolCall call, const std::vector<std::string_view>& leaves, std::size_t message) {
    const auto first = leaves.begin() + call.first_leaf;
    call.message = static_cast<std::int32_t>(message);
    call.first_leaf = static_cast<std::uint32_t>(t_.leaves.size());
    t_.leaves.insert(t_.leaves.end(), first, first + call.n_leaves);
    t_.calls.push_back(call);
  }

  void take(const Written& written, Message& message, std::size_t index) {
    for (const WrittenCall& one : written.calls) {
      ToolCall call;
      call.name = t_.arena.copy(one.name);
      call.arguments = one.arguments;
      call.message = static_cast<std::int32_t>(index);
      writer_.append(call, t_, notes_);
      // Arguments that are empty are not copied, so that they must not point elsewhere.
      if (trimmed(one.arguments).empty()) t_.calls.back().arguments = {};
    }
    message.n_calls = static_cast<std::uint32_t>(t_.calls.size()) - message.first_call;
    message.text = t_.arena.copy(written.text);
    if (!written.reasoning.empty()) {
      const std::vector<std::string_view> both = {message.reasoning, written.reasoning};
      message.reasoning = t_.arena.copy(joined(both, 0, t_.arena));
    }
  }

  void count_marks() {
    for (const Message& message : t_.messages) {
      if (message.role != Role::kAssistant || message.n_calls > 0) continue;
      for (const std::string_view mark : kLooksLikeCalls) {
        if (message.text.find(mark) == kNowhere) continue;
        RecordNotes::count(notes_.call_marks, std::string(trimmed(mark)));
        break;
      }
    }
  }

  Trajectory& t_;
  CallWriter& writer_;
  RecordNotes& notes_;
};

}  // namespace

void read_text_calls(Trajectory& t, CallWriter& calls, RecordNotes& notes) {
  TextCalls(t, calls, notes).read();
}

}  // namespace agentecho::dialects

#include "agentecho/readers/written/tagged_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/written/fences.h"
#include "agentecho/readers/written/json_calls.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho::written {

namespace {

// <function=name><parameter=k>v</parameter>…</function>, also <invoke name="…"> with <parameter
// name="…">. `at` is where the tag begins; advances behind the call.
bool add_tagged_call(std::string_view text, std::size_t& at, std::vector<Call>& calls) {
  constexpr std::string_view kForms[][4] = {
      {"<function=", ">", "<parameter=", "</function>"},
      {"<invoke name=\"", "\">", "<parameter name=\"", "</invoke>"},
      {"<\uff5cDSML\uff5cinvoke name=\"", "\">", "<\uff5cDSML\uff5cparameter name=\"",
       "</\uff5cDSML\uff5cinvoke>"},
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
    Call call{std::string(name), {}};
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
      const std::string parameter_end =
          "</" + std::string(parameter.substr(1, parameter.find_first_of(" =") - 1)) + ">";
      const std::size_t value_end = std::min(body.find(parameter_end, value_at), body.size());
      std::string_view value = body.substr(value_at + 1, value_end - value_at - 1);
      if (value.starts_with("\n")) value.remove_prefix(1);
      if (value.ends_with("\n")) value.remove_suffix(1);
      arguments[std::string(body.substr(key_at, key_end - key_at))] =
          Json::parse(as_json(value), nullptr, false);
      from = value_end;
    }
    call.arguments = dumped(arguments);
    calls.push_back(std::move(call));
    return true;
  }
  return false;
}

// A name and JSON with marks between and around them, as the templates of models write them.
struct NamedCall {
  std::string_view begin;
  std::string_view before_arguments;
  std::string_view end;  // the end of the text will do where it is missing
};
constexpr NamedCall kNamedCalls[] = {
    // DeepSeek; up to R1 with "function" and the name behind it, and the JSON in a fence
    {"<\uff5ctool\u2581call\u2581begin\uff5c>", "<\uff5ctool\u2581sep\uff5c>",
     "<\uff5ctool\u2581call\u2581end\uff5c>"},
    {"<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>"},  // Kimi
    {"[TOOL_CALLS]", "[ARGS]", "[TOOL_CALLS]"},                                    // Mistral
    {"<|channel|>commentary to=", "<|message|>", "<|call|>"},                      // Harmony
};

// The name among what stands before the arguments: "functions.find:0", "find[CALL_ID]x",
// "functions.find <|constrain|>json".
std::string_view bare_name(std::string_view text) {
  text = trimmed(text);
  return without_serving_marks(text.substr(0, text.find_first_of(" \n<[")));
}

// What ends a message of a template, which says nothing itself.
constexpr std::string_view kTurnEnds[] = {"</s>",    "<|eot_id|>",    "<|eom_id|>",   "<|im_end|>",
                                          "<|end|>", "<|endoftext|>", "<end_of_turn>"};

// `at` is where the first mark begins; advances behind the call.
bool add_named_call(std::string_view text, std::size_t& at, std::vector<Call>& calls) {
  for (const NamedCall& form : kNamedCalls) {
    std::string_view rest = text.substr(at);
    if (!rest.starts_with(form.begin)) continue;
    rest.remove_prefix(form.begin.size());
    const std::size_t end = std::min(rest.find(form.end), rest.size());
    const std::string_view body = rest.substr(0, end);
    const std::size_t between = body.find(form.before_arguments);
    if (between == kNowhere) continue;
    std::string_view name = trimmed(body.substr(0, between));
    std::string_view arguments = body.substr(between + form.before_arguments.size());
    if (name == "function") {
      const std::size_t line = std::min(arguments.find('\n'), arguments.size());
      name = arguments.substr(0, line);
      arguments = arguments.substr(line);
    }
    name = bare_name(name);
    if (!is_name(name)) return false;
    calls.push_back({std::string(name), std::string(without_fence(json_of_mark(arguments)))});
    at += form.begin.size() + end;
    // A mark that also begins the next call stays for that.
    if (form.end != form.begin && end < rest.size()) at += form.end.size();
    return true;
  }
  return false;
}

// GLM, within <tool_call>: name, then <arg_key>k</arg_key><arg_value>v</arg_value> …
bool add_keyed_call(std::string_view body, std::vector<Call>& calls) {
  constexpr std::string_view kKey = "<arg_key>";
  constexpr std::string_view kKeyEnd = "</arg_key>";
  constexpr std::string_view kValue = "<arg_value>";
  constexpr std::string_view kValueEnd = "</arg_value>";
  std::size_t at = body.find(kKey);
  const std::string_view name = trimmed(body.substr(0, at));
  if (!is_name(name)) return false;
  Json arguments = Json::object();
  for (; at != kNowhere; at = body.find(kKey, at)) {
    const std::size_t key_end = body.find(kKeyEnd, at);
    const std::size_t value = body.find(kValue, at);
    if (key_end == kNowhere || value == kNowhere) break;
    const std::size_t value_end = std::min(body.find(kValueEnd, value), body.size());
    const std::size_t key_at = at + kKey.size();
    const std::size_t value_at = value + kValue.size();
    arguments[std::string(trimmed(body.substr(key_at, key_end - key_at)))] =
        Json::parse(as_json(body.substr(value_at, value_end - value_at)), nullptr, false);
    at = value_end;
  }
  calls.push_back({std::string(name), dumped(arguments)});
  return true;
}

// Tongyi, within <tool_call>: JSON with the name, and behind it <code>…</code>.
bool add_call_with_code(std::string_view body, std::vector<Call>& calls) {
  constexpr std::string_view kCode = "<code>";
  constexpr std::string_view kCodeEnd = "</code>";
  const std::size_t code = body.find(kCode);
  if (code == kNowhere) return false;
  std::vector<Call> named;
  if (!add_json_calls(trimmed(body.substr(0, code)), named) || named.size() != 1) return false;
  Json arguments = Json::parse(named[0].arguments, nullptr, false);
  if (!arguments.is_object() || arguments.contains("code")) return false;
  const std::string_view rest = body.substr(code + kCode.size());
  arguments["code"] = std::string(trimmed(rest.substr(0, rest.rfind(kCodeEnd))));
  calls.push_back({named[0].name, dumped(arguments)});
  return true;
}

// LangChain's agent for XML: what stands within <tool> is the name, and the element behind it the
// input. `behind` is what follows the name; gives how much of it belongs to the call.
std::size_t add_call_with_input(std::string_view name, std::string_view behind,
                                std::vector<Call>& calls) {
  constexpr std::string_view kInputs[] = {"tool_input", "args", "arguments", "parameters", "input"};
  name = trimmed(name);
  const std::size_t open = behind.find_first_not_of(" \t\r\n");
  if (!is_name(name) || open == kNowhere || behind[open] != '<') return 0;
  const std::size_t tag_end = std::min(behind.find('>', open), behind.size());
  const std::string_view tag = behind.substr(open + 1, tag_end - open - 1);
  if (!is_in(kInputs, tag)) return 0;
  const std::string close = fmt::format("</{}>", tag);
  const std::string_view inside = behind.substr(std::min(tag_end + 1, behind.size()));
  const std::size_t end = inside.find(close);  // nowhere: the model was stopped there
  const std::string_view input = trimmed(inside.substr(0, end));
  const bool is_object = input.starts_with('{') && json_end(input) == input.size();
  calls.push_back({std::string(name), is_object
                                          ? std::string(input)
                                          : Json{{"input", std::string(input)}}.dump(
                                                -1, ' ', false, Json::error_handler_t::replace)});
  return end == kNowhere ? behind.size() : tag_end + 1 + end + close.size();
}

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
    {"<tool>", "</tool>"},
    {"<tool_use>", "</tool_use>"},
    {"<action>", "</action>"},
    {"<|START_ACTION|>", "<|END_ACTION|>"},            // Cohere
    {"<|action_start|><|plugin|>", "<|action_end|>"},  // InternLM
};
constexpr std::string_view kBareTags[] = {"<function=", "<invoke name=\"",
                                          "<\uff5cDSML\uff5cinvoke name=\""};

// Marks that only enclose calls, and say nothing themselves.
constexpr std::string_view kEmptyMarks[] = {
    "<\uff5ctool\u2581calls\u2581begin\uff5c>",
    "<\uff5ctool\u2581calls\u2581end\uff5c>",
    "<|tool_calls_section_begin|>",
    "<|tool_calls_section_end|>",
    "<\uff5cDSML\uff5cfunction_calls>",
    "</\uff5cDSML\uff5cfunction_calls>",
    "<minimax:tool_call>",
    "</minimax:tool_call>",
    "<function_calls>",
    "</function_calls>",
    "<|start|>assistant",
};

std::string without_mark(std::string_view text, std::string_view mark) {
  std::string left;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find(mark, at), text.size());
    left += text.substr(at, next - at);
    at = next + mark.size();
  }
  return left;
}

std::string without_empty_marks(std::string text) {
  for (const std::string_view mark : kEmptyMarks) text = without_mark(text, mark);
  for (const std::string_view mark : kTurnEnds) text = without_mark(text, mark);
  return text;
}

// Between single backticks a mark is spoken of, not set.
bool is_quoted(std::string_view text, std::size_t at) {
  return at > 0 && text[at - 1] == '`' && (at == 1 || text[at - 2] != '`');
}

bool is_bare_tag(std::string_view text) {
  return std::any_of(std::begin(kBareTags), std::end(kBareTags),
                     [&](std::string_view tag) { return text.starts_with(tag); });
}

bool is_named_call(std::string_view text) {
  return std::any_of(std::begin(kNamedCalls), std::end(kNamedCalls),
                     [&](const NamedCall& form) { return text.starts_with(form.begin); });
}

// Tags within a pair of marks.
void add_tagged_calls(std::string_view body, std::vector<Call>& calls, int& failures) {
  for (std::size_t at = body.find('<'); at < body.size(); at = body.find('<', at)) {
    if (add_tagged_call(body, at, calls)) continue;
    if (is_bare_tag(body.substr(at)) && ++failures > kMostFailures) return;
    ++at;
  }
}

// The calls within the mark that stands at `at`; gives what is behind them.
std::size_t add_calls_of_mark(std::string_view text, std::size_t at, const CallMark& mark,
                              std::vector<Call>& calls, int& failures) {
  const std::string_view inside = text.substr(at + mark.begin.size());
  const std::size_t end = inside.find(mark.end);
  const std::string_view body = inside.substr(0, end);
  const std::size_t behind =
      end == kNowhere ? text.size() : at + mark.begin.size() + end + mark.end.size();
  if (mark.begin == "<tool>" && end != kNowhere) {
    const std::size_t input = add_call_with_input(body, text.substr(behind), calls);
    if (input > 0) return behind + input;
  }
  if (add_named_call(text, at, calls)) return at;
  if (!add_json_calls(without_fence(json_of_mark(body)), calls) &&
      !add_call_with_code(body, calls) && !add_keyed_call(trimmed(body), calls)) {
    add_tagged_calls(body, calls, failures);
  }
  return behind;
}

}  // namespace

std::string_view json_of_mark(std::string_view body) {
  body = trimmed(body);
  for (const std::string_view end : kTurnEnds) {
    if (body.ends_with(end)) body = trimmed(body.substr(0, body.size() - end.size()));
  }
  return body;
}

bool read_tags(std::string_view text, Turn& turn) {
  bool any = false;
  int failures = 0;
  std::string left;
  std::size_t at = 0;
  std::size_t kept = 0;
  std::size_t next_element = 0;  // the next "<" from here on
  std::size_t next_bracket = 0;  // the next "["
  while (at < text.size()) {
    if (next_element != kNowhere && next_element <= at) next_element = text.find('<', at);
    if (next_bracket != kNowhere && next_bracket <= at) next_bracket = text.find('[', at);
    at = std::min(next_element, next_bracket);
    if (at == kNowhere) break;
    if (is_quoted(text, at)) {
      ++at;
      continue;
    }
    const std::string_view rest = text.substr(at);
    std::size_t behind = at;
    std::vector<Call> calls;
    const auto mark = std::find_if(std::begin(kCallMarks), std::end(kCallMarks),
                                   [&](const CallMark& m) { return rest.starts_with(m.begin); });
    if (mark != std::end(kCallMarks)) {
      behind = add_calls_of_mark(text, at, *mark, calls, failures);
    } else if (is_bare_tag(rest)) {
      add_tagged_call(text, behind, calls);
    } else if (is_named_call(rest)) {
      add_named_call(text, behind, calls);
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
    std::move(calls.begin(), calls.end(), std::back_inserter(turn.calls));
    at = kept = behind;
  }
  if (!any) return false;
  const std::string_view behind_calls = text.substr(std::min(kept, text.size()));
  turn.waits = trimmed(without_empty_marks(std::string(behind_calls))).empty();
  left += behind_calls;
  turn.text = trimmed(without_empty_marks(std::move(left)));
  return true;
}

}  // namespace agentecho::written

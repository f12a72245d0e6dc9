#include "agentecho/readers/dialects/text_calls.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/base/ordered_json.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/python_literal.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho::dialects {

namespace {

// A call as the text gives it.
struct WrittenCall {
  std::string name;
  std::string arguments;                             // JSON
  std::optional<std::string> result = std::nullopt;  // where the same text goes on with it
};

// What a text of the assistant says when the calls are taken out of it.
struct Written {
  std::string text;
  std::string reasoning;
  std::vector<WrittenCall> calls;
  bool waits = false;       // it ends with the call, so that what follows is the result
  bool one_screen = false;  // one result for all calls, which is that of the last
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
    {"<\uff5ctool\u2581output\u2581begin\uff5c>", "<\uff5ctool\u2581output\u2581end\uff5c>"},
    {"```tool_output", "```"},
    {"```output", "```"},
    {"API output:"},
    {"Observation:"},
    {"Observations:"},
    {"Tool output:"},
    {"Tool result:"},
    {"Tool response:"},
    {"Tool call result:"},
    {"Function output:"},
    {"Function result:"},
    {"Function response:"},
    {"TOOL_RESULT:"},
    {"TOOL_OUTPUT:"},
    {"TOOL_RESPONSE:"},
    {"FUNCTION_RESULT:"},
    {"FUNCTION_RESPONSE:"},
    {"<|START_TOOL_RESULT|>", "<|END_TOOL_RESULT|>"},  // Cohere
    {"Command output:"},
    {"Execution result:"},
    {"Execution output:"},
    {"Execution results:"},
    {"Execution logs:"},
    {"Environment output:"},
    {"The output of the OS:"},
    {"Output:"},
    {"Result:"},
    {"EXECUTION RESULT of"},
    {"[Tool Result]"},
    {"[TOOL_RESULTS]", "[/TOOL_RESULTS]"},
};

// Whatever the case of the letters.
bool begins_with(std::string_view text, std::string_view mark) {
  return text.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), text.begin(),
                    [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

// The first label's length at the text's beginning: "Action 2:" and "Action:" for "Action"; 0:
// none.
std::size_t label_size(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return 0;
  std::size_t at = word.size();
  while (at < text.size() && (text[at] == ' ' || text[at] == '*' || is_ascii_digit(text[at]))) {
    ++at;
  }
  return at < text.size() && text[at] == ':' ? at + 1 : 0;
}

// Where a line begins with "word:" or "word 2:", from `from` on.
struct Label {
  std::size_t at = kNowhere;
  std::size_t size = 0;
  std::size_t end() const { return at + size; }
  explicit operator bool() const { return at != kNowhere; }
};

Label find_label(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = text.find(word, from); at != kNowhere; at = text.find(word, at + 1)) {
    std::size_t line = at;
    while (line > 0 && (text[line - 1] == ' ' || text[line - 1] == '*' || text[line - 1] == '#')) {
      --line;
    }
    if (line != 0 && text[line - 1] != '\n') continue;
    if (const std::size_t size = label_size(text.substr(at), word)) return {at, size};
  }
  return {};
}

// Without what Markdown puts around a label: "**Action:** find", "### Thought:".
std::string_view without_emphasis(std::string_view text) {
  text = trimmed(text);
  while (!text.empty() && (text.front() == '*' || text.front() == '#')) {
    text = trimmed(text.substr(1));
  }
  return text;
}

constexpr std::string_view kObservation = "Observation";

// "Observation 2: …", the form of the first ReAct prompts.
std::optional<std::string_view> numbered_observation(std::string_view text) {
  text = without_emphasis(text);
  const std::size_t size = label_size(text, kObservation);
  if (size == 0) return std::nullopt;
  return without_emphasis(text.substr(size));
}

// "[read_file for 'a.txt'] Result:\n…", with what the editor shows of itself behind it.
std::optional<std::string_view> bracketed_result(std::string_view text) {
  if (!text.starts_with('[')) return std::nullopt;
  constexpr std::string_view kMark = "] Result:";
  const std::size_t at = text.substr(0, text.find('\n')).find(kMark);
  if (at == kNowhere) return std::nullopt;
  text.remove_prefix(at + kMark.size());
  return trimmed(text.substr(0, text.find("<environment_details>")));
}

// What SWE-agent's first shell answered ends with its prompt.
constexpr std::string_view kShellPrompt = "bash-$";

// Without the marks around all results of a turn (DeepSeek).
std::string_view without_results_wrapper(std::string_view text) {
  constexpr std::string_view kBegin = "<\uff5ctool\u2581outputs\u2581begin\uff5c>";
  constexpr std::string_view kEnd = "<\uff5ctool\u2581outputs\u2581end\uff5c>";
  text = trimmed(text);
  if (text.starts_with(kBegin)) text = trimmed(text.substr(kBegin.size()));
  if (text.ends_with(kEnd)) text = trimmed(text.substr(0, text.size() - kEnd.size()));
  return text;
}

// The result that a user's message holds: what stands within the mark, or behind it; a mark without
// an end that is itself an element of the result ("<returncode>") stays in it.
std::optional<std::string> marked_result(std::string_view message) {
  const std::string_view text = without_results_wrapper(message);
  if (const auto inside = numbered_observation(text)) return std::string(*inside);
  if (const auto inside = bracketed_result(text)) return std::string(*inside);
  if (text.ends_with(kShellPrompt)) return std::string(text);
  for (const ResultMark& mark : kResultMarks) {
    if (!begins_with(text, mark.begin)) continue;
    std::string_view inside = text.substr(mark.begin.size());
    if (mark.end.empty()) {
      return std::string(mark.begin.ends_with(":") ? trimmed(inside) : text);
    }
    std::string all;  // several calls: several elements
    for (std::string_view rest = text; begins_with(rest, mark.begin);) {
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

// What stands behind each "Observation:" of a text that begins with one.
std::vector<std::string> observations(std::string_view text) {
  std::vector<std::string> all;
  Label one = find_label(text, kObservation);
  if (!one || !trimmed(text.substr(0, one.at)).empty()) return all;
  for (Label next; one; one = next) {
    next = find_label(text, kObservation, one.end());
    all.emplace_back(without_emphasis(text.substr(one.end(), next.at - one.end())));
  }
  return all;
}

// Several results in one message, each behind a label or within the mark's begin and end; otherwise
// one.
std::vector<std::string> marked_results(std::string_view message, std::size_t wanted) {
  const std::string_view text = without_results_wrapper(message);
  if (wanted > 1) {
    std::vector<std::string> observed = observations(text);
    if (observed.size() == wanted) return observed;
  }
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
constexpr std::size_t kDeepestCall = 256;
constexpr int kMostFailures = 32;

bool is_shallow(std::string_view json) {
  std::size_t depth = 0;
  for (const char c : json) {
    if (c == '{' || c == '[') ++depth;
    if (depth > kDeepestCall) return false;
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
    if ((c == '{' || c == '[') && ++depth > kDeepestCall) return kNowhere;
    if ((c == '}' || c == ']') && --depth == 0) return at + 1;
  }
  return kNowhere;
}

constexpr const char* kNameKeys[] = {"name",      "function",      "tool",
                                     "tool_name", "function_name", "action"};
constexpr const char* kArgumentKeys[] = {"arguments", "parameters", "args",   "params",
                                         "input",     "tool_input", "kwargs", "action_input"};

// The call that an object is, read by the parser of the whole log, which takes a tenth of the time.
bool add_json_call(simdjson::dom::element json, std::vector<WrittenCall>& calls) {
  simdjson::dom::object object;
  simdjson::dom::element inner;
  if (json.get(object)) return false;
  if (!object["function"].get(inner) && inner.is_object()) return add_json_call(inner, calls);
  const auto first_of = [&](const auto& keys, simdjson::dom::element& found) {
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](const char* key) { return !object[key].get(found); });
  };
  simdjson::dom::element name;
  simdjson::dom::element arguments;
  std::string_view text;
  if (!first_of(kNameKeys, name) || name.get(text)) return false;
  const bool given = first_of(kArgumentKeys, arguments);
  if (!given && object.size() > 1) return false;
  WrittenCall call{std::string(text), "{}"};
  if (given && !arguments.is_null()) {
    call.arguments = arguments.get(text) ? simdjson::minify(arguments) : std::string(text);
  }
  calls.push_back(std::move(call));
  return true;
}

bool add_json_calls(simdjson::dom::element json, std::vector<WrittenCall>& calls) {
  simdjson::dom::array list;
  if (json.get(list)) return add_json_call(json, calls);
  if (list.size() == 0) return false;
  for (const simdjson::dom::element one : list) {
    if (!add_json_calls(one, calls)) return false;
  }
  return true;
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
  const auto first_of = [&](const auto& keys) -> const Json* {
    for (const char* key : keys) {
      if (const auto found = json.find(key); found != json.end()) return &*found;
    }
    return nullptr;
  };
  const Json* name = first_of(kNameKeys);
  const Json* arguments = first_of(kArgumentKeys);
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

// What stands behind one of several calls.
std::string_view without_separator(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && (text.front() == ',' || text.front() == ';')) {
    text = trimmed(text.substr(1));
  }
  return text;
}

bool add_json_calls(std::string_view text, std::vector<WrittenCall>& calls) {
  text = trimmed(text);
  const std::size_t before = calls.size();
  std::size_t n = 0;
  while (!text.empty()) {  // one object, or one after the other
    const bool opens = text.front() == '{' || text.front() == '[';
    std::size_t end = opens ? json_end(text) : kNowhere;
    thread_local simdjson::dom::parser parser;
    simdjson::dom::element element;
    if (end != kNowhere && !parser.parse(text.data(), end).get(element)) {
      if (!add_json_calls(element, calls)) {
        calls.resize(before);
        return false;
      }
      ++n;
      text = without_separator(text.substr(end));
      continue;
    }
    // What that parser refuses: numbers beyond 64 bits, and the notation of Python.
    Json json = end == kNowhere ? Json(Json::value_t::discarded)
                                : Json::parse(text.substr(0, end), nullptr, false);
    if (json.is_discarded() && opens) {
      if (const auto literal = python_literal(text, end)) {
        json = Json::parse(*literal, nullptr, false);
      }
    }
    if (json.is_discarded() || !add_json_calls(json, calls)) {
      calls.resize(before);
      return false;
    }
    ++n;
    text = without_separator(text.substr(end));
  }
  return n > 0;
}

// <function=name><parameter=k>v</parameter>…</function>, also <invoke name="…"> with <parameter
// name="…">. `at` is where the tag begins; advances behind the call.
bool add_tagged_call(std::string_view text, std::size_t& at, std::vector<WrittenCall>& calls) {
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
    call.arguments = arguments.dump(-1, ' ', false, Json::error_handler_t::replace);
    calls.push_back(std::move(call));
    return true;
  }
  return false;
}

// A call of Python's syntax with named arguments that are literals: find(id="x", n=2). `end` is
// behind it. Nothing where an argument is no such literal.
std::optional<WrittenCall> python_call(std::string_view text, std::size_t& end) {
  const std::size_t open = text.find('(');
  if (open == kNowhere || !is_name(text.substr(0, open))) return std::nullopt;
  Json arguments = Json::object();
  std::size_t at = open + 1;
  const auto skip = [&] {
    while (at < text.size() && (is_ascii_space(text[at]) || text[at] == ',')) ++at;
  };
  for (skip(); at < text.size() && text[at] != ')'; skip()) {
    const std::size_t equals = text.find('=', at);
    if (equals == kNowhere) return std::nullopt;
    const std::string_view key = trimmed(text.substr(at, equals - at));
    if (!is_name(key)) return std::nullopt;
    at = equals + 1;
    while (at < text.size() && is_ascii_space(text[at])) ++at;
    if (at >= text.size()) return std::nullopt;
    std::size_t size = 0;
    const auto value = python_literal(text.substr(at), size);
    if (!value) return std::nullopt;
    arguments[std::string(key)] = Json::parse(*value, nullptr, false);
    at += size;
  }
  if (at >= text.size()) return std::nullopt;
  end = at + 1;
  return WrittenCall{std::string(text.substr(0, open)),
                     arguments.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

// One call, or a list of them in brackets, and nothing else: Llama's "pythonic" form.
bool add_python_calls(std::string_view text, std::vector<WrittenCall>& calls) {
  text = trimmed(text);
  const bool list = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (list) text = trimmed(text.substr(1, text.size() - 2));
  std::vector<WrittenCall> found;
  while (!text.empty()) {
    std::size_t end = 0;
    auto call = python_call(text, end);
    if (!call) return false;
    found.push_back(std::move(*call));
    text = without_separator(text.substr(end));
  }
  std::move(found.begin(), found.end(), std::back_inserter(calls));
  return !found.empty();
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

std::string_view without_fence_mark(std::string_view text) {
  return text.starts_with("```") ? trimmed(text.substr(std::min(text.find('\n'), text.size())))
                                 : text;
}

std::string_view without_fence(std::string_view text) {
  text = trimmed(text);
  if (!text.starts_with("```")) return text;
  text = text.substr(std::min(text.find('\n'), text.size()));
  return trimmed(text.substr(0, text.rfind("```")));
}

// Of words around what stands in a fence.
std::string_view without_fence_ends(std::string_view words) {
  words = trimmed(words);
  for (const std::string_view mark : {"```json", "```"}) {
    if (words.ends_with(mark)) words.remove_suffix(mark.size());
    if (words.starts_with(mark)) words.remove_prefix(mark.size());
  }
  return trimmed(words);
}

// What ends a message of a template, which says nothing itself.
constexpr std::string_view kTurnEnds[] = {"</s>",    "<|eot_id|>",    "<|eom_id|>",   "<|im_end|>",
                                          "<|end|>", "<|endoftext|>", "<end_of_turn>"};

// It is no part of the JSON before it.
std::string_view json_of_mark(std::string_view body) {
  body = trimmed(body);
  for (const std::string_view end : kTurnEnds) {
    if (body.ends_with(end)) body = trimmed(body.substr(0, body.size() - end.size()));
  }
  return body;
}

// `at` is where the first mark begins; advances behind the call.
bool add_named_call(std::string_view text, std::size_t& at, std::vector<WrittenCall>& calls) {
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
bool add_keyed_call(std::string_view body, std::vector<WrittenCall>& calls) {
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
  calls.push_back(
      {std::string(name), arguments.dump(-1, ' ', false, Json::error_handler_t::replace)});
  return true;
}

// Tongyi, within <tool_call>: JSON with the name, and behind it <code>…</code>.
bool add_call_with_code(std::string_view body, std::vector<WrittenCall>& calls) {
  constexpr std::string_view kCode = "<code>";
  constexpr std::string_view kCodeEnd = "</code>";
  const std::size_t code = body.find(kCode);
  if (code == kNowhere) return false;
  std::vector<WrittenCall> named;
  if (!add_json_calls(trimmed(body.substr(0, code)), named) || named.size() != 1) return false;
  Json arguments = Json::parse(named[0].arguments, nullptr, false);
  if (!arguments.is_object() || arguments.contains("code")) return false;
  const std::string_view rest = body.substr(code + kCode.size());
  arguments["code"] = std::string(trimmed(rest.substr(0, rest.rfind(kCodeEnd))));
  calls.push_back({named[0].name, arguments.dump(-1, ' ', false, Json::error_handler_t::replace)});
  return true;
}

// LangChain's agent for XML: what stands within <tool> is the name, and the element behind it the
// input. `behind` is what follows the name; gives how much of it belongs to the call.
std::size_t add_call_with_input(std::string_view name, std::string_view behind,
                                std::vector<WrittenCall>& calls) {
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

void erase_all(std::string& text, std::string_view mark) {
  for (std::size_t at = text.find(mark); at != kNowhere; at = text.find(mark, at)) {
    text.erase(at, mark.size());
  }
}

std::string without_empty_marks(std::string text) {
  for (const std::string_view mark : kEmptyMarks) erase_all(text, mark);
  for (const std::string_view mark : kTurnEnds) erase_all(text, mark);
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

bool read_tags(std::string_view text, Written& written) {
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
    std::size_t behind_call = at;
    std::vector<WrittenCall> calls;
    const auto mark = std::find_if(std::begin(kCallMarks), std::end(kCallMarks),
                                   [&](const CallMark& m) { return rest.starts_with(m.begin); });
    if (mark != std::end(kCallMarks)) {
      const std::string_view inside = rest.substr(mark->begin.size());
      const std::size_t end = inside.find(mark->end);
      const std::string_view body = inside.substr(0, end);
      behind = end == kNowhere ? text.size() : at + mark->begin.size() + end + mark->end.size();
      behind_call = behind;
      std::size_t named = at;
      const std::size_t input = mark->begin == "<tool>" && end != kNowhere
                                    ? add_call_with_input(body, text.substr(behind), calls)
                                    : 0;
      if (input > 0) {
        behind_call += input;
      } else if (add_named_call(text, named, calls)) {
        behind_call = named;
      } else if (!add_json_calls(without_fence(json_of_mark(body)), calls) &&
                 !add_call_with_code(body, calls) && !add_keyed_call(trimmed(body), calls)) {
        for (std::size_t i = body.find('<'); i < body.size(); i = body.find('<', i)) {
          if (add_tagged_call(body, i, calls)) continue;
          if (is_bare_tag(body.substr(i)) && ++failures > kMostFailures) break;
          ++i;
        }
      }
      behind = behind_call;
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
    std::move(calls.begin(), calls.end(), std::back_inserter(written.calls));
    at = kept = behind;
  }
  if (!any) return false;
  const std::string_view behind_calls = text.substr(std::min(kept, text.size()));
  written.waits = trimmed(without_empty_marks(std::string(behind_calls))).empty();
  left += behind_calls;
  written.text = trimmed(without_empty_marks(std::move(left)));
  return true;
}

constexpr std::string_view kFinalAnswer = "Final Answer";
constexpr std::string_view kAction = "Action";

// "Thought: …" before the action is reasoning; what stands before that is text.
void take_thought(std::string_view before, Written& written) {
  const Label thought = find_label(before, "Thought");
  if (!thought) {
    written.text = trimmed(before);
    return;
  }
  written.text = trimmed(before.substr(0, thought.at));
  std::string_view reasoning = without_emphasis(before.substr(thought.end()));
  while (!reasoning.empty() && reasoning.back() == '*') {  // of "**Action:"
    reasoning = trimmed(reasoning.substr(0, reasoning.size() - 1));
  }
  written.reasoning = reasoning;
}

// What stands behind "Action:", to the next observation: one call. False: it is none.
bool add_action(std::string_view rest, std::vector<WrittenCall>& calls) {
  while (!rest.empty() && (rest.front() == '*' || is_ascii_space(rest.front()))) {
    rest.remove_prefix(1);
  }
  if (rest.starts_with("```")) rest = trimmed(rest.substr(std::min(rest.find('\n'), rest.size())));
  if (!rest.empty() && rest.front() == '{') {
    const std::size_t end = json_end(rest);
    return end != kNowhere && add_json_calls(rest.substr(0, end), calls);
  }
  const std::size_t line_end = std::min(rest.find('\n'), rest.size());
  std::string_view name = trimmed(rest.substr(0, line_end));
  while (!name.empty() && (name.front() == '`' || name.front() == '[')) name.remove_prefix(1);
  while (!name.empty() && (name.back() == '`' || name.back() == ']')) name.remove_suffix(1);
  const Label input_label = find_label(rest, "Action Input");
  if (!input_label) {
    std::size_t end = 0;
    if (auto call = python_call(rest, end)) {  // find(id="x")
      calls.push_back(std::move(*call));
      return true;
    }
    // search[query], finish[answer]: the form of the first ReAct prompts.
    const std::size_t bracket = name.find_first_of("[(");
    if (bracket == kNowhere || !is_name(name.substr(0, bracket))) return false;
    std::string_view argument = trimmed(name.substr(bracket + 1));
    if (name[bracket] == '(' && argument.ends_with(')')) {
      argument = trimmed(argument.substr(0, argument.size() - 1));
    }
    calls.push_back({std::string(name.substr(0, bracket)), as_json(argument)});
    return true;
  }
  if (!is_name(name)) return false;
  std::string_view input = trimmed(rest.substr(input_label.end()));
  while (!input.empty() && input.front() == '*') input = trimmed(input.substr(1));
  if (input.starts_with("```")) {
    input = trimmed(input.substr(std::min(input.find('\n'), input.size())));
  }
  if (input.size() > 2 && input.front() == '`' && input.back() == '`') {
    input = trimmed(input.substr(1, input.size() - 2));
  }
  const std::size_t end =
      !input.empty() && (input.front() == '{' || input.front() == '[') ? json_end(input) : kNowhere;
  calls.push_back({std::string(name),
                   end != kNowhere ? std::string(input.substr(0, end)) : as_json(trimmed(input))});
  return true;
}

// The actions from `action` to the end of the text, one after the other; false: the first is none.
// An input in words goes on over a line "Action:" behind which no action can be read.
bool add_actions(std::string_view text, Label action, std::vector<WrittenCall>& calls) {
  bool any = false;
  for (Label next; action; action = next) {
    next = find_label(text, kAction, action.end());
    for (Label after; next; next = after) {
      after = find_label(text, kAction, next.end());
      std::vector<WrittenCall> tried;
      if (add_action(text.substr(next.end(), after.at - next.end()), tried)) break;
    }
    if (!add_action(text.substr(action.end(), next.at - action.end()), calls)) return any;
    any = true;
  }
  return any;
}

// A text that ends with "Observation:" waits for the result; some leave the colon to the prompt.
bool waits_for_observation(std::string_view text) {
  text = trimmed(text);
  return text.ends_with("\nObservation:") || text.ends_with("\nObservation");
}

// The whole run in one text: each observation is the result of the call before it.
void read_transcript(std::string_view text, std::size_t from, Written& written) {
  for (Label seen = find_label(text, kObservation, from); seen;) {
    const Label next = find_label(text, kAction, seen.end());
    const Label thought = find_label(text, "Thought", seen.end());
    const Label answer = find_label(text, kFinalAnswer, seen.end());
    const std::size_t end = std::min({next.at, thought.at, answer.at, text.size()});
    written.calls.back().result = trimmed(text.substr(seen.end(), end - seen.end()));
    if (!next) return;
    seen = find_label(text, kObservation, next.end());
    const std::size_t behind = seen ? seen.at : text.size();
    if (!add_action(text.substr(next.end(), behind - next.end()), written.calls)) return;
  }
}

// "Action: None": the agent says that it calls nothing.
bool is_no_tool(std::string_view name) {
  return name == "None" || name == "none" || name == "N/A" || name == "n/a";
}

// What a call's arguments say as a text: a JSON string's content, or the text itself.
std::string said_in(const std::string& arguments) {
  const Json json = Json::parse(arguments, nullptr, false);
  return json.is_string() ? json.get<std::string>() : arguments;
}

// LangChain's agents end with an action that says the answer.
void take_final_answer(Written& written) {
  for (const WrittenCall& call : written.calls) {
    if (call.name != kFinalAnswer) continue;
    if (!written.text.empty()) written.text += '\n';
    written.text += said_in(call.arguments);
  }
  std::erase_if(written.calls, [](const WrittenCall& call) { return call.name == kFinalAnswer; });
}

// ReAct ("Action: name" and "Action Input: …") and tau-bench's text agents ("Action:" and a JSON
// object with name and arguments; the call `respond` is what is said to the user). What the model
// went on to imagine behind its first call is no part of it, unless the results stand there.
bool read_action(std::string_view text, bool holds_results, Written& written) {
  const Label action = find_label(text, kAction);
  if (!action) return false;
  const Label seen = find_label(text, kObservation, action.end());
  const std::size_t behind = seen ? seen.at : text.size();
  if (!add_actions(text.substr(0, behind), action, written.calls)) return false;
  if (is_no_tool(written.calls.front().name)) return false;
  std::erase_if(written.calls, [](const WrittenCall& call) { return is_no_tool(call.name); });
  take_thought(text.substr(0, action.at), written);
  written.waits = !seen || waits_for_observation(text);
  if (holds_results && seen) read_transcript(text, action.end(), written);
  WrittenCall& call = written.calls.back();
  if (call.name != "respond") return true;
  const Json arguments = Json::parse(call.arguments, nullptr, false);
  if (!arguments.is_object() || !arguments.contains("content")) return true;
  const Json& content = arguments["content"];
  written.text = content.is_string() ? content.get<std::string>() : content.dump();
  written.calls.pop_back();
  return true;
}

// The name of the tool that a fenced block of this language goes to; empty where the block may be a
// call itself.
std::optional<std::string_view> tool_of_fence(std::string_view language) {
  struct Fence {
    std::string_view language;
    std::string_view tool;
  };
  constexpr Fence kFences[] = {
      {"bash", "bash"},
      {"sh", "bash"},
      {"shell", "bash"},
      {"console", "bash"},
      {"zsh", "bash"},
      {"mswea_bash_command", "bash"},
      {"python", "python"},
      {"py", "python"},
      {"python3", "python"},
      {"ipython", "python"},
      {"tool_code", "tool_code"},
      {"json", ""},
      {"tool_call", ""},
      {"tool_calls", ""},
      {"tool", ""},
      {"", ""},
  };
  for (const Fence& fence : kFences) {
    if (fence.language == language) return fence.tool;
  }
  return std::nullopt;
}

// A block of code as a call of the tool that runs it, or the calls that it is.
bool add_block(std::string_view tool, std::string_view code, std::vector<WrittenCall>& calls) {
  if (tool.empty()) return add_json_calls(code, calls);
  if (tool == "tool_code") {  // Gemma: a call in Python's syntax, or a program
    return add_python_calls(code, calls) || add_block("python", code, calls);
  }
  const Json arguments = {{tool == "bash" ? "command" : "code", std::string(code)}};
  calls.push_back(
      {std::string(tool), arguments.dump(-1, ' ', false, Json::error_handler_t::replace)});
  return true;
}

// A list of the SDK's content blocks as Python prints it: [TextBlock(text='…'), ToolUseBlock(…)].
bool read_printed_blocks(std::string_view body, Written& written) {
  std::vector<WrittenCall> blocks;
  if (body.find("Block(") == kNowhere || !add_python_calls(body, blocks)) return false;
  const bool all_blocks = std::all_of(blocks.begin(), blocks.end(), [](const WrittenCall& block) {
    return block.name.ends_with("Block");
  });
  if (!all_blocks) return false;
  for (const WrittenCall& block : blocks) {
    const Json members = Json::parse(block.arguments, nullptr, false);
    const auto text_of = [&](const char* key) {
      const auto found = members.find(key);
      return found != members.end() && found->is_string() ? found->get<std::string>() : "";
    };
    if (block.name == "ToolUseBlock") {
      written.calls.push_back({text_of("name"), members.value("input", Json::object()).dump()});
    } else if (block.name == "ThinkingBlock") {
      written.reasoning += text_of("thinking");
    } else {
      written.text += text_of("text");
    }
  }
  return !written.calls.empty();
}

void add_line(std::string_view line, std::string& text) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

// An answer of Terminus in a chat, where its members alone tell it.
bool read_terminal_reply(std::string_view text, Written& written) {
  if (text.find("\"commands\"") == kNowhere || text.find("task_complete\"") == kNowhere) {
    return false;
  }
  const auto reply = terminal_reply(text);
  if (!reply || !reply->all_typed) return false;
  for (const std::string& command : reply->commands) {
    written.calls.push_back({std::string(kTerminalTool), command});
  }
  for (const std::string* part : {&reply->before, &reply->said, &reply->after}) {
    add_line(*part, written.text);
  }
  written.waits = !written.calls.empty();
  written.one_screen = written.waits;
  return true;
}

// A text that is a call and nothing else: JSON (Llama 3.1), functools[…] (Phi), or Python's syntax.
bool read_whole(std::string_view text, Written& written) {
  std::string_view body = json_of_mark(trimmed(text));
  constexpr std::string_view kFunctools = "functools";
  if (body.starts_with(kFunctools)) body.remove_prefix(kFunctools.size());
  if (read_printed_blocks(body, written)) return true;
  return add_json_calls(body, written.calls) || add_python_calls(body, written.calls);
}

// The same behind a text, from a new line to the end.
bool read_behind_text(std::string_view text, Written& written) {
  int tries = 0;
  for (std::size_t at = text.find('\n'); at != kNowhere && ++tries < kMostFailures;) {
    const std::size_t next = text.find_first_not_of(" \t\r\n", at);
    if (next == kNowhere) return false;
    const bool opens = text[next] == '{' || text[next] == '[';
    const std::string_view rest = trimmed(text.substr(next));
    if (opens && (add_json_calls(rest, written.calls) || add_python_calls(rest, written.calls))) {
      take_thought(text.substr(0, at), written);
      return true;
    }
    at = text.find('\n', next);
  }
  return false;
}

// <execute_bash>…</execute_bash>, <code>…</code>: code between tags.
bool read_code_tags(std::string_view text, Written& written) {
  struct Tag {
    std::string_view open;
    std::string_view close;
    std::string_view tool;
  };
  constexpr Tag kTags[] = {
      {"<execute_bash>", "</execute_bash>", "bash"},
      {"<execute_ipython>", "</execute_ipython>", "python"},
      {"<execute>", "</execute>", "python"},
      {"<code>", "</code>", "python"},
      {"<python>", "</python>", "python"},
      {"<bash>", "</bash>", "bash"},
  };
  for (const Tag& tag : kTags) {
    const std::size_t open = text.find(tag.open);
    if (open == kNowhere) continue;
    const std::size_t begin = open + tag.open.size();
    const std::size_t close = text.find(tag.close, begin);
    add_block(tag.tool, trimmed(text.substr(begin, close - begin)), written.calls);
    std::string left(text.substr(0, open));
    if (close != kNowhere) left += text.substr(close + tag.close.size());
    take_thought(left, written);
    return true;
  }
  return false;
}

// "TOOL_CALL: {…}": a line that says that what follows is a call.
bool read_labelled_json(std::string_view text, Written& written) {
  if (text.find('{') == kNowhere && text.find('[') == kNowhere) return false;
  for (const std::string_view label :
       {"TOOL_CALL", "TOOL CALL", "Tool call", "Tool Call", "FUNCTION_CALL", "Function call",
        "Function Call", "CALL_TOOL"}) {
    for (Label found = find_label(text, label); found;
         found = find_label(text, label, found.end())) {
      const std::string_view json = without_fence_mark(without_emphasis(text.substr(found.end())));
      const bool opens = json.starts_with('{') || json.starts_with('[');
      const std::size_t end = opens ? json_end(json) : kNowhere;
      if (end == kNowhere || !add_json_calls(json.substr(0, end), written.calls)) continue;
      if (written.calls.size() == 1) take_thought(text.substr(0, found.at), written);
      written.waits = true;
    }
    if (!written.calls.empty()) return true;
  }
  return false;
}

// An element that holds nothing but elements: <read_file><path>a</path></read_file>.
struct XmlTool {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  std::size_t begin = 0;
  std::size_t end = 0;  // behind it
};

bool is_plain_tag(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_ascii_lower(c) || is_ascii_digit(c) || c == '_';
  });
}

std::optional<XmlTool> xml_tool(std::string_view text, std::size_t from) {
  int tries = 0;
  for (std::size_t at = text.find('<', from); at != kNowhere && ++tries < kMostFailures;
       at = text.find('<', at + 1)) {
    const std::size_t name_end = text.find('>', at);
    if (name_end == kNowhere) return std::nullopt;
    const std::string_view name = text.substr(at + 1, name_end - at - 1);
    if (!is_plain_tag(name)) continue;
    const std::string close = "</" + std::string(name) + ">";
    const std::size_t close_at = text.find(close, name_end);
    if (close_at == kNowhere) continue;
    XmlTool tool{name, {}, at, close_at + close.size()};
    std::string_view body = trimmed(text.substr(name_end + 1, close_at - name_end - 1));
    bool only_elements = !body.empty();
    while (only_elements && !body.empty()) {
      const std::size_t key_end = body.find('>');
      const std::string_view key = body.starts_with('<') && key_end != kNowhere
                                       ? body.substr(1, key_end - 1)
                                       : body.substr(0, 0);
      const std::string key_close = "</" + std::string(key) + ">";
      const std::size_t value_end = is_plain_tag(key) ? body.find(key_close) : kNowhere;
      only_elements = value_end != kNowhere;
      if (!only_elements) break;
      tool.parameters.emplace_back(key, trimmed(body.substr(key_end + 1, value_end - key_end - 1)));
      body = trimmed(body.substr(value_end + key_close.size()));
    }
    if (only_elements) return tool;
  }
  return std::nullopt;
}

// The tools of Cline and Roo Code, which are told by their names; others only by the answer.
bool is_editor_tool(std::string_view name) {
  constexpr std::string_view kTools[] = {"read_file",
                                         "write_to_file",
                                         "replace_in_file",
                                         "apply_diff",
                                         "insert_content",
                                         "search_files",
                                         "search_and_replace",
                                         "list_files",
                                         "execute_command",
                                         "browser_action",
                                         "use_mcp_tool",
                                         "access_mcp_resource",
                                         "ask_followup_question",
                                         "attempt_completion",
                                         "new_task",
                                         "switch_mode",
                                         "fetch_instructions",
                                         "plan_mode_respond",
                                         "codebase_search",
                                         "update_todo_list",
                                         "list_code_definition_names",
                                         "load_mcp_documentation",
                                         "web_fetch",
                                         "condense"};
  return is_in(kTools, name);
}

bool read_xml_tools(std::string_view text, std::string_view answer, Written& written) {
  std::size_t kept = 0;
  std::string left;
  for (auto tool = xml_tool(text, 0); tool; tool = xml_tool(text, tool->end)) {
    answer = trimmed(answer);
    const bool answered = answer.starts_with("[" + std::string(tool->name));
    if (!is_editor_tool(tool->name) && !answered) continue;
    WrittenCall call{std::string(tool->name), {}};
    Json arguments = Json::object();
    for (const auto& [key, value] : tool->parameters) {
      if (tool->name == "use_mcp_tool" && key == "tool_name") {
        call.name = value;
      } else if (tool->name == "use_mcp_tool" && key == "arguments") {
        call.arguments = value;
      } else {
        arguments[std::string(key)] = Json::parse(as_json(value), nullptr, false);
      }
    }
    if (call.arguments.empty()) {
      call.arguments = arguments.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    written.calls.push_back(std::move(call));
    left += text.substr(kept, tool->begin - kept);
    kept = tool->end;
  }
  if (written.calls.empty()) return false;
  left += text.substr(kept);
  take_thought(left, written);
  return true;
}

// ```bash … ```: marked clearly only when the answer is marked as a result.
bool read_fences(std::string_view text, std::string_view answer, Written& written) {
  const bool in_shell = trimmed(answer).ends_with(kShellPrompt);
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
      if (add_block(tool->empty() && in_shell ? "bash" : *tool, code, written.calls)) {
        left += text.substr(kept, at - kept);
        kept = behind;
      }
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
    "<tool_call>",
    "<tool_calls>",
    "<function_call>",
    "<functioncall>",
    "<function_calls>",
    "<function=",
    "<invoke name=",
    "[TOOL_CALLS]",
    "<|python_tag|>",
    "<|tool_call",
    "<\xEF\xBD\x9Ctool",
    "<|tool_calls_section_begin|>",
    "Action Input:",
    "\nAction:",
    "\nACTION:",
    "<search>",
    "<interpreter>",
    "<information>",
    "```bash",
    "```tool_call",
    "```tool_code",
    "<execute_bash>",
    "<execute_ipython>",
    "<use_mcp_tool>",
    "to=functions.",
    "functools[",
    "<|action_start|>",
    "<\uff5cDSML\uff5c",
    "TOOL_CALL",
    "<tool>",
    "<tool ",
    "<tool_use",
    "<use_",
    "<action>",
    "<|START_ACTION|>",
    "\"tool_name\"",
    "\"function_name\"",
    "call_tool(",
    "Tool call:",
    "<|plugin|>",
    "<tool_name>",
    "<invoke",
    "<function_call",
    "<execute",
    "'tool_use'",
    "'tool_calls'",
    "'arguments'",
    "'function_call'",
    "<call>",
    "\"tool_calls\"",
    "\"function_call\"",
};

// The mark by which a text looks like a call; empty: none.
std::string mark_of_call(std::string_view text) {
  // Most marks begin with a sign that most texts do not have.
  constexpr std::string_view kSigns = "<[`\"'";
  std::array<bool, kSigns.size()> has{};
  for (std::size_t i = 0; i < kSigns.size(); ++i) has[i] = text.find(kSigns[i]) != kNowhere;
  for (const std::string_view mark : kLooksLikeCalls) {
    const std::size_t sign = kSigns.find(mark[0]);
    if (sign != kNowhere && !has[sign]) continue;
    if (text.find(mark) != kNowhere) return std::string(trimmed(mark));
  }
  // {"name": …, "arguments": …}
  if (text.find("\"name\"") != kNowhere &&
      (text.find("\"arguments\"") != kNowhere || text.find("\"parameters\"") != kNowhere)) {
    return "\"name\"";
  }
  if (const auto tool = xml_tool(text, 0); tool && tool->name.find('_') != kNowhere) {
    return "<" + std::string(tool->name) + ">";
  }
  return {};
}

// ---- the run

class TextCalls {
 public:
  TextCalls(Trajectory& t, CallWriter& writer, RecordNotes& notes)
      : t_(t), writer_(writer), notes_(notes) {}

  void read() {
    if (agent_calls()) return;
    is_only_reply_ = std::count_if(t_.messages.begin(), t_.messages.end(), [](const Message& m) {
                       return m.role == Role::kAssistant;
                     }) == 1;
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

  // Nobody answers the message m: the run is one reply, or the agent itself wrote down what its
  // calls gave and speaks again (CrewAI).
  bool holds_results(std::size_t m) const {
    return is_only_reply_ ||
           (m + 1 < t_.messages.size() && t_.messages[m + 1].role == Role::kAssistant);
  }

  bool read_message(std::size_t m, Written& written) const {
    if (!read_form(m, written)) return false;
    take_final_answer(written);
    return true;
  }

  // By the first form that the message has.
  bool read_form(std::size_t m, Written& written) const {
    const std::string_view text = t_.messages[m].text;
    if (text.empty()) return false;
    if (read_tags(text, written)) return true;
    written = {};
    if (text.find(kAction) != kNowhere && read_action(text, holds_results(m), written)) return true;
    written = {};
    if (read_labelled_json(text, written)) return true;
    written = {};
    if (read_terminal_reply(text, written)) return true;
    written = {};
    const std::string_view answer =
        m + 1 < t_.messages.size() && t_.messages[m + 1].role == Role::kUser
            ? t_.messages[m + 1].text
            : std::string_view{};
    if (text.find("</") != kNowhere && read_xml_tools(text, answer, written)) return true;
    written = {};
    const bool is_last = m + 1 == t_.messages.size();
    if (!is_last && !is_answered_by_result(m)) return false;
    if (read_whole(text, written)) return true;
    written = {};
    if (is_last) return false;
    if (text.find("```") != kNowhere && read_fences(text, answer, written)) return true;
    written = {};
    if (read_behind_text(text, written)) return true;
    written = {};
    return read_code_tags(text, written);
  }

  // Calls come in the order of their messages, so all are written anew.
  void rebuild(const std::vector<std::pair<std::size_t, Written>>& found) {
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
        std::vector<std::string> results = marked_results(message.text, open_calls);
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
          result.text = t_.arena.copy(text);
          messages.push_back(result);
        }
        if (!results.empty()) continue;
      } else if (message.role == Role::kTool && message.answers == kNone) {
        const std::vector<std::string> results =
            marked_results(message.text, message.tool_call_id.empty() ? open_calls : 1);
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
  void add_own_results(const Written& written, std::vector<Message>& messages) const {
    for (const WrittenCall& call : written.calls) {
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
    message.as_written = digest_of(message.text).low;
    message.text = t_.arena.copy(written.text);
    if (!written.reasoning.empty()) {
      const std::vector<std::string_view> both = {message.reasoning, written.reasoning};
      message.reasoning = t_.arena.copy(joined(both, 0, t_.arena));
    }
  }

  void count_marks() {
    for (const Message& message : t_.messages) {
      if (message.role != Role::kAssistant || message.n_calls > 0) continue;
      std::string mark = mark_of_call(message.text);
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
          (message.role == Role::kUser && marked_result(message.text).has_value());
      if (is_result && before.role == Role::kAssistant && before.n_calls == 0) {
        RecordNotes::count(notes_.call_marks, "the result of a tool");
      }
    }
  }

  Trajectory& t_;
  CallWriter& writer_;
  RecordNotes& notes_;
  bool is_only_reply_ = false;  // the run has one message of the assistant
};

}  // namespace

std::vector<CallInText> calls_in_text(std::string_view action) {
  action = trimmed(action);
  if (action.empty()) return {};
  Written written;
  if (!add_action(action, written.calls) || written.calls.empty()) {
    if (!read_tags(action, written)) read_fences(action, {}, written);
  }
  std::vector<CallInText> calls;
  for (WrittenCall& call : written.calls) {
    calls.push_back({std::move(call.name), std::move(call.arguments)});
  }
  if (!calls.empty()) return calls;
  const std::size_t end = std::min(action.find_first_of(" \n\t"), action.size());
  const std::string_view name = action.substr(0, end);
  if (!is_name(name)) return {};
  const std::string_view rest = trimmed(action.substr(end));
  Json arguments = Json::object();
  if (!rest.empty()) arguments["input"] = std::string(rest);
  return {{std::string(name), arguments.dump(-1, ' ', false, Json::error_handler_t::replace)}};
}

std::optional<TerminalReply> terminal_reply(std::string_view text) {
  const std::size_t open = text.find('{');
  const std::size_t end = open == kNowhere ? kNowhere : json_end(text.substr(open));
  if (end == kNowhere || !is_shallow(text.substr(open, end))) return std::nullopt;
  const Json object = Json::parse(text.substr(open, end), nullptr, false);
  const auto commands = object.is_object() ? object.find("commands") : object.end();
  if (commands == object.end() || !commands->is_array()) return std::nullopt;
  TerminalReply reply;
  for (const Json& command : *commands) {
    reply.all_typed = reply.all_typed && command.is_object() && command.contains("keystrokes");
    reply.commands.push_back(command.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  for (const char* key : {"analysis", "state_analysis", "plan", "explanation"}) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) {
      add_line(found->get_ref<const std::string&>(), reply.said);
    }
  }
  reply.before = without_fence_ends(text.substr(0, open));
  reply.after = without_fence_ends(text.substr(open + end));
  return reply;
}

void read_text_calls(Trajectory& t, CallWriter& calls, RecordNotes& notes) {
  TextCalls(t, calls, notes).read();
}

}  // namespace agentecho::dialects

#include "agentecho/readers/record_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/readers/argument_leaves.h"
#include "agentecho/readers/json_text.h"
#include "agentecho/readers/record_scanner.h"

namespace agentecho {

namespace od = simdjson::ondemand;

namespace {

constexpr std::string_view kThinkOpen = "<think>";
constexpr std::string_view kThinkClose = "</think>";

// What a record says about itself, besides its messages.
struct Fields {
  std::optional<double> reward;
  std::optional<double> reward_info;
  std::optional<bool> success;
  std::optional<double> said_by_user;  // under RecordDefaults::success_key
  std::string_view policy;
  bool has_messages = false;
  bool has_ticks = false;
  bool reward_not_a_number = false;
};

// Where reasoning may stand in a message, in order of precedence (METHOD 1).
struct Reasoning {
  std::string_view own;              // reasoning_content or reasoning
  std::string_view raw_message;      // raw_data.message.reasoning_content
  std::string_view thinking_blocks;  // raw_data.thinking_blocks[].thinking
  std::string_view parts;            // parts of the content with type "thinking"

  std::string_view best() const {
    for (const std::string_view text : {own, raw_message, thinking_blocks}) {
      if (!text.empty()) return text;
    }
    return parts;
  }
};

std::string_view joined(std::string_view a, std::string_view b, TextArena& arena) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  char* place = arena.reserve(a.size() + 1 + b.size());
  std::memcpy(place, a.data(), a.size());
  place[a.size()] = '\n';
  std::memcpy(place + a.size() + 1, b.data(), b.size());
  arena.commit(a.size() + 1 + b.size());
  return {place, a.size() + 1 + b.size()};
}

Role role_of(std::string_view name, RecordNotes& notes) {
  if (name == "assistant") return Role::kAssistant;
  if (name == "user") return Role::kUser;
  if (name == "tool" || name == "function") return Role::kTool;
  if (name == "system" || name == "developer") return Role::kSystem;
  ++notes.unknown_roles;
  return Role::kUser;
}

// Moves <think>…</think> parts from the text to the reasoning. A text that only closes the tag (its
// opening was part of the prompt) starts with reasoning.
void split_think_tags(Message& message, TextArena& arena) {
  std::string_view rest = message.text;
  if (find_word(rest, kThinkClose) == std::string_view::npos) return;
  std::string text;
  std::string_view reasoning = message.reasoning;
  for (;;) {
    const std::size_t close = rest.find(kThinkClose);
    if (close == std::string_view::npos) break;
    const std::size_t open = rest.substr(0, close).find(kThinkOpen);
    const bool opened = open != std::string_view::npos;
    const std::size_t inside = opened ? open + kThinkOpen.size() : 0;
    if (opened) text += rest.substr(0, open);
    reasoning = joined(reasoning, trimmed(rest.substr(inside, close - inside)), arena);
    rest.remove_prefix(close + kThinkClose.size());
  }
  text += rest;
  message.text = arena.copy(trimmed(text));
  message.reasoning = reasoning;
}

// A key as it is written, up to its closing quote: the keys that mean something have no escapes.
std::string_view raw_key(od::raw_json_string key) {
  const char* begin = key.raw();
  const char* at = begin;
  while (*at != '"') at += *at == '\\' ? 2 : 1;
  return {begin, static_cast<std::size_t>(at - begin)};
}

bool is_json_error_object(std::string_view text, simdjson::dom::parser& parser,
                          std::string& scratch) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  if (find_word(text, "\"error\"") == std::string_view::npos) return false;
  scratch.assign(text);
  scratch.append(simdjson::SIMDJSON_PADDING, ' ');
  simdjson::dom::object object;
  if (parser.parse(scratch.data(), text.size(), false).get(object)) return false;
  bool truthy = false;
  for (const auto& [key, value] : object) {
    if (key != "error") continue;
    std::string_view string;
    const bool is_empty_string = !value.get(string) && string.empty();
    bool flag = true;
    const bool is_false = !value.get(flag) && !flag;
    truthy = !value.is_null() && !is_false && !is_empty_string;
  }
  return truthy;
}

}  // namespace

struct RecordParser::Impl {
  od::parser parser;
  simdjson::dom::parser result_parser;
  ArgumentLeaves argument_leaves;
  std::string scratch;
  std::string repaired;
  IdentityReader identity;

  // Of the record at hand.
  Trajectory* t = nullptr;
  RecordNotes* notes = nullptr;
  const char* end = nullptr;
  const char* problem = nullptr;  // a problem that simdjson does not know of
  std::string_view success_key;
  std::vector<std::int32_t> call_order;
  std::vector<std::uint32_t> group_cursor;

  using Error = simdjson::error_code;

  Error unescape(od::raw_json_string raw, std::string_view& text) {
    return json_text::unescape(parser, raw, end, t->arena, text) ? simdjson::SUCCESS
                                                                 : simdjson::STRING_ERROR;
  }

  // A string; anything else leaves `text` as it is.
  Error read_string(od::value value, std::string_view& text) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type != od::json_type::string) return simdjson::SUCCESS;
    od::raw_json_string raw;
    if (const Error error = value.get_raw_json_string().get(raw)) return error;
    return unescape(raw, text);
  }

  // A string as it is, other scalars and containers as their JSON text, null as nothing.
  Error read_text(od::value value, std::string_view& text) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::string) return read_string(value, text);
    std::string_view json;
    if (type == od::json_type::object || type == od::json_type::array) {
      if (const Error error = simdjson::to_json_string(value).get(json)) return error;
    } else if (type != od::json_type::null) {
      json = trimmed(value.raw_json_token());
    }
    text = t->arena.copy(json);
    return simdjson::SUCCESS;
  }

  // A finite number; otherwise nothing, and `odd` when there was something that is not null.
  static std::optional<double> read_number(od::value value, bool& odd) {
    double number = 0;
    if (value.get_double().get(number) == simdjson::SUCCESS && std::isfinite(number)) return number;
    odd = odd || !trimmed(value.raw_json_token()).starts_with("null");
    return std::nullopt;
  }

  static bool is_type(od::value& value, od::json_type wanted) {
    od::json_type type;
    return value.type().get(type) == simdjson::SUCCESS && type == wanted;
  }

  // Calls body(key, value) for each member of an object; other values have no members.
  template <class Body>
  Error for_members(od::value value, Body body) {
    if (!is_type(value, od::json_type::object)) return simdjson::SUCCESS;
    od::object object;
    if (const Error error = value.get_object().get(object)) return error;
    return for_members(object, body);
  }

  template <class Body>
  Error for_members(od::object& object, Body body) {
    for (auto field : object) {
      if (field.error()) return field.error();
      od::raw_json_string key;
      od::value value;
      if (const Error error = field.key().get(key)) return error;
      if (const Error error = field.value().get(value)) return error;
      if (const Error error = body(raw_key(key), value)) return error;
    }
    return simdjson::SUCCESS;
  }

  template <class Body>
  Error for_elements(od::value value, Body body) {
    if (!is_type(value, od::json_type::array)) return simdjson::SUCCESS;
    od::array array;
    if (const Error error = value.get_array().get(array)) return error;
    for (auto element : array) {
      od::value item;
      if (const Error error = element.get(item)) return error;
      if (const Error error = body(item)) return error;
    }
    return simdjson::SUCCESS;
  }

  // Content: text, or a list of parts.
  Error read_content(od::value value, Message& message, Reasoning& reasoning) {
    if (!is_type(value, od::json_type::array)) return read_text(value, message.text);
    return for_elements(value, [&](od::value part) -> Error {
      std::string_view text;
      std::string_view thinking;
      if (is_type(part, od::json_type::string)) {
        if (const Error error = read_string(part, text)) return error;
      } else {
        const Error error = for_members(part, [&](std::string_view key, od::value member) {
          if (key == "text") return read_string(member, text);
          if (key == "thinking" || key == "reasoning") return read_string(member, thinking);
          return simdjson::SUCCESS;
        });
        if (error) return error;
      }
      message.text = joined(message.text, text, t->arena);
      reasoning.parts = joined(reasoning.parts, thinking, t->arena);
      return simdjson::SUCCESS;
    });
  }

  Error read_raw_data(od::value value, Reasoning& reasoning) {
    return for_members(value, [&](std::string_view key, od::value member) {
      if (key == "message") {
        return for_members(member, [&](std::string_view inner, od::value text) {
          return inner == "reasoning_content" ? read_string(text, reasoning.raw_message)
                                              : simdjson::SUCCESS;
        });
      }
      if (key == "thinking_blocks") {
        return for_elements(member, [&](od::value block) {
          return for_members(block, [&](std::string_view inner, od::value text) {
            std::string_view thinking;
            if (inner != "thinking") return simdjson::SUCCESS;
            if (const Error error = read_string(text, thinking)) return error;
            reasoning.thinking_blocks = joined(reasoning.thinking_blocks, thinking, t->arena);
            return simdjson::SUCCESS;
          });
        });
      }
      return simdjson::SUCCESS;
    });
  }

  // Arguments as JSON in a string or as JSON; both end up as JSON text in the arena.
  Error read_arguments(od::value value, ToolCall& call) {
    if (is_type(value, od::json_type::string)) return read_string(value, call.arguments);
    if (const Error error = read_text(value, call.arguments)) return error;
    return simdjson::SUCCESS;
  }

  void take_leaves(ToolCall& call) {
    call.first_leaf = static_cast<std::uint32_t>(t->leaves.size());
    if (!trimmed(call.arguments).empty()) {
      call.arguments = with_padding(call.arguments);
      if (!argument_leaves.append(call.arguments, t->arena, t->leaves)) {
        call.malformed_arguments = true;
        ++notes->malformed_arguments;
        t->leaves.push_back(call.arguments);
      }
    }
    call.n_leaves = static_cast<std::uint32_t>(t->leaves.size()) - call.first_leaf;
  }

  // A copy of the text with readable bytes behind it, as the parser needs them.
  std::string_view with_padding(std::string_view text) {
    char* place = t->arena.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(place, text.data(), text.size());
    std::memset(place + text.size(), 0, simdjson::SIMDJSON_PADDING);
    t->arena.commit(text.size() + simdjson::SIMDJSON_PADDING);
    return {place, text.size()};
  }

  Error read_call(od::value value, Requestor requestor) {
    ToolCall call;
    call.requestor = requestor;
    call.message = static_cast<std::int32_t>(t->messages.size());
    bool has_name = false;
    const auto take = [&](std::string_view key, od::value member) -> Error {
      if (key == "id") return read_text(member, call.id);
      if (key == "name") {
        has_name = is_type(member, od::json_type::string);
        return read_string(member, call.name);
      }
      if (key == "arguments" || key == "kwargs") return read_arguments(member, call);
      if (key == "requestor") {
        std::string_view name;
        if (const Error error = read_string(member, name)) return error;
        if (name == "user") call.requestor = Requestor::kUser;
      }
      return simdjson::SUCCESS;
    };
    const Error error = for_members(value, [&](std::string_view key, od::value member) -> Error {
      return key == "function" ? for_members(member, take) : take(key, member);
    });
    if (error) return error;
    if (!has_name) {
      problem = "tool call has no name";
      return simdjson::INCORRECT_TYPE;
    }
    if (call.name.empty()) ++notes->unnamed_calls;
    take_leaves(call);
    t->calls.push_back(call);
    return simdjson::SUCCESS;
  }

  Error read_message(od::value value, bool inside_tool_messages = false) {
    if (!is_type(value, od::json_type::object)) {
      problem = "message is not an object";
      return simdjson::INCORRECT_TYPE;
    }
    Message message;
    Reasoning reasoning;
    std::string_view role_name;
    std::string_view id;
    std::string_view requestor;
    bool is_multi = false;
    message.first_call = static_cast<std::uint32_t>(t->calls.size());
    const Error error = for_members(value, [&](std::string_view key, od::value member) -> Error {
      if (key == "role") return read_string(member, role_name);
      if (key == "content") return read_content(member, message, reasoning);
      if (key == "tool_calls") {
        if (!is_type(member, od::json_type::array) && !is_type(member, od::json_type::null)) {
          problem = "tool_calls is neither a list nor null";
          return simdjson::INCORRECT_TYPE;
        }
        return for_elements(member,
                            [&](od::value call) { return read_call(call, Requestor::kAgent); });
      }
      if (key == "function_call" && is_type(member, od::json_type::object)) {
        return read_call(member, Requestor::kAgent);
      }
      if (key == "tool_call_id") return read_text(member, message.tool_call_id);
      if (key == "id") return read_text(member, id);
      if (key == "requestor") return read_string(member, requestor);
      if (key == "error") {
        bool flag = false;
        if (is_type(member, od::json_type::boolean) && !member.get_bool().get(flag)) {
          message.error_flag = flag ? ErrorFlag::kError : ErrorFlag::kNoError;
        }
        return simdjson::SUCCESS;
      }
      if (key == "reasoning_content" || key == "reasoning") {
        std::string_view text;
        if (const Error inner = read_string(member, text)) return inner;
        if (reasoning.own.empty() || key == "reasoning_content") {
          if (!text.empty()) reasoning.own = text;
        }
        return simdjson::SUCCESS;
      }
      if (key == "raw_data") return read_raw_data(member, reasoning);
      if (key == "tool_messages" && is_type(member, od::json_type::array)) {
        if (inside_tool_messages) {
          problem = "tool messages inside tool messages";
          return simdjson::INCORRECT_TYPE;
        }
        is_multi = true;
        return for_elements(member, [&](od::value part) { return read_message(part, true); });
      }
      return simdjson::SUCCESS;
    });
    if (error) return error;
    if (is_multi && t->calls.size() > message.first_call) {
      problem = "a list of tool messages issues tool calls";
      return simdjson::INCORRECT_TYPE;
    }
    if (is_multi) return simdjson::SUCCESS;
    message.role = role_of(role_name, *notes);
    finish_message(message, reasoning, id, requestor);
    return simdjson::SUCCESS;
  }

  void finish_message(Message& message, const Reasoning& reasoning, std::string_view id,
                      std::string_view requestor) {
    if (message.role == Role::kUser || requestor == "user") message.requestor = Requestor::kUser;
    message.n_calls = static_cast<std::uint32_t>(t->calls.size()) - message.first_call;
    if (message.role == Role::kUser) {
      for (std::size_t i = message.first_call; i < t->calls.size(); ++i) {
        t->calls[i].requestor = Requestor::kUser;
      }
    }
    if (message.role == Role::kTool) {
      if (message.tool_call_id.empty()) message.tool_call_id = id;
      if (is_json_error_object(message.text, result_parser, scratch)) message.error_object = true;
    }
    if (message.role == Role::kAssistant) {
      message.reasoning = reasoning.best();
      split_think_tags(message, t->arena);
    }
    t->messages.push_back(message);
  }

  // The domain that a stored tau2-bench task names.
  Error read_task(od::value value) {
    return for_members(value, [&](std::string_view key, od::value scenario) {
      if (key != "user_scenario") return simdjson::SUCCESS;
      return for_members(scenario, [&](std::string_view inner, od::value instructions) {
        if (inner != "instructions") return simdjson::SUCCESS;
        return for_members(instructions, [&](std::string_view name, od::value domain) -> Error {
          if (name != "domain" || !t->domain.empty()) return simdjson::SUCCESS;
          return take_string(domain, t->domain);
        });
      });
    });
  }

  Error take_string(od::value value, std::string& into) {
    std::string_view text;
    if (const Error error = read_text(value, text)) return error;
    into = text;
    return simdjson::SUCCESS;
  }

  // The member that the user names: a number, true or false, or one of these as text.
  Error read_success(od::value value, Fields& fields) {
    std::string_view text;
    if (const Error error = read_text(value, text)) return error;
    const std::string lowered = ascii_lowered(trimmed(text));
    if (lowered == "true" || lowered == "pass" || lowered == "passed" || lowered == "yes" ||
        lowered == "success") {
      fields.said_by_user = 1.0;
    } else if (lowered == "false" || lowered == "fail" || lowered == "failed" || lowered == "no" ||
               lowered == "failure") {
      fields.said_by_user = 0.0;
    } else if (double number = 0; parse_double(lowered, number)) {
      fields.said_by_user = number;
    } else if (!lowered.empty() && lowered != "null") {
      fields.reward_not_a_number = true;
    }
    return simdjson::SUCCESS;
  }

  static bool parse_double(std::string_view text, double& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
  }

  Error read_identity(std::string_view key, od::value value) {
    std::string_view text;
    if (is_type(value, od::json_type::object) && key != "task_id") {
      if (const Error error = simdjson::to_json_string(value).get(text)) return error;
      identity.take_object(key, text);
      return simdjson::SUCCESS;
    }
    if (const Error error = read_text(value, text)) return error;
    identity.take_text(key, text);
    return simdjson::SUCCESS;
  }

  Error read_record(od::object& record, Fields& fields) {
    return for_members(record, [&](std::string_view key, od::value value) -> Error {
      if (key == "traj" || key == "messages") {
        if (fields.has_messages && !t->messages.empty()) return simdjson::SUCCESS;
        fields.has_messages = true;
        return for_elements(value, [&](od::value message) { return read_message(message); });
      }
      if (!success_key.empty() && key == success_key) return read_success(value, fields);
      if (IdentityReader::wants(key) && !(key == "task" && is_type(value, od::json_type::object))) {
        return read_identity(key, value);
      }
      if (key == "trial") {
        std::int64_t trial = 0;
        if (value.get_int64().get(trial) == simdjson::SUCCESS) t->trial = trial;
        return simdjson::SUCCESS;
      }
      if (key == "reward") {
        fields.reward = read_number(value, fields.reward_not_a_number);
        return simdjson::SUCCESS;
      }
      if (key == "success") {
        bool success = false;
        if (value.get_bool().get(success) == simdjson::SUCCESS) fields.success = success;
        return simdjson::SUCCESS;
      }
      if (key == "reward_info") {
        return for_members(value, [&](std::string_view inner, od::value member) {
          if (inner == "reward") {
            fields.reward_info = read_number(member, fields.reward_not_a_number);
          }
          return simdjson::SUCCESS;
        });
      }
      if (key == "benchmark") return take_string(value, t->benchmark);
      if (key == "domain") return take_string(value, t->domain);
      if (key == "policy") return read_string(value, fields.policy);
      if (key == "termination_reason") return take_string(value, t->termination_reason);
      if (key == "task") return read_task(value);
      if (key == "ticks") fields.has_ticks = is_type(value, od::json_type::array);
      return simdjson::SUCCESS;
    });
  }

  // The policy becomes the first message unless the log has a system message.
  void add_system_text(std::string_view policy) {
    const bool has_system = std::any_of(t->messages.begin(), t->messages.end(),
                                        [](const Message& m) { return m.role == Role::kSystem; });
    if (policy.empty() || has_system) return;
    Message system;
    system.role = Role::kSystem;
    system.text = policy;
    t->messages.insert(t->messages.begin(), system);
    for (ToolCall& call : t->calls) ++call.message;
  }

  // Each tool message answers, among the calls before it with its id, the first unanswered one of
  // the latest message that has such calls; without an id, the first unanswered call. O(n log n).
  void link_results() {
    std::vector<ToolCall>& calls = t->calls;
    call_order.resize(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) call_order[i] = static_cast<std::int32_t>(i);
    const auto call_at = [&](std::int32_t i) -> ToolCall& {
      return calls[static_cast<std::size_t>(i)];
    };
    std::stable_sort(call_order.begin(), call_order.end(), [&](std::int32_t a, std::int32_t b) {
      return call_at(a).id < call_at(b).id;  // calls are in message order already
    });
    group_cursor.assign(calls.size(),
                        0);  // per group (id, message), at its first position: answered so far
    std::size_t first_unanswered = 0;
    for (std::size_t m = 0; m < t->messages.size(); ++m) {
      Message& message = t->messages[m];
      if (message.role != Role::kTool) continue;
      const auto index = static_cast<std::int32_t>(m);
      std::int32_t answered = kNone;
      if (message.tool_call_id.empty()) {
        while (first_unanswered < calls.size() && calls[first_unanswered].result_message != kNone) {
          ++first_unanswered;
        }
        if (first_unanswered < calls.size() && calls[first_unanswered].message < index) {
          answered = static_cast<std::int32_t>(first_unanswered);
        }
      } else {
        answered = next_call_with_id(message.tool_call_id, index);
      }
      if (answered == kNone) {
        ++notes->results_without_call;
        continue;
      }
      message.answers = answered;
      call_at(answered).result_message = index;
      message.requestor = call_at(answered).requestor;
    }
  }

  std::int32_t next_call_with_id(std::string_view id, std::int32_t before_message) {
    const auto& calls = t->calls;
    const auto call_at = [&](std::int32_t i) -> const ToolCall& {
      return calls[static_cast<std::size_t>(i)];
    };
    // Behind the last call with this id in a message before.
    auto behind = std::partition_point(call_order.begin(), call_order.end(), [&](std::int32_t i) {
      const ToolCall& call = call_at(i);
      return call.id < id || (call.id == id && call.message < before_message);
    });
    if (behind == call_order.begin() || call_at(*(behind - 1)).id != id) return kNone;
    const std::int32_t issuer = call_at(*(behind - 1)).message;
    const auto group = std::partition_point(call_order.begin(), behind, [&](std::int32_t i) {
      const ToolCall& call = call_at(i);
      return call.id < id || (call.id == id && call.message < issuer);
    });
    std::uint32_t& answered = group_cursor[static_cast<std::size_t>(group - call_order.begin())];
    while (answered < static_cast<std::size_t>(behind - group)) {
      const std::int32_t candidate = *(group + answered++);
      if (call_at(candidate).result_message == kNone) return candidate;
    }
    return kNone;
  }

  ParsedRecord parse_once(std::string_view json, const RecordDefaults& defaults) {
    ParsedRecord parsed;
    notes = &parsed.notes;
    end = json.data() + json.size();
    problem = nullptr;
    identity.clear();
    success_key = defaults.success_key;
    Fields fields;
    od::document document;
    od::object record;
    Error error =
        parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding).get(document);
    const bool has_document = !error;  // without, it must not be asked where it stopped
    if (!error) error = document.get_object().get(record);
    if (!error) error = read_record(record, fields);
    if (error) {
      const char* location = nullptr;
      if (has_document && document.current_location().get(location) == simdjson::SUCCESS &&
          location >= json.data() && location <= end) {
        parsed.byte = static_cast<std::size_t>(location - json.data());
      }
      parsed.problem = problem != nullptr ? problem : simdjson::error_message(error);
      parsed.damaged = problem == nullptr;
      last_error = error;
      return parsed;
    }
    last_error = simdjson::SUCCESS;
    const char* behind = nullptr;  // the next token, if there is one
    parsed.consumed = json.size();
    if (document.current_location().get(behind) == simdjson::SUCCESS && behind < end) {
      parsed.consumed = static_cast<std::size_t>(behind - json.data());
    }
    parsed.identity = identity.identity();
    t->model = parsed.identity.model;
    t->task_id = parsed.identity.task;
    if (!fields.has_messages || (fields.has_ticks && t->messages.empty())) {
      parsed.problem = fields.has_ticks ? "voice simulations (ticks without messages) are not read"
                                        : "the record has no messages";
      return parsed;
    }
    apply(fields, defaults, parsed);
    add_system_text(!fields.policy.empty() ? fields.policy : t->arena.copy(defaults.policy));
    link_results();
    const bool spoke = std::any_of(t->messages.begin(), t->messages.end(),
                                   [](const Message& m) { return m.role == Role::kAssistant; });
    parsed.outcome = spoke ? RecordOutcome::kParsed : RecordOutcome::kNoAssistantMessage;
    return parsed;
  }

  void apply(const Fields& fields, const RecordDefaults& defaults, ParsedRecord& parsed) {
    parsed.notes.reward_not_a_number = fields.reward_not_a_number;
    t->reward = fields.reward ? fields.reward : fields.reward_info;
    if (!t->reward && fields.success) t->reward = *fields.success ? 1.0 : 0.0;
    if (fields.said_by_user) t->reward = fields.said_by_user;
    if (t->model.empty()) {
      t->model = defaults.model;
      parsed.model_from_defaults = true;
    }
    if (t->benchmark.empty()) t->benchmark = defaults.benchmark;
    if (t->domain.empty()) t->domain = defaults.domain;
  }

  Error last_error = simdjson::SUCCESS;
};

RecordParser::RecordParser() : impl_(std::make_unique<Impl>()) {}
RecordParser::~RecordParser() = default;
RecordParser::RecordParser(RecordParser&&) noexcept = default;
RecordParser& RecordParser::operator=(RecordParser&&) noexcept = default;

ParsedRecord RecordParser::parse(std::string_view json, const RecordDefaults& defaults,
                                 Trajectory& into) {
  into.clear();
  impl_->t = &into;
  ParsedRecord parsed = impl_->parse_once(json, defaults);
  if (impl_->last_error == simdjson::UTF8_ERROR) {
    impl_->repaired = with_valid_utf8(json);
    const std::size_t size = impl_->repaired.size();
    impl_->repaired.append(RecordBlock::kPadding, ' ');
    into.clear();
    parsed = impl_->parse_once(std::string_view(impl_->repaired).substr(0, size), defaults);
    parsed.notes.repaired_utf8 = true;
  }
  impl_->t = nullptr;
  impl_->notes = nullptr;
  return parsed;
}

}  // namespace agentecho

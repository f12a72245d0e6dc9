#include "agentecho/readers/dialects/message.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/calls.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"
#include "agentecho/readers/dialects/text_calls.h"
#include "agentecho/readers/dialects/vocabulary.h"
#include "agentecho/readers/dialects/walk.h"
#include "agentecho/readers/written/python_literal.h"
#include "agentecho/readers/written/spoken_action.h"

namespace agentecho::dialects {

namespace od = simdjson::ondemand;

namespace {

using Error = simdjson::error_code;

constexpr std::string_view kPartsKey = "parts";
constexpr int kDeepest = 6;      // parts in parts; what is deeper is text
constexpr int kDeepestText = 3;  // JSON in texts in JSON

// Where reasoning may stand in a message; the first place that has some counts (METHOD 1).
enum class Place { kOwn, kOther, kRawMessage, kBlocks, kParts, kSpare };
struct Thought {
  Place place;
  std::string_view text;
};

// A value as an object or a list, kOf: nothing where it is something else.
template <od::json_type kOf, class T>
Error get_if(od::value value, std::optional<T>& as) {
  od::json_type type;
  if (const Error error = value.type().get(type)) return error;
  if (type != kOf) return simdjson::SUCCESS;
  return value.get<T>().get(as.emplace());
}

// Calls body(key, value) for each member of an object; other values have no members.
template <class Body>
Error for_members(od::value value, Body body) {
  std::optional<od::object> object;
  const Error error = get_if<od::json_type::object>(value, object);
  return error || !object ? error : for_members(*object, body);
}

// Calls body(element) for each element of a list; other values have no elements.
template <class Body>
Error for_elements(od::value value, Body body) {
  std::optional<od::array> array;
  if (const Error error = get_if<od::json_type::array>(value, array)) return error;
  if (!array) return simdjson::SUCCESS;
  for (auto element : *array) {
    od::value item;
    if (const Error error = element.get(item)) return error;
    if (const Error error = body(item)) return error;
  }
  return simdjson::SUCCESS;
}

// From the value's first character to where the next token begins.
std::string_view token_of(od::value& value) { return value.raw_json_token(); }

// A list or object whole, as written. The value must not be read afterwards.
Error raw_json(od::value& value, std::string_view& json) {
  return simdjson::to_json_string(value).get(json);
}

// The log's own JSON and a word that says what of it was not read.
std::string quoted(std::string_view what, std::string_view name) {
  std::string text(what);
  text += " `";
  text += printable(name);
  text += '`';
  return text;
}

// One message, item or part while its members come by.
struct Item {
  std::string_view role;
  bool role_is_plain = false;  // under the key "role"
  std::string_view type;
  std::string_view class_name;  // of LangChain's constructors
  std::string_view id;
  std::string_view call_id;
  std::string_view name;
  std::string_view requestor;
  std::string_view model;
  std::string_view source;
  std::string_view status;
  std::string_view arguments;
  std::string_view arguments_key;
  std::string_view output;
  std::string_view output_key;
  std::string_view error_text;
  std::string_view content_key;
  std::string_view json;  // from the item's first character on, to name its members
  bool has_name = false;
  bool has_items = false;  // it is a list of messages
  ErrorFlag error_flag = ErrorFlag::kNotSaid;
  ItemKind kind = ItemKind::kUnknown;  // where a member says it
  std::size_t first_piece = 0;
  std::size_t first_odd = 0;
  std::size_t first_message = 0;  // that came of the item
  std::size_t effects = 0;        // what came of the item's members by themselves

  bool may_be_call() const { return has_name && !arguments_key.empty(); }
  std::string_view answered_id() const { return !call_id.empty() ? call_id : id; }
};

// The message at hand: what it has said so far and is not in the trajectory yet.
struct Open {
  std::size_t first_message = 0;  // of what came of it
  std::uint32_t first_call = 0;
  std::size_t first_piece = 0;
  std::size_t first_own = 0;    // of Impl::own
  std::uint32_t item_call = 0;  // first_call when its item began
  bool calls_are_spare = false;
};

// Under which member of an item each of its calls stands: providers and SDKs say the same call in
// several places. Linear in the calls, and nothing to do while all stand in one place.
class SaidCalls {
 public:
  void clear() { keep(0); }
  // Only the first n.
  void keep(std::size_t n) {
    if (n >= sources_.size()) return;
    sources_.resize(n);
    places_.clear();
    n_indexed_ = 0;
    vary_ = std::any_of(sources_.begin(), sources_.end(),
                        [&](std::string_view source) { return source != sources_[0]; });
  }
  void add(std::string_view source) {
    sources_.push_back(source);
    vary_ = vary_ || source != sources_[0];
  }

  // Whether the same call stands under another member: the same name and id, or the same arguments
  // where one of the two has no id. The item's calls begin at `first`.
  bool elsewhere(const ToolCall& call, std::string_view source, const Trajectory& t,
                 std::size_t first) {
    if (sources_.empty() || (!vary_ && sources_[0] == source)) return false;
    for (; n_indexed_ < sources_.size(); ++n_indexed_) {
      index(t.calls[first + n_indexed_], sources_[n_indexed_]);
    }
    if (call.id.empty()) return is_under_another(key_of('a', call, call.arguments), source);
    return is_under_another(key_of('i', call, call.id), source) ||
           is_under_another(key_of('n', call, call.arguments), source);
  }

 private:
  using Places = std::array<std::string_view, 2>;  // two that differ are enough to know

  static std::string key_of(char kind, const ToolCall& call, std::string_view text) {
    std::string key(1, kind);
    return key.append(call.name).append(1, '\x1f').append(text);
  }
  void index(const ToolCall& call, std::string_view source) {
    note(key_of('a', call, call.arguments), source);
    if (call.id.empty()) {
      note(key_of('n', call, call.arguments), source);
    } else {
      note(key_of('i', call, call.id), source);
    }
  }
  void note(std::string key, std::string_view source) {
    const auto [place, is_new] = places_.try_emplace(std::move(key), Places{source, source});
    if (!is_new && place->second[0] != source) place->second[1] = source;
  }
  bool is_under_another(const std::string& key, std::string_view source) const {
    const auto found = places_.find(key);
    return found != places_.end() && (found->second[0] != source || found->second[1] != source);
  }

  std::vector<std::string_view> sources_;  // by call
  bool vary_ = false;
  std::unordered_map<std::string, Places> places_;
  std::size_t n_indexed_ = 0;
};

// A result that stands in its call: it counts when no message answers the call.
struct InlineResult {
  std::size_t call;
  std::string_view text;
  ErrorFlag flag;
};

}  // namespace

struct MessageReader::Impl {
  // Unescaping needs the parser's implementation, which is made with its first memory.
  Impl() : allocated(unescaper.allocate(64)) {}

  const Vocabulary& words = Vocabulary::get();
  od::parser unescaper;
  Error allocated;
  std::vector<std::unique_ptr<od::parser>> text_parsers;  // one for each level of JSON in texts
  simdjson::dom::parser result_parser;
  std::string scratch;
  CallWriter calls;
  ResultLinker linker;

  // Of the run at hand.
  Trajectory* t = nullptr;
  RecordNotes* notes = nullptr;
  std::string problem;
  std::vector<std::string_view> pieces;  // of text, a stack: parts add to what they are part of
  std::vector<Thought> thoughts;         // of the message at hand
  std::vector<std::string_view> odd;     // names of members not read, a stack
  std::vector<std::size_t> own;          // messages that the message at hand says itself, by index
  SaidCalls said;                        // the open item's calls
  std::vector<InlineResult> inline_results;
  struct NamedSpeaker {
    std::size_t message;
    std::string_view name;
  };
  std::vector<NamedSpeaker> named_speakers;  // of messages of user and assistant
  Open open;
  // Reasoning that came in several items of one message, joined once: an item a time would copy it
  // as often.
  std::size_t thinking = 0;  // 1 + that message; 0: there is none
  std::vector<std::string_view> turn_thoughts;
  std::size_t bare_reasoning = 0;  // 1 + the message that is so far only an item of reasoning
  const char* json_end = nullptr;
  int text_depth = 0;

  // The JSON text from the value's first character on.
  std::string_view text_from(od::value& value) const {
    const char* at = token_of(value).data();
    return {at, static_cast<std::size_t>(json_end - at)};
  }

  // ---- values
  // ------------------------------------------------------------------------------------

  // A string; anything else leaves `text` as it is.
  Error read_string(od::value value, std::string_view& text) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type != od::json_type::string) return simdjson::SUCCESS;
    const std::string_view token = token_of(value);
    od::raw_json_string raw;
    if (const Error error = value.get_raw_json_string().get(raw)) return error;
    return json_text::unescape(unescaper, raw, token.data() + token.size(), t->arena, text)
               ? simdjson::SUCCESS
               : simdjson::STRING_ERROR;
  }

  // A string as it is, other scalars and containers as their JSON text, null as nothing.
  Error read_text(od::value value, std::string_view& text) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::string) return read_string(value, text);
    std::string_view json;
    if (type == od::json_type::object || type == od::json_type::array) {
      if (const Error error = raw_json(value, json)) return error;
    } else if (type != od::json_type::null) {
      json = trimmed(token_of(value));
    }
    text = t->arena.copy(json);
    return simdjson::SUCCESS;
  }

  static bool holds_data(od::value value) {
    od::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == od::json_type::string) return peek_holds_data(token_of(value));
    if (type != od::json_type::object && type != od::json_type::array) return false;
    // The token of a container ends where the next one begins, so what follows it is in the text.
    const std::string_view token = token_of(value);
    return token.data()[token.size()] != '}' && token.data()[token.size()] != ']';
  }

  void note_unread(std::string what, std::uint32_t n = 1) {
    RecordNotes::count(notes->unread, std::move(what), n);
  }

  Error refuse(std::string why) {
    problem = std::move(why);
    return simdjson::INCORRECT_TYPE;
  }

  // JSON in a text, or what Python writes in its place: body(value) with the list or object in it.
  // False: there is none.
  template <class Body>
  Error read_json_text(std::string_view text, bool& found, Body body) {
    found = false;
    const std::string_view json = trimmed(text);
    if (json.size() < 2 || (json[0] != '[' && json[0] != '{') || text_depth == kDeepestText) {
      return simdjson::SUCCESS;
    }
    if (text_parsers.size() == static_cast<std::size_t>(text_depth)) {
      text_parsers.push_back(std::make_unique<od::parser>());
    }
    std::string_view padded = padded_copy(json, t->arena);
    simdjson::dom::element valid;
    if (result_parser.parse(padded.data(), padded.size()).get(valid)) {
      const auto literal = written::whole_python_literal(json);
      if (!literal) return simdjson::SUCCESS;
      padded = padded_copy(*literal, t->arena);
      if (result_parser.parse(padded.data(), padded.size()).get(valid)) return simdjson::SUCCESS;
    }
    od::document document;
    od::value value;
    if (text_parsers[static_cast<std::size_t>(text_depth)]
            ->iterate(padded.data(), padded.size(), padded.size() + simdjson::SIMDJSON_PADDING)
            .get(document) ||
        document.get_value().get(value)) {
      return simdjson::SUCCESS;
    }
    found = true;
    ++text_depth;
    const char* const outer_end = std::exchange(json_end, padded.data() + padded.size());
    const Error error = body(value);
    json_end = outer_end;
    --text_depth;
    return error;
  }

  // Which model made a message, where it says so: its own member, or the metadata of LangChain,
  // Haystack or OpenAI's Agents SDK.
  void note_model(Item& item, std::string_view key, od::value value) {
    if ((key == "response_metadata" || key == "provider_data" || key == "meta" || key == "_meta") &&
        is_type(value, od::json_type::object)) {
      for (const PeekedMember& member : peek_members(text_from(value))) {
        if (is_model_key(member.name)) item.model = t->arena.copy(peek_string(member.value));
      }
    } else if (is_model_key(key) && is_type(value, od::json_type::string)) {
      std::string_view text;
      if (!read_string(value, text)) item.model = text;
    }
  }

  static bool is_model_key(std::string_view key) {
    return key == "model" || key == "model_name" || key == "model_id" || key == "modelID";
  }

  // ---- members
  // -----------------------------------------------------------------------------------

  Error take(Item& item, std::string_view key, od::value value, int depth) {
    switch (words.in_item(key)) {
      case Member::kContent:
        return take_content(item, key, value, depth);
      case Member::kRole:
        return take_role(item, key, value);
      case Member::kCalls:
        return take_calls(item, key, value);
      case Member::kHarmless:
        if (depth == 0) note_model(item, key, value);
        return simdjson::SUCCESS;
      case Member::kName:
        if (!is_type(value, od::json_type::string)) return take_unknown(item, key, value);
        item.has_name = true;
        return read_string(value, item.name);
      case Member::kCallId:
        return read_text(value, item.call_id);
      case Member::kId:
        return take_id(item, value);
      case Member::kType:
        return take_type(item, value);
      case Member::kRequestor:
        return read_string(value, item.requestor);
      case Member::kSource:
        if (!is_type(value, od::json_type::string)) return simdjson::SUCCESS;
        return read_string(value, item.source);
      case Member::kReasoning:
        return take_reasoning(item, key, value, depth);
      case Member::kThinkingBlocks:
        return read_thoughts(value, Place::kBlocks, 0);
      case Member::kRawData:
        return read_raw_data(value, 0);
      case Member::kParts:
        return take_parts(item, key, value, depth);
      case Member::kSpare:
        return take_spare(item, value);
      case Member::kItems:
        return take_items(item, key, value, depth);
      case Member::kResults:
        return take_results(item, key, value, depth);
      case Member::kFunction:
        return take_function(item, value);
      case Member::kArguments:
        if (!holds_data(value) && !item.arguments_key.empty()) return simdjson::SUCCESS;
        // {"role": …, "action": {"name": …, "arguments": …}}
        if (!item.has_name && item.type.empty() && is_type(value, od::json_type::object) &&
            looks_like_calls(text_from(value))) {
          return take_calls(item, key, value);
        }
        item.arguments_key = key;
        return read_text(value, item.arguments);
      case Member::kOutput:
        return take_output(item, key, value, depth);
      case Member::kError:
        return take_error(item, value);
      case Member::kSuccess:
      case Member::kExitCode:
        return take_how_it_went(item, value);
      case Member::kStatus:
        if (!is_type(value, od::json_type::object)) return read_string(value, item.status);
        return for_members(value, [&](std::string_view inner, od::value member) {
          return take(item, inner, member, depth);  // opencode: {"state": {"input", "output"}}
        });
      case Member::kBody:
        if (!is_type(value, od::json_type::object)) return take_content(item, key, value, depth);
        return for_members(value, [&](std::string_view inner, od::value member) {
          return take(item, inner, member, depth);
        });
      case Member::kWrapper:
        if (!is_type(value, od::json_type::object)) break;
        return for_members(value, [&](std::string_view inner, od::value member) {
          return take(item, inner, member, depth);
        });
      case Member::kUnknown:
        break;
    }
    return take_unknown(item, key, value);
  }

  Error take_unknown(Item& item, std::string_view key, od::value value) {
    if (!holds_data(value)) return simdjson::SUCCESS;
    if (!is_type(value, od::json_type::string) && looks_like_calls(text_from(value))) {
      return take_calls(item, key, value);
    }
    odd.push_back(key);
    return simdjson::SUCCESS;
  }

  // An object, or the first of a list, that has what every call has: a name and arguments.
  bool looks_like_calls(std::string_view json) const {
    if (json[0] == '[') json = peek_first_element(json);
    bool named = false;
    bool has_arguments = false;
    for (const PeekedMember& member : peek_members(json)) {
      const Member means = words.in_call(member.name);
      named =
          named || (means == Member::kName && member.value[0] == '"') || means == Member::kFunction;
      has_arguments = has_arguments || means == Member::kArguments ||
                      (means == Member::kFunction && member.value[0] == '{');
    }
    return named && has_arguments;
  }

  Error take_role(Item& item, std::string_view key, od::value value) {
    if (is_type(value, od::json_type::object)) {  // {"author": {"role": …}}
      return for_members(value, [&](std::string_view inner, od::value member) -> Error {
        return inner == "role" ? take_role(item, inner, member) : simdjson::SUCCESS;
      });
    }
    if (!is_type(value, od::json_type::string) || item.role_is_plain) return simdjson::SUCCESS;
    std::string_view name;
    if (const Error error = read_word(value, name)) return error;
    const bool plain = key == "role";
    if (!plain && !item.role.empty() && words.role(name) == nullptr) return simdjson::SUCCESS;
    item.role = name;
    item.role_is_plain = plain;
    return simdjson::SUCCESS;
  }

  // A short string that needs no copy when it has no escapes.
  Error read_word(od::value value, std::string_view& word) {
    const std::string_view token = trimmed(token_of(value));
    if (token.size() < 2 || token.find('\\') != std::string_view::npos) {
      return read_string(value, word);
    }
    word = token.substr(1, token.size() - 2);
    return simdjson::SUCCESS;
  }

  Error take_type(Item& item, od::value value) {
    if (!is_type(value, od::json_type::string)) return simdjson::SUCCESS;
    std::string_view name;
    if (const Error error = read_word(value, name)) return error;
    if (item.type.empty() || words.type(item.type) == ItemKind::kUnknown) item.type = name;
    return simdjson::SUCCESS;
  }

  Error take_id(Item& item, od::value value) {
    if (!is_type(value, od::json_type::array)) return read_text(value, item.id);
    return for_elements(value, [&](od::value name) { return read_string(name, item.class_name); });
  }

  Error take_error(Item& item, od::value value) {
    bool flag = false;
    if (is_type(value, od::json_type::boolean)) {
      if (const Error error = value.get_bool().get(flag)) return error;
      item.error_flag = flag ? ErrorFlag::kError : ErrorFlag::kNoError;
    } else if (holds_data(value)) {
      item.error_flag = ErrorFlag::kError;
      return read_text(value, item.error_text);
    }
    return simdjson::SUCCESS;
  }

  // "success": false, "exit_code": 1. Anything else says nothing.
  static Error take_how_it_went(Item& item, od::value value) {
    bool went_well = true;
    std::int64_t exit_code = 0;
    if (is_type(value, od::json_type::boolean)) {
      if (const Error error = value.get_bool().get(went_well)) return error;
    } else if (!is_type(value, od::json_type::number) ||
               value.get_int64().get(exit_code) != simdjson::SUCCESS) {
      return simdjson::SUCCESS;
    }
    const bool failed = !went_well || exit_code != 0;
    if (item.error_flag != ErrorFlag::kError) {
      item.error_flag = failed ? ErrorFlag::kError : ErrorFlag::kNoError;
    }
    return simdjson::SUCCESS;
  }

  // Are the elements parts of a content? Otherwise they are data, kept as JSON text.
  bool is_list_of_parts(std::string_view list, const Item& item) const {
    const std::string_view first = peek_first_element(list);
    if (first.empty() || first[0] == '"') return true;
    if (first[0] != '{') return false;
    bool has_type = false;
    bool has_text = false;
    bool has_name = false;
    bool has_arguments = false;
    bool has_call_id = false;
    for (const PeekedMember& member : peek_members(first)) {
      const Member means = words.in_item(member.name);
      has_text = has_text || means == Member::kContent || means == Member::kReasoning;
      has_name = has_name || means == Member::kName || means == Member::kFunction;
      has_arguments = has_arguments || means == Member::kArguments;
      has_call_id = has_call_id || means == Member::kCallId;
      if (means == Member::kCalls || means == Member::kResults) return true;
      if (means != Member::kType || member.value[0] != '"') continue;
      if (words.type(peek_string(member.value)) != ItemKind::kUnknown) return true;
      has_type = true;
    }
    if (!is_result(item)) return has_type || has_text || (has_name && has_arguments);
    if (has_call_id && has_text) return true;
    return has_text && peek_members(first, 2).size() == 1;  // [{"text": "…"}]
  }

  // Is it a result, as far as its members have said?
  bool is_result(const Item& item) const {
    if (item.kind == ItemKind::kResult || words.type(item.type) == ItemKind::kResult) return true;
    const RoleWord* role = words.role(item.role.empty() ? item.type : item.role);
    return role != nullptr && role->role == Role::kTool;
  }

  Error take_content(Item& item, std::string_view key, od::value value, int depth) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    const bool is_first = item.content_key.empty();
    if (type == od::json_type::array || type == od::json_type::object) {
      if (!holds_data(value)) return simdjson::SUCCESS;
      if (!is_first) {
        if (item.content_key != kPartsKey) odd.push_back(key);
        return simdjson::SUCCESS;
      }
      item.content_key = key;
      return type == od::json_type::array ? take_list(item, value, depth)
                                          : take_object(item, value, depth);
    }
    std::string_view text;
    if (const Error error = read_text(value, text)) return error;
    if (text.empty()) return simdjson::SUCCESS;
    if (is_first && may_be_parts_as_text(key, text) && !is_result(item)) {
      bool found = false;
      item.content_key = key;
      const Error error = read_json_text(
          text, found, [&](od::value parts) { return take_list(item, parts, depth); });
      if (error || found) return error;
    }
    if (is_first) {
      item.content_key = key;
      pieces.push_back(text);
    } else if (item.content_key != kPartsKey &&
               joined(pieces, std::min(item.first_piece, pieces.size()), t->arena) != text) {
      odd.push_back(key);
    }
    return simdjson::SUCCESS;
  }

  // A list of parts that was written as a text (a column of a table): under another key than
  // `parts` only where one of them is more than text, since a text may be any JSON.
  static bool may_be_parts_as_text(std::string_view key, std::string_view text) {
    constexpr std::string_view kTelling[] = {
        "\"tool_use\"",    "\"tool_result\"", "\"thinking\"",     "\"tool-call\"",
        "\"tool-result\"", "\"toolUse\"",     "\"toolResult\"",   "\"functionCall\"",
        "\"tool_call\"",   "\"toolCallId\"",  "\"tool_call_id\"", "\"functionResponse\""};
    text = trimmed(text);
    if (!text.starts_with("[") || !trimmed(text.substr(1)).starts_with("{")) return false;
    return key == kPartsKey ||
           std::any_of(std::begin(kTelling), std::end(kTelling), [&](std::string_view word) {
             return find_word(text, word) != std::string_view::npos;
           });
  }

  Error take_list(Item& item, od::value value, int depth) {
    if (depth >= kDeepest || !is_list_of_parts(text_from(value), item)) {
      return take_as_text(value);
    }
    const ItemKind kind =
        item.kind == ItemKind::kReasoning ? ItemKind::kReasoning : ItemKind::kUnknown;
    return for_elements(value, [&](od::value part) {
      ++item.effects;
      return read_part(part, depth + 1, kind);
    });
  }

  // One part in place of a list, or data.
  Error take_object(Item& item, od::value value, int depth) {
    const std::vector<PeekedMember> members = peek_members(text_from(value));
    const bool is_part = std::any_of(members.begin(), members.end(), [&](const auto& member) {
      const Member means = words.in_item(member.name);
      return (means == Member::kType &&
              words.type(peek_string(member.value)) != ItemKind::kUnknown) ||
             (means == Member::kParts && member.value[0] == '[');
    });
    if (depth >= kDeepest) return take_as_text(value);
    const auto has = [&](std::string_view name) {
      return std::any_of(members.begin(), members.end(),
                         [&](const auto& member) { return member.name == name; });
    };
    if (members.size() == 1 && has("text")) {
      return for_members(value,
                         [&](std::string_view, od::value member) { return take_as_text(member); });
    }
    if (has("role") && has("parts")) {  // ADK: the message is the content of an event
      return for_members(value, [&](std::string_view key, od::value member) {
        return take(item, key, member, depth);
      });
    }
    if (has("isError") && has("content")) {  // of the Model Context Protocol
      item.content_key = {};
      return for_members(value, [&](std::string_view key, od::value member) {
        return key == "isError"   ? take_error(item, member)
               : key == "content" ? take_content(item, key, member, depth + 1)
                                  : simdjson::SUCCESS;
      });
    }
    if (has("value") && has("annotations")) {  // OpenAI's Assistants: a text with its citations
      return for_members(value, [&](std::string_view key, od::value member) {
        return key == "value" ? take_as_text(member) : simdjson::SUCCESS;
      });
    }
    if (!is_part) return take_as_text(value);
    ++item.effects;
    return read_part(value, depth + 1, ItemKind::kUnknown);
  }

  Error take_as_text(od::value value) {
    std::string_view text;
    if (const Error error = read_text(value, text)) return error;
    pieces.push_back(text);
    return simdjson::SUCCESS;
  }

  Error take_parts(Item& item, std::string_view key, od::value value, int depth) {
    if (!is_type(value, od::json_type::array)) return take_content(item, key, value, depth);
    if (!holds_data(value)) return simdjson::SUCCESS;
    if (!item.content_key.empty()) pieces.resize(std::min(pieces.size(), item.first_piece));
    item.content_key = kPartsKey;
    return take_list(item, value, depth);
  }

  Error take_reasoning(Item& item, std::string_view key, od::value value, int depth) {
    if (is_type(value, od::json_type::boolean)) {  // Gemini: this part is a thought
      bool thought = false;
      if (const Error error = value.get_bool().get(thought)) return error;
      if (thought) item.kind = ItemKind::kReasoning;
      return simdjson::SUCCESS;
    }
    ++item.effects;
    if (depth > 0) return read_thoughts(value, Place::kParts, 0);
    return read_thoughts(value, key == "reasoning_content" ? Place::kOwn : Place::kOther, 0);
  }

  // Reasoning in any form: a text, pieces, a list of either.
  Error read_thoughts(od::value value, Place place, int depth) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::string) {
      std::string_view text;
      if (const Error error = read_string(value, text)) return error;
      if (!text.empty()) thoughts.push_back({place, text});
      return simdjson::SUCCESS;
    }
    if (depth == kDeepest) return simdjson::SUCCESS;
    if (type == od::json_type::array) {
      return for_elements(
          value, [&](od::value element) { return read_thoughts(element, place, depth + 1); });
    }
    return for_members(value, [&](std::string_view key, od::value member) -> Error {
      const bool is_reasoning = key == "text" || key == "thinking" || key == "reasoning" ||
                                key == "summary" || key == "content" || key == "reasoningText" ||
                                key == "reasoning_content" || key == "reasoning_text";
      return is_reasoning ? read_thoughts(member, place, depth + 1) : simdjson::SUCCESS;
    });
  }

  // The provider's own message: METHOD 1 says where reasoning stands in it.
  Error read_raw_data(od::value value, int depth) {
    if (depth == kDeepest) return simdjson::SUCCESS;
    return for_members(value, [&](std::string_view key, od::value member) -> Error {
      if (key == "message") {
        return for_members(member, [&](std::string_view inner, od::value text) -> Error {
          if (inner == "reasoning_content" || inner == "reasoning") {
            return read_thoughts(text, Place::kRawMessage, 0);
          }
          if (inner == "thinking_blocks" || inner == "reasoning_details") {
            return read_thoughts(text, Place::kBlocks, 0);
          }
          return simdjson::SUCCESS;
        });
      }
      if (key == "thinking_blocks" || key == "reasoning_details") {
        return read_thoughts(member, Place::kBlocks, 0);
      }
      if (key == "choices") {
        return for_elements(member,
                            [&](od::value choice) { return read_raw_data(choice, depth + 1); });
      }
      return simdjson::SUCCESS;
    });
  }

  // ---- calls and results
  // -------------------------------------------------------------------------

  Error take_calls(Item& item, std::string_view key, od::value value) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::null) return simdjson::SUCCESS;
    if (item.kind == ItemKind::kResult) return simdjson::SUCCESS;  // which call a result answers
    if (type == od::json_type::array || type == od::json_type::object) {
      if (!holds_data(value) && type == od::json_type::object) return simdjson::SUCCESS;
      ++item.effects;
      return read_calls(value, key);
    }
    if (type == od::json_type::string) {
      std::string_view text;
      if (const Error error = read_string(value, text)) return error;
      if (trimmed(text).empty()) return simdjson::SUCCESS;
      bool found = false;
      const Error error =
          read_json_text(text, found, [&](od::value inner) { return read_calls(inner, key); });
      ++item.effects;
      if (error || found) return error;
      if (key != "tool_calls") odd.push_back(key);
    }
    if (key != "tool_calls") return simdjson::SUCCESS;
    return refuse("`tool_calls` is neither a list of calls nor null");
  }

  // A call or a list of calls, which stand under `source`. Calls that counted only for want of
  // others go.
  Error read_calls(od::value value, std::string_view source) {
    if (open.calls_are_spare && holds_data(value)) drop_open_calls();
    if (is_type(value, od::json_type::object) && is_numbered(text_from(value))) {
      return for_members(value,
                         [&](std::string_view, od::value call) { return read_call(call, source); });
    }
    if (!is_type(value, od::json_type::array)) return read_call(value, source);
    return for_elements(value, [&](od::value call) { return read_call(call, source); });
  }

  // {"0": {…}, "1": {…}}: a list whose places are keys.
  static bool is_numbered(std::string_view object) {
    const auto members = peek_members(object);
    return !members.empty() &&
           std::all_of(members.begin(), members.end(), [](const PeekedMember& member) {
             return !member.name.empty() && is_ascii_digit(member.name[0]) &&
                    member.value.starts_with('{');
           });
  }

  void drop_open_calls() {
    if (t->calls.size() > open.first_call) {
      t->leaves.resize(t->calls[open.first_call].first_leaf);
      t->calls.resize(open.first_call);
    }
    said.keep(open.first_call - open.item_call);
    open.calls_are_spare = false;
  }

  // The item at hand says nothing of its own: what came of it goes.
  void drop_item(const Item& item) {
    if (t->calls.size() > open.item_call) {
      t->leaves.resize(t->calls[open.item_call].first_leaf);
      t->calls.resize(open.item_call);
    }
    std::erase_if(inline_results,
                  [&](const InlineResult& result) { return result.call >= t->calls.size(); });
    if (thinking > item.first_message) thinking = 0;
    t->messages.resize(item.first_message);
    own.resize(open.first_own);
    drop_pieces(item.first_piece);
    drop_odd(item);
    thoughts.clear();
  }

  Error take_spare(Item& item, od::value value) {
    return for_members(value, [&](std::string_view key, od::value member) -> Error {
      const Member means = words.in_item(key);
      if (means == Member::kCalls && t->calls.size() == open.first_call && holds_data(member) &&
          !is_type(member, od::json_type::string)) {
        ++item.effects;
        const Error error = read_calls(member, key);
        open.calls_are_spare = true;
        return error;
      }
      if (means == Member::kReasoning) return read_thoughts(member, Place::kSpare, 0);
      return simdjson::SUCCESS;
    });
  }

  Error read_call(od::value value, std::string_view source) {
    Item call;
    call.kind = ItemKind::kCall;
    start(call);
    call.json = text_from(value);
    if (is_type(value, od::json_type::string)) {  // a call as JSON text
      std::string_view text;
      if (const Error error = read_string(value, text)) return error;
      bool found = false;
      const Error error =
          read_json_text(text, found, [&](od::value inner) { return read_calls(inner, source); });
      return error || found ? error : refuse("a tool call is a text that is no JSON object");
    }
    const Error error = for_members(value, [&](std::string_view key, od::value member) {
      return take_of_call(call, key, member);
    });
    if (error) return error;
    const std::size_t before = t->calls.size();
    if (const Error added = add_call(call, "call member", source)) return added;
    if (t->calls.size() > before && !call.output.empty()) {
      inline_results.push_back({before, call.output, flag_of(call)});
    }
    return simdjson::SUCCESS;
  }

  Error take_of_call(Item& call, std::string_view key, od::value member) {
    switch (words.in_call(key)) {
      case Member::kName:
        if (!is_type(member, od::json_type::string)) break;
        call.has_name = true;
        return read_string(member, call.name);
      case Member::kFunction:
        return take_function(call, member);
      case Member::kArguments:
        if (!holds_data(member) && !call.arguments_key.empty()) return simdjson::SUCCESS;
        call.arguments_key = key;
        return read_text(member, call.arguments);
      case Member::kId:
        return read_text(member, call.id);
      case Member::kCallId:
        return read_text(member, call.call_id);
      case Member::kRequestor:
        return read_string(member, call.requestor);
      case Member::kOutput:
        call.output_key = key;
        return read_text(member, call.output);
      case Member::kError:
        return take_error(call, member);
      case Member::kSuccess:
      case Member::kExitCode:
        return take_how_it_went(call, member);
      case Member::kStatus:
        return read_string(member, call.status);
      case Member::kType:
      case Member::kHarmless:
        return simdjson::SUCCESS;
      default:
        break;
    }
    if (holds_data(member)) odd.push_back(key);
    return simdjson::SUCCESS;
  }

  // The function's name, or an object with what the call's own members say elsewhere.
  Error take_function(Item& call, od::value value) {
    if (is_type(value, od::json_type::string)) {
      if (call.has_name) return simdjson::SUCCESS;
      std::string_view text;
      if (const Error error = read_string(value, text)) return error;
      return take_written_function(call, text);
    }
    if (!is_type(value, od::json_type::object)) return simdjson::SUCCESS;
    call.kind = ItemKind::kCall;
    return for_members(value, [&](std::string_view key, od::value member) {
      return take_of_call(call, key, member);
    });
  }

  // A name, or the same object as JSON text or as Python prints it or the call.
  Error take_written_function(Item& call, std::string_view text) {
    call.has_name = true;
    call.name = text;
    if (text.find_first_of("({") == kNowhere) return simdjson::SUCCESS;
    bool found = false;
    const auto take_object = [&](od::value inner) -> Error {
      call.has_name = false;
      return take_function(call, inner);
    };
    const Error error = read_json_text(text, found, take_object);
    if (error || found) return error;
    const auto in_text = written::calls_in_text(text);
    if (in_text.empty()) return simdjson::SUCCESS;
    // Function(arguments='{"q": 1}', name='get_x'): what the SDK's object prints.
    if (in_text[0].name == "Function") {
      return read_json_text(t->arena.copy(in_text[0].arguments), found, take_object);
    }
    call.name = t->arena.copy(in_text[0].name);
    call.arguments_key = "arguments";
    call.arguments = t->arena.copy(in_text[0].arguments);
    return simdjson::SUCCESS;
  }

  // The call becomes one of the message at hand, unless it stands there already under another
  // member; what else it holds is counted.
  Error add_call(const Item& item, std::string_view member_word, std::string_view source) {
    if (!item.has_name) {
      const auto named = named_by_member(item);
      if (named) return add_call(*named, member_word, source);
      const std::string members = name_members(item.json);
      return refuse(members.empty() ? "tool call has no name"
                                    : "tool call has no name; its members are " + members);
    }
    count_odd(item, member_word);
    ToolCall call;
    call.id = !item.call_id.empty() ? item.call_id : item.id;
    call.name = item.name;
    call.arguments = item.arguments;
    call.requestor = item.requestor == "user" ? Requestor::kUser : Requestor::kAgent;
    call.message = static_cast<std::int32_t>(t->messages.size());
    if (said.elsewhere(call, source, *t, open.item_call)) return simdjson::SUCCESS;
    calls.append(call, *t, *notes);
    said.add(source);
    return simdjson::SUCCESS;
  }

  // {"find_loan": {"id": 3}}: the tool's name is the only member, the arguments are what it holds.
  std::optional<Item> named_by_member(const Item& item) {
    const auto members = peek_members(item.json, 2);
    if (members.size() != 1 || members[0].value[0] != '{' ||
        words.in_call(members[0].name) != Member::kUnknown) {
      return std::nullopt;
    }
    Item named = item;
    named.has_name = true;
    named.name = t->arena.copy(members[0].name);
    named.arguments_key = "arguments";
    named.arguments = t->arena.copy(peek_value(members[0].value));
    odd.resize(std::min(odd.size(), item.first_odd));
    return named;
  }

  static ErrorFlag flag_of(const Item& item) {
    if (item.error_flag != ErrorFlag::kNotSaid) return item.error_flag;
    constexpr std::string_view kFailed[] = {"error", "output-error", "failed", "failure"};
    return is_in(kFailed, item.status) ? ErrorFlag::kError : ErrorFlag::kNotSaid;
  }

  void count_odd(const Item& item, std::string_view word) {
    for (std::size_t i = item.first_odd; i < odd.size(); ++i) note_unread(quoted(word, odd[i]));
    odd.resize(std::min(odd.size(), item.first_odd));
  }

  Error take_output(Item& item, std::string_view key, od::value value, int depth) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::null) return simdjson::SUCCESS;
    item.output_key = key;
    if (type == od::json_type::array || type == od::json_type::object) {
      std::string_view json;
      if (const Error error = raw_json(value, json)) return error;
      return read_output(item, json, depth);
    }
    return read_text(value, item.output);
  }

  // An output that is a list or an object: content parts, a text with its type beside it, or data.
  Error read_output(Item& item, std::string_view json, int depth) {
    const std::vector<PeekedMember> members = peek_members(json);
    std::string_view wanted;
    if (json[0] == '[') {
      Item as_result;
      as_result.kind = ItemKind::kResult;
      if (!peek_first_element(json).empty() && is_list_of_parts(json, as_result)) wanted = "[]";
    } else if (!members.empty() && members.size() <= 4) {
      bool typed = false;
      for (const PeekedMember& member : members) {
        typed = typed || member.name == "type" || member.name == "isError";
        // Vercel: {"type": "error-text", "value": …}
        if (member.name == "type" && peek_string(member.value).starts_with("error-")) {
          item.error_flag = ErrorFlag::kError;
        }
        const bool is_parts = member.name == "content" && member.value[0] == '[';
        if (member.name == "value" || is_parts) wanted = member.name;
      }
      if (wanted == "value" && !typed) wanted = {};
    }
    if (wanted.empty() || depth >= kDeepest) {
      item.output = t->arena.copy(json);
      return simdjson::SUCCESS;
    }
    bool found = false;
    const std::size_t first = pieces.size();
    Item part;
    start(part);
    part.kind = ItemKind::kResult;
    const Error error = read_json_text(json, found, [&](od::value value) -> Error {
      if (wanted == "[]") return take_list(part, value, depth + 1);
      return for_members(value, [&](std::string_view key, od::value member) -> Error {
        if (words.in_item(key) == Member::kError) return take_error(item, member);
        if (key != wanted) return simdjson::SUCCESS;
        if (wanted == "content") return take_content(part, key, member, depth + 1);
        return read_text(member, item.output);
      });
    });
    if (error) return error;
    if (!found) {
      item.output = t->arena.copy(json);
    } else if (pieces.size() > first) {
      item.output = joined(pieces, first, t->arena);
    }
    pieces.resize(std::min(first, pieces.size()));
    return simdjson::SUCCESS;
  }

  Error take_results(Item& item, std::string_view key, od::value value, int depth) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type != od::json_type::array && type != od::json_type::object) {
      return take_output(item, key, value, depth);
    }
    if (!holds_data(value) || depth >= kDeepest) return simdjson::SUCCESS;
    if (is_data(text_from(value))) return take_output(item, key, value, depth);
    ++item.effects;
    if (type == od::json_type::object) return read_part(value, depth + 1, ItemKind::kResult);
    return for_elements(
        value, [&](od::value part) { return read_part(part, depth + 1, ItemKind::kResult); });
  }

  // Is it what a tool gave, with nothing around it that says so? {"status": "shipped"}
  bool is_data(std::string_view json) const {
    if (json.starts_with('[')) json = peek_first_element(json);
    const std::vector<PeekedMember> members = peek_members(json);
    return !members.empty() &&
           std::all_of(members.begin(), members.end(), [&](const PeekedMember& member) {
             const Member means = words.in_item(member.name);
             return means == Member::kUnknown || means == Member::kStatus ||
                    means == Member::kName || means == Member::kHarmless;
           });
  }

  // tau2-bench's message that holds the results of one message's calls.
  Error take_items(Item& item, std::string_view key, od::value value, int depth) {
    if (!is_type(value, od::json_type::array)) {
      if (holds_data(value)) odd.push_back(key);
      return simdjson::SUCCESS;
    }
    if (depth > 0) return refuse("tool messages inside tool messages");
    item.has_items = true;
    const Open outer = open;
    const Error error =
        for_elements(value, [&](od::value message) { return read_item(message, 1); });
    open = outer;
    return error;
  }

  // ---- the message at hand
  // -----------------------------------------------------------------------

  void start(Item& item) const {
    item.first_piece = pieces.size();
    item.first_odd = odd.size();
    item.first_message = t->messages.size();
  }

  void drop_pieces(std::size_t first) { pieces.resize(std::min(pieces.size(), first)); }
  void drop_odd(const Item& item) { odd.resize(std::min(odd.size(), item.first_odd)); }

  std::string_view take_pieces(std::size_t first) {
    const std::string_view text = joined(pieces, first, t->arena);
    drop_pieces(first);
    return text;
  }

  // What the message at hand has said so far becomes a message; its role is set at its end.
  void flush(bool even_if_empty = false) {
    const std::string_view text = take_pieces(open.first_piece);
    const bool has_calls = t->calls.size() > open.first_call;
    if (even_if_empty || !text.empty() || has_calls || !thoughts.empty()) {
      Message message;
      message.text = text;
      message.first_call = open.first_call;
      message.n_calls = static_cast<std::uint32_t>(t->calls.size()) - open.first_call;
      message.reasoning = best_thoughts();
      own.push_back(t->messages.size());
      t->messages.push_back(message);
    }
    thoughts.clear();
    open.first_call = static_cast<std::uint32_t>(t->calls.size());
    open.calls_are_spare = false;
  }

  std::string_view best_thoughts() {
    if (thoughts.empty()) return {};
    Place best = Place::kSpare;
    for (const Thought& thought : thoughts) best = std::min(best, thought.place);
    std::vector<std::string_view> texts;
    for (const Thought& thought : thoughts) {
      if (thought.place == best) texts.push_back(thought.text);
    }
    return joined(texts, 0, t->arena);
  }

  // The messages that the item says itself get its role, and what goes with it.
  void give_role(Role role, const Item& item) {
    for (std::size_t i = open.first_own; i < own.size(); ++i) {
      Message& message = t->messages[own[i]];
      message.role = role;
      if (role == Role::kUser || item.requestor == "user") message.requestor = Requestor::kUser;
      if (role == Role::kUser) {
        for (std::uint32_t c = 0; c < message.n_calls; ++c) {
          t->calls[message.first_call + c].requestor = Requestor::kUser;
        }
      }
      if (role == Role::kTool) set_result(message, item.answered_id(), item);
      if (role != Role::kAssistant) message.reasoning = {};
    }
    if (role == Role::kAssistant && !item.model.empty() && notes->models.size() < 2 &&
        std::find(notes->models.begin(), notes->models.end(), item.model) == notes->models.end()) {
      notes->models.emplace_back(item.model);
    }
    own.resize(open.first_own);
  }

  // Calls and results without ids, of which the results say whose they are: the first call of that
  // name in the last turn that has no id yet gets one.
  std::string_view id_by_name(const Message& result, std::string_view name) const {
    constexpr std::size_t kMostParallel = 128;  // more are matched by their order
    const std::size_t n = t->messages.size();
    for (std::size_t m = n; m-- > 0 && n - m <= kMostParallel;) {
      const Message& turn = t->messages[m];
      if (&turn == &result || turn.role == Role::kTool) continue;
      if (turn.n_calls < 2 || turn.n_calls > kMostParallel) return {};
      for (std::uint32_t c = turn.first_call; c < turn.first_call + turn.n_calls; ++c) {
        ToolCall& call = t->calls[c];
        if (call.name != name || !call.id.empty()) continue;
        call.id = t->arena.copy("call_" + std::to_string(c));
        return call.id;
      }
      return {};
    }
    return {};
  }

  void set_result(Message& message, std::string_view id, const Item& item) const {
    message.role = Role::kTool;
    if (id.empty() && item.has_name) id = id_by_name(message, item.name);
    message.tool_call_id = id;
    message.error_flag = flag_of(item);
    if (item.requestor == "user") message.requestor = Requestor::kUser;
    if (message.text.empty()) message.text = item.output;
    if (message.text.empty()) message.text = item.error_text;
  }

  void push_result(std::string_view text, std::string_view id, const Item& item) {
    Message message;
    message.text = text;
    message.first_call = static_cast<std::uint32_t>(t->calls.size());
    set_result(message, id, item);
    t->messages.push_back(message);
  }

  void push_system(std::string_view text) {
    Message message;
    message.text = text;
    message.role = Role::kSystem;
    message.first_call = static_cast<std::uint32_t>(t->calls.size());
    t->messages.push_back(message);
  }

  // ---- parts
  // -------------------------------------------------------------------------------------

  Error read_part(od::value value, int depth, ItemKind kind) {
    if (is_type(value, od::json_type::string)) {
      std::string_view text;
      if (const Error error = read_string(value, text)) return error;
      if (kind == ItemKind::kReasoning) {
        thoughts.push_back({Place::kParts, text});
      } else {
        pieces.push_back(text);
      }
      return simdjson::SUCCESS;
    }
    Item part;
    part.kind = kind;
    start(part);
    part.json = text_from(value);
    const Error error = for_members(value, [&](std::string_view key, od::value member) {
      return take(part, key, member, depth);
    });
    return error ? error : finish_part(part);
  }

  ItemKind kind_of_part(Item& part) const {
    if (part.kind != ItemKind::kUnknown) return part.kind;
    const ItemKind kind = words.type(part.type);
    if (kind != ItemKind::kUnknown) return kind;
    constexpr std::string_view kToolPrefix = "tool-";  // Vercel: "tool-NAME"
    const bool has_data = !part.arguments_key.empty() || !part.output_key.empty();
    if (part.type.starts_with(kToolPrefix) && has_data) {
      if (!part.has_name) part.name = t->arena.copy(part.type.substr(kToolPrefix.size()));
      part.has_name = true;
      return ItemKind::kCall;
    }
    if (part.may_be_call()) return ItemKind::kCall;
    const bool answers = part.type.empty() && !part.call_id.empty();
    return answers && pieces.size() > part.first_piece ? ItemKind::kResult : ItemKind::kUnknown;
  }

  Error finish_part(Item& part) {
    constexpr std::string_view kWord = "part member";
    switch (kind_of_part(part)) {
      case ItemKind::kCall:
        return part.has_name ? finish_call(part, kWord) : finish_wrapped_call(part, kWord);
      case ItemKind::kResult: {
        const std::string_view text = take_pieces(part.first_piece);
        // {"type": "toolResponse", "id": …, "toolResult": {…}}: the result is in the part.
        const bool is_inside =
            t->messages.size() > part.first_message && t->messages.back().role == Role::kTool;
        if (is_inside && text.empty() && part.output_key.empty()) {
          Message& inside = t->messages.back();
          if (inside.tool_call_id.empty()) inside.tool_call_id = part.answered_id();
          return simdjson::SUCCESS;
        }
        flush();
        push_result(text, part.answered_id(), part);
        count_odd(part, kWord);
        return simdjson::SUCCESS;
      }
      case ItemKind::kSystemText: {
        const std::string_view text = take_pieces(part.first_piece);
        flush();
        push_system(text);
        count_odd(part, kWord);
        return simdjson::SUCCESS;
      }
      case ItemKind::kReasoning:
        think_pieces(part.first_piece, Place::kParts);
        count_odd(part, kWord);
        return simdjson::SUCCESS;
      case ItemKind::kHarmless:
        drop_pieces(part.first_piece);
        drop_odd(part);
        return simdjson::SUCCESS;
      case ItemKind::kUnknown:
        if (pieces.size() <= part.first_piece && part.effects == 0) {
          count_unknown_part(part);
          return simdjson::SUCCESS;
        }
        break;
      case ItemKind::kText:
      case ItemKind::kMessage:
      case ItemKind::kCallText:
        break;
    }
    if (!part.arguments.empty()) odd.push_back(part.arguments_key);
    if (!part.output.empty()) odd.push_back(part.output_key);
    count_odd(part, kWord);
    return simdjson::SUCCESS;
  }

  // {"type": "toolRequest", "toolCall": {…}}, {"type": "tool_call", "value": {…}}: the call is in
  // the part.
  Error finish_wrapped_call(Item& part, std::string_view word) {
    if (part.effects > 0) {
      drop_pieces(part.first_piece);
      drop_odd(part);
      return simdjson::SUCCESS;
    }
    const std::string_view text = joined(pieces, part.first_piece, t->arena);
    bool found = false;
    const Error error =
        read_json_text(text, found, [&](od::value value) { return read_calls(value, kPartsKey); });
    if (error || !found) return error ? error : finish_call(part, word);
    drop_pieces(part.first_piece);
    return simdjson::SUCCESS;
  }

  void think_pieces(std::size_t first, Place place) {
    for (std::size_t i = first; i < pieces.size(); ++i) thoughts.push_back({place, pieces[i]});
    drop_pieces(first);
  }

  void count_unknown_part(const Item& part) {
    drop_odd(part);
    if (!part.type.empty()) {
      note_unread(quoted("content part of type", part.type));
    } else if (const std::string members = name_members(part.json); !members.empty()) {
      note_unread("content part with " + printable(members));
    }
  }

  // A call that is an item or part of its own; what it gave may stand in it.
  Error finish_call(Item& item, std::string_view member_word) {
    constexpr std::string_view kCallSuffix = "_call";
    drop_pieces(item.first_piece);  // a text in it says no more than the call
    if (!item.has_name && item.type.ends_with(kCallSuffix) &&
        words.in_item(item.type) != Member::kCalls) {
      // The Responses API names its own tools by the type alone: local_shell_call, …
      item.name = t->arena.copy(item.type.substr(0, item.type.size() - kCallSuffix.size()));
      item.has_name = true;
    }
    if (item.type == "custom_tool_call") {  // its input is a text by design, not JSON
      item.arguments =
          t->arena.copy(nlohmann::json(item.arguments)
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    const std::size_t before = t->calls.size();
    if (const Error error = add_call(item, member_word, kPartsKey)) return error;
    const bool answered = !item.output_key.empty() || !item.error_text.empty();
    if (!answered || t->calls.size() == before) return simdjson::SUCCESS;
    const std::string_view id = t->calls.back().id;
    flush();
    push_result({}, id, item);
    return simdjson::SUCCESS;
  }

  // ---- messages and items
  // ------------------------------------------------------------------------

  // An item from which nothing has been taken, and nothing left of the one before.
  Item open_item(od::value value) {
    Item item;
    start(item);
    item.json = text_from(value);
    const auto n_calls = static_cast<std::uint32_t>(t->calls.size());
    open = {t->messages.size(), n_calls, pieces.size(), own.size(), n_calls, false};
    said.clear();
    thoughts.clear();
    return item;
  }

  Error read_item(od::value value, int depth) {
    if (is_type(value, od::json_type::null)) {  // a place in a table that nothing fills
      note_unread("null among the messages");
      return simdjson::SUCCESS;
    }
    if (!is_type(value, od::json_type::object)) return refuse("message is not an object");
    Item item = open_item(value);
    const Error error = for_members(value, [&](std::string_view key, od::value member) {
      return take(item, key, member, depth);
    });
    if (error) return error;
    if (item.has_items) {
      if (t->calls.size() > open.first_call) {
        return refuse("a list of tool messages issues tool calls");
      }
      drop_pieces(item.first_piece);
      count_odd(item, "message member");
      return simdjson::SUCCESS;
    }
    return finish_item(item);
  }

  // What an item is: its type where that says what it is, else its role, else its members.
  ItemKind kind_of_item(const Item& item, const RoleWord*& role) const {
    const bool has_class = !item.class_name.empty();
    const ItemKind kind = has_class ? ItemKind::kMessage : words.type(item.type);
    role = words.role(!item.role.empty() ? item.role : has_class ? item.class_name : item.type);
    // "tool" is a call with its state in one dialect, and in others who speaks.
    const bool answers = role != nullptr && role->role == Role::kTool && !item.may_be_call();
    if (kind == ItemKind::kResult || kind == ItemKind::kReasoning || kind == ItemKind::kHarmless ||
        (kind == ItemKind::kCall && item.has_name && !answers)) {
      return kind;
    }
    static constexpr RoleWord kAgent{"agent", Role::kAssistant};
    const bool comes_from_agent = role == nullptr && item.role.empty() && !item.source.empty() &&
                                  (item.type.ends_with("Message") || item.type.ends_with("Event"));
    if (comes_from_agent) {
      role = words.role(item.source);
      if (role == nullptr || role->role != Role::kUser) role = &kAgent;
    }
    if (role != nullptr) {
      const bool is_call = role->role == Role::kAssistant && item.may_be_call();
      return is_call ? ItemKind::kCall : role->kind;
    }
    if (kind == ItemKind::kCall) return kind;
    if (!item.role.empty()) return ItemKind::kUnknown;
    if (item.may_be_call() || item.kind == ItemKind::kCall) return ItemKind::kCall;
    if (!item.output_key.empty() && !item.call_id.empty()) return ItemKind::kResult;
    return ItemKind::kUnknown;
  }

  Error finish_item(Item& item) {
    constexpr std::string_view kWord = "message member";
    const RoleWord* role = nullptr;
    const ItemKind kind = kind_of_item(item, role);
    switch (kind) {
      case ItemKind::kHarmless:
        drop_item(item);
        return simdjson::SUCCESS;
      case ItemKind::kResult: {
        const std::string_view text = take_pieces(item.first_piece);
        thoughts.clear();
        push_result(text, item.answered_id(), item);
        break;
      }
      case ItemKind::kReasoning:
        // The full text comes before its summary.
        for (Thought& thought : thoughts) {
          if (thought.place == Place::kParts) thought.place = Place::kOwn;
        }
        think_pieces(item.first_piece, Place::kOwn);
        flush();
        give_role(Role::kAssistant, item);
        break;
      case ItemKind::kCall:
        if (const Error error = finish_call(item, kWord)) return error;
        flush();
        give_role(Role::kAssistant, item);
        break;
      case ItemKind::kCallText:
        if (const Error error = finish_call_text(item)) return error;
        break;
      case ItemKind::kText:
      case ItemKind::kSystemText:
      case ItemKind::kMessage:
      case ItemKind::kUnknown:
        finish_message(item, role);
        break;
    }
    count_odd(item, kWord);
    join_the_turn(kind);
    return simdjson::SUCCESS;
  }

  // A step of a trajectory: what the agent thought, did and saw.
  Error read_step(od::value value) {
    if (!is_type(value, od::json_type::object)) return refuse("step is not an object");
    Item item = open_item(value);
    std::string_view action;
    std::string_view input;
    bool observed = false;
    // {"observation": …, "action": …, "next_observation": …}: the first is what the step before
    // gave.
    const bool says_next = has_next_observation(text_from(value));
    const Error error = for_members(value, [&](std::string_view key, od::value member) -> Error {
      switch (meaning_in_step(key)) {
        case StepMember::kAction:
          if (is_type(member, od::json_type::string)) return read_string(member, action);
          return read_step_action(member, key);
        case StepMember::kInput:
          return read_text(member, input);
        case StepMember::kThought:
          return read_thoughts(member, Place::kOwn, 0);
        case StepMember::kObservation:
          if (says_next && !is_in(kNextObservations, key)) {
            if (t->messages.empty() && holds_data(member)) odd.push_back(key);
            return simdjson::SUCCESS;
          }
          if (is_type(member, od::json_type::null)) return simdjson::SUCCESS;
          observed = true;
          return take_output(item, key, member, 0);
        case StepMember::kText:
          return take_content(item, key, member, 0);
        case StepMember::kOther:
          break;
      }
      return words.in_item(key) == Member::kHarmless || !holds_data(member)
                 ? simdjson::SUCCESS
                 : (odd.push_back(key), simdjson::SUCCESS);
    });
    if (error) return error;
    if (!trimmed(action).empty()) add_written_action(action, input);
    count_odd(item, "step member");
    const std::size_t call = open.first_call;
    const bool called = t->calls.size() > call;
    flush();
    give_role(Role::kAssistant, item);
    if (!observed || item.output.empty()) return simdjson::SUCCESS;
    if (called) {
      push_result(item.output, t->calls[call].id, item);
    } else {
      Message seen;
      seen.text = item.output;
      seen.requestor = Requestor::kUser;
      seen.first_call = static_cast<std::uint32_t>(t->calls.size());
      t->messages.push_back(seen);
    }
    return simdjson::SUCCESS;
  }

  static constexpr std::string_view kNextObservations[] = {"next_observation", "next_obs",
                                                           "next_state"};
  static bool has_next_observation(std::string_view step) {
    const auto members = peek_members(step);
    return std::any_of(members.begin(), members.end(), [](const PeekedMember& member) {
      return is_in(kNextObservations, member.name);
    });
  }

  enum class StepMember { kOther, kAction, kInput, kThought, kObservation, kText };
  static StepMember meaning_in_step(std::string_view key) {
    struct Word {
      std::string_view name;
      StepMember means;
    };
    using enum StepMember;
    constexpr Word kWords[] = {
        {"action", kAction},
        {"actions", kAction},
        {"tool", kAction},
        {"tool_call", kAction},
        {"tool_calls", kAction},
        {"function_call", kAction},
        {"tool_name", kAction},
        {"action_name", kAction},
        {"action_input", kInput},
        {"action_args", kInput},
        {"tool_input", kInput},
        {"tool_args", kInput},
        {"arguments", kInput},
        {"args", kInput},
        {"parameters", kInput},
        {"params", kInput},
        {"thought", kThought},
        {"thoughts", kThought},
        {"thinking", kThought},
        {"reasoning", kThought},
        {"think", kThought},
        {"plan", kThought},
        {"reflection", kThought},
        {"observation", kObservation},
        {"observations", kObservation},
        {"obs", kObservation},
        {"next_observation", kObservation},
        {"next_obs", kObservation},
        {"next_state", kObservation},
        {"tool_output", kObservation},
        {"tool_result", kObservation},
        {"tool_response", kObservation},
        {"result", kObservation},
        {"env_response", kObservation},
        {"feedback", kObservation},
        {"output", kObservation},
        {"content", kText},
        {"text", kText},
        {"message", kText},
        {"response", kText},
        {"answer", kText},
        {"final_answer", kText},
    };
    const auto* found = std::find_if(std::begin(kWords), std::end(kWords),
                                     [&](const Word& word) { return word.name == key; });
    return found == std::end(kWords) ? kOther : found->means;
  }

  // {"name": …, "arguments": …}, a list of such, or an object of another kind, which is a call
  // named by its type.
  Error read_step_action(od::value value, std::string_view key) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type != od::json_type::array && type != od::json_type::object) return simdjson::SUCCESS;
    if (!holds_data(value)) return simdjson::SUCCESS;
    const std::string_view json = text_from(value);
    const std::string_view first = json[0] == '[' ? peek_first_element(json) : json;
    if (json[0] == '[' && first.starts_with('"')) {  // several, as texts
      return for_elements(value, [&](od::value one) -> Error {
        std::string_view text;
        if (const Error error = read_string(one, text)) return error;
        add_written_action(text, {});
        return simdjson::SUCCESS;
      });
    }
    std::string_view kind;
    const auto members = peek_members(first);
    for (const PeekedMember& member : members) {
      const Member means = words.in_call(member.name);
      if (means == Member::kName || means == Member::kFunction) return read_calls(value, key);
      if (member.name == "type" || member.name == "action_type") kind = peek_string(member.value);
    }
    if (members.size() == 1 || kind.empty() || json[0] == '[') return read_calls(value, key);
    std::string_view whole;
    if (const Error error = raw_json(value, whole)) return error;
    ToolCall call;
    call.name = t->arena.copy(kind);
    call.arguments = t->arena.copy(whole);
    call.message = static_cast<std::int32_t>(t->messages.size());
    calls.append(call, *t, *notes);
    said.add(key);
    return simdjson::SUCCESS;
  }

  void add_written_action(std::string_view action, std::string_view input) {
    const auto add = [&](std::string_view name, std::string_view arguments) {
      ToolCall call;
      call.name = name;
      call.arguments = arguments;
      call.message = static_cast<std::int32_t>(t->messages.size());
      calls.append(call, *t, *notes);
    };
    std::vector<written::Call> in_text;
    if (input.empty()) in_text = written::calls_in_text(action);
    for (const written::Call& one : in_text) {
      add(t->arena.copy(one.name), t->arena.copy(one.arguments));
    }
    if (in_text.empty()) add(trimmed(action), input);
    said.add("action");
  }

  // ShareGPT: a message whose text is a call, or a list of calls, as JSON.
  Error finish_call_text(const Item& item) {
    std::string_view text = joined(pieces, item.first_piece, t->arena);
    constexpr std::string_view kHeading = "Calling tools:";  // smolagents
    if (text.starts_with(kHeading)) text = trimmed(text.substr(kHeading.size()));
    bool found = false;
    const Error error = read_json_text(
        text, found, [&](od::value value) { return read_calls(value, "tool_calls"); });
    if (error) return error;
    if (found) {
      drop_pieces(item.first_piece);
    } else if (!trimmed(text).empty()) {
      note_unread("text of a call that is no JSON");
    }
    flush(true);
    give_role(Role::kAssistant, item);
    return simdjson::SUCCESS;
  }

  void finish_message(const Item& item, const RoleWord* known) {
    Role role = Role::kUser;
    if (known != nullptr) {
      role = known->role;
    } else if (item.role.empty() && t->calls.size() > open.first_call) {
      role = Role::kAssistant;
    } else if (is_called(item.role)) {  // LangSmith's wrappers: the role is the tool's name
      role = Role::kTool;
    } else {
      ++notes->unknown_roles;
      const std::string_view name = item.role.empty() ? item.type : item.role;
      RecordNotes::count(notes->roles_unknown, name.empty() ? "no role" : quoted("role", name));
    }
    if (role == Role::kTool && says_its_results_again(item)) drop_pieces(item.first_piece);
    if (role == Role::kTool) {
      drop_joined_results(item);
      name_only_result(item);
    }
    const std::size_t calls_at = open.first_call;
    const bool called = t->calls.size() > calls_at;
    flush(t->messages.size() == open.first_message);
    if (!item.arguments.empty()) odd.push_back(item.arguments_key);
    const bool answered = role == Role::kAssistant && called && !item.output.empty();
    if (!item.output.empty() && role != Role::kTool && !answered) odd.push_back(item.output_key);
    if (item.has_name && (role == Role::kUser || role == Role::kAssistant)) {
      for (std::size_t i = open.first_own; i < own.size(); ++i) {
        named_speakers.push_back({own[i], item.name});
      }
    }
    give_role(role, item);
    // {"tool_calls": […], "observation": "…"}: what the calls gave.
    if (answered) push_result(item.output, t->calls[calls_at].id, item);
  }

  // Is it the name of a tool that was called lately?
  bool is_called(std::string_view name) const {
    constexpr std::ptrdiff_t kLately = 128;
    const auto n = std::min(kLately, static_cast<std::ptrdiff_t>(t->calls.size()));
    return !name.empty() && std::any_of(t->calls.end() - n, t->calls.end(),
                                        [&](const ToolCall& call) { return call.name == name; });
  }

  // Whether the messages from `first` on are results, all of which the text says again.
  bool are_results_in(std::string_view text, std::size_t first) const {
    return std::all_of(t->messages.begin() + static_cast<std::ptrdiff_t>(first), t->messages.end(),
                       [&](const Message& result) {
                         return result.role == Role::kTool && text.find(result.text) != text.npos;
                       });
  }

  // {"role": "tool", "tool_responses": [results], "content": "what they say"}
  bool says_its_results_again(const Item& item) {
    const std::size_t first = open.first_message;
    if (t->messages.size() == first || !item.answered_id().empty()) return false;
    return are_results_in(joined(pieces, item.first_piece, t->arena), first);
  }

  // The same where the text stands before its results, and is a message already (AutoGen).
  void drop_joined_results(const Item& item) {
    const std::size_t first = open.first_message;
    const bool is_first = own.size() == open.first_own + 1 && own.back() == first;
    if (!is_first || !item.answered_id().empty() || t->messages.size() < first + 2) return;
    const auto text = t->messages.begin() + static_cast<std::ptrdiff_t>(first);
    if (text->n_calls != 0 || !are_results_in(text->text, first + 1)) return;
    t->messages.erase(text);
    own.pop_back();
  }

  // {"role": "tool", "tool_call_id": …, "content": [{"type": "tool_result", …}]}
  void name_only_result(const Item& item) {
    Message* only = nullptr;
    for (std::size_t m = open.first_message; m < t->messages.size(); ++m) {
      Message& message = t->messages[m];
      if (message.role != Role::kTool || !message.tool_call_id.empty()) continue;
      if (only != nullptr) return;
      only = &message;
    }
    if (only != nullptr) only->tool_call_id = item.call_id;
  }

  // Items of one turn of the assistant are one message: a call that is an item belongs to the
  // message of the assistant right before it, and what follows an item of reasoning to that.
  void join_the_turn(ItemKind kind) {
    const std::size_t first = open.first_message;
    if (t->messages.size() == first) return;
    const bool after_reasoning = first > 0 && bare_reasoning == first;
    bare_reasoning = kind == ItemKind::kReasoning ? first + 1 : 0;
    if (first == 0 || (kind != ItemKind::kCall && !after_reasoning)) return;
    Message& last = t->messages[first - 1];
    const Message& next = t->messages[first];
    if (last.role != Role::kAssistant || next.role != Role::kAssistant) return;
    if (!next.text.empty()) last.text = next.text;
    if (!next.reasoning.empty()) {
      if (thinking != first) {
        settle_thoughts();
        thinking = first;
        turn_thoughts = {last.reasoning};
      }
      turn_thoughts.push_back(next.reasoning);
    }
    if (last.n_calls == 0) last.first_call = next.first_call;
    last.n_calls += next.n_calls;
    for (std::size_t c = next.first_call; c < t->calls.size(); ++c) {
      std::int32_t& message = t->calls[c].message;
      if (message >= static_cast<std::int32_t>(first)) --message;
    }
    t->messages.erase(t->messages.begin() + static_cast<std::ptrdiff_t>(first));
    if (bare_reasoning != 0) bare_reasoning = first;
  }

  void settle_thoughts() {
    if (thinking == 0) return;
    t->messages[thinking - 1].reasoning = joined(turn_thoughts, 0, t->arena);
    thinking = 0;
  }

  // ---- the end of the run
  // ------------------------------------------------------------------------

  // Moves <think>…</think> parts from the text to the reasoning. A text that only closes the tag
  // (its opening was part of the prompt) starts with reasoning; one that only opens it ends with
  // it.
  void split_think_tags(Message& message) {
    constexpr std::string_view kOpen = "<think>";
    constexpr std::string_view kClose = "</think>";
    std::string_view rest = message.text;
    if (find_word(rest, "think>") == std::string_view::npos ||
        (rest.find(kOpen) == std::string_view::npos &&
         rest.find(kClose) == std::string_view::npos)) {
      split_other_thoughts(message);
      return;
    }
    std::string text;
    std::vector<std::string_view> reasoning = {message.reasoning};
    while (!rest.empty()) {
      const std::size_t close = rest.find(kClose);
      const std::size_t open_at = rest.substr(0, close).find(kOpen);
      const bool opened = open_at != std::string_view::npos;
      if (!opened && close == std::string_view::npos) break;
      const std::size_t inside = opened ? open_at + kOpen.size() : 0;
      if (opened) text += rest.substr(0, open_at);
      reasoning.push_back(trimmed(rest.substr(inside, close - inside)));
      rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + kClose.size());
    }
    text += rest;
    message.text = t->arena.copy(trimmed(text));
    message.reasoning = joined(reasoning, 0, t->arena);
  }

  // The same under the other marks of models: only a whole part at the text's beginning, since the
  // words may be anybody's.
  void split_other_thoughts(Message& message) {
    struct Mark {
      std::string_view open;
      std::string_view close;
    };
    constexpr Mark kMarks[] = {
        {"<thinking>", "</thinking>"},
        {"<thought>", "</thought>"},
        {"<reasoning>", "</reasoning>"},
        {"<seed:think>", "</seed:think>"},
        {"[THINK]", "[/THINK]"},
        {"\u25c1think\u25b7", "\u25c1/think\u25b7"},
        {"<|begin_of_thought|>", "<|end_of_thought|>"},
        {"<|channel|>analysis<|message|>", "<|end|>"},
        {"<scratchpad>", "</scratchpad>"},
        {"<inner_thoughts>", "</inner_thoughts>"},
        {"<inner_monologue>", "</inner_monologue>"},
        {"<analysis>", "</analysis>"},
        {"<reflection>", "</reflection>"},
        {"<THINK>", "</THINK>"},
        {"<Thought>", "</Thought>"},
        {"<|START_THINKING|>", "<|END_THINKING|>"},
    };
    const std::string_view text = trimmed(message.text);
    for (const Mark& mark : kMarks) {
      if (!text.starts_with(mark.open)) continue;
      const std::size_t close = text.find(mark.close);
      if (close == std::string_view::npos) return;
      const std::vector<std::string_view> both = {
          message.reasoning, trimmed(text.substr(mark.open.size(), close - mark.open.size()))};
      message.reasoning = joined(both, 0, t->arena);
      message.text = trimmed(text.substr(close + mark.close.size()));
      return;
    }
  }

  bool is_json_error_object(std::string_view text) {
    text = trimmed(text);
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
    if (find_word(text, "\"error\"") == std::string_view::npos) return false;
    scratch.assign(text);
    scratch.append(simdjson::SIMDJSON_PADDING, ' ');
    simdjson::dom::object object;
    if (result_parser.parse(scratch.data(), text.size(), false).get(object)) return false;
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

  // What the agent was asked, where it is the first to speak and nobody else speaks but tools.
  void add_question(std::string_view question) {
    const auto first = std::find_if(t->messages.begin(), t->messages.end(),
                                    [](const Message& m) { return m.role != Role::kSystem; });
    const bool asked = std::any_of(first, t->messages.end(),
                                   [](const Message& m) { return m.role == Role::kUser; });
    if (question.empty() || asked || first == t->messages.end()) return;
    const auto place = static_cast<std::int32_t>(first - t->messages.begin());
    Message message;
    message.text = question;
    message.requestor = Requestor::kUser;
    t->messages.insert(first, message);
    for (ToolCall& call : t->calls) call.message += call.message >= place ? 1 : 0;
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

  // Results that stand in their calls, where no message answers those, become messages behind the
  // one that issued the call.
  void add_inline_results() {
    std::erase_if(inline_results, [&](const InlineResult& result) {
      return result.call >= t->calls.size() || t->calls[result.call].result_message != kNone;
    });
    if (inline_results.empty()) return;
    std::vector<Message> messages;
    messages.reserve(t->messages.size() + inline_results.size());
    auto next = inline_results.begin();
    for (Message message : t->messages) {
      for (std::uint32_t c = 0; c < message.n_calls; ++c) {
        t->calls[message.first_call + c].message = static_cast<std::int32_t>(messages.size());
      }
      message.answers = kNone;
      messages.push_back(message);
      for (; next != inline_results.end() && next->call < message.first_call + message.n_calls;
           ++next) {
        Message result;
        result.role = Role::kTool;
        result.text = next->text;
        result.error_flag = next->flag;
        result.first_call = message.first_call + message.n_calls;
        result.tool_call_id = t->calls[next->call].id;
        messages.push_back(result);
      }
    }
    t->messages = std::move(messages);
    for (ToolCall& call : t->calls) call.result_message = kNone;
    notes->results_without_call = 0;
    linker.link(*t, *notes);
  }

  static bool is_proxy(std::string_view name) {
    const std::string lower = ascii_lowered(name);
    return lower.find("user") != std::string::npos || lower.find("human") != std::string::npos ||
           lower == "admin" || lower.find("proxy") != std::string::npos;
  }

  // Groups of agents (AutoGen): the role says only who of them kept the log, so that the user's
  // proxy may be its "assistant" and agents its "users". Where the names say it, they count.
  void give_agents_their_role() {
    if (named_speakers.empty()) return;
    bool any_assistant = false;
    bool turned_round = false;
    bool named_agent = false;
    for (const Message& message : t->messages) {
      any_assistant = any_assistant || message.role == Role::kAssistant;
    }
    for (const NamedSpeaker& speaker : named_speakers) {
      const Message& message = t->messages[speaker.message];
      turned_round = turned_round || (message.role == Role::kAssistant && is_proxy(speaker.name));
      named_agent = named_agent || !is_proxy(speaker.name);
    }
    const bool proxy_alone = turned_round && named_agent;
    if (!proxy_alone && (any_assistant || !named_agent)) return;
    for (const NamedSpeaker& speaker : named_speakers) {
      Message& message = t->messages[speaker.message];
      const bool agent = !is_proxy(speaker.name);
      message.role = agent ? Role::kAssistant : Role::kUser;
      message.requestor = agent ? Requestor::kAgent : Requestor::kUser;
      for (std::uint32_t c = 0; c < message.n_calls; ++c) {
        t->calls[message.first_call + c].requestor = message.requestor;
      }
    }
  }

  void finish(std::string_view policy, std::string_view question) {
    settle_thoughts();
    give_agents_their_role();
    add_question(question);
    add_system_text(policy);
    for (Message& message : t->messages) {
      if (message.role == Role::kAssistant) split_think_tags(message);
    }
    read_text_calls(*t, calls, *notes);
    linker.link(*t, *notes);
    add_inline_results();
    for (Message& message : t->messages) {
      if (message.role == Role::kTool) message.error_object = is_json_error_object(message.text);
    }
  }
};

bool looks_like_steps(std::string_view list) {
  const std::string_view first = peek_first_element(list);
  // Messages mostly begin with one of these, and are not looked at further.
  const auto head = peek_members(first, 1);
  if (head.empty() || head[0].name == "role" || head[0].name == "content" ||
      head[0].name == "type") {
    return false;
  }
  constexpr std::string_view kActions[] = {"action",      "actions",   "tool",      "tool_name",
                                           "action_name", "tool_call", "tool_calls"};
  constexpr std::string_view kMarks[] = {
      "observation", "observations", "obs",          "thought",   "thoughts", "action_input",
      "tool_input",  "tool_output",  "env_response", "reasoning", "thinking"};
  bool acts = false;
  bool marked = false;
  for (const PeekedMember& member : peek_members(first)) {
    if (member.name == "role" || member.name == "type" || member.name == "from") return false;
    acts = acts || is_in(kActions, member.name);
    marked = marked || is_in(kMarks, member.name);
  }
  return acts && marked;
}

MessageReader::MessageReader() : impl_(make_hidden<Impl>()) {}

void MessageReader::begin(std::string_view json, Trajectory& into, RecordNotes& notes) {
  Impl& impl = *impl_;
  impl.t = &into;
  impl.notes = &notes;
  impl.json_end = json.data() + json.size();
  impl.problem.clear();
  impl.pieces.clear();
  impl.thoughts.clear();
  impl.odd.clear();
  impl.own.clear();
  impl.said.clear();
  impl.inline_results.clear();
  impl.named_speakers.clear();
  impl.thinking = 0;
  impl.bare_reasoning = 0;
  impl.text_depth = 0;
}

simdjson::error_code MessageReader::read_message(od::value message) {
  return impl_->read_item(message, 0);
}

simdjson::error_code MessageReader::read_list(od::value list) {
  if (!is_type(list, od::json_type::string)) {
    const bool steps = looks_like_steps(impl_->text_from(list));
    return for_elements(list, [&](od::value message) {
      return steps ? impl_->read_step(message) : impl_->read_item(message, 0);
    });
  }
  std::string_view text;
  if (const Error error = impl_->read_string(list, text)) return error;
  bool found = false;
  const auto read = [&](od::value inner) { return read_list(inner); };
  if (const Error error = impl_->read_json_text(text, found, read); error || found) return error;
  return trimmed(text).empty()
             ? simdjson::SUCCESS
             : impl_->refuse("the list of messages is a text, and that is no JSON (it may be cut)");
}

simdjson::error_code MessageReader::read_more(std::string_view json, od::value list) {
  const char* const outer_end = std::exchange(impl_->json_end, json.data() + json.size());
  const Error error = read_list(list);
  impl_->json_end = outer_end;
  return error;
}

const std::string& MessageReader::problem() const { return impl_->problem; }

void MessageReader::finish(std::string_view policy, std::string_view question) {
  impl_->finish(policy, question);
}

}  // namespace agentecho::dialects

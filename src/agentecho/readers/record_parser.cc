#include "agentecho/readers/record_parser.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "agentecho/base/folded_key.h"
#include "agentecho/base/structural_scan.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/conversation_place.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"
#include "agentecho/readers/dialects/message.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/dialects/walk.h"
#include "agentecho/readers/model_reply.h"
#include "agentecho/readers/other_outcomes.h"
#include "agentecho/readers/record_outcome.h"
#include "agentecho/readers/record_scanner.h"
#include "agentecho/readers/said_outcomes.h"
#include "agentecho/trajectory/model_names.h"

namespace agentecho {

namespace od = simdjson::ondemand;

namespace {

constexpr int kNoRank = std::numeric_limits<int>::max();
constexpr int kDeepestWrapper = 3;

// What a record says about itself, besides its messages.
struct Fields {
  SaidOutcomes outcomes;
  int trial_rank = kNoRank;
  std::string_view trial_key;
  std::string_view policy;
  std::string_view world;         // the domain, as `env` or `environment` names it
  std::string_view task_text;     // under `task`: its name, or what was asked
  std::string_view messages_key;  // under which the messages that were read stand
  bool has_messages = false;
  bool has_ticks = false;
  RecordMembers members;
  std::vector<RecordMember> numbers;   // under keys that may number a task or a trial
  std::vector<std::string_view> keys;  // the first ones
  std::unordered_set<std::string_view> more_keys;
};

}  // namespace

struct RecordParser::Impl {
  od::parser parser;
  od::parser second_parser;  // for members that are read after the rest of the record is known
  dialects::MessageReader messages;
  IdentityReader identity;
  std::string repaired;

  // Of the record at hand.
  Trajectory* t = nullptr;
  RecordNotes* notes = nullptr;
  const char* end = nullptr;
  std::string problem;  // one that simdjson does not know of
  std::string_view success_key;
  std::string folded_success_key;
  RecordIdentity parsed_identity;

  using Error = simdjson::error_code;

  // A string as it is, other scalars and containers as their JSON text, null as nothing.
  Error read_text(od::value value, std::string_view& text) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::string) {
      od::raw_json_string raw;
      if (const Error error = value.get_raw_json_string().get(raw)) return error;
      return json_text::unescape(parser, raw, end, t->arena, text) ? simdjson::SUCCESS
                                                                   : simdjson::STRING_ERROR;
    }
    std::string_view json;
    if (type == od::json_type::object || type == od::json_type::array) {
      if (const Error error = simdjson::to_json_string(value).get(json)) return error;
    } else if (type != od::json_type::null) {
      json = trimmed(value.raw_json_token());
    }
    text = t->arena.copy(json);
    return simdjson::SUCCESS;
  }

  // Any value as JSON text, which stays where it stands.
  static Error raw(od::value value, std::string_view& json) {
    od::json_type type;
    // NaN and Infinity, which some writers put where a number stands, have no type in JSON.
    const bool typed = value.type().get(type) == simdjson::SUCCESS;
    if (typed && (type == od::json_type::object || type == od::json_type::array)) {
      return simdjson::to_json_string(value).get(json);
    }
    json = trimmed(value.raw_json_token());
    return simdjson::SUCCESS;
  }

  // Calls body(key, value) for each member of an object; other values have no members.
  template <class Body>
  Error for_members(od::value value, Body body) {
    if (!dialects::is_type(value, od::json_type::object)) return simdjson::SUCCESS;
    od::object object;
    if (const Error error = value.get_object().get(object)) return error;
    return dialects::for_members(object, body);
  }

  // An object that says what the task is: its id, and the domain that a stored tau2-bench task
  // names.
  Error read_task(std::string_view key, od::value value) {
    std::string_view json;
    if (!dialects::is_type(value, od::json_type::object)) return simdjson::SUCCESS;
    if (const Error error = simdjson::to_json_string(value).get(json)) return error;
    identity.take_object(key, json);
    for (const std::string_view inner : {"user_scenario", "instructions", "domain"}) {
      const auto members = dialects::peek_members(json);
      const auto found = std::find_if(members.begin(), members.end(),
                                      [&](const auto& member) { return member.name == inner; });
      if (found == members.end()) return simdjson::SUCCESS;
      json = found->value;
    }
    if (t->domain.empty()) t->domain = dialects::peek_string(json);
    return simdjson::SUCCESS;
  }

  Error take_string(od::value value, std::string& into) {
    std::string_view text;
    if (const Error error = read_text(value, text)) return error;
    into = text;
    return simdjson::SUCCESS;
  }

  // The member that the user names, in any of the forms of an outcome.
  // Like all keys it is compared without case, "_" and "-"; as it is written where it is too long.
  bool is_success_key(std::string_view key) const {
    if (success_key.empty()) return false;
    return key == success_key ||
           (!folded_success_key.empty() && FoldedKey(key).view() == folded_success_key);
  }

  Error read_success(std::string_view key, od::value value, Fields& fields) {
    std::string_view json;
    if (const Error error = raw(value, json)) return error;
    fields.outcomes.take_named(parse_outcome(key, json, notes->odd_outcomes, true));
    return simdjson::SUCCESS;
  }

  Error read_identity(std::string_view key, od::value value, Fields& fields) {
    std::string_view text;
    if (dialects::is_type(value, od::json_type::object) && key != "task_id") {
      if (const Error error = simdjson::to_json_string(value).get(text)) return error;
      identity.take_object(key, text);
      remember_object(key, text, fields);
      return simdjson::SUCCESS;
    }
    if (dialects::is_type(value, od::json_type::array)) {
      if (const Error error = simdjson::to_json_string(value).get(text)) return error;
      identity.take_list(key, text);
      if (outcome_rank(key)) fields.outcomes.take_holder(key, text);
      fields.members.lists.push_back({key, text});
      return simdjson::SUCCESS;
    }
    const bool number = dialects::is_type(value, od::json_type::number);
    if (trial_rank(key)) fields.numbers.push_back({key, trimmed(value.raw_json_token())});
    if (const auto rank = outcome_rank(key)) {
      take_outcome(*rank, key, trimmed(value.raw_json_token()), fields);
    }
    if (const Error error = read_text(value, text)) return error;
    // 1.0 and 1 are one task: data frames write a column with gaps so.
    if (number && text.ends_with(".0")) text.remove_suffix(2);
    if (key == "task" && !number) fields.task_text = text;
    identity.take_text(key, text);
    return simdjson::SUCCESS;
  }

  static void remember_object(std::string_view key, std::string_view json, Fields& fields) {
    if (may_hold_outcome(key) || outcome_rank(key)) fields.outcomes.take_holder(key, json);
    fields.members.objects.push_back({key, json});
  }

  Error read_member(std::string_view key, od::value value, Fields& fields) {
    if (may_be_count(key)) fields.outcomes.take_count(key, trimmed(value.raw_json_token()));
    if (key == "traj" || key == "messages") return read_messages(key, value, fields);
    if (is_success_key(key)) return read_success(key, value, fields);
    const bool is_text = key == "response" && !dialects::is_type(value, od::json_type::object);
    if (key == "input" || key == "prompt" || is_text) return remember(key, value, fields);
    const bool is_object = dialects::is_type(value, od::json_type::object);
    if (is_object ? key != "task" && IdentityReader::looks_into(key) : IdentityReader::wants(key)) {
      return read_identity(key, value, fields);
    }
    if (const auto rank = trial_rank(key)) return read_trial(*rank, key, value, fields);
    if (const auto rank = outcome_rank(key)) return read_outcome(*rank, key, value, fields);
    if (key == "reward_info") return read_reward_info(value, fields);
    if (key == "benchmark") return take_string(value, t->benchmark);
    if (key == "domain") return take_string(value, t->domain);
    if (key == "termination_reason") return take_string(value, t->termination_reason);
    if (key == "task") return read_task(key, value);
    if (key == "policy") {
      return dialects::is_type(value, od::json_type::string) ? read_text(value, fields.policy)
                                                             : simdjson::SUCCESS;
    }
    if (is_system_key(key)) return read_system(value, fields);
    if (names_world(key, value)) return read_text(value, fields.world);
    if (key == "ticks") fields.has_ticks = dialects::is_type(value, od::json_type::array);
    return remember(key, value, fields);
  }

  // {"env": "retail"}, tau-bench's own word for its domain.
  static bool names_world(std::string_view key, od::value& value) {
    if (!may_hold_domain(key) || !dialects::is_type(value, od::json_type::string)) return false;
    return may_be_domain(dialects::peek_string(value.raw_json_token()));
  }

  static bool is_system_key(std::string_view key) {
    constexpr std::string_view kKeys[] = {"system",        "systemprompt",      "systemmessage",
                                          "systemcontent", "systeminstruction", "sysprompt"};
    return is_in(kKeys, FoldedKey(key).view());
  }

  // What the model was told beside its messages: a text, or parts with texts (Anthropic, Bedrock,
  // Gemini).
  Error read_system(od::value value, Fields& fields) {
    std::string_view text;
    if (dialects::is_type(value, od::json_type::string)) {
      if (const Error error = read_text(value, text)) return error;
    } else if (dialects::is_type(value, od::json_type::array) ||
               dialects::is_type(value, od::json_type::object)) {
      if (const Error error = simdjson::to_json_string(value).get(text)) return error;
      std::string joined;
      join_texts(text, 0, joined);
      text = t->arena.copy(joined);
    }
    if (fields.policy.empty()) fields.policy = text;
    return simdjson::SUCCESS;
  }

  void join_texts(std::string_view json, int depth, std::string& joined) {
    if (depth > kDeepestWrapper) return;
    for (const std::string_view part : dialects::peek_elements(json)) {
      join_texts(part, depth + 1, joined);
    }
    for (const auto& [key, inner] : dialects::peek_members(json)) {
      if (key == "parts" || key == "content") join_texts(inner, depth + 1, joined);
      if (key == "text" && inner.starts_with('"')) append_text(inner, joined);
    }
    if (json.starts_with('"')) append_text(json, joined);
  }

  // The text of the JSON string that `json` begins with, on a line of its own.
  void append_text(std::string_view json, std::string& joined) {
    const std::string quoted = "\"" + std::string(dialects::peek_string(json)) + "\"";
    const std::string_view padded = t->arena.copy(quoted + std::string(RecordBlock::kPadding, ' '));
    std::string_view text;
    if (!json_text::unescape(
            parser, od::raw_json_string(reinterpret_cast<const std::uint8_t*>(padded.data() + 1)),
            padded.data() + quoted.size(), t->arena, text)) {
      return;
    }
    if (!joined.empty()) joined += '\n';
    joined += text;
  }

  // tau2-bench's object with the reward, or another that holds an outcome.
  Error read_reward_info(od::value value, Fields& fields) {
    const std::string_view whole = from_here(value);
    if (!dialects::is_type(value, od::json_type::object)) {
      std::string_view json;
      if (const Error error = raw(value, json)) return error;
      if (json != "null") take_outcome(0, "reward", json, fields);
      return simdjson::SUCCESS;
    }
    const Error error = for_members(value, [&](std::string_view inner, od::value member) -> Error {
      std::string_view json;
      if (inner != "reward" && !outcome_rank(inner)) return simdjson::SUCCESS;
      if (const Error failed = raw(member, json)) return failed;
      fields.outcomes.take_of_reward_info(inner, json, notes->odd_outcomes);
      return simdjson::SUCCESS;
    });
    if (!fields.outcomes.has_reward_info()) fields.outcomes.take_holder("reward_info", whole);
    return error;
  }

  // The JSON text from the value's first character on.
  std::string_view from_here(od::value& value) const {
    const char* at = value.raw_json_token().data();
    return {at, static_cast<std::size_t>(end - at)};
  }

  // What may turn out to hold the messages, when the rest of the record is known.
  Error remember(std::string_view key, od::value value, Fields& fields) {
    od::json_type type;
    if (const Error error = value.type().get(type)) return error;
    if (type == od::json_type::array || type == od::json_type::object) {
      std::string_view json;
      if (const Error error = simdjson::to_json_string(value).get(json)) return error;
      if (type == od::json_type::object) {
        remember_object(key, json, fields);
      } else {
        fields.members.lists.push_back({key, json});
        if (is_one_score(key, json)) fields.outcomes.take_holder(key, json);
      }
    } else if (type == od::json_type::string &&
               (message_list_rank(key) || key == "input" || key == "prompt")) {
      fields.members.lists.push_back({key, trimmed(value.raw_json_token())});
    } else if (is_request_as_text(key, trimmed(value.raw_json_token()))) {
      const std::string text = json_text::unescaped(trimmed(value.raw_json_token()));
      remember_object(key, padded_copy(trimmed(text)), fields);
    } else if (type != od::json_type::null) {
      constexpr std::size_t kMostUnknown = 64;
      auto& scalars =
          type == od::json_type::boolean ? fields.members.flags : fields.members.unknown;
      if (scalars.size() < kMostUnknown) {
        scalars.push_back({key, trimmed(value.raw_json_token())});
      }
    }
    return simdjson::SUCCESS;
  }

  // The body of a request to an API, as a gateway's table keeps it.
  static bool is_request_as_text(std::string_view key, std::string_view json) {
    constexpr std::string_view kKeys[] = {"request",     "requestbody",    "requestjson",
                                          "rawrequest",  "requestpayload", "llmrequest",
                                          "inputpayload"};
    return json.starts_with("\"{") && is_in(kKeys, FoldedKey(key).view());
  }

  // The trial's number where the record has none under a key of its own: a number that turned out
  // not to be the task's, or one in an object that describes the run.
  void look_for_trial(Fields& fields) {
    if (fields.trial_rank < kFirstWeakTrialRank) return;
    const std::string_view task_key = parsed_identity.task_key;
    for (const RecordMember& one : fields.numbers) {
      if (one.key != task_key) take_trial(*trial_rank(one.key), one.key, one.json, fields);
    }
    if (fields.trial_rank != kNoRank) return;
    constexpr std::string_view kDescribe[] = {"metadata", "meta",       "info",
                                              "run_info", "run_config", "run"};
    for (const RecordMember& object : fields.members.objects) {
      if (!is_in(kDescribe, object.key)) {
        continue;
      }
      for (const auto& [key, json] : dialects::peek_members(object.json)) {
        const auto rank = trial_rank(key);
        if (rank && *rank < kFirstWeakTrialRank) take_trial(*rank, key, json, fields);
      }
    }
    if (fields.trial_rank == kNoRank) note_trials_that_hold_more(fields);
  }

  // A list or an object under the key of a trial that is not where the messages stand.
  void note_trials_that_hold_more(const Fields& fields) {
    for (const auto* const members : {&fields.members.lists, &fields.members.objects}) {
      for (const RecordMember& member : *members) {
        const auto rank = trial_rank(member.key);
        if (!rank || *rank >= kFirstWeakTrialRank || member.key == fields.messages_key) continue;
        const std::string_view json = dialects::peek_value(member.json);
        if (dialects::peek_holds_data(json)) note_odd_trial(member.key, json);
      }
    }
  }

  // Members that no table has and that may say what the record leaves open are named.
  void note_what_may_identify(const Fields& fields) {
    for (const RecordMember& one : fields.members.unknown) {
      const std::string key = ascii_lowered(one.key);
      const std::string_view text = dialects::peek_string(one.json);
      const bool speaks_of_model = key.find("model") != std::string::npos ||
                                   key.find("llm") != std::string::npos ||
                                   is_known_model_name(text);
      if (parsed_identity.model.empty() && !text.empty() && speaks_of_model) {
        RecordNotes::count(
            notes->unread,
            fmt::format("record member `{}`, which may name the model,", printable(one.key)));
      } else if (fields.trial_rank == kNoRank && speaks_of_trial(key)) {
        RecordNotes::count(
            notes->unread,
            fmt::format("record member `{}`, which may number the trial,", printable(one.key)));
      }
    }
    if (!parsed_identity.model.empty()) return;
    std::vector<std::string> names;
    for (const RecordMember& object : fields.members.objects) {
      add_model_candidates(object.key, object.json, names);
    }
    for (const std::string& name : names) {
      RecordNotes::count(notes->unread, fmt::format("record member `{}`, which may name the model,",
                                                    printable(name)));
    }
  }

  // Members that say otherwise than the one that counts.
  void note_contradictions(const Fields& fields, std::string_view counted_key,
                           const OutcomeValue& counted) {
    for (const std::string& name :
         fields.outcomes.contradictions(counted, fields.messages_key, fields.keys)) {
      RecordNotes::count(notes->unread,
                         fmt::format("record member `{}`, which says otherwise than `{}`,",
                                     printable(name), printable(counted_key)));
    }
  }

  Error read_messages(std::string_view key, od::value value, Fields& fields) {
    if (!t->messages.empty()) {
      std::string_view json;
      if (const Error error = raw(value, json)) return error;
      count_second_list(key, json, fields);
      return simdjson::SUCCESS;
    }
    if (dialects::is_type(value, od::json_type::object)) return remember(key, value, fields);
    fields.has_messages = true;
    fields.messages_key = key;
    const auto asked = asked_in_object(fields.members);
    if (asked && is_of_agent_alone(from_here(value))) {
      if (const Error error = read_candidate(*asked)) return error;
    }
    return messages.read_list(value);
  }

  void count_second_list(std::string_view key, std::string_view json, const Fields& fields) {
    if (!dialects::peek_holds_data(json)) return;
    RecordNotes::count(notes->unread, fmt::format("list of messages `{}` besides `{}`",
                                                  printable(key), fields.messages_key));
  }

  void note_other_runs(const RecordMember& list) {
    if (list.json[0] != '[' || !holds_other_runs(list.key, list.json)) return;
    RecordNotes::count(notes->unread,
                       fmt::format("runs in the record member `{}`", printable(list.key)));
  }

  Error read_trial(int rank, std::string_view key, od::value value, Fields& fields) {
    std::string_view json;
    const bool holds_more = dialects::is_type(value, od::json_type::array) ||
                            dialects::is_type(value, od::json_type::object);
    if (holds_more) return remember(key, value, fields);  // "rollout": [messages]
    if (const Error error = raw(value, json)) return error;
    take_trial(rank, key, json, fields);
    return simdjson::SUCCESS;
  }

  void note_odd_trial(std::string_view key, std::string_view json) {
    constexpr std::size_t kShown = 40;
    notes->odd_trials.push_back(
        fmt::format("`{}` = {}", printable(key), printable(trimmed(json).substr(0, kShown))));
  }

  void take_trial(int rank, std::string_view key, std::string_view json, Fields& fields) {
    bool odd = false;
    const auto trial = parse_trial(json, odd);
    if (odd && rank < kFirstWeakTrialRank && !looks_like_run_id(dialects::peek_string(json))) {
      note_odd_trial(key, json);
    }
    if (trial && rank <= fields.trial_rank) {
      t->trial = trial;
      fields.trial_rank = rank;
      fields.trial_key = key;
    }
  }

  Error read_outcome(int rank, std::string_view key, od::value value, Fields& fields) {
    std::string_view json;
    if (const Error error = raw(value, json)) return error;
    take_outcome(rank, key, json, fields);
    return simdjson::SUCCESS;
  }

  void take_outcome(int rank, std::string_view key, std::string_view json, Fields& fields) {
    if (json.starts_with('{')) {
      remember_object(key, json, fields);
    } else {
      fields.outcomes.take(rank, key, json, notes->odd_outcomes);
    }
  }

  Error read_record(od::object& record, Fields& fields, int depth = 0) {
    const Error error = dialects::for_members(record, [&](std::string_view raw, od::value value) {
      const std::string_view key = without_escapes(raw);
      return is_doubled(key, fields) ? simdjson::SUCCESS : read_member(key, value, fields);
    });
    return error ? error : look_elsewhere(fields, depth);
  }

  // A key that somebody wrote with escapes ("mod\\u0065l") is the same key.
  std::string_view without_escapes(std::string_view key) {
    if (key.find('\\') == key.npos) return key;
    return t->arena.copy(json_text::unescaped({key.data() - 1, key.size() + 2}));
  }

  // Of two members of one name the first is read, the other counted.
  bool is_doubled(std::string_view key, Fields& fields) {
    constexpr std::size_t kFewKeys = 64;  // that are looked through faster than they are hashed
    const bool are_few = fields.keys.size() < kFewKeys;
    if (std::find(fields.keys.begin(), fields.keys.end(), key) == fields.keys.end() &&
        (are_few || fields.more_keys.insert(key).second)) {
      if (are_few) fields.keys.push_back(key);
      return false;
    }
    RecordNotes::count(notes->unread, fmt::format("second record member `{}`", printable(key)));
    return true;
  }

  // Calls that stand beside the messages, where these have none.
  void note_calls_elsewhere(const Fields& fields) {
    constexpr std::string_view kDefinitions[] = {"tools",        "functions",  "available_tools",
                                                 "tool_schemas", "tool_specs", "tool_definitions"};
    for (const auto* const members : {&fields.members.lists, &fields.members.objects}) {
      for (const RecordMember& member : *members) {
        if (member.key == fields.messages_key || is_in(kDefinitions, member.key)) continue;
        if (!holds_calls(member.json)) continue;
        RecordNotes::count(notes->unread,
                           fmt::format("calls in the record member `{}`", printable(member.key)));
      }
    }
  }

  // The messages under another name, or in an object of the record; what looks like messages and is
  // not read is counted.
  Error look_elsewhere(Fields& fields, int depth) {
    if (!t->messages.empty()) {
      for (const RecordMember& list : fields.members.lists) {
        if (goes_on(list)) continue;
        if (list.json[0] == '[' && looks_like_messages(list.json) &&
            !dialects::looks_like_steps(list.json)) {
          count_second_list(list.key, list.json, fields);
        } else if (list.json[0] == '[' && looks_like_results(list.json)) {
          RecordNotes::count(notes->unread,
                             fmt::format("results in the record member `{}`", printable(list.key)));
        } else {
          note_other_runs(list);
        }
      }
      return simdjson::SUCCESS;
    }
    if (const RecordMember* list = list_of_messages(fields.members)) {
      fields.has_messages = true;
      fields.messages_key = list->key;
      std::optional<RecordMember> before = what_comes_before(*list, fields.members);
      if (!before && dialects::looks_like_steps(list->json)) {
        if (const auto* const asked = question_of(fields.members)) before = *asked;
      }
      if (before) {
        if (const Error error = read_candidate(*before)) return error;
      }
      for (const RecordMember& other : fields.members.lists) {
        if (&other == list || (before && other.json.data() == before->json.data())) continue;
        if (other.json[0] == '[' && looks_like_messages(other.json) &&
            !dialects::looks_like_steps(other.json)) {
          count_second_list(other.key, other.json, fields);
        } else {
          note_other_runs(other);
        }
      }
      return read_candidate(*list);
    }
    if (fields.has_messages || depth == kDeepestWrapper) return simdjson::SUCCESS;
    if (const auto list = conversation_written_out(fields.members)) {
      fields.has_messages = true;
      return read_added(*list);
    }
    return look_inside(fields, depth);
  }

  // What the record says was asked, where the agent is the first to speak.
  std::string_view question_text(const Fields& fields) {
    const auto first = std::find_if(t->messages.begin(), t->messages.end(),
                                    [](const Message& m) { return m.role != Role::kSystem; });
    if (first == t->messages.end() || first->role != Role::kAssistant) return {};
    const RecordMember* const asked = question_of(fields.members);
    if (asked == nullptr) {
      // {"task_id": 3, "task": "Please find my loan"}: words, where the task has a name elsewhere.
      constexpr std::ptrdiff_t kBlanks = 3;
      const std::string_view task = fields.task_text;
      const bool words = std::count(task.begin(), task.end(), ' ') >= kBlanks;
      return words && parsed_identity.task_key != "task" ? task : std::string_view{};
    }
    const std::string text = json_text::unescaped(asked->json);
    const std::string_view said = trimmed(text);
    const bool holds_json = said.starts_with("[") || said.starts_with("{");
    return holds_json ? std::string_view{} : t->arena.copy(text);
  }

  // The system text of a request to the Responses API.
  std::string_view instructions_of_request(const Fields& fields) {
    constexpr std::string_view kItems[] = {"input", "output", "response"};
    if (!is_in(kItems, fields.messages_key)) return {};
    for (const RecordMember& one : fields.members.unknown) {
      const bool is_text = one.key == "instructions" && one.json[0] == '"';
      if (is_text) return t->arena.copy(json_text::unescaped(one.json));
    }
    return {};
  }

  // A run that ends with what a tool gave, beside what may be its last word or the right answer.
  void note_possible_answer(const Fields& fields) {
    if (t->messages.empty() || t->messages.back().role == Role::kAssistant) return;
    for (const RecordMember& one : fields.members.unknown) {
      if (one.key != "answer" || dialects::peek_string(one.json).empty()) continue;
      RecordNotes::count(notes->unread,
                         "record member `answer`, which may be what the agent said last,");
    }
  }

  Error read_candidate(const RecordMember& list) {
    od::document document;
    od::value value;
    if (list.json[0] == '"') {
      // A document that is only a text has no value: it is read as the one element of a list.
      const std::string text = fmt::format("[{}]", list.json);
      const std::string_view padded = t->arena.copy(text + std::string(128, ' '));
      od::array array;
      if (const Error error =
              second_parser.iterate(padded.data(), text.size(), padded.size()).get(document)) {
        return error;
      }
      if (const Error error = document.get_array().get(array)) return error;
      for (auto element : array) {
        if (const Error error = element.get(value)) return error;
        return read_text_candidate(list, value);
      }
      return simdjson::SUCCESS;
    }
    const auto room = static_cast<std::size_t>(end - list.json.data()) + RecordBlock::kPadding;
    if (const Error error =
            second_parser.iterate(list.json.data(), list.json.size(), room).get(document)) {
      return error;
    }
    if (const Error error = document.get_value().get(value)) return error;
    return messages.read_list(value);
  }

  Error read_text_candidate(const RecordMember& list, od::value value) {
    const bool holds_json = list.json.starts_with("\"[") || list.json.starts_with("\"{");
    if (holds_json) return messages.read_list(value);
    std::string_view text;
    const char* const outer_end =
        std::exchange(end, value.raw_json_token().data() + list.json.size());
    const Error error = read_text(value, text);
    end = outer_end;
    if (error) return error;
    Message message;  // what the user asked, as a plain text
    message.text = text;
    message.requestor = Requestor::kUser;
    t->messages.push_back(message);
    return simdjson::SUCCESS;
  }

  // A request and what the model replied: {"messages": […], "response": "…"}, also as an object of
  // the API ({"choices": [{"message": …}]}, {"role", "content"}, {"candidates": […]}). Only where
  // the messages end before the model speaks.
  Error read_reply(const Fields& fields) {
    if (t->messages.empty() || t->messages.back().role == Role::kAssistant) {
      return simdjson::SUCCESS;
    }
    for (const RecordMember& list : fields.members.lists) {
      const bool several = list.key == "completions" || list.key == "responses" ||
                           list.key == "generations" || list.key == "samples";
      if (!several || dialects::peek_elements(list.json, 2).empty()) continue;
      problem = fmt::format("several replies to one prompt (`{}`); write one record for each",
                            printable(list.key));
      return simdjson::INCORRECT_TYPE;
    }
    const bool predicts =
        std::any_of(fields.keys.begin(), fields.keys.end(),
                    [](std::string_view key) { return key.starts_with("predict"); });
    for (const std::string_view key : reply_keys()) {
      if (predicts && key == "final_answer") continue;  // the right one, then
      for (const auto* const members :
           {&fields.members.objects, &fields.members.lists, &fields.members.unknown}) {
        for (const RecordMember& one : *members) {
          if (one.key != key || one.key == fields.messages_key) continue;
          if (is_choice_of_texts(key, one.json)) continue;
          if (repeats_last_call(one.json)) continue;
          if (goes_on(one)) return read_added(std::string(dialects::peek_value(one.json)));
          const std::string message = reply_as_message(one.json);
          if (message.empty()) {
            if (one.key != "output" && dialects::peek_holds_data(one.json)) {
              RecordNotes::count(notes->unread, fmt::format("the reply in `{}`", key));
            }
            continue;
          }
          if (holds_further_replies(one.json)) {
            RecordNotes::count(notes->unread, fmt::format("further replies in `{}`", key));
          }
          const Error error = read_added("[" + message + "]");
          if (!error) drop_repeated_reply();
          return error;
        }
      }
    }
    return simdjson::SUCCESS;
  }

  // Is the list what followed the messages that were read, and not the conversation again?
  bool goes_on(const RecordMember& list) const {
    return !t->messages.empty() && t->messages.back().role != Role::kAssistant &&
           std::ranges::count(reply_keys(), list.key) > 0 && continues_conversation(list.json) &&
           !begins_with_the_user(list.json) && !repeats_last_call(list.json);
  }

  // Does the reply hold the call that was read last?
  bool repeats_last_call(std::string_view json) const {
    const auto last = std::find_if(t->calls.rbegin(), t->calls.rend(),
                                   [](const ToolCall& call) { return !call.id.empty(); });
    return last != t->calls.rend() &&
           json.find(fmt::format("\"{}\"", last->id)) != std::string_view::npos;
  }

  // What the record repeats as its answer was said before.
  void drop_repeated_reply() {
    const Message& reply = t->messages.back();
    const bool repeated =
        reply.role == Role::kAssistant && reply.n_calls == 0 &&
        std::any_of(t->messages.begin(), t->messages.end() - 1, [&](const Message& message) {
          return message.role == Role::kAssistant && message.text == reply.text;
        });
    if (repeated) t->messages.pop_back();
  }

  Error read_added(const std::string& list) {
    const std::string_view json = padded_copy(list);
    od::document document;
    od::value value;
    const char* const outer_end = std::exchange(end, json.data() + json.size());
    Error error =
        second_parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding)
            .get(document);
    if (!error) error = document.get_value().get(value);
    if (!error) error = messages.read_more(json, value);
    end = outer_end;
    return error;
  }

  // An object in the record that is the record ({"row": {…}}), or holds the messages.
  Error look_inside(Fields& fields, int depth) {
    const std::vector<RecordMember> objects = fields.members.objects;
    if (const auto both = exchange_in(objects)) {
      fields.has_messages = true;
      fields.messages_key = both->answer_key;
      note_what_came_before(objects);
      return read_added(both->messages);
    }
    const auto n = std::count_if(objects.begin(), objects.end(), [](const RecordMember& object) {
      return holds_messages(object.json);
    });
    if (n > 1) {
      problem =
          fmt::format("a map of {} records, or of lists of messages; write them as a list", n);
      return simdjson::INCORRECT_TYPE;
    }
    for (const RecordMember& object : objects) {
      if (!holds_conversation(object)) continue;
      // The values of the object are read from a copy of its own, since it may hold another.
      const std::string_view json = padded_copy(object.json);
      od::parser inner_parser;
      od::document document;
      od::object inner;
      Fields inner_fields;
      inner_fields.policy = fields.policy;
      if (const Error error =
              inner_parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding)
                  .get(document)) {
        return error;
      }
      if (const Error error = document.get_object().get(inner)) return error;
      const char* const outer_end = std::exchange(end, json.data() + json.size());
      messages.begin(json, *t, *notes);
      const Error error = read_record(inner, inner_fields, depth + 1);
      end = outer_end;
      if (error) return error;
      inner_fields.outcomes.look_deeper(notes->odd_outcomes);
      fields.outcomes.take_inner(object.key, std::move(inner_fields.outcomes));
      fields.has_messages = inner_fields.has_messages;
      fields.messages_key = object.key;
      if (fields.policy.empty()) fields.policy = inner_fields.policy;
      if (fields.world.empty()) fields.world = inner_fields.world;
      note_what_came_before(objects);
      return simdjson::SUCCESS;
    }
    return simdjson::SUCCESS;
  }

  // Of exchanges with the Responses API: turns that the server kept.
  void note_what_came_before(const std::vector<RecordMember>& objects) {
    if (!goes_on_from_server(objects)) return;
    RecordNotes::count(notes->unread, "the turns before `previous_response_id`");
  }

  std::string_view padded_copy(std::string_view json) {
    const std::string padded = std::string(json) + std::string(RecordBlock::kPadding, ' ');
    return t->arena.copy(padded).substr(0, json.size());
  }

  ParsedRecord parse_once(std::string_view json, const RecordDefaults& defaults) {
    ParsedRecord parsed;
    notes = &parsed.notes;
    end = json.data() + json.size();
    problem.clear();
    identity.clear();
    success_key = defaults.success_key;
    folded_success_key = FoldedKey(success_key).view();
    messages.begin(json, *t, parsed.notes);
    Fields fields;
    if (!read_members(json, fields, parsed)) return parsed;
    identify(parsed);
    if (!fields.has_messages || (fields.has_ticks && t->messages.empty())) {
      parsed.problem = fields.has_ticks ? "voice simulations (ticks without messages) are not read"
                                        : no_messages(json);
      return parsed;
    }
    if (const Error error = read_reply(fields)) {
      last_error = error;
      parsed.problem = describe(error);
      return parsed;
    }
    SaidOutcomes::Settled ended =
        fields.outcomes.settle(defaults.success_key, fields.keys, notes->odd_outcomes);
    look_for_trial(fields);
    note_what_may_identify(fields);
    apply(fields, std::move(ended), defaults, parsed);
    if (fields.policy.empty()) fields.policy = instructions_of_request(fields);
    messages.finish(!fields.policy.empty() ? fields.policy : t->arena.copy(defaults.policy),
                    question_text(fields));
    note_possible_answer(fields);
    if (t->calls.empty()) note_calls_elsewhere(fields);
    const bool spoke = std::any_of(t->messages.begin(), t->messages.end(),
                                   [](const Message& m) { return m.role == Role::kAssistant; });
    if (spoke && !notes->unread.empty()) parsed.problem = what_silences();
    if (!parsed.problem.empty()) return parsed;
    parsed.outcome = spoke ? RecordOutcome::kParsed : RecordOutcome::kNoAssistantMessage;
    return parsed;
  }

  // Reads all members of the record, and where it ends or is damaged.
  bool read_members(std::string_view json, Fields& fields, ParsedRecord& parsed) {
    od::document document;
    od::object record;
    Error error =
        parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding).get(document);
    const bool has_document = !error;  // without, it must not be asked where it stopped
    if (!error) error = document.get_object().get(record);
    if (!error) error = read_record(record, fields);
    const char* location = nullptr;
    const bool has_location = has_document &&
                              document.current_location().get(location) == simdjson::SUCCESS &&
                              location >= json.data() && location <= end;
    const std::size_t byte = has_location ? static_cast<std::size_t>(location - json.data()) : 0;
    last_error = error;
    if (!error) {
      parsed.consumed = has_location ? byte : json.size();
      return true;
    }
    parsed.byte = byte;
    parsed.problem = describe(error);
    parsed.damaged = problem.empty();
    return false;
  }

  std::string describe(Error error) {
    if (problem.empty()) problem = messages.problem();
    return !problem.empty() ? problem : simdjson::error_message(error);
  }

  // Who ran on what, as the record or else its messages say.
  void identify(ParsedRecord& parsed) {
    parsed.identity = identity.identity();
    std::vector<std::string>& models = notes->models;
    std::erase_if(models, [](const std::string& one) { return !may_be_name(one); });
    if (parsed.identity.model.empty() && models.size() == 1) {
      parsed.identity.model = models[0];
      parsed.identity.model_key = "model of the messages";
      parsed.identity.model_is_weak = true;
    } else if (parsed.identity.model.empty() && models.size() > 1) {
      RecordNotes::count(notes->unread, "models of messages, of which there are several,");
    }
    parsed_identity = parsed.identity;
    t->model = parsed.identity.model;
    t->task_id = parsed.identity.task;
  }

  // Of a run whose messages say hardly anything, while they hold members that are not read: what
  // they hold. Such a run would count as one of an agent that says and does nothing.
  std::string what_silences() const {
    const auto has_arguments = [&](std::size_t call) {
      const std::string_view json = trimmed(t->calls[call].arguments);
      return !json.empty() && json != "{}" && json != "null";
    };
    std::uint64_t speaking = 0;
    for (const Message& message : t->messages) {
      bool speaks = !trimmed(message.text).empty();
      for (std::uint32_t c = 0; c < message.n_calls && !speaks; ++c) {
        speaks = has_arguments(message.first_call + c);
      }
      speaking += speaks ? 1 : 0;
    }
    std::uint64_t in_members = 0;
    std::vector<std::string_view> members;
    for (const UnreadData& unread : notes->unread) {
      const bool of_message = unread.what.starts_with("message member") ||
                              unread.what.starts_with("call member") ||
                              unread.what.starts_with("part member");
      if (!of_message) continue;
      in_members += unread.count;
      if (members.size() < std::size_t{6}) members.push_back(unread.what);
    }
    const std::uint64_t n = t->messages.size();
    if (n < 2 || 10 * speaking > n || 2 * in_members < n) return {};
    return fmt::format(
        "hardly any of its {} messages has a text, an argument or a result that is read; they hold "
        "{}, which are not read: texts are read under `content`, calls under `tool_calls` with "
        "`name` and `arguments`",
        n, fmt::join(members, ", "));
  }

  static std::string no_messages(std::string_view json) {
    const std::string members = dialects::name_members(json);
    if (members.empty()) return "the record has no messages";
    return "the record has no messages; its members are " + printable(members);
  }

  void apply(const Fields& fields, SaidOutcomes::Settled ended, const RecordDefaults& defaults,
             ParsedRecord& parsed) {
    if (ended.value) {
      t->reward = ended.value->share;
      parsed.points = ended.value->points;
      if (!ended.named) note_contradictions(fields, ended.key, *ended.value);
    } else {
      parsed.outcome_candidates = fields.outcomes.candidates(fields.members, fields.messages_key);
    }
    parsed.outcome_key = std::move(ended.key);
    parsed.other_points = std::move(ended.other_points);
    parsed.trial_key = fields.trial_key;
    if (t->model.empty()) t->model = defaults.model;
    if (t->benchmark.empty()) t->benchmark = defaults.benchmark;
    if (t->domain.empty()) t->domain = fields.world;
    if (t->domain.empty()) t->domain = defaults.domain;
  }

  Error last_error = simdjson::SUCCESS;
};

RecordParser::RecordParser() : impl_(make_hidden<Impl>()) {}

ParsedRecord RecordParser::parse(std::string_view json, const RecordDefaults& defaults,
                                 Trajectory& into) {
  into.clear();
  impl_->t = &into;
  json_text::met_escapes_in_keys();
  ParsedRecord parsed = impl_->parse_once(json, defaults);
  const auto parse_again = [&](std::string instead) {
    impl_->repaired = std::move(instead);
    json = impl_->repaired;
    impl_->repaired.append(RecordBlock::kPadding, ' ');
    json = std::string_view(impl_->repaired).substr(0, json.size());
    into.clear();
    parsed = impl_->parse_once(json, defaults);
  };
  if (impl_->last_error == simdjson::UTF8_ERROR) {
    parse_again(with_valid_utf8(json));
    parsed.notes.repaired_utf8 = true;
  }
  // Keys are looked up as they are written: to unescape each would cost all for the few.
  if (json_text::met_escapes_in_keys() && !parsed.damaged) {
    std::size_t size = parsed.outcome == RecordOutcome::kMalformed ? 0 : parsed.consumed;
    if (size == 0) StructuralScan().find_end(json.data(), json.size(), size, true);
    if (auto plain = json_text::with_plain_keys(json.substr(0, size))) {
      const bool repaired_utf8 = parsed.notes.repaired_utf8;
      parse_again(std::move(*plain));
      parsed.notes.repaired_utf8 = repaired_utf8;
      parsed.consumed = size;
    }
  }
  impl_->t = nullptr;
  impl_->notes = nullptr;
  return parsed;
}

}  // namespace agentecho

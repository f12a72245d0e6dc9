#include "agentecho/readers/identity_keys.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

#include "agentecho/base/folded_key.h"
#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"

namespace agentecho {

namespace dom = simdjson::dom;

namespace {

// Folded keys; a place in the table is a rank.
constexpr std::string_view kModelKeys[] = {
    "model",          "modelname",      "modelid",        "modelnameorpath", "llm",
    "pipelinename",   "llmname",        "llmid",          "servedmodelname", "engine",
    "agentmodel",     "agentmodelname", "agentllm",       "assistantmodel",  "policymodel",
    "evaluatedmodel", "targetmodel",    "respondermodel", "chatmodel",       "llmmodel",
    "modelslug",      "modelkey",       "modeltag",       "modelpath",       "providermodel",
    "generatormodel", "sourcemodel",    "solvermodel",    "deploymentname",  "deployment",
    "checkpoint",     "basemodel",      "backbone",       "models",          "modelused",
    "modelversion",   "modelalias",     "llmmodelname",   "agentname",       "generator",
    "solver",         "agent",          "agentid",        "modelinfo",       "modelconfig"};
// From here on they may name an agent or a program as well as a model: they count where nothing
// better does.
constexpr std::size_t kFirstWeakModelKey = 38;
static_assert(kModelKeys[kFirstWeakModelKey] == "agentname");
constexpr std::string_view kTaskKeys[] = {
    "taskid",     "instanceid",  "questionid",  "problemid",   "sampleid", "exampleid",
    "usertaskid", "testid",      "caseid",      "scenarioid",  "customid", "taskname",
    "task",       "problemname", "testcaseid",  "docid",       "promptid", "queryid",
    "itemid",     "issueid",     "dataid",      "envid",       "goalid",   "puzzleid",
    "gameid",     "qid",         "taskindex",   "ngtaskindex", "taskidx",  "questionidx",
    "exampleidx", "scenario",    "sampleindex", "sampleidx",   "rowid",    "rowidx",
    "idx",        "index",       "case",        "casename",    "test",     "testname",
    "problem",    "number",      "key",         "uid",         "id",       "name"};
// From here on they may name a set or a world as well as a task: inside an object they count where
// the record itself has no number of a row.
constexpr std::size_t kFirstUnsureTaskKey = 11;
static_assert(kTaskKeys[kFirstUnsureTaskKey] == "taskname");
// From here on they may be a row's or an object's as well as a task's: they count only in the
// record itself.
constexpr std::size_t kFirstWeakTaskKey = 32;
static_assert(kTaskKeys[kFirstWeakTaskKey] == "sampleindex");
constexpr std::string_view kSystemKeys[] = {
    "implementation", "agentimplementation", "scaffold", "harness",     "baseurl",      "apibase",
    "endpoint",       "reasoningeffort",     "effort",   "servedmodel", "quantization", "provider"};
// Objects that are looked into.
constexpr std::string_view kContainers[] = {"metadata",
                                            "meta",
                                            "info",
                                            "config",
                                            "agentinfo",
                                            "agent",
                                            "runconfig",
                                            "settings",
                                            "model",
                                            "models",
                                            "eval",
                                            "modelinfo",
                                            "modelconfig",
                                            "llmconfig",
                                            "llm",
                                            "agentconfig",
                                            "generationconfig",
                                            "request",
                                            "response",
                                            "task",
                                            "instance",
                                            "problem",
                                            "sample",
                                            "example",
                                            "scenario",
                                            "ds",
                                            "run",
                                            "runinfo",
                                            "params",
                                            "parameters",
                                            "args",
                                            "options",
                                            "experiment",
                                            "experimentconfig",
                                            "setup",
                                            "inference",
                                            "inferenceconfig",
                                            "samplingparams",
                                            "generation",
                                            "llmargs",
                                            "modelargs",
                                            "modelkwargs",
                                            "candidate",
                                            "subject",
                                            "sut",
                                            "extra",
                                            "extrainfo",
                                            "attributes"};
// Objects whose own "name" or "id" is the model's, or the task's.
constexpr std::string_view kModelObjects[] = {"model", "models", "modelinfo", "modelconfig", "llm"};
// Members of such objects: which of the run's models is the agent's.
constexpr std::string_view kOfAgent[] = {"agent", "assistant", "policy", "actor", "target"};
constexpr std::string_view kTaskObjects[] = {"task",   "instance", "problem",
                                             "sample", "example",  "scenario"};
constexpr std::string_view kInjection = "injectiontaskid";
// Of one conversation; the last ones may be new with each call of a model, and count where nothing
// better is there.
constexpr std::string_view kSessionKeys[] = {
    "sessionid", "conversationid", "threadid", "chatid",  "dialogid", "dialogueid",
    "episodeid", "trajectoryid",   "session",  "runuuid", "runid"};
constexpr std::size_t kLongestName = 300;
constexpr std::size_t kLargestObject = 1 << 20;

// The best so far of one thing to know.
struct Best {
  std::size_t rank = std::numeric_limits<std::size_t>::max();
  std::string text;
  std::string key;

  void offer(std::size_t new_rank, std::string_view new_text, std::string new_key) {
    if (new_rank >= rank) return;
    rank = new_rank;
    text = new_text;
    key = std::move(new_key);
  }
};

// Hexadecimal, at least 16 digits with a letter and a digit among them.
bool is_long_hex(std::string_view text) {
  bool digit = false;
  bool letter = false;
  std::size_t n = 0;
  for (const char c : text) {
    const char lower = ascii_lower(c);
    if (c == '-') continue;
    if (is_ascii_digit(c)) {
      digit = true;
    } else if (lower >= 'a' && lower <= 'f') {
      letter = true;
    } else {
      return false;
    }
    ++n;
  }
  return n >= 16 && digit && letter;
}

// A ULID: 26 of Crockford's digits, with letters of one case.
bool is_ulid(std::string_view text) {
  constexpr std::size_t kLength = 26;
  if (text.size() != kLength || text[0] != '0') return false;
  const auto is_digit_of = [](char c) {
    const char lower = ascii_lower(c);
    return is_ascii_digit(c) ||
           (is_ascii_lower(lower) && std::string_view("ilou").find(lower) == kNowhere);
  };
  const bool lower = std::any_of(text.begin(), text.end(), is_ascii_lower);
  const bool upper = std::any_of(text.begin(), text.end(), is_ascii_upper);
  return lower != upper && std::all_of(text.begin(), text.end(), is_digit_of);
}

// "20251001_3": the third session of a day (Goose).
bool is_numbered_day(std::string_view text) {
  constexpr std::size_t kDay = 8;
  return text.size() > kDay + 1 && text.starts_with("20") && text[kDay] == '_' &&
         std::count_if(text.begin(), text.end(), is_ascii_digit) ==
             static_cast<std::ptrdiff_t>(text.size()) - 1;
}

constexpr std::size_t kNestedRank = 100;  // below each of the record's own keys, per level
constexpr std::size_t kUnsureRank = 400;  // below what an id inside an object says
constexpr std::size_t kWeakRank = 1000;   // below all others

}  // namespace

bool looks_like_run_id(std::string_view text) {
  constexpr std::string_view kReplies[] = {"chatcmpl-", "resp_", "msg_"};  // of APIs, then anything
  constexpr std::string_view kBeforeIds[] = {"",      "cmpl-", "thread_",  "gen-",
                                             "run-",  "run_",  "trace-",   "trace_",
                                             "span-", "span_", "session-", "session_"};
  const auto is_reply = [&](std::string_view prefix) {
    return text.starts_with(prefix) && text.size() > prefix.size();
  };
  const auto is_random = [&](std::string_view prefix) {
    const std::string_view rest = text.substr(std::min(prefix.size(), text.size()));
    return text.starts_with(prefix) && (is_long_hex(rest) || is_ulid(rest));
  };
  return is_numbered_day(text) || std::any_of(std::begin(kReplies), std::end(kReplies), is_reply) ||
         std::any_of(std::begin(kBeforeIds), std::end(kBeforeIds), is_random);
}

bool may_be_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         text.find_first_of("\n\r") == std::string_view::npos;
}

bool is_unsure_task_key(std::string_view key) {
  const std::size_t place = place_in(kTaskKeys, FoldedKey(key).view());
  return place >= kFirstUnsureTaskKey && place < std::size(kTaskKeys);
}

bool is_weak_task_key(std::string_view key) {
  const std::size_t place = place_in(kTaskKeys, FoldedKey(key).view());
  return place >= kFirstWeakTaskKey && place < std::size(kTaskKeys);
}

struct IdentityReader::Impl {
  dom::parser parser;
  Best model;
  Best task;
  Best session;
  std::string injection;
  std::map<std::string, std::string, std::less<>> system;

  void take_text(std::string_view prefix, std::string_view key, std::string_view folded,
                 std::size_t level, std::string_view text) {
    text = trimmed(text);
    if (!may_be_name(text)) return;
    const std::string path =
        prefix.empty() ? std::string(key) : std::string(prefix) + "." + std::string(key);
    const std::size_t model_place = place_in(kModelKeys, folded);
    if (model_place < kFirstWeakModelKey) {
      model.offer(level * kNestedRank + model_place, text, path);
    } else if (model_place < std::size(kModelKeys) && level == 0 && !looks_like_run_id(text)) {
      model.offer(kWeakRank + model_place, text, path);
    }
    const std::size_t task_place = place_in(kTaskKeys, folded);
    const bool weak = task_place >= kFirstWeakTaskKey;
    if (task_place < std::size(kTaskKeys) && !(weak && (level > 0 || looks_like_run_id(text)))) {
      // {"id": "chatcmpl-1", "metadata": {"task_id": …}}: a reply's id is no task's. But
      // {"id": 3, "metadata": {"task": "retail"}} is the third of a set.
      const bool surely = !weak && (level == 0 || task_place < kFirstUnsureTaskKey);
      task.offer(level * kNestedRank + task_place + (surely ? 0 : kUnsureRank), text, path);
    }
    const std::size_t session_place = place_in(kSessionKeys, folded);
    if (session_place < std::size(kSessionKeys)) {
      session.offer(level * kNestedRank + session_place, text, path);
    }
    if (folded == kInjection) injection = text;
    if (is_in(kSystemKeys, folded)) system.try_emplace(std::string(folded), text);
  }

  // {"model": {"name": …}}, {"task": {"id": …}}: is it the name of what the object is?
  bool take_own_name(std::string_view prefix, std::string_view key, std::size_t level,
                     std::string_view text, std::string_view inside) {
    const bool of_model = is_in(kModelObjects, inside);
    const bool of_agent = is_in(kOfAgent, FoldedKey(key).view());
    if (!of_model && (of_agent || !is_in(kTaskObjects, inside))) return false;
    if (!may_be_name(text) || (!of_model && looks_like_run_id(text))) return true;
    const std::string path = std::string(prefix) + "." + std::string(key);
    if (of_model) {
      model.offer(level * kNestedRank + std::size(kModelKeys), text, path);
    } else {
      const std::size_t below = FoldedKey(key).view() == "id" ? 0 : 1;  // an id before a name
      task.offer(level * kNestedRank + std::size(kTaskKeys) + below * kUnsureRank, text, path);
    }
    return true;
  }

  void walk(std::string_view prefix, const dom::object& object, std::size_t level,
            std::string_view inside) {
    for (const auto& [key, value] : object) {
      const FoldedKey folded(key);
      const std::string_view name = folded.view();
      if (name.empty()) continue;
      std::string_view text;
      std::int64_t number = 0;
      dom::object inner;
      if (value.get(text) == simdjson::SUCCESS) {
        const bool own = name == "name" || name == "id" || is_in(kOfAgent, name);
        if (own && take_own_name(prefix, key, level, text, inside)) {
          continue;
        }
        take_text(prefix, key, name, level, text);
      } else if (value.get(number) == simdjson::SUCCESS) {
        const std::string digits = std::to_string(number);
        if (name == "id" && take_own_name(prefix, key, level, digits, inside)) continue;
        take_text(prefix, key, name, level, digits);
      } else if (level < 3 && is_in(kContainers, name) && value.get(inner) == simdjson::SUCCESS) {
        walk(std::string(prefix) + "." + std::string(key), inner, level + 1, name);
      }
    }
  }
};

IdentityReader::IdentityReader() : impl_(make_hidden<Impl>()) {}

void IdentityReader::clear() {
  impl_->model = {};
  impl_->task = {};
  impl_->session = {};
  impl_->injection.clear();
  impl_->system.clear();
}

bool IdentityReader::wants(std::string_view key) {
  const FoldedKey folded(key);
  const std::string_view name = folded.view();
  return !name.empty() &&
         (is_in(kModelKeys, name) || is_in(kTaskKeys, name) || is_in(kSystemKeys, name) ||
          is_in(kSessionKeys, name) || name == kInjection);
}

bool IdentityReader::looks_into(std::string_view key) {
  const FoldedKey folded(key);
  return is_in(kContainers, folded.view());
}

bool IdentityReader::names_model(std::string_view key) {
  const FoldedKey folded(key);
  return place_in(kModelKeys, folded.view()) < kFirstWeakModelKey;
}

void IdentityReader::take_text(std::string_view key, std::string_view text) {
  impl_->take_text({}, key, FoldedKey(key).view(), 0, text);
}

void IdentityReader::take_list(std::string_view key, std::string_view json) {
  const FoldedKey folded(key);
  if (!is_in(kModelKeys, folded.view()) || json.size() > kLargestObject) return;
  dom::array array;
  if (impl_->parser.parse(json.data(), json.size()).get(array) != simdjson::SUCCESS) return;
  std::string names;
  for (const dom::element element : array) {
    std::string_view name;
    if (element.get(name) != simdjson::SUCCESS || !may_be_name(trimmed(name))) return;
    if (!names.empty()) names += " + ";
    names += trimmed(name);
  }
  impl_->take_text({}, key, folded.view(), 0, names);
}

void IdentityReader::take_object(std::string_view key, std::string_view json) {
  const FoldedKey folded(key);
  if (!is_in(kContainers, folded.view()) || json.size() > kLargestObject) return;
  // Most records carry such objects for other purposes.
  const bool named = is_in(kModelObjects, folded.view()) || is_in(kTaskObjects, folded.view());
  constexpr std::string_view kTelling[] = {"odel",   "llm",   "ask_id",     "askId", "nstance_id",
                                           "ession", "hread", "onversatio", "un_id", "unId",
                                           "hat_id", "hatId", "pisode",     "ialog"};
  const auto has = [&](std::string_view word) {
    return find_word(json, word) != std::string_view::npos;
  };
  if (!named && std::none_of(std::begin(kTelling), std::end(kTelling), has)) {
    return;
  }
  dom::object object;
  if (impl_->parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return;
  impl_->walk(key, object, 1, folded.view());
}

RecordIdentity IdentityReader::identity() const {
  RecordIdentity said;
  said.model = impl_->model.text;
  said.model_key = impl_->model.key;
  said.model_is_weak = !said.model.empty() && impl_->model.rank >= kWeakRank;
  said.task = impl_->task.text;
  said.task_key = impl_->task.key;
  said.session = impl_->session.text;
  if (!impl_->injection.empty() && FoldedKey(said.task_key).view() == "usertaskid") {
    said.task += "+" + impl_->injection;
    said.task_key += "+injection_task_id";
  }
  for (const auto& [name, value] : impl_->system) said.system += name + "=" + value + "\n";
  return said;
}

bool may_name_model(std::string_view key, std::string_view value) {
  return IdentityReader::names_model(key) ||
         (IdentityReader::looks_into(key) && value.starts_with('{') &&
          dialects::peek_value(value).find("\"model") != std::string_view::npos);
}

}  // namespace agentecho

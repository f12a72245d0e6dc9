// Maps of records: a JSON object whose members are runs, or lists of messages, by name.
//
//   {"task_1": {"messages": […], "success": true}, "task_2": …}
//   {"model": "alder", "runs": {"task_1": […messages…], …}}       what stands around them is theirs
//   {"alder": {"task_1": {…}, …}, "birch": …}                     by model and task
//   {"alder": [{"task_id": …, "messages": […]}, …], "birch": …}   lists of runs
//   {"task_id": "1", "trials": [{…}, {…}]}                        a line for each task
//
// A name counts only where the run itself does not say it (METHOD 9): as its task; as its model
// where it is a known model's name, or where the run names its task and no model. Of two names the
// one that is a known model's is the model; where that tells nothing, the map is refused.
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/message_lists.h"
#include "agentecho/readers/dialects/vocabulary.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/formats/run_writer.h"
#include "agentecho/readers/formats/unit.h"
#include "agentecho/readers/identity_keys.h"
#include "agentecho/readers/record_outcome.h"
#include "agentecho/readers/run_containers.h"
#include "agentecho/trajectory/model_names.h"

namespace agentecho::formats {

namespace {

using dialects::PeekedMember;

// Members that hold a map or list of runs.
constexpr std::string_view kHolders[] = {
    "trials",   "attempts",  "runs",     "tasks",  "trajectories", "results",       "records",
    "samples",  "episodes",  "logs",     "data",   "rollouts",     "conversations", "instances",
    "examples", "questions", "problems", "traces", "simulations",  "models",        "store"};

// Is it a member that says something of who ran and on what?
bool identifies(std::string_view key) {
  return IdentityReader::wants(key) || IdentityReader::looks_into(key);
}

// A member that says something of one record is no run's name.
bool is_word(std::string_view key) {
  constexpr std::string_view kOthers[] = {
      "messages", "traj",     "input",     "inputs", "prompt",   "completion", "chosen", "rejected",
      "request",  "response", "responses", "row",    "rows",     "choices",    "tools",  "state",
      "values",   "data",     "contents",  "chat",   "dialogue", "query",      "answer", "kwargs",
      "agent_0",  "agent_1",  "before",    "after",  "train",    "original"};
  return is_in(kOthers, key) || message_list_rank(key) || identifies(key) || outcome_rank(key) ||
         trial_rank(key) || dialects::Vocabulary::get().role(key) != nullptr;
}

bool is_list_of_runs(std::string_view value) {
  return value.starts_with('[') && holds_messages(dialects::peek_first_element(value));
}

bool is_run(std::string_view value) {
  return value.starts_with('{') ? holds_messages(value) : looks_like_messages(value);
}

// The members of an object; of one that was cut, without the last, which may not be there whole.
std::vector<PeekedMember> members_of(std::string_view object, bool cut) {
  constexpr std::size_t kMost = 64;
  std::vector<PeekedMember> members = dialects::peek_members(object, kMost);
  if (cut && members.size() > 1 && members.size() < kMost) members.pop_back();
  return members;
}

// Are all members runs, as far as the text goes?
bool is_map_of_runs(std::string_view object, std::size_t least, bool cut) {
  if (!object.starts_with('{')) return false;
  const std::vector<PeekedMember> members = members_of(object, cut);
  return members.size() >= least &&
         std::all_of(members.begin(), members.end(), [](const PeekedMember& member) {
           return !is_word(member.name) && (is_run(member.value) || is_list_of_runs(member.value));
         });
}

bool is_map_of_maps(std::string_view object, bool cut) {
  if (!object.starts_with('{')) return false;
  const std::vector<PeekedMember> members = members_of(object, cut);
  if (members.size() == 1 && is_in(kHolders, members[0].name)) return false;
  return !members.empty() &&
         std::all_of(members.begin(), members.end(), [&](const PeekedMember& member) {
           return !is_word(member.name) && is_map_of_runs(member.value, 1, cut);
         });
}

// The member that holds the map or list, where others say something of all runs in it.
const PeekedMember* held_map(const std::vector<PeekedMember>& members, bool cut) {
  for (const PeekedMember& member : members) {
    if (is_run(member.value)) return nullptr;  // an ordinary record
  }
  const auto held = std::find_if(members.begin(), members.end(), [&](const PeekedMember& member) {
    return is_in(kHolders, member.name) &&
           (is_map_of_runs(member.value, 1, cut) || is_map_of_maps(member.value, cut) ||
            is_list_of_runs(member.value));
  });
  return held == members.end() ? nullptr : &*held;
}

// Names of a run, outermost first, and what was said around it.
struct Place {
  std::vector<std::string_view> names;
  std::string around;  // members of JSON, each with a comma behind it
};

struct Named {
  std::string model;
  std::string task;
};

// Is it said of all runs when it stands around them? A task, a trial and an outcome are not, but
// for an id of the task.
bool is_of_all(std::string_view key) {
  if (key == "benchmark" || key == "domain" || key == "policy") return true;
  if (outcome_rank(key) || trial_rank(key) || may_hold_outcome(key)) return false;
  IdentityReader reader;
  reader.take_text(key, "x");
  const bool names_task = !reader.identity().task.empty();
  return identifies(key) && (!names_task || ascii_lowered(key).ends_with("_id"));
}

// A line with a list of runs is about one task.
bool is_of_line(std::string_view key) {
  return identifies(key) && !outcome_rank(key) && !trial_rank(key) && !may_hold_outcome(key);
}

// What the run says itself.
Named said_by(Json run, std::string_view around) {
  IdentityReader reader;
  const auto take = [&](Json object) {
    object.each_member([&](std::string_view key, Json value) {
      if (!identifies(key)) return;
      if (value.is_object()) {
        reader.take_object(key, value.json());
      } else if (!value.is_list()) {
        reader.take_text(key, value.text());
      }
    });
  };
  take(run);
  simdjson::dom::parser parser;
  simdjson::dom::element outer;
  if (!around.empty() &&
      !parser.parse("{" + std::string(around.substr(0, around.size() - 1)) + "}").get(outer)) {
    take(Json(outer));
  }
  const RecordIdentity identity = reader.identity();
  return {identity.model_is_weak ? std::string{} : identity.model, identity.task};
}

class Runs {
 public:
  explicit Runs(RecordSink& sink) : sink_(sink) {}

  void add(Json value, const Place& place) {
    if (value.is_list() && value.first().is_object() && !value.first().has("role") &&
        is_list_of_runs(value.json())) {
      value.each([&](Json run) { add_one(run, place, true); });
    } else {
      add_one(value, place, false);
    }
  }

 private:
  void add_one(Json value, const Place& place, bool of_list) {
    const Named said = value.is_object() ? said_by(value, place.around) : said_by({}, place.around);
    Named given;
    if (!name(said, place.names, of_list, given)) return;
    std::string record = "{";
    add_text("model", given.model, record);
    add_text("task_id", given.task, record);
    const auto own = [&](std::string_view key) { return value.has(key); };
    append_around(place.around, own, record);
    record += value.is_list() ? "\"messages\":" + value.json() + "}" : value.json().substr(1);
    sink_.record(record);
  }

  static void add_text(std::string_view key, std::string_view text, std::string& record) {
    if (text.empty()) return;
    record += fmt::format("\"{}\":", key);
    append_string(record, text);
    record += ',';
  }

  // What was said around the run and the run does not say itself.
  template <class Own>
  static void append_around(const std::string& around, Own own, std::string& record) {
    if (around.empty()) return;
    const std::string object = "{" + around.substr(0, around.size() - 1) + "}";
    for (const PeekedMember& member : dialects::peek_members(object)) {
      if (own(member.name)) continue;
      record += fmt::format("\"{}\":{},", member.name, dialects::peek_value(member.value));
    }
  }

  bool name(const Named& said, const std::vector<std::string_view>& names, bool of_list,
            Named& given) {
    if (names.empty()) return true;
    if (names.size() == 1) {
      const std::string own(names.front());
      if (of_list && said.model.empty() && said.task.empty() && !is_known_model_name(own)) {
        sink_.loss(
            fmt::format("a list of runs called \"{}\", and nothing says whether that is their "
                        "model or their task; write {{\"model\", \"task_id\", \"messages\"}} "
                        "for each",
                        printable(own)));
        return false;
      }
      const bool model = said.model.empty() && (is_known_model_name(own) || !said.task.empty());
      if (model) {
        given.model = own;
      } else if (said.task.empty()) {
        given.task = own;
      }
      return true;
    }
    const bool first = is_known_model_name(names[0]);
    const bool second = is_known_model_name(names[1]);
    if (!said.model.empty() && !said.task.empty()) return true;
    if (first == second && said.model.empty() && said.task.empty()) {
      sink_.loss(
          fmt::format("a map of maps of runs, and nothing says which of \"{}\" and \"{}\" "
                      "is the model and which the task; write {{\"model\", \"task_id\", "
                      "\"messages\"}} for each",
                      printable(names[0]), printable(names[1])));
      return false;
    }
    if (said.model.empty() && said.task.empty()) {
      given = {std::string(names[first ? 0 : 1]), std::string(names[first ? 1 : 0])};
    } else if (said.model.empty()) {
      given.model = names[second ? 1 : 0];
    } else {
      given.task = names[first || !second ? 1 : 0];
    }
    return true;
  }

  RecordSink& sink_;
};

void add_all(Json map, Place place, bool of_maps, Runs& runs) {
  map.each_member([&](std::string_view name, Json value) {
    place.names.push_back(name);
    if (of_maps && place.names.size() == 1) {
      value.each_member([&](std::string_view inner, Json run) {
        place.names.push_back(inner);
        runs.add(run, place);
        place.names.pop_back();
      });
    } else {
      runs.add(value, place);
    }
    place.names.pop_back();
  });
}

}  // namespace

bool is_record_map(Json, const Beginning& beginning) {
  const std::string_view object = beginning.first_object;
  const bool cut = !trimmed(object).ends_with('}');
  return is_map_of_runs(object, 2, cut) || is_map_of_maps(object, cut) ||
         held_map(dialects::peek_members(object), cut) != nullptr;
}

void convert_record_map(std::string_view unit, const Entry&, RecordSink& sink) {
  simdjson::dom::parser parser;
  const auto map = parse_whole(parser, unit, sink);
  if (!map) return;
  Runs runs(sink);
  const bool of_maps = is_map_of_maps(unit, false);
  if (of_maps || is_map_of_runs(unit, 2, false)) {
    add_all(*map, {}, of_maps, runs);
    return;
  }
  const std::vector<PeekedMember> members = dialects::peek_members(unit);
  const PeekedMember* held = held_map(members, false);
  if (held == nullptr) {
    sink.loss("this is no map of runs, as others in this file are");
    return;
  }
  Place place;
  const bool line = held->value.starts_with('[');
  for (const PeekedMember& member : members) {
    if (&member == held || !(is_of_all(member.name) || (line && is_of_line(member.name)))) continue;
    place.around += fmt::format("\"{}\":{},", member.name, dialects::peek_value(member.value));
  }
  if (line) return runs.add((*map)[held->name], place);
  add_all((*map)[held->name], place, is_map_of_maps(held->value, false), runs);
}

}  // namespace agentecho::formats

#include "agentecho/readers/metadata.h"

#include <simdjson.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/dialects/json_text.h"
#include "agentecho/readers/folders.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/record_scanner.h"
#include "agentecho/trajectory/model_names.h"

namespace agentecho {

namespace {

std::shared_ptr<const Metadata> parse_metadata(std::string_view name, std::string_view content,
                                               const RecordDefaults& defaults) {
  content = trimmed(content);
  if (!content.starts_with('{') || !content.ends_with('}')) return nullptr;
  auto metadata = std::make_shared<Metadata>();
  metadata->name = name;
  metadata->members = trimmed(content.substr(1, content.size() - 2));
  if (metadata->members.empty()) return nullptr;
  std::string record =
      "{" + metadata->members + ",\"messages\":[{\"role\":\"assistant\",\"content\":\"\"}]}";
  const std::size_t size = record.size();
  record.append(RecordBlock::kPadding, ' ');
  RecordParser parser;
  Trajectory t;
  const ParsedRecord parsed = parser.parse(std::string_view(record).substr(0, size), defaults, t);
  // A log of its own has messages itself.
  if (parsed.outcome != RecordOutcome::kParsed || t.messages.size() > 2) return nullptr;
  metadata->identity = parsed.identity;
  metadata->domain = t.domain;
  metadata->reward = t.reward;
  metadata->outcome_key = parsed.outcome_key;
  metadata->points = parsed.points;
  metadata->trial = t.trial;
  return metadata;
}

bool says_nothing(const Metadata& metadata) {
  return metadata.identity.model.empty() && metadata.identity.task.empty() && !metadata.reward &&
         !metadata.trial && metadata.domain.empty();
}

// The members of an object that are no lists, as JSON.
std::string plain_members(std::string_view object) {
  namespace od = simdjson::ondemand;
  std::string padded(object);
  padded.append(RecordBlock::kPadding, ' ');
  od::parser parser;
  od::document document;
  od::object outer;
  std::string members;
  if (parser.iterate(padded.data(), object.size(), padded.size()).get(document) ||
      document.get_object().get(outer)) {
    return members;
  }
  for (auto field : outer) {
    od::raw_json_string key;
    std::string_view json;
    od::value value;
    od::json_type type;
    if (field.error() || field.key().get(key) || field.value().get(value) ||
        value.type().get(type)) {
      return members;
    }
    if (type == od::json_type::array) continue;
    if (type == od::json_type::object) {
      if (simdjson::to_json_string(value).get(json)) return members;
    } else {
      json = value.raw_json_token();
    }
    if (!members.empty()) members += ',';
    members += '"';
    members += json_text::raw_key(key);
    members += "\":";
    members += trimmed(json);
  }
  return members;
}

}  // namespace

std::shared_ptr<const Metadata> metadata_around(std::string_view beginning,
                                                std::string_view first_record,
                                                const RecordDefaults& defaults) {
  if (first_record.empty() || first_record.data() < beginning.data()) return nullptr;
  const auto before = static_cast<std::size_t>(first_record.data() - beginning.data());
  const bool complete = trimmed(beginning).ends_with('}');
  const std::string object =
      complete ? std::string(beginning) : std::string(beginning.substr(0, before)) + "]}";
  const auto found = parse_metadata("file", "{" + plain_members(object) + "}", defaults);
  if (found == nullptr) return nullptr;
  auto around = std::make_shared<Metadata>(*found);
  around->encloses = true;
  // A name or number of the whole is no task's.
  std::string key = ascii_lowered(around->identity.task_key);
  if (is_weak_task_key(key) || !key.ends_with("id")) around->identity.task.clear();
  if (around->identity.task.empty() && around->identity.model.empty()) return nullptr;
  return around;
}

namespace {

// What one file leaves open another may say: meta.json who, result.json how it ended. A task under
// a key of its own comes before a mere name.
void fill(Metadata& found, const Metadata& more) {
  RecordIdentity& who = found.identity;
  if (who.model.empty()) {
    who.model = more.identity.model;
    who.model_key = more.identity.model_key;
    who.model_is_weak = more.identity.model_is_weak;
    who.system = more.identity.system;
  }
  const bool better = is_weak_task_key(who.task_key) && !is_weak_task_key(more.identity.task_key);
  if (who.task.empty() || (better && !more.identity.task.empty())) {
    who.task = more.identity.task;
    who.task_key = more.identity.task_key;
  }
  if (found.domain.empty()) found.domain = more.domain;
  if (!found.trial) found.trial = more.trial;
  if (!found.reward) {
    found.reward = more.reward;
    found.outcome_key = more.outcome_key;
    found.points = more.points;
  }
}

// "task-1/agent/trajectory.json": a folder for the parts of one run, whose metadata stand above it.
bool is_part_of_run(std::string_view folder) {
  constexpr std::string_view kParts[] = {"agent",  "agent_logs", "agent-logs", "trajectory",
                                         "output", "session",    "sessions"};
  const std::string_view name = folder_name(folder);
  return is_in(kParts, name);
}

std::shared_ptr<const Metadata> in_folder(const Entry& entry, const std::string& folder,
                                          const RecordDefaults& defaults) {
  std::shared_ptr<Metadata> found;
  const auto take = [&](std::string_view name) {
    const std::string beside = folder + std::string(name);
    if (beside == entry.name) return;
    const auto content = entry.beside(beside);
    if (!content) return;
    auto next = parse_metadata(name, *content, defaults);
    if (next != nullptr && says_nothing(*next)) {  // SWE-bench: {"INSTANCE": {"resolved": true}}
      const auto members = dialects::peek_members(trimmed(*content), 2);
      if (members.size() == 1 && members[0].value.starts_with('{')) {
        const auto inner = parse_metadata(name, dialects::peek_value(members[0].value), defaults);
        if (inner != nullptr) next = inner;
      }
    }
    if (next == nullptr) return;
    if (found == nullptr || (says_nothing(*found) && !says_nothing(*next))) {
      found = std::make_shared<Metadata>(*next);
    } else {
      fill(*found, *next);
    }
  };
  for (const std::string_view name : metadata_names()) take(name);
  for (const std::string_view name : outcome_names()) take(name);
  return found;
}

}  // namespace

namespace {

// What is true of all runs: the model and the domain, and the task where they are its trials.
std::shared_ptr<Metadata> of_all_runs(const Metadata& said, bool are_trials) {
  auto all = std::make_shared<Metadata>();
  all->name = said.name;
  nlohmann::json members = nlohmann::json::object();
  if (!said.identity.model.empty()) members["model"] = said.identity.model;
  if (!said.domain.empty()) members["domain"] = said.domain;
  if (are_trials && !said.identity.task.empty()) {
    members["task_id"] = said.identity.task;
    all->identity.task = said.identity.task;
    all->identity.task_key = said.identity.task_key;
  }
  const std::string json = members.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  all->members = json.substr(1, json.size() - 2);
  all->identity.model = said.identity.model;
  all->identity.model_key = said.identity.model_key;
  all->identity.model_is_weak = said.identity.model_is_weak;
  all->identity.system = said.identity.system;
  all->domain = said.domain;
  return all;
}

// The settings in the folder that name a model.
std::shared_ptr<const Metadata> model_in_folder(const Entry& entry, const std::string& folder,
                                                const RecordDefaults& defaults) {
  for (const std::string_view name : metadata_names()) {
    const auto content = entry.beside(folder + std::string(name));
    const auto said = content ? parse_metadata(name, *content, defaults) : nullptr;
    if (said == nullptr || said->identity.model.empty() || said->identity.model_is_weak) continue;
    return of_all_runs(*said, false);
  }
  return nullptr;
}

// The folder and the ending of a log: those that are alike in both are a run each.
std::string kind_of_log(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return std::string(folder_of(path)) + std::string(dot == kNowhere ? "" : path.substr(dot));
}

}  // namespace

MetadataFinder::MetadataFinder(const std::vector<std::string>& paths)
    : root_(common_folder(paths)) {
  for (const std::string& path : paths) ++n_logs_[kind_of_log(path)];
}

std::shared_ptr<const Metadata> MetadataFinder::model_above(const Entry& entry,
                                                            const std::string& folder,
                                                            const std::string& inside,
                                                            const RecordDefaults& defaults) {
  constexpr int kLevels = 4;
  std::string_view outer = folder;
  std::string within = inside;
  for (int level = 0; level < kLevels; ++level) {
    outer = folder_above(outer);
    if (entry.in_archive ? within.empty() : outer.empty() || !outer.starts_with(root_)) break;
    within = entry.in_archive ? std::string(folder_above(within)) : within + "../";
    const auto [known, is_new] = models_.try_emplace(std::string(outer));
    if (is_new) known->second = model_in_folder(entry, within, defaults);
    if (known->second != nullptr) return known->second;
  }
  return nullptr;
}

std::shared_ptr<const Metadata> MetadataFinder::find(const Entry& entry,
                                                     const RecordDefaults& defaults,
                                                     const PathParts& path) {
  const std::string folder(folder_of(entry.path));
  if (const auto known = by_folder_.find(folder); known != by_folder_.end()) return known->second;
  const std::string inside(folder_of(entry.name));
  auto found = in_folder(entry, inside, defaults);
  const auto logs = n_logs_.find(kind_of_log(entry.path));
  if (found != nullptr && logs != n_logs_.end() && logs->second > 1) {
    const auto all = of_all_runs(*found, path.trial_differs);
    if (found->reward || found->trial || found->identity.task != all->identity.task) {
      all->of_one_run = found->name;
    }
    found = all;
  }
  if (found == nullptr && is_part_of_run(folder)) {
    const std::string outer = entry.in_archive ? std::string(folder_above(inside)) : inside + "../";
    found = in_folder(entry, outer, defaults);
  }
  // Settings further up may be those of all models that the folders name.
  if (is_known_model_name(path.model) || is_known_model_name(path.model_folder)) {
    return by_folder_[folder] = std::move(found);
  }
  if (found == nullptr) {
    found = model_above(entry, folder, inside, defaults);
  } else if (found->identity.model.empty()) {
    if (const auto model = model_above(entry, folder, inside, defaults)) {
      auto both = std::make_shared<Metadata>(*found);
      fill(*both, *model);
      if (!both->members.empty()) both->members += ',';
      both->members += "\"model\":" + nlohmann::json(model->identity.model).dump();
      found = std::move(both);
    }
  }
  return by_folder_[folder] = std::move(found);
}

}  // namespace agentecho

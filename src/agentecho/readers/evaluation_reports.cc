#include "agentecho/readers/evaluation_reports.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/folders.h"
#include "agentecho/readers/formats/json.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/path_roles.h"
#include "agentecho/trajectory/model_names.h"

namespace agentecho {

namespace {

constexpr std::string_view kReportNames[] = {"report.json", "final_report.json", "results.json",
                                             "results/results.json"};

constexpr std::string_view kSolved[] = {"resolved_ids", "resolved"};
constexpr std::string_view kNotSolved[] = {"unresolved_ids", "empty_patch_ids", "no_generation",
                                           "no_apply"};
// What is in one of these was not evaluated to the end, whatever the run was worth.
constexpr std::string_view kNotEvaluated[] = {"error_ids",      "failed_ids",        "pending_ids",
                                              "incomplete_ids", "infra_failure_ids", "no_logs",
                                              "install_fail",   "reset_failed"};
// Reports that have one of these list every task that was run.
constexpr std::string_view kAllTasks[] = {"unresolved_ids", "completed_ids", "submitted_ids"};

// "openai__gpt-5-mini.first.json": what MODEL may be there, as model_spelling() has it.
std::vector<std::string> models_in_name(std::string_view file_name) {
  constexpr std::string_view kEnding = ".json";
  if (!file_name.ends_with(kEnding)) return {};
  std::string_view rest = file_name.substr(0, file_name.size() - kEnding.size());
  std::vector<std::string> models;
  if (rest.find('.') == std::string_view::npos) return models;
  while (!rest.empty()) {
    const std::size_t mark = std::min(rest.find("__"), rest.size());
    const std::string_view segment = rest.substr(0, mark);
    rest.remove_prefix(std::min(mark + 2, rest.size()));
    for (std::size_t i = 0; i < segment.size(); ++i) {
      // Not behind "gpt-4" of "gpt-4.1".
      const bool ends =
          segment[i] == '.' && i + 1 < segment.size() && !is_ascii_digit(segment[i + 1]);
      if (ends && i > 0) models.push_back(model_spelling(segment.substr(0, i)));
    }
    if (!segment.empty()) models.push_back(model_spelling(segment));
  }
  return models;
}

using Members = std::vector<dialects::PeekedMember>;

const dialects::PeekedMember* find_member(const Members& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

// A list of names, which may be empty or cut off.
bool has_names(const Members& members, std::string_view name) {
  const auto* const member = find_member(members, name);
  if (member == nullptr || !member->value.starts_with('[')) return false;
  const std::string_view first = trimmed(member->value.substr(1));
  return first.empty() || first[0] == ']' || first[0] == '"' || is_ascii_digit(first[0]);
}

bool holds_records(const Members& members) {
  return std::any_of(members.begin(), members.end(), [](const dialects::PeekedMember& member) {
    return member.value.starts_with('[') && trimmed(member.value.substr(1)).starts_with('{');
  });
}

// By a look at the text, since every log is asked.
bool may_be_report(std::string_view beginning) {
  constexpr std::string_view kMarks[] = {"\"resolved_i", "\"no_generation\"", "\"no_logs\""};
  beginning = trimmed(beginning);
  return beginning.starts_with('{') &&
         std::any_of(std::begin(kMarks), std::end(kMarks), [&](std::string_view mark) {
           return beginning.find(mark) != std::string_view::npos;
         });
}

}  // namespace

bool may_be_called_report(std::string_view file_name) {
  // "MODEL.RUN.json", and no "TASK.traj.json"
  return is_in(kReportNames, file_name) ||
         (!file_name.ends_with(".traj.json") && !models_in_name(file_name).empty());
}

bool is_evaluation_report(std::string_view name, std::string_view beginning) {
  beginning = trimmed(beginning.substr(0, kTellingOfReports));
  if (!name.ends_with(".json") || !may_be_report(beginning)) return false;
  const Members members = dialects::peek_members(beginning);
  if (holds_records(members) || find_member(members, "messages") != nullptr) return false;
  const bool is_cut = !beginning.ends_with('}');
  return has_names(members, "resolved_ids") ||
         (is_cut && find_member(members, "resolved_instances") != nullptr) ||
         (has_names(members, "resolved") && (find_member(members, "no_generation") != nullptr ||
                                             find_member(members, "no_logs") != nullptr));
}

bool is_evaluation_of_one_run(std::string_view beginning) {
  const Members tasks = dialects::peek_members(trimmed(beginning), 2);
  if (tasks.size() != 1 || !tasks[0].value.starts_with('{')) return false;
  const Members members = dialects::peek_members(tasks[0].value);
  const auto has = [&](std::string_view name) { return find_member(members, name) != nullptr; };
  return has("resolved") && (has("tests_status") || has("patch_exists") || members.size() == 1);
}

std::shared_ptr<const EvaluationReport> EvaluationReport::parse(std::string path,
                                                                std::string_view content) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(content.data(), content.size()).get(root)) return nullptr;
  const formats::Json json(root);
  auto report = std::make_shared<EvaluationReport>();
  report->path_ = std::move(path);
  report->names_ = models_in_name(report->path_.substr(folder_of(report->path_).size()));
  enum class Part { kSolved, kNotSolved, kNotEvaluated };
  std::unordered_map<std::string, Part> parts;
  bool are_names = true;
  const auto take = [&](std::span<const std::string_view> lists, Part part) {
    for (const std::string_view list : lists) {
      json[list].each([&](formats::Json task) {
        are_names = are_names && (task.is_string() || task.integer());
        const auto [known, is_new] = parts.try_emplace(task.text(), part);
        if (is_new) report->outcomes_[known->first] = {part == Part::kSolved ? 1.0 : 0.0, list};
        // Solved once and once not, as where a task was run several times: which run is not said.
        if (known->second != part) known->second = Part::kNotEvaluated;
      });
    }
  };
  take(kSolved, Part::kSolved);
  take(kNotSolved, Part::kNotSolved);
  take(kNotEvaluated, Part::kNotEvaluated);
  const bool has_list = std::any_of(std::begin(kSolved), std::end(kSolved),
                                    [&](std::string_view list) { return json[list].is_list(); });
  if (!has_list || !are_names) return nullptr;
  for (const auto& [task, part] : parts) {
    if (part == Part::kNotEvaluated) report->outcomes_[task].list = {};
    report->comparable_tasks_.insert(comparable(task));
  }
  report->lists_all_ = std::any_of(std::begin(kAllTasks), std::end(kAllTasks),
                                   [&](std::string_view list) { return json[list].is_list(); });
  return report;
}

std::optional<EvaluationReport::Outcome> EvaluationReport::outcome_of(std::string_view task) const {
  const auto found = outcomes_.find(std::string(task));
  if (found == outcomes_.end()) {
    return lists_all_ ? std::nullopt : std::optional(Outcome{0, "not in resolved"});
  }
  return found->second.list.empty() ? std::nullopt : std::optional(found->second);
}

bool EvaluationReport::names_task(const std::string& comparable_task) const {
  return comparable_tasks_.contains(comparable_task);
}

bool EvaluationReport::names(std::string_view model) const {
  return std::find(names_.begin(), names_.end(), model_spelling(model)) != names_.end();
}

void EvaluationReport::note_use(const std::string& model, const std::string& task) const {
  const std::lock_guard lock(mutex_);
  ++runs_of_[task];
  models_.insert(model);
}

EvaluationReport::Uses EvaluationReport::uses() const {
  const std::lock_guard lock(mutex_);
  Uses uses;
  uses.tasks = runs_of_.size();
  uses.repeated = static_cast<std::size_t>(std::count_if(
      runs_of_.begin(), runs_of_.end(), [](const auto& task) { return task.second > 1; }));
  uses.models = models_;
  return uses;
}

std::optional<ReportsNearby::Found> ReportsNearby::outcome_of(std::string_view task,
                                                              std::string_view model,
                                                              bool one_run) const {
  const std::string named = comparable(task);
  const bool in_folder_of_task = comparable(folder) == named;
  if (of_task && !in_folder_of_task) return std::nullopt;
  const bool called_so = comparable(stem) == named || (in_folder_of_task && is_alone);
  const bool only_run = one_run ? called_so : is_alone;
  const bool of_its_own = one_run ? called_so : !is_attempt;  // beside a report of its model
  std::vector<const EvaluationReport*> of_model;
  std::vector<const EvaluationReport*> of_folder;
  for (const auto& report : reports) {
    if (report->names(model) || report->names(of_runs)) {
      of_model.push_back(report.get());
    } else if (!report->is_named()) {
      of_folder.push_back(report.get());
    }
  }
  const EvaluationReport* report = nullptr;
  if (of_model.size() == 1 && of_its_own) report = of_model[0];
  if (of_model.empty() && of_folder.size() == 1 && only_run) report = of_folder[0];
  if (report == nullptr) return std::nullopt;
  const auto outcome = report->outcome_of(task);
  return outcome ? std::optional(Found{report, *outcome}) : std::nullopt;
}

EvaluationReports::EvaluationReports(const std::vector<std::string>& logs,
                                     const std::vector<std::string>& reports) {
  std::vector<std::string> all = logs;
  all.insert(all.end(), reports.begin(), reports.end());
  root_ = common_folder(all);
  const auto is_absolute = [](const std::string& path) { return path.starts_with('/'); };
  may_climb_ = std::none_of(all.begin(), all.end(), is_absolute) || !root_.empty();
  const auto add = [](const std::vector<std::string>& paths, Files& files) {
    for (const std::string& path : paths) {
      const std::string_view folder = folder_of(path);
      files[std::string(folder)].emplace_back(std::string_view(path).substr(folder.size()));
    }
  };
  add(logs, logs_);
  add(reports, reports_);
}

std::shared_ptr<const ReportsNearby> EvaluationReports::find(const Entry& entry) {
  constexpr int kLevels = 3;
  auto nearby = std::make_shared<ReportsNearby>();
  const std::string_view of_entry = folder_of(entry.path);
  nearby->stem = stem_of(entry.path);
  nearby->folder = folder_name(of_entry);
  nearby->is_alone = !entry.in_archive && is_alone(entry.path);
  nearby->is_attempt =
      trial_in_name(nearby->stem) || without_trial_or_time(nearby->stem) != nearby->stem;
  std::string_view folder = of_entry;
  std::string within(entry.in_archive ? folder_of(entry.name) : std::string_view{});
  for (int level = 0; level < kLevels; ++level) {
    nearby->reports = in_folder(entry, std::string(folder), within);
    nearby->of_runs = folder_name(folder);
    if (!nearby->reports.empty()) return nearby;
    const bool holds_logs = names_logs(folder_name(folder));
    const bool is_top = entry.in_archive ? within.empty() : folder == root_ || !may_climb_;
    if (is_top || (!holds_logs && level > 0)) break;
    nearby->of_task = nearby->of_task || !holds_logs;
    folder = folder_above(folder);
    within = entry.in_archive ? std::string(folder_above(within)) : within + "../";
  }
  return nullptr;
}

// Those in a folder, `within` which entry.beside() finds them.
const EvaluationReports::Reports& EvaluationReports::in_folder(const Entry& entry,
                                                               const std::string& folder,
                                                               const std::string& within) {
  const auto [place, is_new] = by_folder_.try_emplace(folder);
  Reports& reports = place->second;
  if (!is_new) return reports;
  const auto take = [&](const std::string& name) {
    const auto content = entry.beside(within + name);
    if (!content || !is_evaluation_report(name, *content)) return;
    auto report = EvaluationReport::parse(folder + name, *content);
    met_.insert(folder + name);
    // Where nothing says which tasks were run, the names of the runs must.
    if (report && (report->lists_all() || names_a_run_below(*report, folder))) {
      reports.push_back(std::move(report));
    }
  };
  for (const std::string_view name : kReportNames) take(std::string(name));
  const auto files = reports_.find(folder);
  if (entry.in_archive || files == reports_.end()) return reports;
  for (const std::string& name : files->second) {
    if (!is_in(kReportNames, std::string_view(name))) take(name);
  }
  return reports;
}

bool EvaluationReports::names_a_run_below(const EvaluationReport& report,
                                          const std::string& folder) const {
  for (auto files = logs_.lower_bound(folder);
       files != logs_.end() && files->first.starts_with(folder); ++files) {
    if (report.names_task(comparable(folder_name(files->first)))) return true;
    for (const std::string& name : files->second) {
      if (report.names_task(comparable(stem_of(name)))) return true;
    }
  }
  return false;
}

std::vector<EvaluationReports::Doubt> EvaluationReports::doubts() const {
  std::map<std::string, EvaluationReport::Uses> used;
  for (const auto& [folder, reports] : by_folder_) {
    for (const auto& report : reports) used[report->path()] = report->uses();
  }
  std::vector<Doubt> doubts;
  for (const std::string& path : met_) {
    const EvaluationReport::Uses& uses = used[path];
    if (uses.tasks == 0) {
      doubts.push_back({path,
                        "this evaluation report gave no run its outcome: none that was read is "
                        "beyond doubt one of those it speaks of",
                        true});
      continue;
    }
    if (uses.models.size() > 1) {
      doubts.push_back(
          {path,
           fmt::format(
               "this evaluation report gave outcomes to runs of {} models: {}", uses.models.size(),
               printable(listed(std::vector<std::string>(uses.models.begin(), uses.models.end())))),
           false});
    }
    if (uses.repeated > 0) {
      doubts.push_back({path,
                        fmt::format("this evaluation report gave several runs of one task the same "
                                    "outcome, for {}",
                                    counted(uses.repeated, "task", "tasks")),
                        false});
    }
  }
  return doubts;
}

// Is it the only log of its kind in its folder?
bool EvaluationReports::is_alone(std::string_view path) const {
  const std::string_view folder = folder_of(path);
  const auto files = logs_.find(folder);
  if (files == logs_.end()) return false;
  const auto ending = [](std::string_view name) {
    return name.substr(std::min(name.rfind('.'), name.size()));
  };
  return std::none_of(files->second.begin(), files->second.end(), [&](const std::string& name) {
    return ending(name) == ending(path) && path.substr(folder.size()) != name;
  });
}

}  // namespace agentecho

#include "agentecho/readers/evaluation_reports.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/byte_source.h"
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
constexpr std::size_t kTelling = 4096;  // bytes of a report, in which its counts stand

constexpr std::string_view kSolved[] = {"resolved_ids", "resolved"};
constexpr std::string_view kNotSolved[] = {"unresolved_ids", "empty_patch_ids", "no_generation",
                                           "no_apply"};
// What is in one of these was not evaluated to the end, whatever the run was worth.
constexpr std::string_view kNotEvaluated[] = {"error_ids",      "failed_ids",        "pending_ids",
                                              "incomplete_ids", "infra_failure_ids", "no_logs",
                                              "install_fail",   "reset_failed"};
// Reports that have one of these list every task that was run.
constexpr std::string_view kAllTasks[] = {"unresolved_ids", "completed_ids", "submitted_ids"};

// "openai__gpt-5-mini.first.json": what MODEL may be there, as model_base() spells it.
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
      if (ends && i > 0) models.push_back(model_base(segment.substr(0, i)));
    }
    if (!segment.empty()) models.push_back(model_base(segment));
  }
  return models;
}

// "MODEL.RUN.json", and no "TASK.traj.json".
bool may_be_called_like_model(std::string_view file_name) {
  return !file_name.ends_with(".traj.json") && !models_in_name(file_name).empty();
}

using Members = std::vector<dialects::PeekedMember>;

const dialects::PeekedMember* find_member(const Members& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

bool has_list(const Members& members, std::string_view name) {
  const auto* const member = find_member(members, name);
  return member != nullptr && member->value.starts_with('[');
}

// The first bytes of a file.
std::string beginning_of(const std::string& path) {
  auto source = open_file(path);
  if (!source) return {};
  PeekedSource peeked(std::move(*source));
  const auto beginning = peeked.peek(kTelling);
  return beginning ? std::string(*beginning) : std::string{};
}

// By a look at the text, since every log is asked.
bool may_be_report(std::string_view beginning) {
  const std::string_view telling = trimmed(beginning).substr(0, kTelling);
  constexpr std::string_view kMarks[] = {"\"resolved_i", "\"no_generation\"", "\"no_logs\""};
  return telling.starts_with('{') &&
         std::any_of(std::begin(kMarks), std::end(kMarks), [&](std::string_view mark) {
           return telling.find(mark) != std::string_view::npos;
         });
}

}  // namespace

bool is_evaluation_report(std::string_view name, std::string_view beginning) {
  if (!name.ends_with(".json") || !may_be_report(beginning)) return false;
  const Members members = dialects::peek_members(trimmed(beginning));
  const auto has = [&](std::string_view member) { return find_member(members, member) != nullptr; };
  return has_list(members, "resolved_ids") || has("resolved_instances") ||
         (has_list(members, "resolved") && (has("no_generation") || has("no_logs")));
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
  report->names_ = models_in_name(report->file_name());
  enum class Part { kSolved, kNotSolved, kNotEvaluated };
  std::unordered_map<std::string, Part> parts;
  const auto take = [&](std::span<const std::string_view> lists, Part part) {
    for (const std::string_view list : lists) {
      json[list].each([&](formats::Json task) {
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
  for (const auto& [task, part] : parts) {
    if (part == Part::kNotEvaluated) report->outcomes_[task].list = {};
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

bool EvaluationReport::names(std::string_view model) const {
  return std::find(names_.begin(), names_.end(), model_base(model)) != names_.end();
}

bool EvaluationReport::names_another(std::string_view model) const {
  return !names(model) && std::any_of(names_.begin(), names_.end(), [](const std::string& name) {
    return is_known_model_name(name);
  });
}

std::string_view EvaluationReport::file_name() const {
  return std::string_view(path_).substr(folder_of(path_).size());
}

std::optional<ReportsNearby::Found> ReportsNearby::outcome_of(std::string_view task,
                                                              std::string_view model,
                                                              bool one_run) const {
  const std::string named = comparable(task);
  const bool in_folder_of_task = comparable(folder) == named;
  if (of_task && !in_folder_of_task) return std::nullopt;
  const bool called_so = comparable(stem) == named || (in_folder_of_task && is_alone);
  const bool only_run = one_run ? called_so : is_alone;
  const EvaluationReport* exact = nullptr;
  const EvaluationReport* other = nullptr;
  std::size_t n_exact = 0;
  std::size_t n_other = 0;
  for (const auto& report : reports) {
    if (report->names(model)) {
      exact = report.get();
      ++n_exact;
    } else if (!report->names_another(model)) {
      other = report.get();
      ++n_other;
    }
  }
  const EvaluationReport* report = nullptr;
  if (n_exact == 1 && (only_run || !one_run)) report = exact;
  if (n_exact == 0 && n_other == 1 && only_run) report = other;
  if (report == nullptr) return std::nullopt;
  const auto outcome = report->outcome_of(task);
  return outcome ? std::optional(Found{report, *outcome}) : std::nullopt;
}

EvaluationReports::EvaluationReports(const std::vector<std::string>& paths)
    : root_(common_folder(paths)) {
  for (const std::string& path : paths) {
    const std::string_view folder = folder_of(path);
    files_[std::string(folder)].emplace_back(std::string_view(path).substr(folder.size()));
  }
}

std::shared_ptr<const ReportsNearby> EvaluationReports::find(const Entry& entry) {
  constexpr int kLevels = 3;
  auto nearby = std::make_shared<ReportsNearby>();
  const std::string_view of_entry = folder_of(entry.path);
  nearby->stem = stem_of(entry.path);
  nearby->folder = folder_name(of_entry);
  std::string_view folder = of_entry;
  std::string within(entry.in_archive ? folder_of(entry.name) : std::string_view{});
  for (int level = 0; level < kLevels; ++level) {
    nearby->reports = in_folder(entry, std::string(folder), within);
    if (!nearby->reports.empty()) {
      nearby->is_alone = !entry.in_archive && is_alone(entry.path);
      return nearby;
    }
    const bool holds_logs = names_logs(folder_name(folder));
    const bool may_climb = holds_logs || level == 0;
    if (!may_climb || (entry.in_archive ? within.empty() : folder == root_)) break;
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
    // Logs are large, and called so as well.
    if (!entry.in_archive && !may_be_report(beginning_of(folder + name))) return;
    const auto content = entry.beside(within + name);
    if (!content || !is_evaluation_report(name, *content)) return;
    if (auto report = EvaluationReport::parse(folder + name, *content)) {
      reports.push_back(std::move(report));
    }
  };
  for (const std::string_view name : kReportNames) take(std::string(name));
  const auto files = files_.find(folder);
  if (entry.in_archive || files == files_.end()) return reports;
  for (const std::string& name : files->second) {
    if (!is_in(kReportNames, std::string_view(name)) && may_be_called_like_model(name)) take(name);
  }
  return reports;
}

std::vector<std::string> EvaluationReports::unused() const {
  std::vector<std::string> unused;
  for (const std::string& path : met_) {
    const bool is_used = std::any_of(by_folder_.begin(), by_folder_.end(), [&](const auto& folder) {
      return std::any_of(folder.second.begin(), folder.second.end(), [&](const auto& report) {
        return report->path() == path && report->is_used();
      });
    });
    if (!is_used) unused.push_back(path);
  }
  return unused;
}

// Is it the only log of its kind in its folder?
bool EvaluationReports::is_alone(std::string_view path) {
  const std::string_view folder = folder_of(path);
  const auto files = files_.find(folder);
  if (files == files_.end()) return false;
  const auto ending = [](std::string_view name) {
    return name.substr(std::min(name.rfind('.'), name.size()));
  };
  const auto reports = by_folder_.find(folder);
  return std::none_of(files->second.begin(), files->second.end(), [&](const std::string& name) {
    if (ending(name) != ending(path) || path.substr(folder.size()) == name) return false;
    return reports == by_folder_.end() ||
           std::none_of(reports->second.begin(), reports->second.end(),
                        [&](const auto& report) { return report->file_name() == name; });
  });
}

}  // namespace agentecho

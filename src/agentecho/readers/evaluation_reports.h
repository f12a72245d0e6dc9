// Evaluation reports: a benchmark's harness often says once for all runs of a model which tasks
// were solved, in a file beside the runs.
//
//   {"resolved_ids": […], "unresolved_ids": […], "empty_patch_ids": […], "error_ids": […]}
//       SWE-bench (MODEL.RUN.json, report.json), its leaderboard's service, Multi-SWE-bench
//       (final_report.json), Terminal-Bench (results.json)
//   {"resolved": […], "no_generation": […], "no_logs": […]}
//       SWE-bench's table of submissions (results/results.json)
//
// A report speaks of the runs in its own folder, in `trajs/` beside it, and in a folder for each
// task beside it. What an evaluation failed on has no outcome.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agentecho/readers/formats/format.h"

namespace agentecho {

// Is the entry of this name, which begins so, a report and no log?
bool is_evaluation_report(std::string_view name, std::string_view beginning);

// {"TASK": {"resolved": true, "tests_status": …}}: what SWE-bench's harness keeps of each
// evaluation, far from the run.
bool is_evaluation_of_one_run(std::string_view beginning);

class EvaluationReport {
 public:
  // Null where the content is none. `path`: as diagnostics name it.
  static std::shared_ptr<const EvaluationReport> parse(std::string path, std::string_view content);

  struct Outcome {
    double reward = 0;
    std::string_view list;  // the member that names the task
  };
  // Of the run on this task, where the report has one.
  std::optional<Outcome> outcome_of(std::string_view task) const;

  // Is its file called like this model ("openai__gpt-5-mini.first.json"), or like another one?
  bool names(std::string_view model) const;
  bool names_another(std::string_view model) const;

  const std::string& path() const { return path_; }
  std::string_view file_name() const;

  // That it gave a run its outcome. From several threads.
  void note_use() const { is_used_.store(true, std::memory_order_relaxed); }
  bool is_used() const { return is_used_.load(std::memory_order_relaxed); }

 private:
  std::string path_;
  std::vector<std::string> names_;  // that the file's name may begin with
  std::unordered_map<std::string, Outcome> outcomes_;
  bool lists_all_ = true;  // tasks that were run; else those that are not in it are not resolved
  mutable std::atomic<bool> is_used_ = false;
};

// The reports that may speak of the runs of one entry.
struct ReportsNearby {
  struct Found {
    const EvaluationReport* report = nullptr;
    EvaluationReport::Outcome outcome;
  };
  // Of the only report that can speak of this run. Nothing where two can, or where the run may be
  // another one of the same task than that which was evaluated. `one_run`: the entry is this run.
  std::optional<Found> outcome_of(std::string_view task, std::string_view model,
                                  bool one_run) const;

  std::vector<std::shared_ptr<const EvaluationReport>> reports;
  std::string stem;       // of the entry's name
  std::string folder;     // the name of its folder
  bool of_task = false;   // only runs in a folder that is called like their task
  bool is_alone = false;  // no other log of its kind stands in the folder
};

class EvaluationReports {
 public:
  // `paths`: of all files that are read. What stands above their common folder is not looked at.
  explicit EvaluationReports(const std::vector<std::string>& paths);

  // Null when there are none.
  std::shared_ptr<const ReportsNearby> find(const Entry& entry);

  // A report was met among the logs.
  void note_met(const std::string& path) { met_.push_back(path); }
  // Those met that gave no run its outcome, once all is read.
  std::vector<std::string> unused() const;

 private:
  using Reports = std::vector<std::shared_ptr<const EvaluationReport>>;
  const Reports& in_folder(const Entry& entry, const std::string& folder,
                           const std::string& within);
  bool is_alone(std::string_view path);

  std::string root_;  // the common folder, with "/" at its end
  std::map<std::string, std::vector<std::string>, std::less<>> files_;  // of `paths`, by folder
  std::map<std::string, Reports, std::less<>> by_folder_;
  std::vector<std::string> met_;
};

}  // namespace agentecho

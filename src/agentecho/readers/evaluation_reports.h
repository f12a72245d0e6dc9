// Evaluation reports: a benchmark's harness often says once for all runs of a model which tasks
// were solved, in a file beside the runs.
//
//   {"resolved_ids": […], "unresolved_ids": […], "empty_patch_ids": […], "error_ids": […]}
//       SWE-bench (MODEL.RUN.json, report.json), its leaderboard's service, Multi-SWE-bench
//       (final_report.json)
//   {"resolved": […], "no_generation": […], "no_logs": […]}
//       SWE-bench's table of submissions (results/results.json)
//
// A report speaks of the runs in its own folder, in `trajs/` beside it, and in a folder for each
// task beside it. What an evaluation failed on has no outcome.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "agentecho/readers/formats/format.h"

namespace agentecho {

// Is the entry of this name, which begins so, a report and no log? Of a beginning of kTelling bytes
// or more it is told.
bool is_evaluation_report(std::string_view name, std::string_view beginning);
// May a file be one, by its name? Asked before it is opened for nothing else.
bool may_be_called_report(std::string_view file_name);
constexpr std::size_t kTellingOfReports = 64 << 10;

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
  // Does it name this task, as far as names in paths can be compared (comparable())?
  bool names_task(const std::string& comparable_task) const;
  // Does it list every task that was run? Else those that it does not list are not solved.
  bool lists_all() const { return lists_all_; }

  // Is its file called after a model or a run ("openai__gpt-5-mini.first.json")? After this one?
  bool is_named() const { return !names_.empty(); }
  bool names(std::string_view model) const;

  const std::string& path() const { return path_; }

  // That it gave an outcome to a run of this model on this task. From several threads.
  void note_use(const std::string& model, const std::string& task) const;
  struct Uses {
    std::size_t tasks = 0;
    std::size_t repeated = 0;      // tasks of which several runs had the outcome
    std::set<std::string> models;  // of the runs
  };
  Uses uses() const;

 private:
  std::string path_;
  std::vector<std::string> names_;  // that the file's name may begin with
  std::unordered_map<std::string, Outcome> outcomes_;
  std::unordered_set<std::string> comparable_tasks_;
  bool lists_all_ = true;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::size_t> runs_of_;  // by task
  mutable std::set<std::string> models_;
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
  std::string stem;         // of the entry's name
  std::string folder;       // the name of its folder
  std::string of_runs;      // the name of the folder in which the reports stand
  bool of_task = false;     // only runs in a folder that is called like their task
  bool is_alone = false;    // no other log of its kind stands in the folder
  bool is_attempt = false;  // the entry's name says a trial
};

class EvaluationReports {
 public:
  // `logs` and `reports`: the files that are read. What stands above their common folder is not
  // looked at.
  EvaluationReports(const std::vector<std::string>& logs, const std::vector<std::string>& reports);

  // Null when there are none.
  std::shared_ptr<const ReportsNearby> find(const Entry& entry);

  // A report was met among the logs.
  void note_met(const std::string& path) { met_.insert(path); }

  // Once all is read, what is to be said of a report.
  struct Doubt {
    std::string path;
    std::string message;
    bool is_loss = false;  // it gave no run its outcome
  };
  std::vector<Doubt> doubts() const;

 private:
  using Reports = std::vector<std::shared_ptr<const EvaluationReport>>;
  const Reports& in_folder(const Entry& entry, const std::string& folder,
                           const std::string& within);
  bool is_alone(std::string_view path) const;
  bool names_a_run_below(const EvaluationReport& report, const std::string& folder) const;

  std::string root_;        // the common folder, with "/" at its end
  bool may_climb_ = false;  // up to it; not where some paths are absolute and some are not
  using Files = std::map<std::string, std::vector<std::string>, std::less<>>;
  Files logs_;     // by folder
  Files reports_;  // the same
  std::map<std::string, Reports, std::less<>> by_folder_;
  std::set<std::string> met_;
};

}  // namespace agentecho

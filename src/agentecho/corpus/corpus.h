// The features of all trajectories, with models, tasks and tools numbered in the order of their
// names, so that nothing depends on the order of files or threads.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/corpus/run_filter.h"
#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/metrics/ags/action_features.h"
#include "agentecho/metrics/ags/optional_tools.h"
#include "agentecho/readers/diagnostics.h"
#include "agentecho/readers/outcome_scale.h"

namespace agentecho {

using ModelIndex = std::uint32_t;
using TaskIndex = std::uint32_t;

struct CorpusTrajectory {
  ModelIndex model = 0;
  TaskIndex task = 0;
  std::int64_t trial = 0;
  std::optional<double> reward;
  bool success = false;
  std::vector<ToolIndex> calls;  // in log order
  std::vector<ToolIndex> tools;  // those used: ascending, without repetition
  std::vector<std::pair<std::uint32_t, std::uint32_t>> dependencies;
  JudgedCandidates candidates;
  ActionCounts counts;
  std::uint32_t assistant_messages = 0;
  std::uint32_t reasoning_messages = 0;
  std::uint32_t user_calls = 0;
  Digest content;
  std::shared_ptr<const VerbalFeatures> verbal;  // null where nothing of it was asked for
};

// One model name under which several systems ran (METHOD 9).
struct SplitModel {
  std::string name;
  std::vector<std::string> labels;
  std::vector<std::string> traits;  // in what they differ: "agent", "base_url"
};

// What was settled while a corpus was built, for the validity checks.
struct BuildNotes {
  std::vector<RunChecks> checks;  // by position in Corpus::trajectories()
  std::vector<SplitModel> split;
  // The label of each model name and system.
  std::map<std::pair<std::string, std::string>, std::string> labels;
  std::uint64_t renumbered = 0;  // runs whose trial number was taken by different content
  std::string first_renumbered;
  std::vector<std::string> unmatched_tasks;  // ids that occur with a domain and without one
  std::string idle_for_features;             // options that say nothing of the feature files
  std::string success_key;                   // --success-key
  std::uint64_t without_success_key = 0;     // runs of logs that have no such member
  std::vector<std::string> idle_renames;     // old names of --rename that no run has
  std::vector<std::string> idle_mappings;    // given names of the tool map that no call has
  bool map_is_idle = false;                  // they are all that it has
  std::vector<std::string> idle_filters;     // "--tasks 17" where no run is of task 17
  std::uint64_t of_other_tasks = 0;          // runs that the filter left out
  std::vector<TaskKey> other_tasks;          // and their tasks, ascending
  bool success_assumed = false;  // no success is recorded anywhere: every run counts as successful
};

class Corpus {
 public:
  const std::vector<std::string>& models() const { return models_; }
  const std::vector<TaskKey>& tasks() const { return tasks_; }
  const std::vector<std::string>& tools() const { return tools_; }
  // Ordered by model, task, trial.
  const std::vector<CorpusTrajectory>& trajectories() const { return trajectories_; }

  // The trials of one model on one task; empty when there are none.
  std::span<const CorpusTrajectory> trials(ModelIndex model, TaskIndex task) const;
  std::optional<ModelIndex> find_model(std::string_view name) const;
  std::optional<ToolIndex> find_tool(std::string_view name) const;
  // Most trials that the model has on any task.
  std::size_t most_trials(ModelIndex model) const;

  // The runs of these models (ascending, each once), which are numbered anew; tasks and tools keep
  // their numbers, so that a ToolSplit of the whole corpus holds.
  Corpus with_models(std::span<const ModelIndex> models) const;

  // Back to the self-contained form, for features.jsonl.
  TrajectoryFeatures features_of(const CorpusTrajectory& trajectory) const;

 private:
  friend class CorpusBuilder;
  // Cells and their places, from the ordered trajectories.
  void index_cells();

  std::vector<std::string> models_;
  std::vector<TaskKey> tasks_;
  std::vector<std::string> tools_;
  std::vector<CorpusTrajectory> trajectories_;
  // Where the runs of a model on a task begin, ordered by model and task; one behind the last.
  struct Cell {
    ModelIndex model = 0;
    TaskIndex task = 0;
    std::size_t first = 0;
  };
  std::vector<Cell> cells_;
  std::vector<std::size_t> first_cell_;  // of each model, and one behind the last
};

// Collects features in any order. The same model, task and trial twice: identical content is
// dropped and counted; different content is one more trial, with a diagnostic. A missing trial
// number is the next free one; runs without one that are of different sessions are different
// trials, whatever their content. A run that is the beginning of another one of the same session
// is a snapshot of it, dropped and counted.
class CorpusBuilder {
 public:
  // `success_only`: trajectories without success are left out, with a diagnostic.
  // `merge`: systems of one model name are one model, whatever differs between their files.
  // `filter`: runs of other tasks are left out, once it is settled which task a run is of.
  explicit CorpusBuilder(bool success_only = false, bool merge = false, RunFilter filter = {})
      : success_only_(success_only), merge_(merge), filter_(std::move(filter)) {}

  void add(TrajectoryFeatures&& features);
  std::size_t size() const { return added_.size(); }
  std::size_t left_out() const { return left_out_.size(); }
  std::size_t left_out_unknown() const;  // of them: those without a recorded outcome

  // The success of runs whose logs give a number for it, once it is known what the numbers mean.
  void settle_outcomes(const OutcomeScales& scales);

  // `file_names` names TrajectoryFeatures::file in diagnostics.
  Corpus build(std::span<const std::string> file_names, Diagnostics& diagnostics,
               BuildNotes* notes = nullptr) &&;

 private:
  struct Added {
    CorpusTrajectory trajectory;
    std::optional<std::int64_t> trial;
    std::optional<double> points;
    std::uint32_t outcome_key = 0;  // a number in outcome_keys_
    std::uint32_t file = 0;
    std::uint64_t record = 0;
    bool domain_said = true;
    std::string own_domain;
    RunChecks checks;
  };

  struct LeftOut {
    std::uint32_t file = 0;
    std::uint64_t record = 0;
    bool recorded = false;         // it is known that it did not succeed
    std::optional<double> points;  // as of Added
    std::uint32_t outcome_key = 0;
  };

  void settle_domains(BuildNotes& notes);
  void leave_out_other_tasks(BuildNotes& notes);
  void drop_snapshots(std::span<const std::string> file_names, Diagnostics& diagnostics);
  void name_systems(BuildNotes& notes);

  bool success_only_;
  bool merge_;
  RunFilter filter_;
  std::vector<Added> added_;
  std::vector<LeftOut> left_out_;
  // Numbers in order of first appearance, until build() renumbers.
  std::map<std::pair<std::string, std::string>, ModelIndex> systems_;  // by name and system
  std::map<std::string, ModelIndex, std::less<>> models_;              // by label, in build()
  std::map<TaskKey, TaskIndex> tasks_;
  std::map<std::string, ToolIndex, std::less<>> tools_;
  std::map<std::string, std::uint32_t, std::less<>> outcome_keys_;
};

}  // namespace agentecho

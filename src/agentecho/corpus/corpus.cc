#include "agentecho/corpus/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

namespace agentecho {

namespace {

template <class Map, class Key>
std::uint32_t number_of(Map& numbers, Key&& key) {
  const auto next = static_cast<std::uint32_t>(numbers.size());
  return numbers.try_emplace(std::forward<Key>(key), next).first->second;
}

// The names in order of those that are used, and what each first-appearance number becomes.
template <class Map, class Name>
std::vector<std::uint32_t> renumber(const Map& numbers, const std::vector<char>& used,
                                    std::vector<Name>& names) {
  std::vector<std::uint32_t> renumbered(numbers.size());
  for (const auto& [name, number] : numbers) {
    if (used[number] == 0) continue;
    renumbered[number] = static_cast<std::uint32_t>(names.size());
    names.push_back(name);
  }
  return renumbered;
}

// What a run has by itself and within a corpus alike.
template <class From, class To>
void take_common(From&& from, To& to) {
  to.reward = from.reward;
  to.success = from.success;
  to.counts = from.counts;
  to.candidates = from.candidates;
  to.assistant_messages = from.assistant_messages;
  to.reasoning_messages = from.reasoning_messages;
  to.user_calls = from.user_calls;
  to.content = from.content;
  to.dependencies = std::forward<From>(from).dependencies;
  to.verbal = std::forward<From>(from).verbal;
}

}  // namespace

std::span<const CorpusTrajectory> Corpus::trials(ModelIndex model, TaskIndex task) const {
  const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(first_cell_[model]);
  const auto end = cells_.begin() + static_cast<std::ptrdiff_t>(first_cell_[model + 1]);
  const auto found = std::lower_bound(
      begin, end, task, [](const Cell& cell, TaskIndex wanted) { return cell.task < wanted; });
  if (found == end || found->task != task) return {};
  return std::span(trajectories_).subspan(found->first, (found + 1)->first - found->first);
}

std::optional<ModelIndex> Corpus::find_model(std::string_view name) const {
  const auto found = std::lower_bound(models_.begin(), models_.end(), name);
  if (found == models_.end() || *found != name) return std::nullopt;
  return static_cast<ModelIndex>(found - models_.begin());
}

std::optional<ToolIndex> Corpus::find_tool(std::string_view name) const {
  const auto found = std::lower_bound(tools_.begin(), tools_.end(), name);
  if (found == tools_.end() || *found != name) return std::nullopt;
  return static_cast<ToolIndex>(found - tools_.begin());
}

std::size_t Corpus::most_trials(ModelIndex model) const {
  std::size_t most = 0;
  for (std::size_t cell = first_cell_[model]; cell < first_cell_[model + 1]; ++cell) {
    most = std::max(most, cells_[cell + 1].first - cells_[cell].first);
  }
  return most;
}

TrajectoryFeatures Corpus::features_of(const CorpusTrajectory& t) const {
  TrajectoryFeatures features;
  features.model = models_[t.model];
  features.task = tasks_[t.task];
  features.trial = t.trial;
  for (const ToolIndex tool : t.calls) features.tools.push_back(tools_[tool]);
  take_common(t, features);
  features.success = means_success(t.reward);
  return features;
}

void CorpusBuilder::add(TrajectoryFeatures&& features) {
  if (success_only_ && !features.success) {
    LeftOut& run = left_out_.emplace_back();
    run.file = features.file;
    run.record = features.record;
    run.recorded = features.reward.has_value();
    if (features.points) {
      run.points = features.points;
      run.outcome_key = number_of(outcome_keys_, std::move(features.outcome_key));
    }
    return;
  }
  Added& added = added_.emplace_back();
  added.trial = features.trial;
  if (features.points) {
    added.points = features.points;
    added.outcome_key = number_of(outcome_keys_, std::move(features.outcome_key));
  }
  added.file = features.file;
  added.record = features.record;
  CorpusTrajectory& t = added.trajectory;
  t.model = number_of(systems_, std::pair(std::move(features.model), std::move(features.system)));
  added.domain_said = features.domain_said;
  added.own_domain = std::move(features.own_domain);
  added.checks = std::move(features.checks);
  t.task = number_of(tasks_, std::move(features.task));
  t.calls.reserve(features.tools.size());
  for (std::string& tool : features.tools) t.calls.push_back(number_of(tools_, std::move(tool)));
  take_common(std::move(features), t);
  t.dependencies.shrink_to_fit();
}

std::size_t CorpusBuilder::left_out_unknown() const {
  return static_cast<std::size_t>(std::count_if(left_out_.begin(), left_out_.end(),
                                                [](const LeftOut& run) { return !run.recorded; }));
}

void CorpusBuilder::settle_outcomes(const OutcomeScales& scales) {
  std::vector<const std::string*> keys(outcome_keys_.size());
  for (const auto& [key, number] : outcome_keys_) keys[number] = &key;
  for (LeftOut& run : left_out_) {
    if (run.points) run.recorded = scales.share(*keys[run.outcome_key], *run.points).has_value();
  }
  std::erase_if(added_, [&](Added& added) {
    if (!added.points) return false;
    CorpusTrajectory& t = added.trajectory;
    t.reward = scales.share(*keys[added.outcome_key], *added.points);
    t.success = means_success(t.reward);
    if (!success_only_ || t.success) return false;
    left_out_.push_back({added.file, added.record, t.reward.has_value(), {}, 0});
    return true;
  });
}

namespace {

// The only element of a set; nothing where it has none or several.
const std::string* only(const std::set<std::string>& set) {
  return set.size() == 1 ? &*set.begin() : nullptr;
}

std::map<std::string, std::string> traits_of(std::string_view system) {
  std::map<std::string, std::string> traits;
  while (!system.empty()) {
    const std::size_t line = system.find('\n');
    const std::string_view trait = system.substr(0, line);
    system.remove_prefix(line == std::string_view::npos ? system.size() : line + 1);
    const std::size_t equals = trait.find('=');
    if (equals == std::string_view::npos) continue;
    traits[std::string(trait.substr(0, equals))] = trait.substr(equals + 1);
  }
  return traits;
}

}  // namespace

// The domain of runs that do not say it is guessed for all of them together, so that a run without
// calls, or a task whose runs stand in files of their own, never changes its task by the guess. In
// order: the only domain that the tools of such runs speak of; the only one of the run's file; the
// run's own; the only one under which its task id occurs.
void CorpusBuilder::settle_domains(BuildNotes& notes) {
  std::vector<const TaskKey*> keys(tasks_.size());
  for (const auto& [key, number] : tasks_) keys[number] = &key;
  std::map<std::string, std::set<std::string>> of_benchmark;
  std::map<std::pair<std::string, std::uint32_t>, std::set<std::string>> of_file;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> of_task;
  bool any_unsaid = false;
  for (const Added& added : added_) {
    const TaskKey& key = *keys[added.trajectory.task];
    if (added.domain_said) {
      of_task[{key.benchmark, key.task_id}].insert(key.domain);
      continue;
    }
    any_unsaid = true;
    if (added.own_domain.empty()) continue;
    of_benchmark[key.benchmark].insert(added.own_domain);
    of_file[{key.benchmark, added.file}].insert(added.own_domain);
    of_task[{key.benchmark, key.task_id}].insert(added.own_domain);
  }
  if (!any_unsaid) return;
  const std::map<TaskKey, TaskIndex> before = std::move(tasks_);
  tasks_.clear();
  std::set<std::string> unmatched;
  for (Added& added : added_) {
    TaskKey key = *keys[added.trajectory.task];
    if (!added.domain_said) {
      const std::set<std::string>& task_domains = of_task[{key.benchmark, key.task_id}];
      const std::string* domain = only(of_benchmark[key.benchmark]);
      if (domain == nullptr) domain = only(of_file[{key.benchmark, added.file}]);
      if (domain == nullptr && !added.own_domain.empty()) domain = &added.own_domain;
      if (domain == nullptr) domain = only(task_domains);
      if (domain == nullptr && !task_domains.empty()) unmatched.insert(key.task_id);
      key.domain = domain != nullptr ? *domain : "unknown";
    }
    added.trajectory.task = number_of(tasks_, std::move(key));
  }
  notes.unmatched_tasks.assign(unmatched.begin(), unmatched.end());
}

// Gives systems behind one model name labels of their own where their files differ. What differs
// within one file (a provider that changes from run to run) makes no other system.
void CorpusBuilder::name_systems(BuildNotes& notes) {
  std::vector<const std::pair<std::string, std::string>*> systems(systems_.size());
  for (const auto& [system, number] : systems_) systems[number] = &system;
  // Values by name, trait and file; a file without the trait has the empty value.
  std::map<std::string, std::set<std::pair<std::uint32_t, ModelIndex>>> files_of;
  std::map<std::string, std::set<ModelIndex>> systems_of;
  for (const Added& added : added_) {
    const ModelIndex number = added.trajectory.model;
    systems_of[systems[number]->first].insert(number);
  }
  for (const Added& added : added_) {
    const std::string& name = systems[added.trajectory.model]->first;
    if (systems_of[name].size() > 1) files_of[name].insert({added.file, added.trajectory.model});
  }
  std::vector<std::string> labels(systems.size());
  for (const auto& [name, numbers] : systems_of) {
    std::map<ModelIndex, std::map<std::string, std::string>> traits;
    std::set<std::string> names;
    for (const ModelIndex number : numbers) {
      traits[number] = traits_of(systems[number]->second);
      for (const auto& [trait, value] : traits[number]) names.insert(trait);
    }
    SplitModel split{name, {}, {}};
    for (const std::string& trait : names) {
      std::map<std::uint32_t, std::set<std::string>> by_file;
      std::set<std::string> values;
      for (const auto& [file, number] : files_of[name]) {
        by_file[file].insert(traits[number][trait]);
        values.insert(traits[number][trait]);
      }
      const bool one_a_file = std::all_of(by_file.begin(), by_file.end(),
                                          [](const auto& file) { return file.second.size() == 1; });
      if (values.size() > 1 && one_a_file) split.traits.push_back(trait);
    }
    std::set<std::string> distinct;
    for (const ModelIndex number : numbers) {
      std::string& label = labels[number];
      label = name;
      if (!merge_ && !split.traits.empty()) {
        std::string differs;
        for (const std::string& trait : split.traits) {
          const std::string& value = traits[number][trait];
          differs += fmt::format("{}{}={}", differs.empty() ? "" : ", ", trait,
                                 value.empty() ? "-" : value);
        }
        label += " [" + differs + "]";
      }
      distinct.insert(label);
    }
    if (!split.traits.empty()) {
      split.labels.assign(distinct.begin(), distinct.end());
      notes.split.push_back(std::move(split));
    }
  }
  for (std::size_t number = 0; number < systems.size(); ++number) {
    notes.labels[*systems[number]] = labels[number];
  }
  for (Added& added : added_) {
    added.trajectory.model = number_of(models_, labels[added.trajectory.model]);
  }
}

void CorpusBuilder::leave_out_other_tasks(BuildNotes& notes) {
  if (filter_.takes_all_tasks()) return;
  std::vector<char> taken(tasks_.size());
  for (const auto& [key, number] : tasks_) {
    taken[number] = filter_.takes(key) ? 1 : 0;
    if (taken[number] == 0) notes.other_tasks.push_back(key);
  }
  notes.of_other_tasks =
      std::erase_if(added_, [&](const Added& added) { return taken[added.trajectory.task] == 0; });
}

// A session that was written after each turn, or a list of calls that repeat the messages so far,
// is one run: the runs that are the beginning of another of the same model and task (or of any
// task, where nothing but its place says which it is) go. Runs that the log numbers differently,
// gives different outcomes or different sessions are runs of their own.
void CorpusBuilder::drop_snapshots(std::span<const std::string> file_names,
                                   Diagnostics& diagnostics) {
  std::unordered_multimap<std::uint64_t, std::size_t> whole;
  for (std::size_t i = 0; i < added_.size(); ++i) {
    if (added_[i].checks.conversation != 0) whole.emplace(added_[i].checks.conversation, i);
  }
  const auto is_beginning_of = [](const Added& run, const Added& later) {
    const auto said_alike = [](const auto& a, const auto& b) { return !a || !b || *a == *b; };
    return run.trajectory.model == later.trajectory.model &&
           (run.trajectory.task == later.trajectory.task ||
            (run.checks.task_is_weak && later.checks.task_is_weak)) &&
           !sessions_differ(run.checks, later.checks) && said_alike(run.trial, later.trial) &&
           said_alike(run.trajectory.reward, later.trajectory.reward);
  };
  std::vector<char> is_snapshot(added_.size());
  for (std::size_t i = 0; i < added_.size(); ++i) {
    for (const std::uint64_t beginning : added_[i].checks.beginnings) {
      const auto [first, last] = whole.equal_range(beginning);
      for (auto found = first; found != last; ++found) {
        const std::size_t run = found->second;
        if (run != i && is_beginning_of(added_[run], added_[i])) is_snapshot[run] = 1;
      }
    }
  }
  std::size_t at = 0;
  std::erase_if(added_, [&](const Added& run) {
    if (is_snapshot[at++] == 0) return false;
    diagnostics.add({DiagnosticKind::kDuplicate,
                     run.file < file_names.size() ? file_names[run.file] : std::string{},
                     run.record,
                     std::nullopt,
                     "the beginning of a later snapshot of the same conversation",
                     {}});
    return true;
  });
}

Corpus CorpusBuilder::build(std::span<const std::string> file_names, Diagnostics& diagnostics,
                            BuildNotes* wanted_notes) && {
  BuildNotes unwanted;
  BuildNotes& notes = wanted_notes != nullptr ? *wanted_notes : unwanted;
  settle_domains(notes);
  leave_out_other_tasks(notes);
  name_systems(notes);

  drop_snapshots(file_names, diagnostics);
  notes.success_assumed = std::none_of(added_.begin(), added_.end(), [](const Added& added) {
    return added.trajectory.reward.has_value();
  });
  if (notes.success_assumed) {
    for (Added& added : added_) added.trajectory.success = true;
  }
  Corpus corpus;
  std::vector<char> models_used(models_.size());
  std::vector<char> tasks_used(tasks_.size());
  std::vector<char> tools_used(tools_.size());
  for (const Added& added : added_) {
    models_used[added.trajectory.model] = 1;
    tasks_used[added.trajectory.task] = 1;
    for (const ToolIndex tool : added.trajectory.calls) tools_used[tool] = 1;
  }
  const auto models = renumber(models_, models_used, corpus.models_);
  const auto tasks = renumber(tasks_, tasks_used, corpus.tasks_);
  const auto tools = renumber(tools_, tools_used, corpus.tools_);
  for (Added& added : added_) {
    CorpusTrajectory& t = added.trajectory;
    t.model = models[t.model];
    t.task = tasks[t.task];
    for (ToolIndex& tool : t.calls) tool = tools[tool];
    t.tools = t.calls;
    std::sort(t.tools.begin(), t.tools.end());
    t.tools.erase(std::unique(t.tools.begin(), t.tools.end()), t.tools.end());
    t.tools.shrink_to_fit();
  }
  // Runs stay where they are: small things are sorted in their place.
  struct Slot {
    ModelIndex model = 0;
    TaskIndex task = 0;
    std::size_t place = 0;  // in added_
    auto operator<=>(const Slot&) const = default;
  };
  std::vector<Slot> slots;
  slots.reserve(added_.size());
  for (const Added& added : added_) {
    slots.push_back({added.trajectory.model, added.trajectory.task, slots.size()});
  }
  std::sort(slots.begin(), slots.end());
  const auto key = [](const Added& a) {
    return std::tuple(!a.trial.has_value(), a.trial.value_or(0), a.trajectory.content,
                      a.checks.session);
  };
  const auto is_copy = [](const Added& a, const Added& b) {
    return a.trial == b.trial && a.trajectory.content == b.trajectory.content &&
           (a.trial || !sessions_differ(a.checks, b.checks));
  };
  const auto report = [&](const auto& added, DiagnosticKind kind, std::string message) {
    diagnostics.add({kind,
                     added.file < file_names.size() ? file_names[added.file] : std::string{},
                     added.record,
                     std::nullopt,
                     std::move(message),
                     {}});
  };
  const auto describe = [&](const Added& added) {
    const TaskKey& task = corpus.tasks_[added.trajectory.task];
    return fmt::format("model \"{}\", task \"{}\"{}", corpus.models_[added.trajectory.model],
                       task.task_id,
                       added.trial ? fmt::format(", trial {}", *added.trial) : std::string{});
  };

  for (const LeftOut& run : left_out_) {
    if (run.recorded) {
      report(run, DiagnosticKind::kUnsuccessful, "the run did not succeed");
    } else {
      report(run, DiagnosticKind::kUnknownOutcome, "whether the run succeeded is not recorded");
    }
  }
  corpus.trajectories_.reserve(added_.size());
  notes.checks.reserve(added_.size());
  for (std::size_t begin = 0; begin < slots.size();) {
    // One model on one task.
    std::vector<Added*> runs;
    std::size_t end = begin;
    for (; end < slots.size() && slots[end].model == slots[begin].model &&
           slots[end].task == slots[begin].task;
         ++end) {
      runs.push_back(&added_[slots[end].place]);
    }
    begin = end;
    std::stable_sort(runs.begin(), runs.end(),
                     [&](const Added* a, const Added* b) { return key(*a) < key(*b); });
    std::set<std::int64_t> taken;
    std::vector<Added*> kept;
    std::vector<Added*> without_number;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      Added& added = *runs[i];
      if (i > 0 && is_copy(added, *runs[i - 1])) {
        report(added, DiagnosticKind::kDuplicate, "the same trajectory again: " + describe(added));
        continue;
      }
      if (added.trial && taken.insert(*added.trial).second) {
        added.trajectory.trial = *added.trial;
        kept.push_back(&added);
      } else {
        without_number.push_back(&added);
      }
    }
    std::int64_t next = 0;
    for (Added* added : without_number) {
      while (!taken.insert(next).second) ++next;
      added->trajectory.trial = next;
      if (added->trial) {
        if (notes.renumbered++ == 0) notes.first_renumbered = describe(*added);
        report(*added, DiagnosticKind::kTrialRenumbered,
               fmt::format("{} has a second, different run; it is taken as trial {}",
                           describe(*added), next));
      }
      kept.push_back(added);
    }
    std::sort(kept.begin(), kept.end(), [](const Added* a, const Added* b) {
      return a->trajectory.trial < b->trajectory.trial;
    });
    for (Added* added : kept) {
      corpus.trajectories_.push_back(std::move(added->trajectory));
      notes.checks.push_back(std::move(added->checks));
    }
  }
  corpus.index_cells();
  return corpus;
}

void Corpus::index_cells() {
  cells_.clear();
  first_cell_.assign(1, 0);
  for (std::size_t i = 0; i < trajectories_.size(); ++i) {
    const CorpusTrajectory& t = trajectories_[i];
    while (first_cell_.size() <= t.model) first_cell_.push_back(cells_.size());
    const bool same =
        !cells_.empty() && cells_.back().model == t.model && cells_.back().task == t.task;
    if (!same) cells_.push_back({t.model, t.task, i});
  }
  first_cell_.resize(models_.size() + 1, cells_.size());
  cells_.push_back({0, 0, trajectories_.size()});
}

Corpus Corpus::with_models(std::span<const ModelIndex> models) const {
  Corpus corpus;
  corpus.tasks_ = tasks_;
  corpus.tools_ = tools_;
  for (const ModelIndex model : models) {
    const auto number = static_cast<ModelIndex>(corpus.models_.size());
    corpus.models_.push_back(models_[model]);
    const std::size_t begin = cells_[first_cell_[model]].first;
    const std::size_t end = cells_[first_cell_[model + 1]].first;
    for (std::size_t i = begin; i < end; ++i) {
      corpus.trajectories_.push_back(trajectories_[i]);
      corpus.trajectories_.back().model = number;
    }
  }
  corpus.index_cells();
  return corpus;
}

}  // namespace agentecho

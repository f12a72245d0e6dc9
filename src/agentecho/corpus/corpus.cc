#include "agentecho/corpus/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace agentecho {

namespace {

template <class Map, class Key>
std::uint32_t number_of(Map& numbers, Key&& key) {
  const auto next = static_cast<std::uint32_t>(numbers.size());
  return numbers.try_emplace(std::forward<Key>(key), next).first->second;
}

// The names in order, and what each first-appearance number becomes.
template <class Map, class Name>
std::vector<std::uint32_t> renumber(const Map& numbers, std::vector<Name>& names) {
  std::vector<std::uint32_t> renumbered(numbers.size());
  for (const auto& [name, number] : numbers) {
    renumbered[number] = static_cast<std::uint32_t>(names.size());
    names.push_back(name);
  }
  return renumbered;
}

}  // namespace

std::span<const CorpusTrajectory> Corpus::trials(ModelIndex model, TaskIndex task) const {
  const std::size_t cell = std::size_t{model} * tasks_.size() + task;
  return std::span(trajectories_).subspan(first_[cell], first_[cell + 1] - first_[cell]);
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
  for (TaskIndex task = 0; task < tasks_.size(); ++task) {
    most = std::max(most, trials(model, task).size());
  }
  return most;
}

TrajectoryFeatures Corpus::features_of(const CorpusTrajectory& t) const {
  TrajectoryFeatures features;
  features.model = models_[t.model];
  features.task = tasks_[t.task];
  features.trial = t.trial;
  features.reward = t.reward;
  features.success = t.success;
  features.content = t.content;
  for (const ToolIndex tool : t.calls) features.tools.push_back(tools_[tool]);
  features.dependencies = t.dependencies;
  features.counts = t.counts;
  features.assistant_messages = t.assistant_messages;
  features.reasoning_messages = t.reasoning_messages;
  features.user_calls = t.user_calls;
  features.verbal = t.verbal;
  return features;
}

void CorpusBuilder::add(TrajectoryFeatures&& features) {
  if (success_only_ && !features.success) {
    left_out_.push_back({features.file, features.record});
    return;
  }
  Added& added = added_.emplace_back();
  added.trial = features.trial;
  added.file = features.file;
  added.record = features.record;
  CorpusTrajectory& t = added.trajectory;
  t.model = number_of(models_, std::move(features.model));
  t.task = number_of(tasks_, std::move(features.task));
  t.calls.reserve(features.tools.size());
  for (std::string& tool : features.tools) t.calls.push_back(number_of(tools_, std::move(tool)));
  t.dependencies = std::move(features.dependencies);
  t.dependencies.shrink_to_fit();
  t.reward = features.reward;
  t.success = features.success;
  t.counts = features.counts;
  t.assistant_messages = features.assistant_messages;
  t.reasoning_messages = features.reasoning_messages;
  t.user_calls = features.user_calls;
  t.content = features.content;
  t.verbal = std::move(features.verbal);
}

Corpus CorpusBuilder::build(std::span<const std::string> file_names, Diagnostics& diagnostics) && {
  Corpus corpus;
  const auto models = renumber(models_, corpus.models_);
  const auto tasks = renumber(tasks_, corpus.tasks_);
  const auto tools = renumber(tools_, corpus.tools_);
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
  const auto key = [](const Added& a) {
    return std::tuple(a.trajectory.model, a.trajectory.task, !a.trial.has_value(),
                      a.trial.value_or(0), a.trajectory.content);
  };
  std::sort(added_.begin(), added_.end(),
            [&](const Added& a, const Added& b) { return key(a) < key(b); });

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
    report(run, DiagnosticKind::kUnsuccessful, "the run did not succeed");
  }
  std::vector<Added> kept;
  kept.reserve(added_.size());
  for (std::size_t begin = 0; begin < added_.size();) {
    // One model on one task.
    std::size_t end = begin;
    while (end < added_.size() && added_[end].trajectory.model == added_[begin].trajectory.model &&
           added_[end].trajectory.task == added_[begin].trajectory.task) {
      ++end;
    }
    std::set<std::int64_t> taken;
    std::vector<Added*> without_number;
    for (std::size_t i = begin; i < end; ++i) {
      Added& added = added_[i];
      if (i > begin && key(added) == key(added_[i - 1])) {
        report(added, DiagnosticKind::kDuplicate, "the same trajectory again: " + describe(added));
        continue;
      }
      if (added.trial && taken.insert(*added.trial).second) {
        added.trajectory.trial = *added.trial;
        kept.push_back(std::move(added));
      } else {
        without_number.push_back(&added);
      }
    }
    std::int64_t next = 0;
    for (Added* added : without_number) {
      while (!taken.insert(next).second) ++next;
      added->trajectory.trial = next;
      if (added->trial) {
        report(*added, DiagnosticKind::kTrialRenumbered,
               fmt::format("{} has a second, different run; it is taken as trial {}",
                           describe(*added), next));
      }
      kept.push_back(std::move(*added));
    }
    begin = end;
  }

  std::sort(kept.begin(), kept.end(), [](const Added& a, const Added& b) {
    return std::tuple(a.trajectory.model, a.trajectory.task, a.trajectory.trial) <
           std::tuple(b.trajectory.model, b.trajectory.task, b.trajectory.trial);
  });
  corpus.first_.assign(corpus.models_.size() * corpus.tasks_.size() + 1, 0);
  for (Added& added : kept) {
    const std::size_t cell =
        std::size_t{added.trajectory.model} * corpus.tasks_.size() + added.trajectory.task;
    ++corpus.first_[cell + 1];
    corpus.trajectories_.push_back(std::move(added.trajectory));
  }
  for (std::size_t i = 1; i < corpus.first_.size(); ++i) corpus.first_[i] += corpus.first_[i - 1];
  return corpus;
}

}  // namespace agentecho

#include "agentecho/corpus/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

bool names_task(std::string_view wanted, const TaskKey& task) {
  const auto names = names_of(task);
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

Result<TaskIndex> require_task(const Corpus& corpus, const std::string& wanted) {
  std::vector<TaskIndex> found;
  std::vector<std::string> names;
  for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
    const TaskKey& task = corpus.tasks()[t];
    names.push_back(task.task_id);
    if (names_task(wanted, task)) found.push_back(t);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    std::string hint = nearest_name(wanted, names);
    if (!hint.empty()) {
      hint = fmt::format("did you mean \"{}\"?", hint);
    } else if (!names.empty()) {
      hint = fmt::format("one of {}, of which the first is \"{}\"", names.size(), names.front());
    }
    return fail(ErrorKind::kUsage, fmt::format("no task \"{}\" in the input", wanted),
                std::move(hint));
  }
  const TaskKey& first = corpus.tasks()[found.front()];
  return fail(ErrorKind::kUsage, fmt::format("{} tasks are called \"{}\"", found.size(), wanted),
              fmt::format("say which, for example \"{}\"", names_of(first).front()));
}

Result<const CorpusTrajectory*> require_trial(const Corpus& corpus, ModelIndex model,
                                              TaskIndex task,
                                              const std::optional<std::int64_t>& wanted) {
  const auto trials = corpus.trials(model, task);
  const auto found = std::find_if(trials.begin(), trials.end(), [&](const CorpusTrajectory& t) {
    return !wanted || t.trial == *wanted;
  });
  if (found != trials.end()) return &*found;
  const std::string who = fmt::format("model \"{}\" on task \"{}\"", corpus.models()[model],
                                      corpus.tasks()[task].task_id);
  if (trials.empty()) return fail(ErrorKind::kUsage, fmt::format("there is no run of {}", who));
  std::vector<std::int64_t> numbers;
  for (const CorpusTrajectory& t : trials) numbers.push_back(t.trial);
  return fail(ErrorKind::kUsage, fmt::format("there is no trial {} of {}", *wanted, who),
              fmt::format("trials: {}", fmt::join(numbers, ", ")));
}

}  // namespace

Result<SelectedTrajectories> select_trajectories(const CorpusOptions& options,
                                                 const Selection& selection) {
  CorpusOptions keeping = options;
  keeping.keep = [&](const Trajectory& t) {
    // A label may say more than the name, where systems of one name are told apart; and a domain
    // that is not known yet may turn out to be the one.
    const bool model_is_wanted =
        selection.others || std::any_of(selection.models.begin(), selection.models.end(),
                                        [&](const std::string& model) {
                                          return model == t.model ||
                                                 model.starts_with(t.model + " [");
                                        });
    const bool may_be_task = t.domain == "unknown" && selection.task.ends_with("/" + t.task_id);
    return model_is_wanted &&
           (may_be_task || names_task(selection.task, {t.benchmark, t.domain, t.task_id}));
  };
  auto loaded = load_corpus(keeping);
  if (!loaded) return Unexpected(loaded.error());
  SelectedTrajectories selected;
  selected.loaded = std::move(*loaded);
  const Corpus& corpus = selected.loaded.corpus;
  std::vector<ModelIndex> models;
  for (const std::string& name : selection.models) {
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    models.push_back(*model);
  }
  auto task = require_task(corpus, selection.task);
  if (!task) return Unexpected(task.error());
  selected.task = *task;
  for (const ModelIndex model : models) {
    auto wanted = require_trial(corpus, model, *task, selection.trial);
    if (!wanted) return Unexpected(wanted.error());
    auto& kept = selected.loaded.kept;
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const KeptTrajectory& k) {
      return k.content == (*wanted)->content && k.trajectory.model == corpus.models()[model];
    });
    if (found == kept.end()) {
      return fail(ErrorKind::kInput,
                  "that trajectory is only known from a feature file, which holds no messages",
                  "name the logs instead");
    }
    found->trajectory.trial = (*wanted)->trial;
    selected.trajectories.push_back(std::move(found->trajectory));
    kept.erase(found);
  }
  return selected;
}

}  // namespace agentecho

#include "agentecho/study/drift_side.h"

#include <fmt/format.h>

#include <map>

#include "agentecho/corpus/names.h"

namespace agentecho {

std::string DriftSide::name() const {
  std::string text;
  for (const ModelIndex model : models) {
    if (!text.empty()) text += ", ";
    text += corpus().models()[model];
  }
  return text;
}

Result<DriftSide> make_side(const LoadedCorpus& loaded, const std::string& model,
                            const std::string& option) {
  const Corpus& corpus = loaded.corpus;
  if (!model.empty()) {
    auto index = require_model(corpus, model);
    if (!index) return Unexpected(index.error());
    return DriftSide{&loaded, {*index}};
  }
  if (corpus.models().size() > 1) {
    std::string names;
    for (const std::string& name : corpus.models()) {
      names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
    }
    return fail(ErrorKind::kUsage,
                fmt::format("there are {} models, and drift compares the runs of one agent: {}",
                            corpus.models().size(), names),
                fmt::format("say which with {}", option));
  }
  return DriftSide{&loaded, {0}};
}

std::vector<CommonTask> common_tasks(const DriftSide& before, const DriftSide& after) {
  std::map<TaskKey, CommonTask> tasks;
  const auto add = [&](const DriftSide& side, auto member) {
    for (const ModelIndex model : side.models) {
      for (TaskIndex t = 0; t < side.corpus().tasks().size(); ++t) {
        for (const CorpusTrajectory& run : side.corpus().trials(model, t)) {
          (tasks[side.corpus().tasks()[t]].*member).push_back(&run);
        }
      }
    }
  };
  add(before, &CommonTask::before);
  add(after, &CommonTask::after);
  std::vector<CommonTask> common;
  for (auto& [key, task] : tasks) {
    if (task.before.empty() || task.after.empty()) continue;
    task.key = key;
    common.push_back(std::move(task));
  }
  return common;
}

}  // namespace agentecho

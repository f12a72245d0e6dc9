#include "agentecho/scoring/task_choices.h"

#include <algorithm>

#include "agentecho/base/parallel.h"
#include "agentecho/corpus/verbal_features.h"

namespace agentecho {

namespace {

constexpr std::size_t kFewestShowing = 3;  // models, for a word of a benchmark to count

const lineage::MarkerSketch& sketch_of(const lineage::RunMarkers& markers, LineageChannel channel) {
  switch (channel) {
    case LineageChannel::kWords:
      return markers.words;
    case LineageChannel::kLayout:
      return markers.layout;
    case LineageChannel::kActions:
      break;
  }
  return markers.actions;
}

void make_set(lineage::Markers& markers) {
  std::sort(markers.begin(), markers.end());
  markers.erase(std::unique(markers.begin(), markers.end()), markers.end());
}

}  // namespace

std::string_view name_of(LineageChannel channel) {
  constexpr std::string_view kNames[] = {"words", "layout", "actions"};
  return kNames[static_cast<std::size_t>(channel)];
}

std::optional<LineageChannel> lineage_channel_named(std::string_view name) {
  for (std::size_t c = 0; c < kLineageChannels; ++c) {
    const auto channel = static_cast<LineageChannel>(c);
    if (name == name_of(channel)) return channel;
  }
  return std::nullopt;
}

std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> tasks_by_benchmark(
    const Corpus& corpus) {
  std::map<std::pair<std::string, std::string>, std::vector<TaskIndex>> benchmarks;
  for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
    const TaskKey& key = corpus.tasks()[task];
    benchmarks[{key.benchmark, key.domain}].push_back(task);
  }
  return benchmarks;
}

TaskChoices::TaskChoices(const Corpus& corpus, LineageChannel channel, unsigned threads)
    : corpus_(corpus),
      channel_(channel),
      benchmark_of_(corpus.tasks().size(), 0),
      slots_(corpus.tasks().size()) {
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (store_ == nullptr && run.verbal && run.verbal->markers) {
      store_ = run.verbal->markers->words.kept.store();
    }
  }
  if (channel != LineageChannel::kWords) return;
  for (const auto& [name, tasks] : tasks_by_benchmark(corpus)) {
    for (const TaskIndex task : tasks) benchmark_of_[task] = usual_.size();
    usual_.push_back(usual_words(tasks, threads));
  }
}

std::vector<lineage::ModelRuns> TaskChoices::runs_of(TaskIndex task) const {
  std::vector<lineage::ModelRuns> runs(corpus_.models().size());
  for (ModelIndex m = 0; m < runs.size(); ++m) {
    for (const CorpusTrajectory& trial : corpus_.trials(m, task)) {
      if (trial.verbal && trial.verbal->markers) {
        runs[m].push_back(&sketch_of(*trial.verbal->markers, channel_));
      }
    }
  }
  return runs;
}

lineage::Markers TaskChoices::words_of(ModelIndex model,
                                       const std::vector<TaskIndex>& tasks) const {
  lineage::Markers words;
  for (const TaskIndex task : tasks) {
    for (const CorpusTrajectory& trial : corpus_.trials(model, task)) {
      if (!trial.verbal || !trial.verbal->markers) continue;
      const auto of_run = trial.verbal->markers->words.hashes();
      words.insert(words.end(), of_run.begin(), of_run.end());
    }
  }
  let_go();
  make_set(words);
  return words;
}

lineage::Markers TaskChoices::usual_words(const std::vector<TaskIndex>& tasks,
                                          unsigned threads) const {
  std::vector<lineage::Markers> by_model(corpus_.models().size());
  parallel_for(by_model.size(), threads,
               [&](std::size_t m) { by_model[m] = words_of(static_cast<ModelIndex>(m), tasks); });
  lineage::Markers all;
  for (lineage::Markers& words : by_model) {
    all.insert(all.end(), words.begin(), words.end());
    lineage::Markers().swap(words);
  }
  std::sort(all.begin(), all.end());
  lineage::Markers usual;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end = std::upper_bound(begin, all.end(), *begin);
    if (static_cast<std::size_t>(end - begin) >= kFewestShowing) usual.push_back(*begin);
    begin = end;
  }
  return usual;
}

lineage::TaskComparison TaskChoices::compare(TaskIndex task) const {
  lineage::MarkerFilter filter;
  if (channel_ == LineageChannel::kWords) {
    filter = [&usual = usual_[benchmark_of_[task]]](std::uint64_t marker) {
      return std::binary_search(usual.begin(), usual.end(), marker);
    };
  }
  lineage::TaskComparison comparison(runs_of(task), filter);
  let_go();
  return comparison;
}

// What was read of the sketches leaves memory again, where it is in a file.
void TaskChoices::let_go() const {
  if (store_ != nullptr) store_->let_go();
}

const lineage::TaskComparison& TaskChoices::task(TaskIndex task) const {
  Slot& slot = slots_[task];
  std::call_once(slot.once, [&] {
    slot.comparison = std::make_unique<lineage::TaskComparison>(compare(task));
  });
  return *slot.comparison;
}

}  // namespace agentecho

// Choices of words, layout and actions beyond those of the other models on the task, and the share
// of choices that two models repeat from each other (METHOD 14).
#include <memory>
#include <string>

#include "agentecho/scoring/mean_measure.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/task_choices.h"

namespace agentecho {

namespace {

// Columns of the row: 1 where there is a similarity, the similarity, repeated, free.
enum ChoiceColumn : std::size_t { kTasks, kChoiceSimilarity, kRepeated, kFree, kChoiceColumns };

// Only whole tasks are compared: the choices of a model on a task are those of all its trials.
bool are_all_trials(const Corpus& corpus, const CorpusTrajectory& a, const CorpusTrajectory& b,
                    std::size_t pairs) {
  if (a.task != b.task) return false;
  const std::size_t n = corpus.trials(a.model, a.task).size();
  if (a.model == b.model) return pairs == n * (n - 1) / 2;
  return pairs == n * corpus.trials(b.model, b.task).size();
}

Measure choices_measure(const Corpus& corpus, LineageChannel channel) {
  Measure measure;
  measure.columns = kChoiceColumns;
  measure.mismatches = 0;  // what is usual is a matter of the task
  measure.fill = [&corpus, choices = std::make_shared<const TaskChoices>(corpus, channel)](
                     const RunPairs& pairs, std::span<double> row) {
    if (pairs.empty()) return;
    const CorpusTrajectory& a = corpus.trajectories()[pairs.front().a];
    const CorpusTrajectory& b = corpus.trajectories()[pairs.front().b];
    if (!are_all_trials(corpus, a, b, pairs.size())) return;
    const lineage::TaskComparison& task = choices->task(a.task);
    const auto compared = a.model == b.model ? task.self(a.model) : task.pair(a.model, b.model);
    if (!compared) return;
    row[kTasks] = compared->similarity ? 1 : 0;
    row[kChoiceSimilarity] = compared->similarity.value_or(0);
    row[kRepeated] = compared->repeated;
    row[kFree] = compared->free;
  };
  return measure;
}

template <LineageChannel kChannel>
void add_metrics(MetricSet& set, const MetricSources& sources) {
  const std::string name(name_of(kChannel));
  const std::size_t first = set.add(choices_measure(sources.corpus, kChannel));
  Metric similarity = mean_metric(name, name, first);
  Metric share;
  share.slug = name + "_share";
  share.title = name + " repeated";
  share.formula = Ratio{first + kRepeated, first + kFree};
  share.tasks = first + kTasks;
  share.interval = IntervalRule::kExpanded;  // as in `evidence`: one figure, one interval
  for (Metric* metric : {&similarity, &share}) {
    metric->channel =
        kChannel == LineageChannel::kActions ? MetricChannel::kAction : MetricChannel::kWording;
    set.metrics.push_back(std::move(*metric));
  }
}

}  // namespace

void add_words_metrics(MetricSet& set, const MetricSources& sources) {
  add_metrics<LineageChannel::kWords>(set, sources);
}

void add_layout_metrics(MetricSet& set, const MetricSources& sources) {
  add_metrics<LineageChannel::kLayout>(set, sources);
}

void add_actions_metrics(MetricSet& set, const MetricSources& sources) {
  add_metrics<LineageChannel::kActions>(set, sources);
}

}  // namespace agentecho

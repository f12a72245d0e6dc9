#include "agentecho/study/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "agentecho/base/enum_names.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/graph/action_graph.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/text_scan.h"
#include "agentecho/study/message_stages.h"

namespace agentecho {

namespace {

using ToolPair = std::pair<std::string_view, std::string_view>;

Result<TaskTools> tools_of_task(const SelectedTrajectories& selected,
                                const ExplainRunsOptions& options) {
  const Corpus& corpus = selected.loaded.corpus;
  std::vector<ModelIndex> pool = options.pool;
  if (pool.empty()) {
    pool.resize(corpus.models().size());
    std::iota(pool.begin(), pool.end(), 0u);
  }
  const auto listed = listed_tools(corpus, options.mandatory);
  if (!listed) return Unexpected(listed.error());
  return ToolSplit::make(corpus, pool, options.mandatory.rule, *listed).tasks[selected.task];
}

ToolRole role_of(const Corpus& corpus, const TaskTools& tools, std::string_view name) {
  const auto among = [&](const std::vector<ToolIndex>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](ToolIndex tool) { return corpus.tools()[tool] == name; });
  };
  if (among(tools.mandatory)) return ToolRole::kMandatory;
  return among(tools.optional) ? ToolRole::kOptional : ToolRole::kFailingOnly;
}

Result<ExplainedRun> explain_run(const SelectedTrajectories& selected, const Trajectory& t,
                                 const TaskTools& tools, const rps::LocalAnnotator& annotator) {
  auto verifier = make_dependency_verifier(selected.loaded.settings.verifier);
  if (!verifier) return Unexpected(verifier.error());
  auto graph = build_action_graph(t, selected.loaded.catalog, **verifier);
  if (!graph) return Unexpected(graph.error());
  ExplainedRun run;
  run.model = t.model;
  run.trial = t.trial.value_or(0);
  run.reward = t.reward;
  run.success = is_successful(t);
  for (const Message& message : t.messages) {
    run.messages.push_back(
        {message.role, std::string(message.text), std::string(message.reasoning), {}, {}, {}});
  }
  for (const ActionNode& node : graph->nodes) {
    const ToolCall& call = t.calls[node.call];
    ExplainedCall& explained = run.calls.emplace_back();
    explained.tool = call.name;
    explained.kind = node.tool;
    explained.role = role_of(selected.loaded.corpus, tools, call.name);
    explained.error = node.error;
    explained.arguments = call.arguments;
    explained.result = t.result_of(call);
    explained.message = static_cast<std::uint32_t>(std::max(call.message, 0));
    run.messages[explained.message].calls.push_back(
        static_cast<std::uint32_t>(run.calls.size() - 1));
  }
  for (const Dependency& edge : graph->dependencies) {
    run.calls[edge.destination].inputs.push_back({edge.source, std::string(edge.value)});
  }
  const std::vector<MessageStages> stages = message_stages(t, annotator);
  for (std::size_t m = 0; m < stages.size(); ++m) {
    run.messages[m].text_stage = stages[m].text;
    run.messages[m].reasoning_stage = stages[m].reasoning;
  }
  return run;
}

std::vector<CallKey> keys_of(const Trajectory& trajectory) {
  std::vector<CallKey> keys;
  for (const std::uint32_t call : agent_calls(trajectory)) {
    keys.push_back(key_of(trajectory, trajectory.calls[call]));
  }
  return keys;
}

// What the other models did on the task.
class OtherModels {
 public:
  explicit OtherModels(const SelectedTrajectories& selected) : corpus_(selected.loaded.corpus) {
    for (ModelIndex model = 0; model < corpus_.models().size(); ++model) {
      const std::string& name = corpus_.models()[model];
      const bool chosen =
          std::any_of(selected.trajectories.begin(), selected.trajectories.end(),
                      [&](const Trajectory& trajectory) { return trajectory.model == name; });
      if (chosen || corpus_.trials(model, selected.task).empty()) continue;
      runs_.push_back(corpus_.trials(model, selected.task));
      auto& whole = whole_.emplace_back();
      for (const KeptTrajectory& kept : selected.loaded.kept) {
        if (kept.trajectory.model != name) continue;
        const std::vector<CallKey> keys = keys_of(kept.trajectory);
        whole.emplace_back(keys.begin(), keys.end());
      }
    }
  }

  std::size_t count() const { return runs_.size(); }

  std::optional<double> calling(std::string_view tool) const {
    return mean_share(runs_, [&](const CorpusTrajectory& run) {
      return std::any_of(run.tools.begin(), run.tools.end(),
                         [&](ToolIndex t) { return corpus_.tools()[t] == tool; });
    });
  }

  std::optional<double> following(std::string_view tool, std::string_view next) const {
    return mean_share(runs_, [&](const CorpusTrajectory& run) {
      for (std::size_t i = 1; i < run.calls.size(); ++i) {
        if (corpus_.tools()[run.calls[i - 1]] == tool && corpus_.tools()[run.calls[i]] == next) {
          return true;
        }
      }
      return false;
    });
  }

  std::optional<double> making(const CallKey& key) const {
    return mean_share(whole_, [&](const std::set<CallKey>& run) { return run.contains(key); });
  }

 private:
  // Mean over the models that have runs of the share of their runs that do.
  template <class Models, class Does>
  static std::optional<double> mean_share(const Models& models, const Does& does) {
    double sum = 0;
    std::size_t n = 0;
    for (const auto& runs : models) {
      if (runs.empty()) continue;
      sum += static_cast<double>(std::count_if(runs.begin(), runs.end(), does)) /
             static_cast<double>(runs.size());
      ++n;
    }
    if (n == 0) return std::nullopt;
    return sum / static_cast<double>(n);
  }

  const Corpus& corpus_;
  std::vector<std::span<const CorpusTrajectory>> runs_;  // by other model
  std::vector<std::vector<std::set<CallKey>>> whole_;    // the same, where the logs are there
};

std::set<ToolPair> sequences_of(const ExplainedRun& run) {
  std::set<ToolPair> sequences;
  for (std::size_t i = 1; i < run.calls.size(); ++i) {
    sequences.emplace(run.calls[i - 1].tool, run.calls[i].tool);
  }
  return sequences;
}

bool calls_tool(const ExplainedRun& run, std::string_view tool) {
  return std::any_of(run.calls.begin(), run.calls.end(),
                     [&](const ExplainedCall& call) { return call.tool == tool; });
}

std::vector<SharedChoice> shared_choices(const RunExplanation& explained, const Corpus& corpus,
                                         const TaskTools& tools, const OtherModels& others,
                                         std::span<const CallKey> keys_a) {
  using Kind = SharedChoice::Kind;
  std::vector<SharedChoice> choices;
  for (const ToolIndex tool : tools.optional) {
    const std::string& name = corpus.tools()[tool];
    const bool of_a = calls_tool(explained.a, name);
    if (of_a != calls_tool(explained.b, name)) continue;
    auto share = others.calling(name);
    if (share && !of_a) share = 1 - *share;
    choices.push_back({of_a ? Kind::kCalls : Kind::kAvoids, name, {}, {}, share});
  }
  const std::set<ToolPair> of_b = sequences_of(explained.b);
  for (const ToolPair& pair : sequences_of(explained.a)) {
    if (!of_b.contains(pair)) continue;
    choices.push_back({Kind::kSequence,
                       std::string(pair.first),
                       std::string(pair.second),
                       {},
                       others.following(pair.first, pair.second)});
  }
  std::set<CallKey> told;
  for (const AlignedStep& step : explained.steps) {
    if (step.kind != StepKind::kSame) continue;
    const CallKey& key = keys_a[*step.a];
    if (!told.insert(key).second) continue;
    choices.push_back(
        {Kind::kSameCall, key.tool, {}, explained.a.calls[*step.a].arguments, others.making(key)});
  }
  std::stable_sort(choices.begin(), choices.end(),
                   [](const SharedChoice& x, const SharedChoice& y) {
                     return x.others.value_or(2) < y.others.value_or(2);
                   });
  return choices;
}

// The agent's texts of a run, scanned once for all phrases.
class ScannedRun {
 public:
  explicit ScannedRun(const Trajectory& trajectory) {
    for (std::uint32_t m = 0; m < trajectory.messages.size(); ++m) {
      const Message& message = trajectory.messages[m];
      if (message.role != Role::kAssistant) continue;
      numbers_.push_back(m);
      rps::scan_text(message.text, texts_.emplace_back());
    }
  }

  std::optional<PhraseInContext::Place> find(std::string_view phrase) const {
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (const auto found = rps::find_phrase(texts_[i], phrase)) {
        return PhraseInContext::Place{numbers_[i], found->first, found->second};
      }
    }
    return std::nullopt;
  }

 private:
  std::vector<std::uint32_t> numbers_;
  std::vector<rps::TextScan> texts_;
};

void add_phrases(const SelectedTrajectories& selected, std::size_t most,
                 RunExplanation& explained) {
  const auto& tables = selected.loaded.phrases;
  const auto a = tables.find(explained.a.model);
  const auto b = tables.find(explained.b.model);
  explained.phrases_known = a != tables.end() && b != tables.end();
  if (!explained.phrases_known) return;
  std::vector<const rps::PhraseTable*> others;
  for (const auto& [model, table] : tables) {
    if (model != a->first && model != b->first) others.push_back(&table);
  }
  const ScannedRun run_a(selected.trajectories[0]);
  const ScannedRun run_b(selected.trajectories[1]);
  for (const rps::SharedPhrase& phrase :
       rps::shared_phrases(a->second, b->second, others, kPhraseCandidates)) {
    if (explained.phrases.size() == most) return;
    const auto in_a = run_a.find(phrase.text);
    const auto in_b = in_a ? run_b.find(phrase.text) : std::nullopt;
    if (!in_b) continue;
    explained.phrases.push_back(
        {phrase.text, phrase.share_a, phrase.share_b, phrase.share_others, *in_a, *in_b});
  }
}

}  // namespace

std::string_view name_of(ToolRole role) {
  return name_in<ToolRole::kFailingOnly>({"mandatory", "optional", "only in failing runs"}, role);
}

std::string in_words(const SharedChoice& choice) {
  switch (choice.kind) {
    case SharedChoice::Kind::kCalls:
      return fmt::format("both call {}", choice.tool);
    case SharedChoice::Kind::kAvoids:
      return fmt::format("neither calls {}", choice.tool);
    case SharedChoice::Kind::kSequence:
      return fmt::format("both call {} directly after {}", choice.next, choice.tool);
    case SharedChoice::Kind::kSameCall:
      return fmt::format("both call {} with {}", choice.tool, choice.arguments);
  }
  return "";
}

Result<RunExplanation> explain_runs(const SelectedTrajectories& selected,
                                    const ExplainRunsOptions& options) {
  const Corpus& corpus = selected.loaded.corpus;
  const auto found = tools_of_task(selected, options);
  if (!found) return Unexpected(found.error());
  const TaskTools& tools = *found;
  const rps::LocalAnnotator annotator(selected.loaded.taxonomy ? selected.loaded.taxonomy->taxonomy
                                                               : rps::default_taxonomy());
  RunExplanation explained;
  const TaskKey& task = corpus.tasks()[selected.task];
  explained.task = fmt::format("{}/{}/{}", task.benchmark, task.domain, task.task_id);
  explained.annotator = annotator.name();
  auto a = explain_run(selected, selected.trajectories[0], tools, annotator);
  if (!a) return Unexpected(a.error());
  auto b = explain_run(selected, selected.trajectories[1], tools, annotator);
  if (!b) return Unexpected(b.error());
  explained.a = std::move(*a);
  explained.b = std::move(*b);
  const std::vector<CallKey> keys_a = keys_of(selected.trajectories[0]);
  explained.steps = align_calls(keys_a, keys_of(selected.trajectories[1]));
  for (std::size_t i = 0; i < explained.steps.size() && !explained.first_difference; ++i) {
    if (explained.steps[i].kind != StepKind::kSame) explained.first_difference = i;
  }
  const OtherModels others(selected);
  explained.others = others.count();
  explained.choices = shared_choices(explained, corpus, tools, others, keys_a);
  add_phrases(selected, options.most_phrases, explained);
  return explained;
}

}  // namespace agentecho

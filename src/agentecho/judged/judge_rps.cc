#include "agentecho/judged/judge_rps.h"

#include <map>
#include <set>

namespace agentecho {

std::vector<AnnotatedTrajectory> annotate_trajectories(
    std::span<const KeptTrajectory* const> trajectories, const rps::StageAnnotator& annotator,
    const rps::StageAnnotator* stand_in) {
  std::vector<AnnotatedTrajectory> all(trajectories.size());
  std::vector<rps::AnnotationRequest> requests(trajectories.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].trajectory = &trajectories[i]->trajectory;
    all[i].content = trajectories[i]->content;
    all[i].items = rps::items_of(*all[i].trajectory);
    requests[i] = {all[i].trajectory, &all[i].items};
  }
  const auto labels = annotator.annotate(requests);
  const std::size_t n_stages = annotator.taxonomy().stages.size();
  for (std::size_t i = 0; i < all.size(); ++i) {
    rps::StageLabels given(all[i].items.size(), rps::kNoStage);
    all[i].annotated = labels[i].has_value();
    if (labels[i]) {
      given = *labels[i];
    } else if (stand_in != nullptr) {
      auto other = std::move(stand_in->annotate({&requests[i], 1}).front());
      if (other) given = std::move(*other);
      all[i].annotated = other.has_value();
    }
    all[i].by_stage = rps::items_by_stage(given, n_stages);
    all[i].profile = rps::make_stage_profile(*all[i].trajectory, all[i].items, given, n_stages);
  }
  return all;
}

rps::StageBlock block_of(const AnnotatedTrajectory& trajectory, const rps::Taxonomy& taxonomy,
                         rps::StageId stage) {
  return {taxonomy.stages[stage], &trajectory.profile.stages[stage], trajectory.trajectory,
          &trajectory.items, trajectory.by_stage[stage]};
}

TrajectoryPairs paired_trajectories(
    const LoadedCorpus& loaded, std::span<const std::pair<ModelIndex, ModelIndex>> model_pairs) {
  std::map<Digest, const KeptTrajectory*> kept;
  for (const KeptTrajectory& k : loaded.kept) kept.emplace(k.content, &k);
  const auto text_of = [&](const CorpusTrajectory& trajectory) {
    const auto found = kept.find(trajectory.content);
    return found == kept.end() ? nullptr : found->second;
  };
  const Corpus& corpus = loaded.corpus;
  TrajectoryPairs result;
  ByTrajectoryPair<bool> seen;
  for (const auto& [a, b] : model_pairs) {
    for (TaskIndex task = 0; task < corpus.tasks().size(); ++task) {
      const auto trials_a = corpus.trials(a, task);
      const auto trials_b = corpus.trials(b, task);
      const auto trials = a == b ? rps::self_paired_trials(trials_a.size())
                                 : rps::paired_trials(trials_a.size(), trials_b.size());
      for (const rps::TrialPair& trial : trials) {
        const CorpusTrajectory& first = trials_a[trial.a];
        const CorpusTrajectory& second = trials_b[trial.b];
        if (seen.find(first.content, second.content) != nullptr) continue;
        seen.set(first.content, second.content, true);
        const KeptTrajectory* const text_a = text_of(first);
        const KeptTrajectory* const text_b = text_of(second);
        if (text_a == nullptr || text_b == nullptr) {
          ++result.without_text;
          continue;
        }
        result.pairs.push_back({a, b, task, text_a, text_b});
      }
    }
  }
  return result;
}

std::vector<const KeptTrajectory*> distinct_trajectories(std::span<const TrajectoryPair> pairs) {
  std::vector<const KeptTrajectory*> distinct;
  std::set<const KeptTrajectory*> seen;
  for (const TrajectoryPair& pair : pairs) {
    for (const KeptTrajectory* trajectory : {pair.first, pair.second}) {
      if (seen.insert(trajectory).second) distinct.push_back(trajectory);
    }
  }
  return distinct;
}

JudgedRps judge_rps(std::span<const TrajectoryPair> pairs, const rps::StageAnnotator& annotator,
                    const rps::PatternJudge& judge, const rps::StageAnnotator* stand_in) {
  const std::vector<const KeptTrajectory*> distinct = distinct_trajectories(pairs);
  const auto annotated = annotate_trajectories(distinct, annotator, stand_in);
  std::map<const KeptTrajectory*, const AnnotatedTrajectory*> of;
  JudgedRps judged{annotator.name(), judge.name(), {}, distinct.size(), 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    of.emplace(distinct[i], &annotated[i]);
    judged.items += annotated[i].items.size();
    if (!annotated[i].annotated) ++judged.unannotated;
    judged.unlabelled += annotated[i].profile.unlabelled;
  }

  const rps::Taxonomy& taxonomy = annotator.taxonomy();
  std::vector<rps::TrajectoryPairVerdict> verdicts(pairs.size());
  std::vector<rps::BlockPair> blocks;
  std::vector<std::pair<std::size_t, std::size_t>> place;  // of a block pair: pair, stage verdict
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    const AnnotatedTrajectory& a = *of.at(pairs[p].first);
    const AnnotatedTrajectory& b = *of.at(pairs[p].second);
    if (!a.annotated || !b.annotated) {
      for (std::size_t s = 0; s < taxonomy.stages.size(); ++s) {
        verdicts[p].shared.push_back({static_cast<rps::StageId>(s), std::nullopt});
      }
      continue;
    }
    const rps::SharedStages stages = rps::shared_stages(a.profile, b.profile);
    verdicts[p].one_sided = stages.one_sided;
    for (const rps::StageId stage : stages.both) {
      place.emplace_back(p, verdicts[p].shared.size());
      verdicts[p].shared.push_back({stage, std::nullopt});
      blocks.push_back({block_of(a, taxonomy, stage), block_of(b, taxonomy, stage)});
    }
  }
  const auto scores = judge.judge(blocks);
  judged.block_pairs = blocks.size();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!scores[i]) continue;
    ++judged.scored;
    verdicts[place[i].first].shared[place[i].second].score = *scores[i];
  }
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    judged.verdicts.set(pairs[p].first->content, pairs[p].second->content, std::move(verdicts[p]));
  }
  return judged;
}

}  // namespace agentecho

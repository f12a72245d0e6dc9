#include "agentecho/study/stage_ablation.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/judged/judge_rps.h"
#include "agentecho/judged_pairs.h"
#include "agentecho/judges/annotator.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/judges/prompts.h"
#include "agentecho/judging.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/one_stage_annotator.h"
#include "agentecho/options/judge_options.h"
#include "agentecho/options/section.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/experiment_tables.h"
#include "agentecho/report/stage_ablation_report.h"

namespace agentecho::cli {

namespace {

constexpr const char* kPaperTable = "Table 6";

struct StageAblationCommand : StudyOptions {
  JudgeOptions judge;
  std::string annotator = "llm";
  bool swap = false;
  int repeats = 1;
};

struct Judged {
  JudgedRps aligned;
  JudgedRps unaligned;
};

Judged judge_both(std::span<const TrajectoryPair> pairs, const rps::StageAnnotator& annotator,
                  const rps::PatternJudge& judge, const rps::StageAnnotator* stand_in) {
  return {judge_rps(pairs, annotator, judge, stand_in),
          judge_rps(pairs, rps::OneStageAnnotator(), judge)};
}

// `session` may be null: then all is local.
Judged judge_as_told(const StageAblationCommand& command, std::span<const TrajectoryPair> pairs,
                     JudgeSession* session, judges::Framing framing) {
  const rps::LocalAnnotator local;
  if (session == nullptr) return judge_both(pairs, local, rps::LocalJudge(), nullptr);
  const judges::LlmAnnotator asking(local.taxonomy(), session->settings(), session->asker());
  const judges::LlmJudge judge(session->settings(), {framing, command.swap, command.repeats},
                               session->asker());
  if (command.annotator == "local") return judge_both(pairs, local, judge, nullptr);
  return judge_both(pairs, asking, judge, session->only_counts() ? &local : nullptr);
}

Result<std::unique_ptr<JudgeSession>> open_session(const StageAblationCommand& command) {
  if (command.metrics.asks_for_rps()) {
    return JudgeSession::open(command.judge, command.input.quiet);
  }
  if (any_judge_option(command.judge)) {
    return fail(ErrorKind::kUsage, "there is nothing to ask an LLM for", "--rps-judge llm asks");
  }
  return std::unique_ptr<JudgeSession>();
}

Result<std::vector<TrajectoryPair>> pairs_of(const LoadedCorpus& loaded) {
  TrajectoryPairs pairs = paired_trajectories(loaded, all_pairs(loaded.corpus));
  if (pairs.without_text > 0) {
    return fail(ErrorKind::kInput,
                fmt::format("{} of {} pairs of runs are known from feature files only, and whole "
                            "trajectories have to be read",
                            pairs.without_text, pairs.without_text + pairs.pairs.size()),
                "name their logs");
  }
  return std::move(pairs.pairs);
}

void add_notes(const StageAblationCommand& command, const PreparedStudy& prepared,
               const Judged& judged, DataReport& report) {
  const Corpus& corpus = prepared.loaded.corpus;
  const BootstrapOptions& bootstrap = command.bootstrap;
  report.notes.push_back(fmt::format("{} trajectories of {} models on {} tasks",
                                     corpus.trajectories().size(), corpus.models().size(),
                                     corpus.tasks().size()));
  report.notes.push_back(
      fmt::format("judge: {}; stages: {}; {} pairs of stages and {} of whole trajectories compared",
                  judged.aligned.judge, judged.aligned.annotator, judged.aligned.block_pairs,
                  judged.unaligned.block_pairs));
  report.notes.push_back(
      fmt::format("[ ]: {:g} % intervals, bootstrap over tasks, {} replicates; seed {}",
                  100 * bootstrap.level, bootstrap.replicates, bootstrap.seed));
}

Result<Answer> run_stage_ablation(StageAblationCommand command) {
  const judges::Framing framing = to_framing(command.judge);
  command.metrics.set({"rps"});
  if (auto settled = command.metrics.settle(command.input.quiet); !settled) {
    return Unexpected(settled.error());
  }
  auto session = open_session(command);
  if (!session) return Unexpected(session.error());
  // Everything is judged from the texts; features of the wording would go unused.
  command.metrics = MetricOptions({});
  auto prepared = prepare_study(
      command, [](CorpusOptions& corpus) { corpus.keep = [](const Trajectory&) { return true; }; });
  if (!prepared) return Unexpected(prepared.error());
  auto pairs = pairs_of(prepared->loaded);
  if (!pairs) return Unexpected(pairs.error());
  const Judged judged = judge_as_told(command, *pairs, session->get(), framing);
  if (*session) {
    auto ended = (*session)->conclude(command.output);
    if (!ended) return Unexpected(ended.error());
    if (*ended) return **ended;
  }

  const Corpus& corpus = prepared->loaded.corpus;
  const StageAblation results =
      ablate_stages(corpus, judged.aligned, judged.unaligned, prepared->families,
                    command.judge.least_coverage, command.bootstrap, command.input.threads);
  DataReport report("stage-ablation", "Response Pattern Similarity with and without stages");
  report.paper_table = kPaperTable;
  report.tables = stage_ablation_tables(corpus, results);
  report.tables.push_back(membership_table(corpus, prepared->families));
  add_notes(command, *prepared, judged, report);
  if (*session) {
    report.judging.push_back(
        asking::judging_of((*session)->questioner(), judges::pair_prompt(framing).version));
    asking::flag_addressed_text(*pairs, report.judging.back());
  }
  Answer answer = answer_of(report, prepared->provenance, command.output);
  const bool withheld = std::any_of(results.pairs.begin(), results.pairs.end(),
                                    [](const StageAblationPair& pair) { return pair.withheld; });
  if (withheld) answer.code = kFailedOrIncomplete;
  return answer;
}

void setup_stage_ablation(CLI::App& command, StageAblationCommand& options) {
  add_study_options(command, options);
  // RPS knows no optional tools, and nothing but RPS is computed here.
  for (const char* idle : {"--pool", "--mandatory", "--min-support"}) {
    command.remove_option(command.get_option(idle));
  }
  options.metrics.add_rps_judge(command);
  options.metrics.add_old_rps(command, {"local", "llm"});
  add_annotator_option(command, options.annotator)->group(kAskingGroup);
  add_asking_options(command, options.swap, options.repeats);
  add_judge_options(command, options.judge);
}

}  // namespace

void add_stage_ablation(CLI::App& experiment) {
  const std::string about = fmt::format(
      "The paper's {}: RPS of stages against RPS of whole trajectories: order of pairs, AUC for "
      "families.",
      kPaperTable);
  add_command<StageAblationCommand>(experiment, {"stage-ablation", about}, setup_stage_ablation,
                                    run_stage_ablation);
}

}  // namespace agentecho::cli

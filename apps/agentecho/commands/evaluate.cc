#include "agentecho/evaluation/evaluate.h"

#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/judges/annotator.h"
#include "agentecho/judges/dependency_verdicts.h"
#include "agentecho/judges/pair_judge.h"
#include "agentecho/judging.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/evaluate_report.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kEvaluate = {
    "evaluate",
    "Measure a stage annotator, a dependency verifier or a judge, local or an LLM, against "
    "labels of your own: accuracy, kappa, confusion; rank correlation, mean absolute error.",
    "Examples:\n"
    "  agentecho evaluate stages --gold stages.jsonl results/\n"
    "  agentecho evaluate rps --gold pairs.jsonl results/ --json"};

struct EvaluateCommand {
  InputOptions input;
  std::string kind;
  std::string gold;
  std::string backend = "local";
  std::string taxonomy_file;
  JudgeOptions judge;
  bool swap = false;
  int repeats = 1;
  BootstrapOptions bootstrap;
  Output output;
};

// What is measured, and what it refers to.
struct Backend {
  std::shared_ptr<const StageTaxonomy> taxonomy;
  std::unique_ptr<rps::StageAnnotator> annotator;
  std::unique_ptr<rps::PatternJudge> judge;
  EvaluatedBackend evaluated;
};

// Candidates without a verdict would count as no dependencies, so that there are figures only when
// all have one.
Result<std::unique_ptr<DependencyVerifier>> judged_verifier(
    JudgeSession& session, std::span<const Trajectory* const> trajectories) {
  auto verdicts =
      judges::DependencyVerdicts::ask(trajectories, session.settings(), session.asker());
  if (!verdicts) return Unexpected(verdicts.error());
  if (verdicts->judged() < verdicts->candidates()) {
    return fail(ErrorKind::kFailed,
                fmt::format("only {} of {} candidate dependencies were judged", verdicts->judged(),
                            verdicts->candidates()),
                "run the same command again");
  }
  return verdicts->verifier();
}

Result<Backend> make_backend(const EvaluateCommand& command, JudgeSession* session) {
  Backend backend;
  auto taxonomy = read_taxonomy(command.taxonomy_file);
  if (!taxonomy) return Unexpected(taxonomy.error());
  backend.taxonomy = std::move(*taxonomy);
  const rps::Taxonomy& stages =
      backend.taxonomy ? backend.taxonomy->taxonomy : rps::default_taxonomy();
  if (session == nullptr) {
    backend.annotator = std::make_unique<rps::LocalAnnotator>(stages);
  } else {
    const judges::LlmJudge::Options asking{to_framing(command.judge), command.swap,
                                           command.repeats};
    backend.annotator =
        std::make_unique<judges::LlmAnnotator>(stages, session->settings(), session->asker());
    backend.judge =
        std::make_unique<judges::LlmJudge>(session->settings(), asking, session->asker());
    backend.evaluated.verifier = [session](std::span<const Trajectory* const> trajectories) {
      return judged_verifier(*session, trajectories);
    };
  }
  backend.evaluated.annotator = backend.annotator.get();
  backend.evaluated.judge = backend.judge.get();
  return backend;
}

Result<Evaluation> evaluate_as_told(const EvaluateCommand& command, JudgeSession* session) {
  auto kind = parse_gold_kind(command.kind);
  if (!kind) return Unexpected(kind.error());
  auto gold = read_text_file(command.gold);
  if (!gold) return Unexpected(gold.error());
  auto backend = make_backend(command, session);
  if (!backend) return Unexpected(backend.error());
  Reading reading(command.input);
  auto& inputs = reading.options;
  if (!inputs) return Unexpected(inputs.error());
  EvaluateOptions options;
  options.kind = *kind;
  options.gold_file = command.gold;
  options.gold = std::move(*gold);
  options.load = std::move(inputs->load);
  options.verifier = command.input.verifier;
  options.backend = backend->evaluated;
  options.bootstrap = command.bootstrap;
  auto evaluation = evaluate(options);
  const auto finished = reading.finish();
  if (evaluation && !finished) return Unexpected(finished.error());
  return evaluation;
}

Result<Answer> run_evaluate(const EvaluateCommand& command) {
  std::unique_ptr<JudgeSession> session;
  if (command.backend == "llm") {
    auto open = JudgeSession::open(command.judge, command.input.quiet);
    if (!open) return Unexpected(open.error());
    session = std::move(*open);
  } else if (any_judge_option(command.judge)) {
    return fail(ErrorKind::kUsage, "there is nothing to ask an LLM for", "--backend llm asks");
  }
  auto evaluation = evaluate_as_told(command, session.get());
  if (session) {
    auto ended = session->conclude(command.output);
    if (!ended) return Unexpected(ended.error());
    if (*ended) return **ended;
  }
  if (!evaluation) return Unexpected(evaluation.error());
  if (auto reported = report_losses(evaluation->read, command.input); !reported) {
    return Unexpected(reported.error());
  }
  const auto asked = static_cast<double>(evaluation->used + evaluation->without_answer);
  if (static_cast<double>(evaluation->used) < command.judge.least_coverage * asked) {
    return fail(ErrorKind::kFailed,
                fmt::format("only {} of {} labels were answered, so the figures are withheld",
                            evaluation->used, asked),
                "run the same command again, or lower --min-coverage");
  }
  return answer_of(evaluation_report(*evaluation), provenance_of(*evaluation), command.output,
                   evaluation_to_json(*evaluation));
}

void setup_evaluate(CLI::App& command, EvaluateCommand& options) {
  command.add_option("KIND", options.kind, "What to measure: stages, edges or rps")
      ->required()
      ->check(CLI::IsMember({"stages", "edges", "rps"}));
  add_input_options(command, options.input, InputUse::kGraphs);
  add_value(command, "--gold", options.gold, "Labels, one JSON object a line; docs/gold-format.md",
            "FILE")
      ->required();
  add_value(command, "--backend", options.backend,
            "What is measured: local (for edges, --verifier), or llm (see --judge-url)", "NAME")
      ->check(CLI::IsMember({"local", "llm"}))
      ->capture_default_str();
  add_taxonomy_option(command, options.taxonomy_file);
  add_bootstrap_options(command, options.bootstrap);
  add_output_options(command, options.output, kReportFiles);
  add_asking_options(command, options.swap, options.repeats);
  add_judge_options(command, options.judge);
}

}  // namespace

void add_evaluate(CLI::App& app) { add_command(app, kEvaluate, setup_evaluate, run_evaluate); }

}  // namespace agentecho::cli

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/select.h"
#include "agentecho/options/option_rules.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/explain_report.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kExplain = {
    "explain",
    "Why two models look alike: the tasks that carry the similarity, shared habits and phrases; "
    "with --task, a run of each aligned call by call, and how rare the choices are that both "
    "make.",
    "Examples:\n"
    "  agentecho explain sim-alder-1 sim-alder-2 examples/simulated\n"
    "  agentecho explain sim-alder-1 sim-alder-2 examples/simulated --task t0007"};

constexpr std::size_t kHabits = 8;
constexpr std::size_t kPhrases = 8;

struct ExplainCommand : StudyOptions {
  std::string a;
  std::string b;
  std::string task;
  std::optional<std::int64_t> trial;
};

// Why the two models look alike over all tasks.
Result<Answer> explain_pair(const ExplainCommand& options) {
  const auto prepared =
      prepare_study(options, [&](CorpusOptions& corpus) { corpus.phrases = corpus.parts.stages; });
  if (!prepared) return Unexpected(prepared.error());
  const Corpus& corpus = prepared->loaded.corpus;
  const auto a = require_model(corpus, options.a);
  if (!a) return Unexpected(a.error());
  const auto b = require_model(corpus, options.b);
  if (!b) return Unexpected(b.error());
  const Study study = prepared->study(options);
  PairExplanation explained;
  explained.a = *a;
  explained.b = *b;
  explained.tasks = share_among_tasks(study, *a, *b);
  if (explained.tasks.tasks.empty()) {
    return fail(ErrorKind::kInput,
                "\"" + options.a + "\" and \"" + options.b + "\" have no task in common");
  }
  const auto& files = prepared->loaded.report.files;
  explained.logs_known = std::any_of(files.begin(), files.end(), [](const LoadedFile& file) {
    return file.format != LogFormat::kFeatures;
  });
  explained.habits = HabitFinder(corpus, prepared->split).find(*a, *b, kHabits);
  if (prepared->wording) explained.wording = shared_wording(prepared->loaded, *a, *b, kPhrases);
  return answer_of(pair_report(study, explained), prepared->provenance, options.output);
}

// Two runs of one task beside each other.
Result<Answer> explain_task(const ExplainCommand& command) {
  const InputOptions& input = command.input;
  auto mandatory = read_mandatory_tools(command.mandatory);
  if (!mandatory) return Unexpected(mandatory.error());
  Reading reading(input);
  auto& options = reading.options;
  if (!options) return Unexpected(options.error());
  // The phrases that two runs share are told against those of all logs.
  options->phrases = command.metrics.has("rps");
  Selection selection;
  selection.models = {command.a, command.b};
  selection.task = command.task;
  selection.trial = command.trial;
  selection.others = true;
  const auto selected = select_trajectories(*options, selection);
  if (!selected) return Unexpected(selected.error());
  if (auto finished = reading.finish(); !finished) return Unexpected(finished.error());
  const auto reported = report_losses(selected->loaded.report, input);
  if (!reported) return Unexpected(reported.error());
  ExplainRunsOptions how;
  auto pool = require_models(selected->loaded.corpus, command.pool);
  if (!pool) return Unexpected(pool.error());
  how.pool = std::move(*pool);
  how.mandatory = std::move(*mandatory);
  const auto explained = explain_runs(*selected, how);
  if (!explained) return Unexpected(explained.error());
  const Provenance provenance =
      make_provenance(selected->loaded, how.pool, how.mandatory, {.replicates = 0}, {});
  return answer_of(runs_report(*explained), provenance, command.output,
                   runs_to_json(*explained, provenance));
}

Result<Answer> run_explain(const ExplainCommand& command) {
  if (command.a == command.b) {
    return fail(ErrorKind::kUsage, "\"" + command.a + "\" is like itself in everything",
                "name two models");
  }
  return command.task.empty() ? explain_pair(command) : explain_task(command);
}

void setup_explain(CLI::App& command, ExplainCommand& options) {
  add_value(command, "A", options.a, "Model", "MODEL")->required();
  add_value(command, "B", options.b, "Model to compare it with", "MODEL")->required();
  add_study_options(command, options);
  options.metrics.add_to(command, false);
  add_html_option(command, options.output);
  add_run_options(command, options.task, options.trial);
  // The two runs are set against those of all other models.
  exclude(command, "--task", {"--models"});
}

}  // namespace

void add_explain(CLI::App& app) { add_command(app, kExplain, setup_explain, run_explain); }

}  // namespace agentecho::cli

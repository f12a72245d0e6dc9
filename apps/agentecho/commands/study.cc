#include <string>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/laboratory/studies.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/options/validators.h"
#include "agentecho/report/laboratory_report.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kStudy = {
    "study",
    "What the analyses are worth where the truth is known: their promises "
    "against what many seeded experiments with simulated agents find.",
    "Examples:\n"
    "  agentecho study promises --metrics ags,rps,bigram --controls 8\n"
    "  agentecho study false-alarms\n"
    "  agentecho study power --out measured"};

struct StudyCommand {
  LaboratoryOptions laboratory;
  std::string name;
  MetricOptions metrics{LaboratoryOptions().metrics};
  Output output;
  bool quiet = false;
};

Result<Answer> run_study_command(StudyCommand command) {
  if (auto settled = command.metrics.settle(command.quiet); !settled) {
    return Unexpected(settled.error());
  }
  ConsoleProgress progress(command.quiet);
  command.laboratory.progress = &progress;
  command.laboratory.metrics = command.metrics.names();
  const StudyResults results = run_study(command.name, command.laboratory);
  return answer_of(laboratory_report(results), results.provenance, command.output);
}

void setup_study(CLI::App& command, StudyCommand& options) {
  LaboratoryOptions& laboratory = options.laboratory;
  command
      .add_option(
          "NAME", options.name,
          "promises: every promise of evidence, compare, attribute and distill against its "
          "measured "
          "rate; or one of the studies behind it: power, direction, false-alarms, attribution, "
          "confounders, sensitivity, copying, strangers, coverage; or drift-null, drift-power, "
          "drift-same, diversity")
      ->check(CLI::IsMember(study_names()))
      ->required();
  add_whole_number(command, "--runs", laboratory.runs,
                   "Runs in all, shared among the conditions of the study; of promises: of each "
                   "study",
                   1, 1000000);
  add_whole_number(command, "--tasks", laboratory.tasks, "Tasks", 8, 100000);
  add_whole_number(command, "--lessons", laboratory.lessons, "Traces that a student learns from", 0,
                   100000);
  add_whole_number(command, "--controls", laboratory.controls, "Controls in each run", 1, 100);
  options.metrics.add_to(command, false);
  options.metrics.add_old_names(command, "--scores", {"ags"});
  add_seed_option(command, laboratory.seed, "Seed of tasks, agents, runs and tests");
  add_threads_option(command, laboratory.threads);
  add_output_options(command, options.output, kReportFiles);
  command.add_flag("-q,--quiet", options.quiet, "No progress");
}

}  // namespace

void add_study(CLI::App& app) { add_command(app, kStudy, setup_study, run_study_command); }

}  // namespace agentecho::cli

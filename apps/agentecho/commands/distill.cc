#include <memory>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/analysis_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/distillation_report.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/study/distillation.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kDistill = {
    "distill",
    "The controlled distillation experiment: did a model come nearer to a teacher than to "
    "controls between two rounds? Difference in differences of every score, paired by task, with "
    "interval and p value.",
    "Example:\n"
    "  agentecho distill --before sim-birch-2 --after sim-birch-2-after-sim-alder-1 \\\n"
    "    --teacher sim-alder-1 --control sim-cedar-1 examples/simulated\n"
    "\n"
    "Whether the movement toward the teacher stands out is a question to the\n"
    "controls: name five or more that are no relatives of the student. The p value of\n"
    "the differences asks whether anything changed at all, which any change of habits\n"
    "makes small with enough tasks."};

struct DistillCommand {
  InputOptions input;
  DistillationRoles roles;
  std::vector<std::string> teachers;
  DistillationOptions options;
  MandatoryOptions mandatory;
  MetricOptions metrics{distillation_metrics()};
  Output output;
  bool paper = false;
};

Result<Answer> run_distill(DistillCommand command) {
  DistillationOptions& options = command.options;
  auto loaded = load_for(options, command.input, command.metrics, command.mandatory);
  if (!loaded) return Unexpected(loaded.error());
  command.roles.teacher = command.teachers.front();
  command.roles.other_teachers.assign(command.teachers.begin() + 1, command.teachers.end());
  auto results = distill(*loaded, command.roles, options);
  if (!results) return Unexpected(results.error());
  Answer answer = answer_of(distillation_report(*results, command.paper), results->provenance,
                            command.output, distillation_to_json(*results, command.paper));
  answer.warnings = results->warnings;
  return answer;
}

void setup_distill(CLI::App& command, DistillCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  add_value(command, "--before", options.roles.before, "The model before", "MODEL")->required();
  add_value(command, "--after", options.roles.after, "The model after", "MODEL")->required();
  add_list(command, "--teacher", options.teachers,
           "The supposed teacher; several, separated by commas or repeated, are each tried "
           "and corrected for, and the tables are of the first",
           "MODEL,...")
      ->required();
  add_list(command, "--control", options.roles.controls,
           "A model that had no part in it, and is no relative of the student; five or more, "
           "separated by commas or repeated, are a yardstick",
           "MODEL,...")
      ->required();
  add_task_filters(command, options.input);
  add_pool_option(command, options.options.pool);
  add_mandatory_options(command, options.mandatory);
  add_success_option(command, options.input);
  options.metrics.add_to(command, false);
  options.metrics.add_old_rps(command, {"local", "off"});
  options.metrics.add_old_distill_baselines(command);
  add_bootstrap_options(
      command, options.options.bootstrap,
      {"Replicates of the bootstrap and the tests; 0: no intervals",
       "Seed of the bootstrap and the tests", "Level of the intervals and of the verdict"});
  add_report_options(command, options.output);
  command.add_flag("--paper", options.paper, "The paper's own figures beneath, for orientation");
}

}  // namespace

void add_distill(CLI::App& app) { add_command(app, kDistill, setup_distill, run_distill); }

}  // namespace agentecho::cli

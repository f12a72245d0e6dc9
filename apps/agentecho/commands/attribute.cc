#include <memory>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/analysis_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/study_options.h"
#include "agentecho/report/attribution_report.h"
#include "agentecho/study/attribution.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kAttribute = {
    "attribute",
    "Which model of a pool is the likeliest teacher of a student, or none of them: affinities of "
    "all pairs, or the student's movements since before training, with p values corrected for "
    "the "
    "number of candidates and the error rate of a name.",
    "Example:\n"
    "  agentecho attribute --student sim-birch-2-after-sim-alder-1 examples/simulated\n"
    "  agentecho attribute --student sim-birch-2-after-sim-alder-1 --before sim-birch-2 "
    "examples/simulated"};

struct AttributeCommand {
  InputOptions input;
  std::string student;
  std::string before;
  std::vector<std::string> candidates;
  MetricOptions metrics{{"ags", "bigram"}};
  MandatoryOptions mandatory;
  double level = 0.95;
  Output output;
};

Result<Answer> run_attribute(const AttributeCommand& command) {
  AttributionOptions options;
  options.before = command.before;
  options.candidates = command.candidates;
  options.level = command.level;
  auto loaded = load_for(options, command.input, command.metrics, command.mandatory);
  if (!loaded) return Unexpected(loaded.error());
  auto results = attribute(*loaded, command.student, options);
  if (!results) return Unexpected(results.error());
  Answer answer = answer_of(attribution_report(*results), results->provenance, command.output,
                            attribution_to_json(*results));
  answer.warnings = results->warnings;
  return answer;
}

void setup_attribute(CLI::App& command, AttributeCommand& options) {
  add_input_options(command, options.input, InputUse::kGraphs);
  add_value(command, "--student", options.student, "The model whose teacher is sought", "MODEL")
      ->required();
  add_value(command, "--before", options.before,
            "The student before training: its movement toward each candidate is weighed "
            "instead of similarity, which finds more and names less falsely",
            "MODEL");
  add_list(command, "--candidates,--models", options.candidates,
           "The pool: names and globs, separated by commas; without it, every other model. Leave "
           "out known relatives of the student, such as the model before training",
           "MODEL,...");
  add_task_filters(command, options.input);
  options.metrics.add_to(command, false);
  options.metrics.add_old_names(command, "--evidence");
  add_mandatory_options(command, options.mandatory);
  add_success_option(command, options.input);
  add_level_option(command, options.level,
                   "Name nobody unless somebody would be in less than 1 - P of the pools without a "
                   "teacher");
  add_report_options(command, options.output);
}

}  // namespace

void add_attribute(CLI::App& app) { add_command(app, kAttribute, setup_attribute, run_attribute); }

}  // namespace agentecho::cli

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/laboratory/laboratory.h"
#include "agentecho/laboratory/promises.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/metric_options.h"
#include "agentecho/options/validators.h"
#include "agentecho/report/laboratory_report.h"

namespace agentecho::cli {

namespace {

struct StudyCommand {
  LaboratoryOptions laboratory;
  std::string name;
  MetricOptions metrics{LaboratoryOptions().metrics};
  Output output;
  bool quiet = false;
};

struct Rendered {
  std::string table, csv;
};

Rendered run_laboratory(const StudyCommand& command, const TableView& report) {
  ConsoleProgress progress(command.quiet);
  LaboratoryOptions options = command.laboratory;
  options.progress = &progress;
  options.metrics = command.metrics.names();
  if (command.name == "attribution") {
    const AttributionStudy measured = run_attribution(options);
    return {render_attribution_study(measured, report), attribution_study_to_csv(measured)};
  }
  if (command.name == "copying") {
    const auto measured = run_copying(options);
    return {render_copying(measured, report), copying_to_csv(measured)};
  }
  if (command.name == "strangers") {
    const KinshipStudy measured = run_kinship(options);
    return {render_kinship(measured, report), kinship_to_csv(measured)};
  }
  if (command.name == "coverage") {
    const auto measured = run_coverage(options);
    return {render_coverage(measured, report), coverage_to_csv(measured)};
  }
  if (command.name == "promises") {
    const auto measured = run_promises(options);
    return {render_promises(measured, report), promises_to_csv(measured)};
  }
  if (command.name == "diversity") {
    const auto measured = run_diversity_study(options);
    return {render_diversity_study(measured, report), diversity_study_to_csv(measured)};
  }
  if (command.name.starts_with("drift-")) {
    const auto measured = run_drift_study(command.name, options);
    return {render_drift_study(measured, report), drift_study_to_csv(measured)};
  }
  const auto summaries = run_conditions(conditions_of(command.name, options), options);
  return {render_conditions(summaries, report), conditions_to_csv(summaries)};
}

Result<Answer> run_study(StudyCommand command) {
  if (auto settled = command.metrics.settle(command.quiet); !settled) {
    return Unexpected(settled.error());
  }
  const TableView view = command.output.view();
  Rendered rendered = run_laboratory(command, view);
  const LaboratoryOptions& o = command.laboratory;
  const std::string head =
      view.style == TableStyle::kText
          ? fmt::format("Study {}: {} tasks, {} lessons, seed {}, simulated agents\n\n",
                        command.name, o.tasks, o.lessons, o.seed)
          : "";
  return Answer{head + rendered.table, {}, {{command.name + ".csv", std::move(rendered.csv)}}};
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
  command
      .add_option("--runs", laboratory.runs,
                  "Runs in all, shared among the conditions of the study; of promises: of each "
                  "study")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command.add_option("--tasks", laboratory.tasks, "Tasks")
      ->type_name("N")
      ->check(CLI::Range(8, 100000))
      ->capture_default_str();
  command.add_option("--lessons", laboratory.lessons, "Traces that a student learns from")
      ->type_name("N")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command.add_option("--controls", laboratory.controls, "Controls in each run")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  options.metrics.add_to(command, false);
  options.metrics.add_old_names(command, "--scores", {"ags"});
  command.add_option("--seed", laboratory.seed, "Seed of tasks, agents, runs and tests")
      ->type_name("N")
      ->check(whole_number())
      ->capture_default_str();
  add_threads_option(command, laboratory.threads);
  add_output_folder(command, options.output, "NAME.csv");
  add_table_options(command, options.output);
  command.add_flag("-q,--quiet", options.quiet, "No progress");
  command.footer(
      "Examples:\n"
      "  agentecho study promises --metrics ags,rps,bigram --controls 8\n"
      "  agentecho study false-alarms\n"
      "  agentecho study power --out measured");
}

}  // namespace

void add_study(CLI::App& app) {
  add_command<StudyCommand>(app, "study",
                            "What the analyses find where the truth is known: many seeded "
                            "experiments with simulated agents, for each condition the mean "
                            "movements and how often the tests reject.",
                            setup_study, run_study);
}

}  // namespace agentecho::cli

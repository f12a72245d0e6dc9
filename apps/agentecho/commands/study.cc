#include "agentecho/commands/study.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "agentecho/base/atomic_file.h"
#include "agentecho/console.h"
#include "agentecho/exit_code.h"
#include "agentecho/laboratory/laboratory.h"
#include "agentecho/report/laboratory_report.h"

namespace agentecho::cli {

namespace {

struct StudyCommand {
  LaboratoryOptions laboratory;
  std::string name;
  std::vector<std::string> scores = {"ags", "bigram", "ged"};
  std::string out;
  std::string table = "text";
  bool quiet = false;
};

struct Rendered {
  std::string table, csv;
};

Rendered run(const StudyCommand& command, const LaboratoryReportOptions& report) {
  ConsoleProgress progress(command.quiet);
  LaboratoryOptions options = command.laboratory;
  options.progress = &progress;
  options.families = FamilySet{Family::kAgs};
  for (const std::string& score : command.scores) {
    if (score == "bigram") options.families = options.families.with(Family::kBigram);
    if (score == "ged") options.families = options.families.with(Family::kGed);
    if (score == "rps") options.families = options.families.with(Family::kRps);
  }
  if (command.name == "attribution") {
    const auto summaries = run_attribution(options);
    return {render_attribution_study(summaries, report), attribution_study_to_csv(summaries)};
  }
  const auto summaries = run_conditions(conditions_of(command.name, options), options);
  return {render_conditions(summaries, report), conditions_to_csv(summaries)};
}

Result<void> write_csv(const StudyCommand& command, const std::string& csv) {
  std::error_code error;
  std::filesystem::create_directories(command.out, error);
  if (error) {
    return fail(ErrorKind::kFailed,
                fmt::format("{}: cannot make the folder: {}", command.out, error.message()));
  }
  return write_file((std::filesystem::path(command.out) / (command.name + ".csv")).string(), csv);
}

int run_study(const StudyCommand& command) {
  auto style = parse_table_style(command.table);
  if (!style) return fail_with(style.error(), false);
  const Rendered rendered = run(command, {*style, stdout_takes_colour(), stdout_columns()});
  if (!command.out.empty()) {
    if (auto written = write_csv(command, rendered.csv); !written)
      return fail_with(written.error(), false);
  }
  const LaboratoryOptions& o = command.laboratory;
  const std::string head =
      *style == TableStyle::kText
          ? fmt::format("Study {}: {} tasks, {} lessons, seed {}, simulated agents\n\n",
                        command.name, o.tasks, o.lessons, o.seed)
          : "";
  return print_data(head + rendered.table);
}

}  // namespace

void setup_study(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<StudyCommand>();
  LaboratoryOptions& laboratory = options->laboratory;
  CLI::App* command =
      app.add_subcommand("study",
                         "What the analyses find where the truth is known: many seeded experiments "
                         "with simulated agents, for each "
                         "condition the mean movements and how often the tests reject.");
  command
      ->add_option("NAME", options->name,
                   "power, direction, false-alarms, attribution, confounders or sensitivity")
      ->check(CLI::IsMember(study_names()))
      ->required();
  command
      ->add_option("--runs", laboratory.runs,
                   "Runs in all, shared among the conditions of the study")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--tasks", laboratory.tasks, "Tasks")
      ->type_name("N")
      ->check(CLI::Range(8, 100000))
      ->capture_default_str();
  command->add_option("--lessons", laboratory.lessons, "Traces that a student learns from")
      ->type_name("N")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--controls", laboratory.controls, "Controls in each run")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      ->add_option("--scores", options->scores,
                   "What is measured, separated by commas: ags (both profiles, always there), "
                   "bigram, ged, rps")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"ags", "bigram", "ged", "rps"}))
      ->capture_default_str();
  command->add_option("--seed", laboratory.seed, "Seed of tasks, agents, runs and tests")
      ->type_name("N")
      ->capture_default_str();
  command
      ->add_option("--threads", laboratory.threads,
                   "Threads; 0: one per core. Never changes a figure")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--out", options->out, "Write NAME.csv to this folder")->type_name("DIR");
  command->add_option("--format", options->table, "Style of the table: text, markdown or latex")
      ->type_name("STYLE")
      ->capture_default_str();
  command->add_flag("-q,--quiet", options->quiet, "No progress");
  command->footer(
      "Examples:\n"
      "  agentecho study false-alarms\n"
      "  agentecho study power --out measured");
  command->callback([&exit_code, options] { exit_code = run_study(*options); });
}

}  // namespace agentecho::cli

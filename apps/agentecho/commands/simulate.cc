#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "agentecho/command.h"
#include "agentecho/commands.h"
#include "agentecho/console.h"
#include "agentecho/options/input_options.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/simulation/simulated_corpus.h"

namespace agentecho::cli {

namespace {

constexpr CommandText kSimulate = {
    "simulate",
    "Write logs of simulated agents with known habits and known "
    "relations: tau2-bench Results files, one a model. No language "
    "model is involved.",
    "Examples:\n"
    "  agentecho simulate --out lab --student sim-birch-1=sim-alder-1,0.5\n"
    "  agentecho simulate --out many --families 50x2 --tasks 20"};

struct SimulateCommand {
  simulation::CorpusPlan plan;
  std::string families = "2,2,2";
  std::vector<std::string> students;
  double family_spread = 1;
  double model_spread = 1;
  std::string out;
  unsigned threads = 0;
};

Result<std::vector<simulation::WrittenFile>> simulate(const SimulateCommand& command) {
  simulation::CorpusPlan plan = command.plan;
  auto families = simulation::parse_families(command.families);
  if (!families) return Unexpected(families.error());
  plan.families = std::move(*families);
  for (const std::string& text : command.students) {
    auto student = simulation::parse_student(text);
    if (!student) return Unexpected(student.error());
    plan.students.push_back(std::move(*student));
  }
  plan.agents.family_spread *= command.family_spread;
  plan.agents.family_goal_spread *= command.family_spread;
  plan.agents.model_spread *= command.model_spread;
  plan.agents.model_goal_spread *= command.model_spread;
  return simulation::write_corpus(plan, command.out, command.threads);
}

Result<Answer> run_simulate(const SimulateCommand& command) {
  auto files = simulate(command);
  if (!files) return Unexpected(files.error());
  Answer answer;
  for (const simulation::WrittenFile& file : *files) {
    answer.text += fmt::format("{}\t{} bytes\n", file.path, file.bytes);
  }
  return answer;
}

void setup_simulate(CLI::App& command, SimulateCommand& options) {
  simulation::CorpusPlan& plan = options.plan;
  add_value(command, "-o,--out", options.out, "The folder to write to", "DIR")->required();
  add_seed_option(command, plan.seed, "Seed of the tasks, the models and their runs");
  add_whole_number(command, "--tasks", plan.tasks, "Tasks", 1, 1000000);
  add_whole_number(command, "--trials", plan.trials, "Trials of each model on each task", 1, 10000);
  add_value(command, "--families", options.families,
            "Models in each family: 2,2,1 is three families of 2, 2 and 1 models, 50x2 is "
            "50 families "
            "of 2. Named sim-alder-1, sim-alder-2, sim-birch-1, …",
            "N,...")
      ->capture_default_str();
  add_repeated(command, "--student", options.students,
               "A further model, MODEL-after-TEACHER: MODEL trained on traces of TEACHER; "
               "strength from 0 "
               "to 1, 1 where it is left out. May be repeated",
               "MODEL=TEACHER[,STRENGTH]");
  add_whole_number(
      command, "--lessons", plan.lessons,
      "Traces of the teacher that a student learns from, of tasks that are not written", 0,
      1000000);
  add_number(command, "--slip", plan.agents.slip, "How often an agent types an id or a value wrong",
             "P", 0.0, 0.9);
  add_number(command, "--family-spread", options.family_spread,
             "How far families lie apart; 1 is the laboratory's default, 0 makes them alike", "X",
             0.0, 10.0);
  add_number(command, "--model-spread", options.model_spread,
             "How far the models of a family lie apart; 1 is the laboratory's default", "X", 0.0,
             10.0);
  add_threads_option(command, options.threads);
}

}  // namespace

void add_simulate(CLI::App& app) { add_command(app, kSimulate, setup_simulate, run_simulate); }

}  // namespace agentecho::cli

// A corpus of simulated agents: which models there are, what they do, and their files.
//
// Models are sampled family by family; a student is one of them after training on the traces of
// another (train.h). Lessons come from tasks that the corpus itself does not hold, so a student
// resembles its teacher by habit and not by having seen the answers. All students learn from the
// same number of traces of the same tasks with the same estimator, so that they differ by their
// teachers and the mixing strength alone.
//
// Names are of trees and a number, "sim-alder-1": nobody can take them for models that exist.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/simulation/policy.h"

namespace agentecho::simulation {

struct StudentPlan {
  std::string model;    // who learns
  std::string teacher;  // from whose traces
  double strength = 1;  // 0: not at all, 1: the estimate replaces the habits
};

struct CorpusPlan {
  std::uint64_t seed = 1;
  std::size_t tasks = 100;
  std::int64_t trials = 1;
  std::vector<std::size_t> families = {2, 2, 2};  // models in each
  AgentOptions agents;
  std::vector<StudentPlan> students;
  std::size_t lessons = 200;  // traces that a student sees, one a task
};

struct SimulatedModel {
  AgentPolicy policy;
  std::uint64_t run_seed = 0;
  std::string origin;  // one line on how it was made
};

// "sim-alder-1" for the first model of the first family.
std::string model_name(std::size_t family, std::size_t model);

// "2,2,1": three families, of 2, 2 and 1 models; "50x2": 50 families of 2; both can be mixed.
Result<std::vector<std::size_t>> parse_families(std::string_view text);
// "MODEL=TEACHER" or "MODEL=TEACHER,STRENGTH"
Result<StudentPlan> parse_student(std::string_view text);

// The models of the families, then the students, named "MODEL-after-TEACHER". A model's habits and
// runs depend on the seed and on its place only, so further families, models or students leave
// those before them as they were.
// Errors (kUsage): no model at all; a student of unknown models, of itself, or twice the same.
Result<std::vector<SimulatedModel>> make_models(const CorpusPlan& plan);

struct WrittenFile {
  std::string path;
  std::uint64_t bytes = 0;
};

// One tau2-bench Results file for each model, "NAME.json", and simulation.txt, which says how
// everything was made. What an earlier call wrote there for the same models is replaced; a folder
// with other logs is refused (kUsage). The bytes depend on the plan alone.
Result<std::vector<WrittenFile>> write_corpus(const CorpusPlan& plan, const std::string& folder,
                                              unsigned threads);

}  // namespace agentecho::simulation

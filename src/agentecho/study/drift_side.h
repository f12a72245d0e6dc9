// The two sides of a drift comparison and their common tasks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/study/run_distance.h"

namespace agentecho {

// The runs of one agent: those of one model, or of all models of the corpus taken as one.
struct DriftSide {
  const LoadedCorpus* loaded = nullptr;
  std::vector<ModelIndex> models;

  const Corpus& corpus() const { return loaded->corpus; }
  std::string name() const;
};

// The side whose runs are those of `model`; an empty name is the only model. Errors (kUsage):
// unknown name; several models and no name.
Result<DriftSide> make_side(const LoadedCorpus& loaded, const std::string& model,
                            const std::string& option);

struct CommonTask {
  TaskKey key;
  std::vector<const CorpusTrajectory*> before;
  std::vector<const CorpusTrajectory*> after;

  // Two runs of a side: there is noise to compare with.
  bool has_noise() const { return before.size() >= 2 || after.size() >= 2; }
};

// Tasks that both sides ran, in the order of their keys.
std::vector<CommonTask> common_tasks(const DriftSide& before, const DriftSide& after);

// Tools of both sides under common numbers.
struct SideTools {
  ToolNames names;
  std::vector<std::uint32_t> before;
  std::vector<std::uint32_t> after;
  bool outcomes = true;  // both sides record how their runs ended; else that is not compared

  SideTools(const Corpus& first, const Corpus& second)
      : before(names.number(first)), after(names.number(second)) {}
};

}  // namespace agentecho

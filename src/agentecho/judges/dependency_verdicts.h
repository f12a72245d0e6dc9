// The paper's dependency verifier (METHOD 2, verifier `llm`): a judge decides for each candidate
// whether the value first became available through the result. Verdicts are asked for once, for
// many trajectories, so that many questions are in flight; afterwards they are looked up.
//
//   auto verdicts = DependencyVerdicts::ask(trajectories, settings, asker);
//   auto verifier = verdicts->verifier();            // one a thread
//   build_action_graph(trajectory, catalog, *verifier);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "agentecho/base/error.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/judges/asker.h"
#include "agentecho/judges/settings.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho::judges {

inline constexpr std::size_t kCandidatesPerQuestion = 40;

class DependencyVerdicts {
 public:
  // Trajectories of equal content are asked about once. Error: as of Asker::ask; questions without
  // a verdict are no error, their candidates stay unjudged.
  static Result<DependencyVerdicts> ask(std::span<const Trajectory* const> trajectories,
                                        const JudgeSettings& settings, Asker& asker);

  // Over the different trajectories.
  std::uint64_t candidates() const { return candidates_; }
  std::uint64_t judged() const { return judged_; }  // of these, with a verdict

  const std::string& name() const;  // "llm:MODEL dependencies/1"

  // Of the same name. Looks verdicts up by the content of the trajectory; an unjudged candidate is
  // no dependency, and judged() tells of it. Shares the data and may outlive this. Its errors:
  // kFailed for a trajectory with candidates that was not asked about.
  std::unique_ptr<DependencyVerifier> verifier() const;

 private:
  struct Table;
  std::shared_ptr<const Table> table_;
  std::uint64_t candidates_ = 0;
  std::uint64_t judged_ = 0;
};

}  // namespace agentecho::judges

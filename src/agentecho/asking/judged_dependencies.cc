#include "agentecho/asking/judged_dependencies.h"

#include <vector>

namespace agentecho::asking {

Result<judges::DependencyVerdicts> ask_for_dependencies(const Questioner& questioner,
                                                        const LoadedCorpus& texts) {
  std::vector<const Trajectory*> trajectories;
  for (const KeptTrajectory& kept : texts.kept) trajectories.push_back(&kept.trajectory);
  return judges::DependencyVerdicts::ask(trajectories, questioner.settings, *questioner.asker);
}

void decide_by(const judges::DependencyVerdicts& verdicts, CorpusOptions& options) {
  options.settings.verifier = verdicts.name();
  options.make_verifier = [&verdicts] { return verdicts.verifier(); };
}

}  // namespace agentecho::asking

#include "agentecho/asking/judged_dependencies.h"

#include <fmt/format.h>

#include <vector>

#include "agentecho/judges/prompts.h"

namespace agentecho::asking {

Result<judges::DependencyVerdicts> ask_for_dependencies(const Questioner& questioner,
                                                        const LoadedCorpus& texts) {
  std::vector<const Trajectory*> trajectories;
  for (const KeptTrajectory& kept : texts.kept) trajectories.push_back(&kept.trajectory);
  return judges::DependencyVerdicts::ask(trajectories, questioner.settings, *questioner.asker);
}

double judged_share(const judges::DependencyVerdicts& verdicts) {
  const auto all = static_cast<double>(verdicts.candidates());
  return all > 0 ? static_cast<double>(verdicts.judged()) / all : 1;
}

void decide_by(const judges::DependencyVerdicts& verdicts, const Questioner& questioner,
               CorpusOptions& options) {
  options.settings.verifier =
      fmt::format("llm:{} {}", questioner.settings.model, judges::dependencies_prompt().version);
  options.make_verifier = [&verdicts] { return verdicts.verifier(); };
}

}  // namespace agentecho::asking

#include "agentecho/asking/questioner.h"

#include <fmt/format.h>

#include "agentecho/judges/addressed_text.h"

namespace agentecho::asking {

namespace {

constexpr std::size_t kFlaggedShown = 20;

}  // namespace

Judging judging_of(const Questioner& questioner, std::string_view prompt) {
  Judging judging;
  judging.endpoint = questioner.endpoint;
  judging.model = questioner.settings.model;
  judging.prompt = prompt;
  for (const judges::AskedCounts& c : questioner.asker->counts()) {
    judging.purposes.push_back({c, c.purpose, c.questions, c.refused_fields});
  }
  return judging;
}

void flag_addressed_text(std::span<const TrajectoryPair> pairs, Judging& judging) {
  for (const KeptTrajectory* kept : distinct_trajectories(pairs)) {
    const Trajectory& t = kept->trajectory;
    const auto found = judges::find_addressed_text(t);
    if (found.empty()) continue;
    ++judging.flagged;
    if (judging.flagged_first.size() >= kFlaggedShown) continue;
    judging.flagged_first.push_back(fmt::format("{}, task {}, message {} ({}): {}", t.model,
                                                t.task_id, found.front().message,
                                                found.front().pattern, found.front().excerpt));
  }
}

}  // namespace agentecho::asking

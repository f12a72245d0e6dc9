// Who is asked, and how the questions go out: sent, counted, or written to a file, as the Asker
// does it. All of this module asks through one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agentecho/judged/judge_rps.h"
#include "agentecho/judged/judging.h"
#include "agentecho/judges/asker.h"
#include "agentecho/judges/settings.h"

namespace agentecho::asking {

struct Questioner {
  judges::Asker* asker = nullptr;
  judges::JudgeSettings settings;
  std::string endpoint;  // as results show it: llm::shown_url()
  // Questions are only counted: what follows from answers that are not known yet is counted from
  // the local annotator's.
  bool only_counts = false;
};

// What was asked so far, for the results. `prompt`: as of Judging.
Judging judging_of(const Questioner& questioner, std::string_view prompt);

// Counts the trajectories with text that addresses a judge, and shows the first.
void flag_addressed_text(std::span<const TrajectoryPair> pairs, Judging& judging);

}  // namespace agentecho::asking

// RunExplanation and TaskShares as text for people and as JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentecho/report/data_table.h"
#include "agentecho/study/explain.h"
#include "agentecho/study/shared_habits.h"
#include "agentecho/study/shared_wording.h"
#include "agentecho/study/task_shares.h"

namespace agentecho {

// Why two models look alike over all tasks.
struct PairExplanation {
  ModelIndex a = 0;
  ModelIndex b = 0;
  TaskShares tasks;
  SharedHabits habits;
  std::optional<SharedWording> wording;  // where the corpus has it
  bool logs_known = true;  // false: read from feature files, whose runs cannot be laid side by side
};

// The verdict, the tasks that carry the similarity, shared habits and phrases.
DataReport pair_report(const Study& study, const PairExplanation& explained);

// The verdict, the aligned calls, shared choices, phrases in context, the messages with their
// stages. Control characters of the logs are shown as U+FFFD.
DataReport runs_report(const RunExplanation& explained);

// Schema: docs/report.md.
std::string runs_to_json(const RunExplanation& explained, const Provenance& provenance);

}  // namespace agentecho

// What moved between two sides, in countable terms: which tools, orders of calls, checks, lengths,
// marks of layout and words, on how many tasks, and the runs that show it best.
//
// A habit is a number of a run (called the tool: 0 or 1; words; bold spans per response). Its
// difference on a task is the mean over the new runs less the mean over the baseline runs; habits
// are ranked by the t statistic of these differences over tasks. That is a guide to what to look
// at, not a test: the test is the channel's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/study/drift_side.h"

namespace agentecho {

enum class HabitUnit : std::uint8_t { kShareOfRuns, kRate, kNumber };

// A run to look at.
struct RunPlace {
  std::string task;  // "domain/task"
  std::int64_t trial = 0;
};

struct Moved {
  Channel channel{};
  std::string habit;  // "calls get_order_details directly after cancel_order"
  HabitUnit unit = HabitUnit::kShareOfRuns;
  double before = 0;  // means over tasks
  double after = 0;
  // Student's, of the differences over tasks; as many as tasks where these are all alike, as if one
  // more had not moved. Of phrases: z of two shares of runs.
  double t = 0;
  std::size_t up = 0;     // tasks on which it rose
  std::size_t down = 0;   // tasks on which it fell
  std::size_t tasks = 0;  // tasks on which either side shows it
  RunPlace before_run;    // runs that differ most
  RunPlace after_run;
};

// At most `most` of each channel, the clearest first, channels in order. The runs have habits.
std::vector<Moved> moved_habits(std::span<const CommonTask> tasks, const SideTools& tools,
                                std::size_t most = 5);

// Phrases and openings that one side uses more often than the other, as habits of the wording; runs
// and tasks are not told apart. Empty where a table is missing (feature files hold no text).
std::vector<Moved> moved_phrases(const LoadedCorpus& before, const LoadedCorpus& after,
                                 const std::string& before_model, const std::string& after_model,
                                 std::size_t most = 5);

// "61 % of runs (was 24 %)", "212 (was 180)"
std::string in_words(const Moved& moved);

}  // namespace agentecho

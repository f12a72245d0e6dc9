// Why two models look alike on one task: a run of each, aligned call by call, and how rare among
// the other models the choices are that both made.
//
// A choice is something that the task did not force: to call a tool that is optional, to leave it
// alone, to call one tool directly after another, to make the very same call. `others` is the share
// of the other models' runs of the task that made the same choice (each model weighs the same), so
// the rarest shared choices tell the most and those that everybody makes tell nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/corpus/select.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/study/call_alignment.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

// What the task's pool says of a tool (METHOD 3.1).
enum class ToolRole : std::uint8_t { kMandatory, kOptional, kFailingOnly };
std::string_view name_of(ToolRole role);  // "mandatory", "optional", "only in failing runs"

struct ExplainedCall {
  struct Input {  // a value that became available through an earlier call
    std::uint32_t call = 0;
    std::string value;
  };
  std::string tool;
  ToolClass kind;
  ToolRole role = ToolRole::kMandatory;
  bool error = false;
  std::string arguments;  // JSON as logged
  std::string result;
  std::vector<Input> inputs;  // E_d
  std::uint32_t message = 0;  // that issued it
};

struct ExplainedMessage {
  Role role = Role::kUser;
  std::string text;
  std::string reasoning;
  std::string text_stage;  // of assistant messages; empty: none
  std::string reasoning_stage;
  std::vector<std::uint32_t> calls;  // of the agent, issued here
};

struct ExplainedRun {
  std::string model;
  std::int64_t trial = 0;
  std::optional<double> reward;
  bool success = false;
  std::vector<ExplainedCall> calls;  // of the agent, in log order
  std::vector<ExplainedMessage> messages;
};

struct SharedChoice {
  enum class Kind : std::uint8_t { kCalls, kAvoids, kSequence, kSameCall };
  Kind kind = Kind::kCalls;
  std::string tool;
  std::string next;       // kSequence: called directly after
  std::string arguments;  // kSameCall: as A's log has them
  // Of the other models' runs; nothing without other models, or, for kSameCall, where their logs
  // are not there.
  std::optional<double> others;
};

// A phrase that both runs use, where it stands, and how usual it is.
struct PhraseInContext {
  struct Place {
    std::uint32_t message = 0;  // of the run
    std::uint32_t begin = 0;    // bytes of its text
    std::uint32_t end = 0;
  };
  std::string text;
  double share_a = 0;  // of all runs of A that have it
  double share_b = 0;
  double share_others = 0;  // mean over the other models
  Place in_a;
  Place in_b;
};

struct RunExplanation {
  std::string task;  // "benchmark/domain/task"
  ExplainedRun a;
  ExplainedRun b;
  std::vector<AlignedStep> steps;
  std::optional<std::size_t> first_difference;  // the first step that is not kSame
  std::size_t others = 0;                       // other models with runs of the task
  std::vector<SharedChoice> choices;            // rarest first
  bool phrases_known = false;                   // false: phrases were not counted
  std::vector<PhraseInContext> phrases;         // strongest first
  std::string annotator;                        // what told the stages
};

// The phrases that two models share are looked for in two runs, strongest first, so far.
inline constexpr std::size_t kPhraseCandidates = 400;

struct ExplainRunsOptions {
  std::vector<ModelIndex> pool;  // decides what is mandatory and optional; empty: every model
  MandatoryTools mandatory;
  std::size_t most_phrases = 12;
};

// `selected`: one trajectory of A and one of B (select_trajectories()), with the other models' runs
// of the task in loaded.kept where the logs are there. Errors: the verifier's, listed_tools()'s.
// Cost: that of the alignment, and of one look at the texts of the task's runs.
Result<RunExplanation> explain_runs(const SelectedTrajectories& selected,
                                    const ExplainRunsOptions& options = {});

// A choice as a clause for tables: "both call calculate"; "calculate" may be any text: it is not
// made safe for a terminal.
std::string in_words(const SharedChoice& choice);

}  // namespace agentecho

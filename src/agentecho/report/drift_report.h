// DriftResults in words, as tables, and for machines that gate on them: JUnit XML and the workflow
// commands of GitHub Actions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/report/data_table.h"
#include "agentecho/report/plot.h"
#include "agentecho/study/drift.h"

namespace agentecho {

// Why a figure that is resampled over tasks is not there (kFewestTasksForInterval).
inline constexpr std::string_view kTooFewToResample = "fewer than five tasks to resample";

// What a note says where so many tasks have more runs than have all their pairs looked at
// (kMostBlockRuns): the runs are compared in blocks, or the first ones alone. Nothing for no task.
std::string dealt_text(std::size_t tasks, std::uint64_t seed);
std::string cut_text(std::size_t tasks, std::string_view what);

// "Changed: …" in one paragraph: what moved, with its figures, and what is the same.
std::string drift_verdict(const DriftResults& results);

// The verdict, then the channels, what moved, and the two sides. Warnings come first among
// the notes.
DataReport drift_report(const DriftResults& results);

// Excess over the noise between runs of one agent, by channel, with intervals; the dashed line is
// the margin. Filled: changed.
DotPlot drift_figure(const DriftResults& results);

// Which verdicts let a gate fail.
struct DriftGate {
  bool changed = false;
  bool worse = false;
  bool cannot_tell = false;
  bool any() const { return changed || worse || cannot_tell; }
};

// Why the gate is shut, in words; nothing where it is open.
std::optional<std::string> gate_failure(const DriftResults& results, const DriftGate& gate);

// One test case a channel and one for the success rate. A verdict that the gate asks for is a
// failure; "cannot tell" without it is a skipped test (https://github.com/testmoapp/junitxml).
std::string drift_to_junit(const DriftResults& results, const DriftGate& gate);

// One skipped test case: why nothing was compared.
std::string drift_to_junit(std::string_view why_not);

// "::error title=…::…" where the gate is shut, "::warning" for a change or worse without a gate,
// else "::notice"; warnings of the input besides.
std::string drift_to_annotations(const DriftResults& results, const DriftGate& gate);

}  // namespace agentecho

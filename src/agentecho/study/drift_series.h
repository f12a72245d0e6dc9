// Drift over a series of releases, dates or checkpoints: how far each step is from the first, the
// trend, and the step at which the agent changed.
//
// Step at which it changed [choice]: for every place k the runs before step k are compared with
// those from step k on (drift.h), and every step with the first, which finds a change that was
// taken back. The p values of the whole (the least adjusted one of all channels) of both kinds of
// comparison are corrected together by Holm (two steps are one comparison). A place or step counts
// where its channels' verdict is changed and that p is below alpha. Named is the place with the
// largest excess over noise, in standard deviations of its re-labellings; where none counts, or its
// step does not differ from the first and an earlier one does, the first step that does. Trend: the
// slope over steps, per channel, of the excess from the first step, fitted by least squares on
// every task that all steps have, with a bootstrap over tasks. With a teacher and a control: the
// slope of (distance to the control - distance to the teacher), so that above 0 is toward the
// teacher. A movement is claimed of a channel where Student's t over tasks, corrected for the
// number of channels by Holm, shows it: about one in eight agents that stay as they are has some
// channel whose interval alone would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/study/drift.h"

namespace agentecho {

struct SeriesStep {
  std::string name;  // of the folder or file
  DriftSide side;
};

struct StepDrift {
  std::string name;
  std::size_t runs = 0;
  std::optional<DriftResults> from_first;     // nothing for the first step
  std::optional<DriftResults> from_previous;  // the same as from_first for the second step
  std::optional<double> p_adjusted;           // of from_first: over all comparisons of the series
  bool differs = false;                       // from the first, also after that correction
};

// A place at which the series may be cut: before this step.
struct SeriesPlace {
  std::string name;
  Verdict verdict = Verdict::kCannotTell;
  std::optional<double> p;           // the least adjusted p value of its channels
  std::optional<double> p_adjusted;  // over all comparisons of the series
  double strength = 0;               // the largest excess in standard deviations of re-labellings
  std::size_t dealt_tasks = 0;       // DriftResults::dealt_tasks
  std::vector<Channel> channels;     // that changed there
};

struct ChannelTrend {
  Channel channel{};
  std::optional<double> slope;  // of the distance from the first step beyond noise, per step
  std::optional<Interval> interval;
  std::optional<double> p_adjusted;      // of no slope above 0: one-sided, over channels
  std::optional<double> toward_teacher;  // per step
  std::optional<Interval> toward_teacher_interval;
  std::optional<double> toward_teacher_p_adjusted;

  // Whether it is shown, at this level and for all channels, that the slope is above 0.
  bool moves_away(double level) const;
  bool moves_toward_teacher(double level) const;
};

struct SeriesChange {
  std::size_t step = 0;     // index of steps
  std::optional<double> p;  // corrected
  std::vector<Channel> channels;
  // The runs from here on differ from all before; else this step differs from the first.
  bool from_here_on = false;
  // The last step that differs from the first, where steps follow it; and the first step after it
  // that is the same as the first within the margin.
  std::optional<std::size_t> last_that_differs;
  std::optional<std::size_t> back_at;
};

struct SeriesResults {
  DriftOptions options;
  std::vector<StepDrift> steps;
  std::vector<SeriesPlace> places;  // one fewer than steps
  std::size_t comparisons = 0;      // that p is corrected for
  std::optional<SeriesChange> change;
  std::size_t common_tasks = 0;  // of all steps
  std::size_t dealt_tasks = 0;   // DriftResults::dealt_tasks, the most of any comparison
  std::size_t cut_tasks = 0;     // with more runs in a step than the trend looks at
  bool has_teacher = false;
  std::vector<ChannelTrend> trends;
};

// Two steps at least. `teacher` and `control`: both or none. Errors: those of drift(); no task that
// all steps (and teacher and control) have (kInput).
Result<SeriesResults> drift_series(const std::vector<SeriesStep>& steps, const DriftSide* teacher,
                                   const DriftSide* control, const DriftOptions& options);

}  // namespace agentecho

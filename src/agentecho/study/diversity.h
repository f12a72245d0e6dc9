// How many independent models are these, and which can stand in for which? (METHOD 12)
//
// For every pair of models a likeness rho on the scale of a correlation:
//
//   errors   kappa of success and failure (scoring/outcome_metrics.h), on two tasks or more: on one
//            it is 0 whatever the two do
//   habits   any metric, by its place between chance and ceiling: rho = (score - chance) /
//            (ceiling - chance) (METHOD 6). Ceiling: the mean of both models' likeness to
//            themselves across trials. [choice] A model with one run of each task takes the mean of
//            those that have several; where nobody has, the score of a run with itself stands in,
//            which is too high, so that rho is too low and the effective number an upper bound.
//
// Effective number of N models: N / (1 + (N - 1) mean rho) (L. Kish, "Survey Sampling", 1965,
// section 5.4: the design effect of equally correlated items). N: models with a rho to some other.
// Intervals: percentile bootstrap over tasks, ceilings resampled with the scores and chance levels
// held; that of the number is rho's, put into the formula. With mean rho <= -1/(N - 1) there is no
// such number, and with rho's lower limit there it has no upper limit and no interval. Where the
// ceiling is not above chance in too many resamples, rho has none either (Estimate::reason says
// which).
//
// S_node, and so AGS, counts only tools on which the pool disagrees: with few models they look more
// different than they are and the number is too high (docs/diversity.md has it measured).
//
// The k most different models are those with the least mean rho among themselves, by search over
// all sets where there are at most 2 million, else by exchange from a greedy start. The interval of
// their number does not pay for the choice.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho {

struct DiversityOptions {
  std::size_t most_different = 3;  // sets of 2 up to this many
  std::size_t nearest = 3;         // substitutes of each model
  // The family of metrics that substitutes and sets are chosen by. Not set: call frequency, or else
  // the first metric that is defined [choice: it does not depend on the pool, as AGS does].
  std::optional<std::string> by{};
};

struct PairLikeness {
  std::optional<double> score;
  std::optional<double> chance;
  std::optional<double> ceiling;
  Estimate rho;
};

struct EffectiveNumber {
  std::size_t models = 0;  // N
  std::size_t pairs = 0;   // with a rho
  Estimate rho;            // mean over these pairs
  Estimate number;
};

// One likeness of all pairs.
struct Likeness {
  std::string slug;   // of the metric
  std::string title;  // for people
  bool errors = false;
  bool upper_bound = false;         // no ceiling is known
  std::vector<PairLikeness> pairs;  // as DiversityResults::pairs
  EffectiveNumber effective;
  std::optional<double> own;  // errors: mean kappa of a model with itself, where there are trials
};

struct DifferentModels {
  std::size_t likeness = 0;  // place in DiversityResults::likenesses
  std::vector<ModelIndex> models;
  EffectiveNumber effective;
  bool exact = true;
  std::optional<double> success;  // mean of theirs
};

// Means over tasks of the means over trials.
struct Conduct {
  std::optional<double> success;  // nothing where the model's logs record none
  double calls = 0;               // a run
  double errors = 0;              // calls that failed, a run
};

struct ModelDiversity {
  std::size_t runs = 0;
  std::size_t tasks = 0;
  std::size_t unrecorded = 0;  // runs without a recorded outcome
  Conduct conduct;
  std::vector<std::optional<double>> rho;  // by likeness: mean to the others
};

struct Substitute {
  ModelIndex model = 0;
  ModelIndex other = 0;  // that may stand in for it
  std::size_t tasks = 0;
  Estimate rho;                 // of the leading habit
  std::optional<double> kappa;  // error consistency
  Conduct its;                  // of the substitute, on the common tasks
  Conduct own;                  // of the model, on the same
  Estimate success_gain;        // its success less own
};

// Two models whose runs are mostly the same.
struct IdenticalModels {
  ModelIndex a = 0;
  ModelIndex b = 0;
  std::size_t same = 0;  // runs of a with the content of a run of b on the task
  std::size_t runs = 0;  // of a on common tasks
};

// [choice] With fewer failed runs in all, when models fail says nothing of whether they fail
// together.
inline constexpr std::size_t kFewFailures = 20;

struct DiversityResults {
  DiversityOptions options;
  std::vector<ModelPair> pairs;        // all of two models
  std::vector<Likeness> likenesses;    // errors first, where outcomes are recorded
  std::optional<std::size_t> errors;   // place in likenesses, if a pair has a rho
  std::optional<std::size_t> habits;   // the leading one, if any metric has a rho
  std::vector<ModelDiversity> models;  // by ModelIndex
  // Of the models with recorded outcomes; a run without one is no success (METHOD 1), so it failed.
  std::size_t judged_runs = 0;
  std::size_t failed_runs = 0;
  std::vector<DifferentModels> different;
  std::vector<Substitute> substitutes;  // by model, the nearest first
  std::vector<IdenticalModels> identical;
  std::vector<std::string> warnings;
};

// Errors (kInput): one model; no two models with a task in common. Without recorded outcomes there
// are no errors among the likenesses, and a warning says so. kUsage: DiversityOptions::by is no
// family, or none of the study. Cost: bootstrap replicates x tasks x
// pairs for every metric, in bounded memory.
Result<DiversityResults> diversity(const Study& study, const DiversityOptions& options);

// N / (1 + (N - 1) rho); nothing where the denominator is not above 0 by more than
// rounding. A rho above 1, which noise
// or copied runs may give a habit, counts as 1: no ensemble is worth less than one model.
std::optional<double> effective_number(std::size_t n, double rho);

}  // namespace agentecho

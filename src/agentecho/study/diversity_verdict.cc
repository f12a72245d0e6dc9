#include "agentecho/study/diversity_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "agentecho/base/words.h"

namespace agentecho {

namespace {

std::string with_interval(const Estimate& estimate, int digits) {
  std::string text = fixed(*estimate.value, digits);
  if (estimate.interval) {
    text += fmt::format(" [{} {}]", fixed(estimate.interval->low, digits),
                        fixed(estimate.interval->high, digits));
  }
  return text;
}

// "3.1 [2.8 3.5]", or "2.8 or more" where there is no upper limit: the number grows without bounds
// toward a mean rho of -1/(N - 1), and says nothing there. Empty where the number is undefined and
// has no lower limit.
std::string worth_text(const EffectiveNumber& effective) {
  if (!effective.number.interval && effective.rho.interval) {
    const auto low = effective_number(effective.models, effective.rho.interval->high);
    return low ? fmt::format("{:.1f} or more", *low) : std::string();
  }
  return effective.number.value ? with_interval(effective.number, 1) : std::string();
}

std::string by_text(const Likeness& likeness) {
  return likeness.errors ? std::string("by when they fail")
                         : fmt::format("by habit ({})", likeness.title);
}

// "3.1 [2.8 3.5] independent ones by when they fail (mean error consistency κ 0.24)"
std::string number_text(const Likeness& likeness, bool first) {
  const EffectiveNumber& effective = likeness.effective;
  const std::string detail = likeness.errors
                                 ? fmt::format("by when they fail (mean error consistency κ {})",
                                               with_interval(effective.rho, 2))
                                 : fmt::format("by habit ({}: mean likeness {})", likeness.title,
                                               with_interval(effective.rho, 2));
  const std::string worth = worth_text(effective);
  if (worth.empty()) {
    return fmt::format("more{} than there are, {}", first ? " independent ones" : "", detail);
  }
  return fmt::format("{}{}{} {}", likeness.upper_bound ? "at most " : "", worth,
                     first ? " independent ones" : "", detail);
}

// Who has this likeness to some other, and who has not.
struct Coverage {
  std::vector<ModelIndex> in;
  std::vector<ModelIndex> out;
};

Coverage coverage_of(const DiversityResults& results, const Likeness& likeness) {
  std::vector<char> has(results.models.size());
  for (std::size_t p = 0; p < results.pairs.size(); ++p) {
    if (!likeness.pairs[p].rho.value) continue;
    has[results.pairs[p].first] = has[results.pairs[p].second] = 1;
  }
  Coverage coverage;
  for (ModelIndex m = 0; m < has.size(); ++m) (has[m] ? coverage.in : coverage.out).push_back(m);
  return coverage;
}

// "4 of these 5 models (all but a, for which no outcome is recorded)"
std::string part_text(const Corpus& corpus, const DiversityResults& results,
                      const Likeness& likeness, const Coverage& coverage) {
  constexpr std::size_t kMostNamed = 3;
  const auto named = [&](const std::vector<ModelIndex>& models) {
    std::vector<std::string> names;
    for (const ModelIndex model : models) names.push_back(corpus.models()[model]);
    return listed(names);
  };
  const bool no_outcomes =
      likeness.errors &&
      std::all_of(coverage.out.begin(), coverage.out.end(), [&](ModelIndex model) {
        return results.models[model].unrecorded == results.models[model].runs;
      });
  std::string text =
      fmt::format("{} of these {} models", coverage.in.size(), corpus.models().size());
  if (coverage.out.size() <= kMostNamed) {
    text += fmt::format(" (all but {}{})", named(coverage.out),
                        no_outcomes ? ", for which no outcome is recorded" : "");
  } else if (coverage.in.size() <= kMostNamed) {
    text += fmt::format(" ({})", named(coverage.in));
  }
  return text;
}

// What the verdict goes by. A figure that nothing can be told from stands in the tables alone.
struct ToldLikenesses {
  std::optional<std::size_t> errors;  // where there are failures enough
  std::optional<std::size_t> habits;
};

// Why the number by habit says nothing: without bounds, or an upper bound without an upper limit.
std::string_view why_not_told(const Likeness& habits) {
  const std::string_view unbounded = habits.effective.rho.reason;
  return unbounded.empty() && habits.upper_bound ? habits.effective.number.reason : unbounded;
}

ToldLikenesses told_of(const DiversityResults& results) {
  ToldLikenesses told;
  if (results.failed_runs >= kFewFailures) told.errors = results.errors;
  if (results.habits && why_not_told(results.likenesses[*results.habits]).empty()) {
    told.habits = results.habits;
  }
  return told;
}

std::string untold_text(const DiversityResults& results, const ToldLikenesses& told) {
  std::string text;
  if (results.errors && !told.errors) {
    text += fmt::format(
        " By when they fail nothing can be told: {} of {} failed (it takes {} or more).",
        results.failed_runs, counted(results.judged_runs, "run", "runs"), kFewFailures);
  }
  if (results.habits && !told.habits) {
    const Likeness& habits = results.likenesses[*results.habits];
    text +=
        fmt::format(" By habit ({}) nothing can be told: {}.", habits.title, why_not_told(habits));
  }
  return text;
}

// "These 5 models are worth 4.1 independent ones by when they fail …, and at most 6.0 by habit …."
std::string worth_text(const Corpus& corpus, const DiversityResults& results,
                       const ToldLikenesses& told) {
  std::string text;
  std::vector<ModelIndex> named;  // of whom the sentence speaks
  for (const auto& place : {told.errors, told.habits}) {
    if (!place) continue;
    const Likeness& likeness = results.likenesses[*place];
    const Coverage coverage = coverage_of(results, likeness);
    const bool all = coverage.out.empty();
    const bool first = text.empty();
    if (first) {
      text = all ? fmt::format("These {} models", coverage.in.size())
                 : part_text(corpus, results, likeness, coverage);
      text += " are worth ";
    } else {
      text += ", and ";
      if (coverage.in != named) {
        text += all ? fmt::format("all {} ", coverage.in.size())
                    : part_text(corpus, results, likeness, coverage) + " ";
      }
    }
    text += number_text(likeness, first);
    named = coverage.in;
  }
  if (!text.empty()) return text + ".";
  text = fmt::format("How many independent models these {} are worth ", corpus.models().size());
  return text + (results.errors || results.habits
                     ? "cannot be told."
                     : "is undefined: no two of them have a likeness that says so.");
}

// The largest set that was found by this likeness.
const DifferentModels* largest_set(const DiversityResults& results, std::size_t likeness) {
  const DifferentModels* largest = nullptr;
  for (const DifferentModels& set : results.different) {
    if (set.likeness == likeness) largest = &set;
  }
  return largest;
}

// Whether one pair is more alike than another: else none differs most and none is closest.
bool tells_apart(const Likeness& likeness) {
  constexpr double kRounding = 1e-9;
  std::optional<double> least;
  std::optional<double> most;
  for (const PairLikeness& pair : likeness.pairs) {
    if (!pair.rho.value) continue;
    least = std::min(least.value_or(*pair.rho.value), *pair.rho.value);
    most = std::max(most.value_or(*pair.rho.value), *pair.rho.value);
  }
  return least && *most - *least > kRounding;
}

std::string set_text(const Corpus& corpus, const DiversityResults& results,
                     std::optional<std::size_t> likeness) {
  if (!likeness || !tells_apart(results.likenesses[*likeness])) return {};
  const DifferentModels* const set = largest_set(results, *likeness);
  // All models of which there is a likeness are no choice.
  if (set == nullptr || !set->effective.rho.reason.empty() ||
      set->models.size() == results.likenesses[*likeness].effective.models) {
    return {};
  }
  std::vector<std::string> names;
  for (const ModelIndex model : set->models) names.push_back(corpus.models()[model]);
  std::string text = fmt::format(" The {} that differ most {}: {}", set->models.size(),
                                 by_text(results.likenesses[*likeness]), listed(names));
  if (const std::string worth = worth_text(set->effective); !worth.empty()) {
    text += ", worth " + worth;
  }
  return text + ".";
}

// The closest pair of all whose likeness has bounds, with what each would mean for the other.
const Substitute* closest(const DiversityResults& results) {
  const Substitute* best = nullptr;
  for (const Substitute& substitute : results.substitutes) {
    if (!substitute.rho.reason.empty()) continue;
    if (best == nullptr || *substitute.rho.value > *best->rho.value) best = &substitute;
  }
  return best;
}

std::string closest_text(const Corpus& corpus, const DiversityResults& results) {
  const Substitute* const best = closest(results);
  if (best == nullptr || corpus.models().size() == 2) return {};
  const Likeness& habit = results.likenesses[*results.habits];
  if (habit.effective.pairs == 1) {
    return fmt::format(" Likeness by habit is defined for one pair alone, {} and {}.",
                       corpus.models()[best->model], corpus.models()[best->other]);
  }
  if (!tells_apart(habit)) {
    return fmt::format(" By habit all {} pairs are equally alike.", habit.effective.pairs);
  }
  std::string text =
      fmt::format(" The closest two are {} and {} (likeness {}): {:.1f} against {:.1f} calls a run",
                  corpus.models()[best->model], corpus.models()[best->other],
                  with_interval(best->rho, 2), best->own.calls, best->its.calls);
  if (best->own.success && best->its.success) {
    text += fmt::format(", {:.0f} % against {:.0f} % solved", 100 * *best->own.success,
                        100 * *best->its.success);
  }
  return text + ".";
}

std::string found_text(const Corpus& corpus, const DiversityResults& results) {
  const ToldLikenesses told = told_of(results);
  std::string text = worth_text(corpus, results, told);
  for (const IdenticalModels& same : results.identical) {
    text += fmt::format(" {} and {} are the same in {} of {} runs: one system under two names?",
                        corpus.models()[same.a], corpus.models()[same.b], same.same, same.runs);
  }
  text += untold_text(results, told) + set_text(corpus, results, told.errors) +
          set_text(corpus, results, told.habits);
  return told.habits ? text + closest_text(corpus, results) : text;
}

std::string sureness_text(const Study& study, const DiversityResults& results) {
  std::string text;
  if (study.bootstrap.replicates > 0) {
    text = fmt::format("Brackets: {:g} % intervals over tasks.", 100 * study.bootstrap.level);
  }
  if (results.habits && results.likenesses[*results.habits].upper_bound) {
    text +=
        " No model has two runs of a task, so how much one differs from itself is not known, and "
        "the number by habit is an upper bound.";
  }
  const auto errors = told_of(results).errors;
  if (errors && results.likenesses[*errors].own) {
    const double own = *results.likenesses[*errors].own;
    const std::size_t n = results.likenesses[*errors].effective.models;
    // A model that fails at random is no measure of the others.
    if (const auto number = effective_number(n, own); number && own > 0) {
      text += fmt::format(
          " For comparison: {} runs of one and the same model would be worth {:.1f} by when they "
          "fail (κ of a model with itself {:.2f}).",
          n, *number, own);
    }
  }
  std::uint32_t fewest = kFewTasks;
  for (const auto& place : {errors, results.habits}) {
    if (place) fewest = std::min(fewest, results.likenesses[*place].effective.rho.n_tasks);
  }
  if (fewest < kFewTasks) {
    text += fmt::format(" Fewer than {} tasks carry it: too few to rely on.", kFewTasks);
  }
  if (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

// " (on one common task …)", where it is the same for all pairs.
std::string why_no_errors(const DiversityResults& results) {
  if (results.likenesses.empty() || !results.likenesses.front().errors) return {};
  const std::string_view reason = results.likenesses.front().effective.rho.reason;
  return reason.empty() ? std::string() : fmt::format(" ({})", reason);
}

}  // namespace

VerdictParagraph diversity_verdict(const Study& study, const DiversityResults& results) {
  const Corpus& corpus = study.corpus;
  VerdictParagraph verdict;
  verdict.found = found_text(corpus, results);
  verdict.sureness = sureness_text(study, results);
  verdict.basis = fmt::format("It rests on {} of {} on {}.",
                              counted(corpus.trajectories().size(), "run", "runs"),
                              counted(corpus.models().size(), "model", "models"),
                              counted(corpus.tasks().size(), "task", "tasks"));
  if (!results.errors) {
    verdict.basis += fmt::format(
        " No two models have outcomes whose agreement is defined{}, so nothing is said about when "
        "they fail.",
        why_no_errors(results));
  }
  if (!results.habits) {
    verdict.basis += fmt::format(
        " Nothing is said of habits: {} on common tasks, or there is no chance level (other tasks "
        "of the domain give it).",
        results.options.by ? *results.options.by + " has no score" : "no metric has a score");
  }
  verdict.elsewhere =
      "Whether two of them are related is another question: `agentecho evidence` "
      "(docs/which-number.md).";
  if (const Substitute* const best = closest(results)) {
    verdict.next = {"agentecho", "explain", corpus.models()[best->model],
                    corpus.models()[best->other], "PATHS"};
  }
  return verdict;
}

}  // namespace agentecho

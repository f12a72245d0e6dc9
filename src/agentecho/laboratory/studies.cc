#include "agentecho/laboratory/studies.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <type_traits>
#include <utility>

#include "agentecho/base/version.h"
#include "agentecho/base/words.h"

namespace agentecho {

namespace {

constexpr std::size_t kNamedPromises = 3;
constexpr std::size_t kMoreRuns = 4;  // what a study without a clear answer is repeated with

// What a study measures, and which of the laboratory's options it takes besides runs, tasks and
// seed.
struct StudyKind {
  const char* name;
  const char* measures;
  bool lessons;
  bool controls;
  bool metrics;
};
constexpr StudyKind kStudies[] = {
    {"promises", "what evidence, compare, attribute and distill promise", true, true, true},
    {"power", "how often distill finds a teacher, by strength and number of traces", true, true,
     true},
    {"direction", "whether distill tells the teacher from a control that taught", true, true, true},
    {"false-alarms", "how often distill finds a teacher where nothing happened", true, true, true},
    {"attribution", "whom attribute names, with the teacher in the pool and without", true, false,
     false},
    {"confounders", "what distill finds where something else than the teacher changed the student",
     true, true, true},
    {"sensitivity", "how often distill finds a teacher, by tasks, trials and pool", true, true,
     true},
    {"copying", "whether evidence finds the copying share, and its interval holds it", false, false,
     false},
    {"strangers", "how often evidence takes strangers for kin, and finds kin", false, false, false},
    {"coverage", "how often the intervals of compare hold the score on all tasks", false, false,
     true},
    {"drift-null", "how often drift finds a change of an agent that did not change", false, false,
     false},
    {"drift-power", "how often drift finds a habit planted in a part of the runs", false, false,
     false},
    {"drift-same", "how often drift calls a change of just its margin the same", false, false,
     false},
    {"diversity", "whether diversity finds the number of independent models that was planted",
     false, false, false}};

const StudyKind& kind_of(std::string_view name) {
  return *std::find_if(std::begin(kStudies), std::end(kStudies),
                       [&](const StudyKind& kind) { return kind.name == name; });
}

StudyFindings measure(std::string_view name, const LaboratoryOptions& options) {
  if (name == "promises") return run_promises(options);
  if (name == "attribution") return run_attribution(options);
  if (name == "copying") return run_copying(options);
  if (name == "strangers") return run_kinship(options);
  if (name == "coverage") return run_coverage(options);
  if (name == "diversity") return run_diversity_study(options);
  if (name.starts_with("drift-")) return run_drift_study(name, options);
  return run_conditions(conditions_of(name, options), options);
}

Provenance provenance_of(const StudyKind& kind, const LaboratoryOptions& options) {
  Provenance provenance;
  provenance.version = version();
  provenance.bootstrap.replicates = 0;  // each run has its own
  if (kind.metrics) provenance.metrics = options.metrics;
  SimulatedRuns& runs = provenance.simulated.emplace();
  runs.study = kind.name;
  runs.seed = options.seed;
  runs.numbers = {{"runs", options.runs}, {"tasks", options.tasks}};
  if (kind.lessons) runs.numbers.emplace_back("lessons", options.lessons);
  if (kind.controls) runs.numbers.emplace_back("controls", options.controls);
  return provenance;
}

std::string percent_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string bound_in_words(const Promise& promise) {
  if (promise.least && promise.most) {
    return fmt::format("{:g} to {:g} %", 100 * *promise.least, 100 * *promise.most);
  }
  return promise.least ? fmt::format("at least {:g} %", 100 * *promise.least)
                       : fmt::format("at most {:g} %", 100 * *promise.most);
}

std::string promise_in_words(const Promise& promise) {
  const Interval interval = promise.measured.interval();
  return fmt::format("{}, \"{}\" (promised {}, measured {}, 95 % interval {:.1f} to {:.1f})",
                     promise.command, promise.what, bound_in_words(promise),
                     percent_text(*promise.measured.rate()), 100 * interval.low,
                     100 * interval.high);
}

std::vector<const Promise*> promises_that(const std::vector<Promise>& promises,
                                          PromiseVerdict verdict) {
  std::vector<const Promise*> found;
  for (const Promise& promise : promises) {
    if (verdict_of(promise) == verdict) found.push_back(&promise);
  }
  return found;
}

// What nobody promised: how often what is there was found.
std::string power_in_words(const std::vector<Promise>& promises) {
  double least = 1;
  double most = 0;
  for (const Promise* promise : promises_that(promises, PromiseVerdict::kNotPromised)) {
    const auto rate = promise->measured.rate();
    if (!rate) continue;
    least = std::min(least, *rate);
    most = std::max(most, *rate);
  }
  if (least > most) return {};
  return fmt::format(" What there is to find was found in {} to {} of the cases (not promised).",
                     percent_text(least), percent_text(most));
}

std::string kept_in_words(const std::vector<Promise>& promises) {
  const auto kept = promises_that(promises, PromiseVerdict::kKept);
  const auto near = promises_that(promises, PromiseVerdict::kWithinChance);
  const auto failed = promises_that(promises, PromiseVerdict::kFailed);
  const std::size_t all = kept.size() + near.size() + failed.size();
  if (all == 0) return "Nothing of it is promised.";
  if (kept.size() == all) {
    return all == 1 ? "The promise is kept." : fmt::format("All {} promises are kept.", all);
  }
  std::string text = fmt::format("Of {} {} kept", counted(all, "promise", "promises"),
                                 kept.empty()       ? "none is"
                                 : kept.size() == 1 ? "1 is"
                                                    : fmt::format("{} are", kept.size()));
  if (!near.empty()) {
    text += fmt::format(", {} missed by no more than chance", near.size());
  }
  text += failed.empty() ? ", none broken." : fmt::format(", {} broken: ", failed.size());
  for (std::size_t i = 0; i < std::min(failed.size(), kNamedPromises); ++i) {
    text += (i > 0 ? "; " : "") + promise_in_words(*failed[i]);
  }
  if (failed.size() > kNamedPromises) {
    text += fmt::format("; and {} more", failed.size() - kNamedPromises);
  }
  return failed.empty() ? text : text + ".";
}

// Of the rate that is known least.
std::string roughness(const std::vector<Promise>& promises) {
  double widest = 0;
  for (const Promise& promise : promises) {
    if (promise.measured.n == 0) continue;
    const Interval interval = promise.measured.interval();
    widest = std::max(widest, interval.high - interval.low);
  }
  if (widest == 0) return {};
  return fmt::format("So many runs know a rate to within {:.0f} points (95 % intervals).",
                     std::ceil(50 * widest));
}

// The study once more, with more runs.
std::vector<std::string> longer(const StudyKind& kind, const LaboratoryOptions& options) {
  const LaboratoryOptions usual;
  std::vector<std::string> words = {"agentecho", "study", kind.name, "--runs",
                                    std::to_string(kMoreRuns * options.runs)};
  const auto add = [&](const char* option, std::uint64_t value, std::uint64_t usually) {
    if (value == usually) return;
    words.insert(words.end(), {option, std::to_string(value)});
  };
  add("--tasks", options.tasks, usual.tasks);
  if (kind.lessons) add("--lessons", options.lessons, usual.lessons);
  if (kind.controls) add("--controls", options.controls, usual.controls);
  if (kind.metrics && options.metrics != usual.metrics) {
    words.insert(words.end(), {"--metrics", fmt::format("{}", fmt::join(options.metrics, ","))});
  }
  add("--seed", options.seed, usual.seed);
  return words;
}

}  // namespace

std::vector<std::string> study_names() {
  std::vector<std::string> names;
  for (const StudyKind& kind : kStudies) names.emplace_back(kind.name);
  return names;
}

VerdictParagraph study_verdict(const StudyResults& results, const LaboratoryOptions& options) {
  const StudyKind& kind = kind_of(results.name);
  const auto& promises = results.promises;
  VerdictParagraph verdict;
  verdict.found = fmt::format("Measured where the truth is known: {}. {}{}", kind.measures,
                              kept_in_words(promises), power_in_words(promises));
  verdict.sureness = roughness(promises);
  verdict.basis =
      fmt::format("It rests on {} of simulated agents on {}, shared among the conditions.",
                  counted(options.runs, "run", "runs"), counted(options.tasks, "task", "tasks"));
  verdict.elsewhere =
      "Simulated agents are no real ones: what fails here fails, what holds here may still fail on "
      "logs (docs/laboratory.md).";
  const bool open = std::any_of(promises.begin(), promises.end(), [](const Promise& promise) {
    const PromiseVerdict of = verdict_of(promise);
    return of == PromiseVerdict::kWithinChance || of == PromiseVerdict::kFailed;
  });
  if (open) {
    verdict.next = longer(kind, options);
  } else if (results.name != "promises") {
    verdict.next = {"agentecho", "study", "promises"};
  } else {
    verdict.next = {"agentecho", "evidence", "PATHS"};
  }
  return verdict;
}

StudyResults run_study(std::string_view name, const LaboratoryOptions& options) {
  const StudyKind& kind = kind_of(name);
  StudyResults results;
  results.name = kind.name;
  results.findings = measure(name, options);
  results.promises = std::visit(
      [](const auto& findings) -> std::vector<Promise> {
        if constexpr (std::is_same_v<std::decay_t<decltype(findings)>, std::vector<Promise>>) {
          return findings;
        } else {
          return promises_of(findings);
        }
      },
      results.findings);
  results.provenance = provenance_of(kind, options);
  results.verdict = study_verdict(results, options);
  return results;
}

}  // namespace agentecho

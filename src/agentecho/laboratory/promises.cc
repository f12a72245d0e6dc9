#include "agentecho/laboratory/promises.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

namespace agentecho {

namespace {

constexpr double kPromisedLevel = 0.05;
// Of 95 % intervals: what simulation may say of one that is right.
constexpr double kLeastCovered = 0.93;
constexpr double kMostCovered = 0.97;

Promise at_most(std::string command, std::string what, double most, Share measured) {
  return {std::move(command), std::move(what), {}, most, measured};
}
Promise at_least(std::string command, std::string what, double least, Share measured) {
  return {std::move(command), std::move(what), least, {}, measured};
}
Promise power(std::string command, std::string what, Share measured) {
  return {std::move(command), std::move(what), {}, {}, measured};
}

// The student has learnt from the teacher, or from what the teacher has learnt from: nothing that
// it does tells the two apart.
bool may_stand_out(Treatment treatment) {
  switch (treatment) {
    case Treatment::kDistilled:
    case Treatment::kFromSister:
    case Treatment::kFromStudent:
    case Treatment::kFromAncestor:
    case Treatment::kSharedTasks:
      return true;
    case Treatment::kNothing:
    case Treatment::kFromControl:
    case Treatment::kFromBystander:
    case Treatment::kBetter:
    case Treatment::kDrifted:
      return false;
  }
  return false;
}

Share share_of(double rate, std::size_t n) {
  return {static_cast<std::size_t>(std::lround(rate * static_cast<double>(n))), n};
}

}  // namespace

PromiseVerdict verdict_of(const Promise& promise) {
  const auto rate = promise.measured.rate();
  if (!rate || (!promise.least && !promise.most)) return PromiseVerdict::kNotPromised;
  const double least = promise.least.value_or(0);
  const double most = promise.most.value_or(1);
  if (least <= *rate && *rate <= most) return PromiseVerdict::kKept;
  const Interval interval = promise.measured.interval();
  const bool reaches = interval.low <= most && interval.high >= least;
  return reaches ? PromiseVerdict::kWithinChance : PromiseVerdict::kFailed;
}

std::string_view name_of(PromiseVerdict verdict) {
  constexpr std::string_view kNames[] = {"kept", "within chance", "FAILED", "–"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::vector<Promise> promises_of(const KinshipStudy& study) {
  std::vector<Promise> promises;
  for (const KinshipChannel& of : study.channels) {
    const auto by = [&](std::string_view what) {
      return fmt::format("{}, by {}", what, name_of(of.channel));
    };
    promises.push_back(
        at_most("evidence", by("14 strangers: some pair has p < .05"), kPromisedLevel, of.some));
    promises.push_back(at_most("evidence --pair",
                               by("two strangers named beforehand: p alone < .05"), kPromisedLevel,
                               of.alone));
    promises.push_back(power("evidence", by("a pair of one family has p < .05"), of.kin));
    promises.push_back(
        power("evidence --pair", by("a pair of one family has p alone < .05"), of.kin_alone));
    promises.push_back(at_most("evidence", by("families that mean nothing: p of the AUC < .05"),
                               kPromisedLevel, of.auc_found));
    promises.push_back(power("evidence", by("families: p of the AUC < .05"), of.auc_power));
    promises.push_back(at_least("evidence",
                                by("the interval of the AUC from its SE over models holds it"),
                                kLeastCovered, of.auc_held_models));
    promises.push_back(at_least("evidence",
                                by("the interval of the AUC from its SE over families holds it"),
                                kLeastCovered, of.auc_held_families));
  }
  promises.push_back(at_least("evidence", "odds of 3 to 1 or more: the two are of one family", 0.75,
                              study.kin_where_strong));
  promises.push_back(at_least("evidence", "odds of 1 to 3 or less: the two are of two families",
                              0.75, study.others_where_weak));
  return promises;
}

std::vector<Promise> promises_of(const std::vector<CopyingSummary>& summaries) {
  std::vector<Promise> promises;
  for (const CopyingSummary& s : summaries) {
    promises.push_back({"evidence",
                        fmt::format("the interval of a copying share of {:g} holds it", s.truth),
                        kLeastCovered, kMostCovered, s.covered});
  }
  return promises;
}

std::vector<Promise> promises_of(const std::vector<CoverageSummary>& summaries) {
  std::vector<Promise> promises;
  for (const CoverageSummary& s : summaries) {
    if (s.title.empty()) continue;
    promises.push_back(
        at_least("compare", fmt::format("{} tasks: the interval of {} holds it", s.tasks, s.title),
                 kLeastCovered, s.held));
  }
  return promises;
}

std::vector<Promise> promises_of(const AttributionStudy& study) {
  std::vector<Promise> promises;
  for (const AttributionSummary& s : study.conditions) {
    const std::string command = s.with_before ? "attribute --before" : "attribute";
    if (s.teacher_in_pool) {
      promises.push_back(
          power(command, s.label + ": the teacher is named", share_of(s.named_right, s.n)));
    } else {
      promises.push_back(at_most(command, s.label + ": somebody is named", kPromisedLevel,
                                 share_of(s.named, s.n)));
    }
  }
  return promises;
}

std::vector<Promise> promises_of(const std::vector<ConditionSummary>& summaries) {
  std::vector<Promise> promises;
  for (const ConditionSummary& s : summaries) {
    // Verdicts rest on whole scores, not on the parts of AGS.
    if (s.slug.starts_with("s_")) continue;
    const auto by = [&](std::string_view what) {
      return fmt::format("{}: {}, by {}", s.label, what, s.title);
    };
    if (s.treatment == Treatment::kNothing && s.rejected) {
      promises.push_back(at_most("distill", by("p of \"nothing changed\" < .05"), kPromisedLevel,
                                 share_of(*s.rejected, s.n)));
    }
    if (!s.stands_out) continue;
    const Share stands_out = share_of(*s.stands_out, s.n);
    const std::string what = by("the teacher stands out");
    promises.push_back(may_stand_out(s.treatment)
                           ? power("distill", what, stands_out)
                           : at_most("distill", what, kPromisedLevel, stands_out));
  }
  return promises;
}

std::vector<Promise> promises_of(const std::vector<DriftSummary>& summaries) {
  std::vector<Promise> promises;
  for (const DriftSummary& s : summaries) {
    const auto on = [&](std::string_view what) {
      return fmt::format("{}, {} tasks × {} runs: {}", s.label, s.tasks, s.trials, what);
    };
    const Share alarm = share_of(s.alarm, s.n);
    const std::string found = on("some p < .05");
    if (s.channel && s.channel_same) {
      promises.push_back(at_most("drift", on("the channel that changed is called the same"),
                                 kPromisedLevel, share_of(*s.channel_same, s.n)));
    } else if (s.planted) {
      promises.push_back(power("drift", found, alarm));
    } else {
      promises.push_back(at_most("drift", found, kPromisedLevel, alarm));
    }
  }
  return promises;
}

std::vector<Promise> promises_of(const std::vector<DiversitySummary>& summaries) {
  std::vector<Promise> promises;
  for (const DiversitySummary& s : summaries) {
    if (!s.covered || s.pool_decides) continue;
    promises.push_back(
        at_least("diversity",
                 fmt::format("{} models, ρ {:g}: the interval of their number by {} holds it",
                             s.models, s.rho, s.likeness),
                 kLeastCovered, share_of(*s.covered, s.n)));
  }
  return promises;
}

std::vector<Promise> run_promises(const LaboratoryOptions& options) {
  std::vector<Promise> all;
  const auto add = [&](std::vector<Promise> promises) {
    all.insert(all.end(), std::make_move_iterator(promises.begin()),
               std::make_move_iterator(promises.end()));
  };
  add(promises_of(run_kinship(options)));
  add(promises_of(run_copying(options)));
  add(promises_of(run_coverage(options)));
  add(promises_of(run_attribution(options)));
  std::vector<Condition> conditions = conditions_of("direction", options);
  for (const Treatment treatment : {Treatment::kNothing, Treatment::kFromBystander}) {
    Condition condition = conditions.front();
    condition.treatment = treatment;
    condition.label = describe(treatment);
    conditions.push_back(std::move(condition));
  }
  add(promises_of(run_conditions(conditions, options)));
  return all;
}

}  // namespace agentecho

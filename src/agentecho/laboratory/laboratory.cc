#include "agentecho/laboratory/laboratory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

#include "agentecho/base/enum_names.h"
#include "agentecho/base/random.h"
#include "agentecho/laboratory/pool.h"
#include "agentecho/laboratory/runs.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/simulation/run.h"
#include "agentecho/simulation/train.h"
#include "agentecho/stats/descriptive.h"
#include "agentecho/study/attribution.h"
#include "agentecho/study/distillation.h"

namespace agentecho {

namespace {

using simulation::AgentPolicy;
using simulation::World;

constexpr std::size_t kCandidates = 8;
constexpr double kBadSlip = 0.15;
constexpr double kDrift = 0.5;

// Tasks of lessons follow those of the test.
std::vector<Trajectory> lessons_of(const World& world, std::size_t first, std::size_t n,
                                   const AgentPolicy& teacher, std::uint64_t seed) {
  std::vector<std::size_t> tasks(n);
  std::iota(tasks.begin(), tasks.end(), first);
  return simulation::run_agent_on(world, tasks, teacher, seed);
}

Agents make_agents(const Condition& condition, const World& world, Seeds& seeds) {
  const auto learn = [&](const AgentPolicy& prior, const AgentPolicy& from) {
    const auto lessons = lessons_of(world, condition.tasks, condition.lessons, from, seeds.next());
    return simulation::train_student(prior, lessons, {.strength = condition.strength});
  };
  const std::uint64_t teacher_family = seeds.next();
  AgentPolicy teacher = simulation::sample_agent(teacher_family, 1);
  AgentPolicy before = stranger(seeds, "before");
  std::vector<AgentPolicy> others;
  for (std::size_t c = 0; c < condition.controls; ++c)
    others.push_back(stranger(seeds, fmt::format("control-{:03}", c)));
  for (std::size_t b = 0; b < condition.bystanders; ++b) {
    others.push_back(stranger(seeds, fmt::format("other-{:03}", b)));
  }
  const AgentPolicy outsider = stranger(seeds, "outsider");
  AgentPolicy after = before;
  switch (condition.treatment) {
    case Treatment::kNothing:
      break;
    case Treatment::kDistilled:
      after = learn(before, teacher);
      break;
    case Treatment::kFromControl:
      after = learn(before, others.front());
      break;
    case Treatment::kFromBystander:
      after = learn(before, outsider);
      break;
    case Treatment::kFromSister:
      after = learn(before, simulation::sample_agent(teacher_family, 2));
      break;
    case Treatment::kFromStudent:
      after = learn(before, learn(outsider, teacher));
      break;
    case Treatment::kFromAncestor:
      teacher = learn(teacher, outsider);
      after = learn(before, outsider);
      break;
    case Treatment::kSharedTasks:
      teacher = learn(teacher, simulation::gold_agent());
      after = learn(before, simulation::gold_agent());
      break;
    case Treatment::kBetter:
      before = simulation::with_skill(before, kBadSlip);
      after = simulation::with_skill(before, 0);
      break;
    case Treatment::kDrifted:
      after = simulation::drifted(before, seeds.next(), kDrift);
      break;
  }
  Agents agents;
  agents.policies = {std::move(before), named(std::move(after), "after"),
                     named(std::move(teacher), "teacher")};
  for (AgentPolicy& other : others) agents.policies.push_back(std::move(other));
  for (std::size_t i = 0; i < agents.policies.size(); ++i) agents.seeds.push_back(seeds.next());
  return agents;
}

std::vector<ModelIndex> all_models(const Corpus& corpus) {
  std::vector<ModelIndex> models(corpus.models().size());
  std::iota(models.begin(), models.end(), 0u);
  return models;
}

struct WorldOutcome {
  std::vector<Metric> metrics;
  Movements mean;
  std::vector<bool> first;  // by metric: nothing was approached more than the teacher
  std::vector<std::optional<SingleCase>> among;  // by metric
};

WorldOutcome run_condition(const Condition& condition, const World& world, std::uint64_t seed,
                           std::uint64_t run, const std::vector<std::string>& metrics) {
  Seeds seeds(seed, run);
  const Agents agents = make_agents(condition, world, seeds);
  const Corpus corpus =
      corpus_of(world, agents, condition.tasks, condition.trials, parts_for(metrics));
  std::vector<ModelIndex> roles;
  for (std::size_t i = 0; i < 3 + condition.controls; ++i) {
    roles.push_back(corpus.find_model(agents.policies[i].name).value());
  }
  const ToolSplit split = ToolSplit::make(corpus, all_models(corpus), {});
  const Study study{corpus,
                    make_metrics(metrics, {corpus, split}).value(),
                    {kLaboratoryReplicates, seeds.next(), 0.95},
                    1};
  const DistillationEstimates estimates =
      estimate_distillation(tabulate_distillation(study, roles), study.bootstrap);
  WorldOutcome outcome{study.metrics.metrics, estimates.mean, {}, estimates.among};
  for (std::size_t m = 0; m < outcome.metrics.size(); ++m) {
    outcome.first.push_back(std::all_of(
        estimates.controls.begin(), estimates.controls.end(),
        [&](const Movements& control) { return control[m].difference.value_or(0) > 0; }));
  }
  return outcome;
}

// The calibrated parts of AGS are left out: a study shows both profiles' AGS.
bool is_summarised(const Metric& metric) {
  return metric.group != MetricGroup::kCalibrated || std::holds_alternative<MeanOf>(metric.formula);
}

ConditionSummary summarise(const Condition& condition, std::size_t metric,
                           const std::vector<WorldOutcome>& outcomes) {
  Mean teacher, control, difference, rejected, toward, stands_out, first;
  for (const WorldOutcome& outcome : outcomes) {
    const Movement& m = outcome.mean[metric];
    if (!m.difference || !m.p_value) continue;
    teacher.add(*m.teacher_after - *m.teacher_before);
    control.add(*m.control_after - *m.control_before);
    difference.add(*m.difference);
    rejected.add(*m.p_value < 0.05 ? 1 : 0);
    toward.add(*m.difference > 0 && *m.p_value < 0.01 ? 1 : 0);
    const auto& among = outcome.among[metric];
    if (among) stands_out.add(*m.p_value < 0.05 && among->p_greater < 0.05 ? 1 : 0);
    first.add(outcome.first[metric] ? 1 : 0);
  }
  const Metric& of = outcomes.front().metrics[metric];
  return {condition.label, condition.treatment, of.slug,           of.title,        difference.n,
          teacher.mean(),  control.mean(),      difference.mean(), difference.sd(), rejected.mean(),
          toward.mean(),   stands_out.mean(),   first.mean()};
}

struct AttributionOutcome {
  bool top = false, named = false, named_right = false;
  double smallest_p = 1;  // adjusted
  double error_rate = 1;
};

AttributionOutcome outcome_of(const Result<AttributionResults>& results) {
  AttributionOutcome outcome;
  if (!results) return outcome;
  const std::string right = "candidate-0";
  outcome.top = results->candidates.front().model == right;
  outcome.named = results->named.has_value();
  outcome.named_right = results->named == right;
  // What the gate withholds cannot be named at any level.
  const bool open = results->before.empty() || results->changed_p.value_or(1) < 0.05;
  if (open) outcome.smallest_p = results->candidates.front().p_adjusted.value_or(1);
  if (open) outcome.error_rate = results->error_rate.value_or(1);
  return outcome;
}

// Without and with the runs before.
using BothOutcomes = std::array<AttributionOutcome, 2>;

BothOutcomes run_attribution_once(const World& world, const LaboratoryOptions& options,
                                  double strength, bool teacher_in_pool, std::uint64_t run) {
  Seeds seeds(options.seed, run);
  Agents agents;
  AttributionOptions attribution;
  attribution.threads = 1;
  attribution.replicates = kLaboratoryReplicates;
  for (std::size_t c = 0; c < kCandidates; ++c) {
    attribution.candidates.push_back(fmt::format("candidate-{}", c));
    agents.policies.push_back(stranger(seeds, attribution.candidates.back()));
  }
  const AgentPolicy before = stranger(seeds, "before");
  const AgentPolicy outsider = stranger(seeds, "outsider");
  const AgentPolicy& teacher = teacher_in_pool ? agents.policies.front() : outsider;
  const auto lessons = lessons_of(world, options.tasks, options.lessons, teacher, seeds.next());
  agents.policies.push_back(
      named(simulation::train_student(before, lessons, {.strength = strength}), "student"));
  agents.policies.push_back(before);
  for (std::size_t i = 0; i < agents.policies.size(); ++i) agents.seeds.push_back(seeds.next());
  LoadedCorpus loaded;
  loaded.corpus = corpus_of(world, agents, options.tasks, 1, parts_for(attribution.metrics));
  BothOutcomes outcomes;
  outcomes[0] = outcome_of(attribute(loaded, "student", attribution));
  attribution.before = "before";
  outcomes[1] = outcome_of(attribute(loaded, "student", attribution));
  return outcomes;
}

AttributionSummary summarise(std::string label, bool with_before, bool in_pool,
                             std::span<const BothOutcomes> outcomes) {
  AttributionSummary summary;
  summary.label = std::move(label);
  summary.with_before = with_before;
  summary.teacher_in_pool = in_pool;
  summary.n = outcomes.size();
  std::vector<double> smallest;
  for (const BothOutcomes& both : outcomes) {
    const AttributionOutcome& outcome = both[with_before ? 1 : 0];
    summary.top += outcome.top;
    summary.named += outcome.named;
    summary.named_right += outcome.named_right;
    summary.none += !outcome.named;
    smallest.push_back(outcome.smallest_p);
  }
  for (double* share : {&summary.top, &summary.named, &summary.named_right, &summary.none}) {
    *share /= static_cast<double>(summary.n);
  }
  if (!in_pool) {
    summary.p_of_5_percent = quantile(smallest, 0.05);
    summary.p_of_1_percent = quantile(smallest, 0.01);
  }
  return summary;
}

constexpr double kRateClasses[] = {0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1};

std::vector<Reliability> reliability_of(const std::vector<std::vector<BothOutcomes>>& outcomes,
                                        std::span<const bool> in_pool) {
  std::vector<Reliability> classes;
  for (const bool with_before : {false, true}) {
    double above = -1;
    for (const double below : kRateClasses) {
      Reliability& of_class = classes.emplace_back();
      of_class.with_before = with_before;
      of_class.below = below;
      for (std::size_t s = 0; s < outcomes.size(); ++s) {
        for (const BothOutcomes& both : outcomes[s]) {
          const AttributionOutcome& outcome = both[with_before ? 1 : 0];
          if (outcome.error_rate <= above || outcome.error_rate > below) continue;
          ++of_class.n;
          of_class.wrong += !(in_pool[s] && outcome.top);
        }
      }
      if (of_class.n > 0) of_class.wrong /= static_cast<double>(of_class.n);
      above = below;
    }
  }
  return classes;
}

}  // namespace

std::string_view describe(Treatment treatment) {
  return name_in<Treatment::kDrifted>(
      {"nothing happened", "taught by the teacher", "taught by a control", "taught by an outsider",
       "taught by the teacher's sister", "taught by a student of the teacher", "common ancestor",
       "same public tasks", "only better at the tasks", "drifted at random"},
      treatment);
}

std::vector<Condition> conditions_of(std::string_view study, const LaboratoryOptions& options) {
  std::vector<Condition> conditions;
  const auto add = [&](std::string label, Treatment treatment) -> Condition& {
    Condition condition;
    condition.label = std::move(label);
    condition.treatment = treatment;
    condition.lessons = options.lessons;
    condition.tasks = options.tasks;
    condition.controls = options.controls;
    return conditions.emplace_back(std::move(condition));
  };
  const auto add_treatment = [&](Treatment treatment) {
    add(std::string(describe(treatment)), treatment);
  };
  if (study == "power") {
    for (const double strength : {0.25, 0.5, 1.0}) {
      for (const std::size_t lessons : {options.lessons / 10, options.lessons}) {
        Condition& condition =
            add(fmt::format("strength {}, {} traces", strength, lessons), Treatment::kDistilled);
        condition.strength = strength;
        condition.lessons = lessons;
      }
    }
  } else if (study == "direction") {
    add_treatment(Treatment::kDistilled);
    add_treatment(Treatment::kFromControl);
  } else if (study == "false-alarms") {
    add_treatment(Treatment::kNothing);
  } else if (study == "confounders") {
    for (const Treatment treatment :
         {Treatment::kBetter, Treatment::kSharedTasks, Treatment::kFromAncestor,
          Treatment::kFromStudent, Treatment::kFromSister, Treatment::kFromBystander,
          Treatment::kDrifted}) {
      add_treatment(treatment);
    }
  } else if (study == "sensitivity") {
    const auto half = [&](std::string label) -> Condition& {
      Condition& condition = add(std::move(label), Treatment::kDistilled);
      condition.strength = 0.5;
      return condition;
    };
    for (const std::size_t tasks : {options.tasks / 4, options.tasks / 2, options.tasks}) {
      half(fmt::format("{} tasks", tasks)).tasks = tasks;
    }
    half(fmt::format("{} tasks, 2 trials", options.tasks / 2)).tasks = options.tasks / 2;
    conditions.back().trials = 2;
    for (const std::size_t bystanders : {std::size_t{0}, std::size_t{8}}) {
      half(fmt::format("{} tasks, {} bystanders", options.tasks, bystanders)).bystanders =
          bystanders;
    }
  }
  return conditions;
}

std::vector<ConditionSummary> run_conditions(const std::vector<Condition>& conditions,
                                             const LaboratoryOptions& options) {
  if (conditions.empty()) return {};
  std::size_t tasks = 0;
  for (const Condition& condition : conditions)
    tasks = std::max(tasks, condition.tasks + condition.lessons);
  const World world = simulation::make_world(options.seed, tasks);
  const std::size_t each = std::max<std::size_t>(1, options.runs / conditions.size());
  std::vector<std::vector<WorldOutcome>> outcomes(conditions.size(),
                                                  std::vector<WorldOutcome>(each));
  run_all(each * conditions.size(), options, [&](std::size_t i) {
    const std::size_t c = i % conditions.size();
    const std::size_t run = i / conditions.size();
    // The same agents under every condition of a run, as far as their numbers are the same.
    outcomes[c][run] = run_condition(conditions[c], world, options.seed, run + 1, options.metrics);
  });
  std::vector<ConditionSummary> summaries;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    const std::vector<Metric>& metrics = outcomes[c].front().metrics;
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      if (is_summarised(metrics[m])) summaries.push_back(summarise(conditions[c], m, outcomes[c]));
    }
  }
  return summaries;
}

AttributionStudy run_attribution(const LaboratoryOptions& options) {
  constexpr const char* kLabels[] = {
      "full strength, teacher in the pool", "half strength, teacher in the pool",
      "full strength, teacher not in the pool", "half strength, teacher not in the pool",
      "nothing was learnt"};
  constexpr double kStrengths[] = {1, 0.5, 1, 0.5, 0};
  constexpr bool kInPool[] = {true, true, false, false, false};
  constexpr std::size_t kSettings = std::size(kLabels);
  const World world = simulation::make_world(options.seed, options.tasks + options.lessons);
  const std::size_t each = std::max<std::size_t>(1, options.runs / kSettings);
  std::vector<std::vector<BothOutcomes>> outcomes(kSettings, std::vector<BothOutcomes>(each));
  run_all(each * kSettings, options, [&](std::size_t i) {
    const std::size_t s = i % kSettings;
    const std::size_t run = i / kSettings;
    outcomes[s][run] = run_attribution_once(world, options, kStrengths[s], kInPool[s], run + 1);
  });
  AttributionStudy study;
  for (const bool with_before : {false, true}) {
    for (std::size_t s = 0; s < kSettings; ++s) {
      study.conditions.push_back(summarise(kLabels[s], with_before, kInPool[s], outcomes[s]));
    }
  }
  study.reliability = reliability_of(outcomes, kInPool);
  return study;
}

Band binomial_band(std::size_t n, double share) {
  if (n == 0 || share <= 0 || share >= 1) return {0, 1};
  const auto count = static_cast<double>(n);
  double log_p = count * std::log1p(-share);  // of no success
  double below = 0;
  Band band{0, 1};
  bool has_low = false;
  for (std::size_t k = 0; k <= n; ++k) {
    const double up_to = below + std::exp(log_p);
    if (!has_low && up_to > 0.025) {
      band.low = static_cast<double>(k) / count;
      has_low = true;
    }
    if (up_to >= 0.975) {
      band.high = static_cast<double>(k) / count;
      break;
    }
    below = up_to;
    log_p += std::log(static_cast<double>(n - k) / static_cast<double>(k + 1)) + std::log(share) -
             std::log1p(-share);
  }
  return band;
}

}  // namespace agentecho

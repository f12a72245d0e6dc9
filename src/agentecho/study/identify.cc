#include "agentecho/study/identify.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/words.h"
#include "agentecho/corpus/names.h"
#include "agentecho/corpus/validity.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/identity_power.h"
#include "agentecho/study/identity_runs.h"
#include "agentecho/trajectory/tool_names.h"

namespace agentecho {

namespace {

// Share of the unknown runs that may be of benchmarks of which a candidate has no run. Held against
// runs of one other benchmark, the right model was excluded from five runs on (docs/identify.md).
constexpr double kMostElsewhere = 0.1;
constexpr double kFewKnown = 0.5;  // share of unknown tools that the reference should know
constexpr std::size_t kWhole = kIdentityChannels;

using Places = std::vector<std::uint32_t>;

bool has(const std::vector<IdentityChannel>& channels, IdentityChannel channel) {
  return std::find(channels.begin(), channels.end(), channel) != channels.end();
}

// Everything that is known once the runs are read.
struct Examination {
  IdentityRuns runs;
  std::size_t models = 0;
  std::size_t n_reference = 0;  // runs; the unknown ones follow
  Places unknown;
  std::vector<Places> reference;                        // by model
  std::vector<Places> own;                              // ... those that groups are drawn from
  std::array<IdentityFit, kIdentityChannels + 1> fits;  // by channel, then of those that count
};

Examination examine(const Corpus& reference, const Corpus& unknown,
                    std::span<const ModelIndex> models, const IdentifyOptions& options) {
  Examination all;
  all.runs.add(reference);
  all.n_reference = all.runs.size();
  all.runs.add(unknown, models);
  all.models = reference.models().size();
  std::vector<ScoredRun> scored;
  all.reference.resize(all.models);
  std::set<std::uint32_t> domains;
  for (std::size_t r = 0; r < all.runs.size(); ++r) {
    const IdentityRun& run = all.runs.runs()[r];
    const bool known = r < all.n_reference;
    scored.push_back({known ? run.run->model : kNoProfile, run.task, &all.runs.events(r)});
    if (known) {
      all.reference[run.run->model].push_back(static_cast<std::uint32_t>(r));
    } else {
      all.unknown.push_back(static_cast<std::uint32_t>(r));
      domains.insert(run.domain);
    }
  }
  for (const Places& runs : all.reference) {
    Places& own = all.own.emplace_back();
    for (const std::uint32_t r : runs) {
      if (domains.contains(all.runs.runs()[r].domain)) own.push_back(r);
    }
    if (own.empty()) own = runs;
  }
  const RawScores raw = raw_scores(scored, all.models, options.threads);
  std::vector<std::uint32_t> candidates(all.models);
  std::iota(candidates.begin(), candidates.end(), 0u);
  parallel_for(kIdentityChannels + 1, options.threads, "groups of runs", [&](std::size_t c) {
    const auto kinds =
        c == kWhole ? kinds_of(options.channels) : kinds_of({static_cast<IdentityChannel>(c)});
    all.fits[c] = fit_candidates(scored, raw, all.models, candidates, kinds);
  });
  return all;
}

double p_of(const Examination& all, std::size_t channel, std::size_t model, const Places& group,
            const IdentifyOptions& options) {
  const IdentityFit& fit = all.fits[channel];
  return group_conformal_p(clusters_of(fit, all.runs, all.own[model], model),
                           clusters_of(fit, all.runs, group, model),
                           {options.replicates, options.seed, model});
}

bool is_silent(const IdentityFit& fit, const Places& runs) {
  return std::all_of(runs.begin(), runs.end(), [&](std::uint32_t r) {
    const auto row = std::span(fit.fit).subspan(r * fit.candidates, fit.candidates);
    return std::all_of(row.begin(), row.end(), [&](float x) { return x == row.front(); });
  });
}

std::size_t count_tasks(const Examination& all, const Places& runs) {
  std::set<std::uint32_t> tasks;
  for (const std::uint32_t r : runs) tasks.insert(all.runs.runs()[r].task);
  return tasks.size();
}

double mean_fit(const Examination& all, std::size_t model) {
  double sum = 0;
  const IdentityFit& fit = all.fits[kWhole];
  for (const std::uint32_t r : all.unknown) {
    sum += static_cast<double>(fit.fit[r * fit.candidates + model]);
  }
  return sum / static_cast<double>(all.unknown.size());
}

std::set<std::uint32_t> domains_of(const Examination& all, const Places& runs) {
  std::set<std::uint32_t> domains;
  for (const std::uint32_t r : runs) domains.insert(all.runs.runs()[r].domain);
  return domains;
}

std::vector<IdentityCandidate> judge_candidates(const Examination& all, const Corpus& reference,
                                                const IdentifyOptions& options) {
  const std::size_t tasks = count_tasks(all, all.unknown);
  std::array<bool, kIdentityChannels> silent{};
  for (std::size_t c = 0; c < kIdentityChannels; ++c) {
    silent[c] = is_silent(all.fits[c], all.unknown);
  }
  std::vector<IdentityCandidate> candidates(all.models);
  parallel_for(all.models, options.threads, [&](std::size_t m) {
    IdentityCandidate& candidate = candidates[m];
    candidate.model = reference.models()[m];
    candidate.runs = all.reference[m].size();
    candidate.own_tasks = count_tasks(all, all.own[m]);
    const auto own = domains_of(all, all.own[m]);
    const auto elsewhere =
        std::count_if(all.unknown.begin(), all.unknown.end(),
                      [&](std::uint32_t r) { return !own.contains(all.runs.runs()[r].domain); });
    candidate.tested =
        static_cast<double>(elsewhere) <= kMostElsewhere * static_cast<double>(all.unknown.size());
    candidate.fit = mean_fit(all, m);
    candidate.p = p_of(all, kWhole, m, all.unknown, options);
    candidate.least_p = least_conformal_p(candidate.own_tasks, tasks, options.replicates);
    candidate.in_set = candidate.tested && !is_below_alpha(candidate.p, options.level);
    for (std::size_t c = 0; c < kIdentityChannels; ++c) {
      if (!silent[c]) candidate.channel_p[c] = p_of(all, c, m, all.unknown, options);
    }
  });
  return candidates;
}

std::vector<IdentityChannelFinding> find_channels(const Examination& all,
                                                  const std::vector<IdentityCandidate>& candidates,
                                                  const IdentifyOptions& options) {
  std::vector<IdentityChannelFinding> findings;
  for (std::size_t c = 0; c < kIdentityChannels; ++c) {
    IdentityChannelFinding finding;
    finding.channel = static_cast<IdentityChannel>(c);
    finding.counts = has(options.channels, finding.channel);
    finding.silent = !candidates.front().channel_p[c].has_value();
    std::vector<double> sums(all.models, 0);
    for (const std::uint32_t r : all.unknown) {
      for (std::size_t m = 0; m < all.models; ++m) {
        sums[m] += static_cast<double>(all.fits[c].fit[r * all.models + m]);
      }
    }
    const auto best = std::max_element(sums.begin(), sums.end()) - sums.begin();
    if (!finding.silent) {
      finding.nearest = candidates[static_cast<std::size_t>(best)].model;
      for (const IdentityCandidate& candidate : candidates) {
        finding.consistent +=
            candidate.tested && !is_below_alpha(*candidate.channel_p[c], options.level) ? 1 : 0;
      }
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<RunIdentity> label_runs(const Examination& all, const Corpus& reference,
                                    const Corpus& unknown, std::size_t examined,
                                    const IdentifyOptions& options) {
  const IdentityFit& fit = all.fits[kWhole];
  const SingleClusters single(clusters_of(fit, all.runs, all.own[examined], examined), 1,
                              {options.replicates, options.seed, examined});
  std::vector<RunIdentity> labels(all.unknown.size());
  parallel_for(labels.size(), options.threads, [&](std::size_t i) {
    const std::uint32_t r = all.unknown[i];
    const CorpusTrajectory& run = *all.runs.runs()[r].run;
    RunIdentity& label = labels[i];
    label.task = unknown.tasks()[run.task];
    label.trial = run.trial;
    label.label = unknown.models()[run.model];
    const std::size_t best = fit.best_of(r);
    std::size_t next = best == 0 ? 1 : 0;
    const float* row = &fit.fit[r * fit.candidates];
    for (std::size_t m = 0; m < fit.candidates; ++m) {
      if (m != best && row[m] > row[next]) next = m;
    }
    label.nearest = reference.models()[best];
    label.next = reference.models()[next];
    label.lead = static_cast<double>(row[best]) - static_cast<double>(row[next]);
    label.p = single.p(static_cast<double>(fit.standing_of(r, examined)));
    label.foreign = is_below_alpha(label.p, options.level);
  });
  return labels;
}

// What the numbers of runs would show, for every candidate beside the examined one.
void plan_runs(const Examination& all, std::size_t examined,
               std::vector<IdentityCandidate>& candidates, const IdentifyOptions& options) {
  const IdentityFit& fit = all.fits[kWhole];
  const Clusters own = clusters_of(fit, all.runs, all.own[examined], examined);
  const auto tasks = count_tasks(all, all.unknown);
  parallel_for(all.models, options.threads, [&](std::size_t m) {
    if (m == examined) return;
    const PowerOptions power{options.level, 0.8, options.seed, m};
    candidates[m].foreign_noticed =
        foreign_runs_noticed(own, clusters_of(fit, all.runs, all.own[m], examined), tasks, power);
    candidates[m].runs_needed =
        runs_needed(clusters_of(fit, all.runs, all.own[m], m),
                    clusters_of(fit, all.runs, all.own[examined], m), power);
  });
}

std::set<std::string> plain_tools(const Corpus& corpus, std::span<const ModelIndex> models) {
  std::set<std::string> tools;
  for (const CorpusTrajectory& run : corpus.trajectories()) {
    if (!models.empty() && std::find(models.begin(), models.end(), run.model) == models.end()) {
      continue;
    }
    for (const ToolIndex tool : run.tools) {
      tools.insert(std::string(bare_tool_name(corpus.tools()[tool])));
    }
  }
  return tools;
}

// What speaks against the answer, the gravest first.
std::vector<std::string> warnings_of(const Examination& all, const Corpus& reference,
                                     const Corpus& unknown, std::span<const ModelIndex> models,
                                     const IdentifyResults& results) {
  std::vector<std::string> warnings;
  const double level = results.options.level;
  const std::size_t out_of_domain = results.candidates.size() - results.tested();
  std::vector<std::string> too_few;
  for (const IdentityCandidate& candidate : results.candidates) {
    if (candidate.tested && !is_below_alpha(candidate.least_p, level))
      too_few.push_back(candidate.model);
  }
  if (!too_few.empty()) {
    warnings.push_back(fmt::format(
        "{} of {} candidates have too few reference tasks to be excluded at {} by {} (1 / (1 + "
        "references) is not below {:.3g}): {}{}",
        too_few.size(), results.candidates.size(), percent(level),
        results.tasks == 1 ? "one run" : fmt::format("{} tasks", results.tasks), 1 - level,
        too_few.front(), too_few.size() > 1 ? " and others" : ""));
  }
  if (out_of_domain > 0) {
    warnings.push_back(
        fmt::format("{} of {} candidates have no reference run of these benchmarks: their p values "
                    "compare runs of tasks of another kind, and exclude nobody",
                    out_of_domain, results.candidates.size()));
  } else if (results.common_tasks == 0) {
    warnings.emplace_back(
        "the unknown runs are of tasks that no reference run has: profiles are of other tasks of "
        "the same kind");
  }
  const std::set<std::string> known = plain_tools(reference, {});
  const std::set<std::string> shown = plain_tools(unknown, models);
  std::vector<std::string> strange;
  std::set_difference(shown.begin(), shown.end(), known.begin(), known.end(),
                      std::back_inserter(strange));
  if (!shown.empty() &&
      static_cast<double>(strange.size()) > (1 - kFewKnown) * static_cast<double>(shown.size())) {
    warnings.push_back(fmt::format(
        "{} of the {} tools of the unknown runs are in no reference run ({}): actions say little",
        strange.size(), shown.size(), strange.front()));
  }
  std::set<std::uint64_t> prompts;
  std::set<Digest> contents;
  const std::set<std::uint32_t> wanted = domains_of(all, all.unknown);
  for (std::size_t r = 0; r < all.n_reference; ++r) {
    const IdentityRun& run = all.runs.runs()[r];
    contents.insert(run.run->content);
    if (wanted.contains(run.domain)) prompts.insert(run.run->verbal->habits->system_text);
  }
  prompts.erase(0);
  std::size_t other_prompt = 0;
  std::size_t copies = 0;
  for (const std::uint32_t r : all.unknown) {
    const CorpusTrajectory& run = *all.runs.runs()[r].run;
    const std::uint64_t prompt = run.verbal->habits->system_text;
    other_prompt += prompt != 0 && !prompts.empty() && !prompts.contains(prompt) ? 1 : 0;
    copies += contents.contains(run.content) ? 1 : 0;
  }
  if (other_prompt > 0) {
    warnings.push_back(
        fmt::format("{} of {} unknown runs have a system text that no reference run of their "
                    "benchmark has: what differs may come from it",
                    other_prompt, results.runs));
  }
  if (copies > 0) {
    warnings.push_back(
        fmt::format("{} of {} unknown runs are copies of reference runs", copies, results.runs));
  }
  if (results.runs == 1) {
    warnings.emplace_back("one run is little: several of different tasks add up");
  }
  return warnings;
}

IdentityAnswer answer_of(const IdentifyResults& results) {
  const bool promised = std::any_of(
      results.candidates.begin(), results.candidates.end(), [&](const IdentityCandidate& c) {
        return c.tested && is_below_alpha(c.least_p, results.options.level);
      });
  if (!promised) return IdentityAnswer::kNothing;
  const std::size_t n = results.set_size();
  if (n == 0) return IdentityAnswer::kUnknown;
  return n == 1 ? IdentityAnswer::kOne : IdentityAnswer::kSeveral;
}

Result<void> check(const Corpus& reference, const Corpus& unknown, const IdentifyOptions& options) {
  if (reference.models().size() < 2) {
    return fail(
        ErrorKind::kInput,
        fmt::format("the reference holds one model, {}, and nothing tells models apart there",
                    reference.models().empty() ? "none" : reference.models().front()),
        "give logs of several models that may have made these runs, relatives among them; "
        "`agentecho drift` compares the runs of one");
  }
  if (!has_identity_parts(reference) || !has_identity_parts(unknown)) {
    return fail(ErrorKind::kInput, "the runs were read without their habits and grams",
                "CorpusOptions::parts asks for them");
  }
  if (options.channels.empty()) return fail(ErrorKind::kUsage, "no channel is to count");
  return {};
}

}  // namespace

std::size_t IdentifyResults::set_size() const {
  return static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(), [](const auto& c) { return c.in_set; }));
}

std::size_t IdentifyResults::tested() const {
  return static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(), [](const auto& c) { return c.tested; }));
}

Result<std::vector<IdentityChannel>> identity_channels(std::span<const std::string> names) {
  std::vector<IdentityChannel> channels;
  for (std::size_t c = 0; c < kIdentityChannels; ++c) {
    const auto channel = static_cast<IdentityChannel>(c);
    if (std::find(names.begin(), names.end(), name_of(channel)) != names.end()) {
      channels.push_back(channel);
    }
  }
  for (const std::string& name : names) {
    const bool known = std::any_of(channels.begin(), channels.end(), [&](IdentityChannel channel) {
      return name_of(channel) == name;
    });
    if (!known) {
      return fail(ErrorKind::kUsage, fmt::format("there is no channel \"{}\"", name),
                  "channels are actions, wording and serving");
    }
  }
  return channels;
}

Result<std::vector<ModelIndex>> models_to_identify(const Corpus& unknown,
                                                   const std::string& label) {
  if (!label.empty()) {
    auto model = require_model(unknown, label);
    if (!model) return Unexpected(model.error());
    return std::vector<ModelIndex>{*model};
  }
  if (unknown.models().size() > 1) {
    return fail(
        ErrorKind::kUsage,
        fmt::format("the unknown runs carry {} labels, \"{}\" and \"{}\" among them, and one "
                    "answer is given for all",
                    unknown.models().size(), unknown.models()[0], unknown.models()[1]),
        "--model LABEL takes the runs of one; --named NAME=PATH gives all runs of a path one "
        "name");
  }
  return std::vector<ModelIndex>{0};
}

Result<IdentifyResults> identify(const Corpus& reference, const Corpus& unknown,
                                 std::span<const ModelIndex> models,
                                 const IdentifyOptions& options) {
  if (auto good = check(reference, unknown, options); !good) return Unexpected(good.error());
  std::optional<ModelIndex> claimed;
  if (!options.claimed.empty()) {
    auto found = require_model(reference, options.claimed);
    if (!found) return Unexpected(found.error());
    claimed = *found;
  }
  const Examination all = examine(reference, unknown, models, options);
  if (all.unknown.empty()) return fail(ErrorKind::kInput, "there is no unknown run");
  IdentifyResults results;
  results.options = options;
  for (const ModelIndex model : models) {
    results.label += (results.label.empty() ? "" : ", ") + unknown.models()[model];
  }
  results.runs = all.unknown.size();
  results.tasks = count_tasks(all, all.unknown);
  std::set<std::uint32_t> reference_tasks;
  for (std::size_t r = 0; r < all.n_reference; ++r) {
    reference_tasks.insert(all.runs.runs()[r].task);
  }
  std::set<std::uint32_t> common;
  for (const std::uint32_t r : all.unknown) {
    if (reference_tasks.contains(all.runs.runs()[r].task)) common.insert(all.runs.runs()[r].task);
  }
  results.common_tasks = common.size();
  results.candidates = judge_candidates(all, reference, options);
  results.channels = find_channels(all, results.candidates, options);
  const auto best = std::max_element(
      results.candidates.begin(), results.candidates.end(),
      [](const IdentityCandidate& a, const IdentityCandidate& b) { return a.fit < b.fit; });
  const std::size_t examined =
      claimed ? *claimed : static_cast<std::size_t>(best - results.candidates.begin());
  plan_runs(all, examined, results.candidates, options);
  results.labels = label_runs(all, reference, unknown, examined, options);
  results.run_least_p =
      least_conformal_p(count_tasks(all, all.own[examined]), 1, options.replicates);
  results.warnings = warnings_of(all, reference, unknown, models, results);
  const std::string examined_model = reference.models()[examined];
  std::stable_sort(
      results.candidates.begin(), results.candidates.end(),
      [](const IdentityCandidate& a, const IdentityCandidate& b) { return a.fit > b.fit; });
  const auto place = std::find_if(results.candidates.begin(), results.candidates.end(),
                                  [&](const auto& c) { return c.model == examined_model; });
  results.examined = static_cast<std::size_t>(place - results.candidates.begin());
  if (claimed) results.claimed = results.examined;
  results.answer = answer_of(results);
  return results;
}

}  // namespace agentecho

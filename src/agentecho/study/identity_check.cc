#include "agentecho/study/identity_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/stats/significance.h"
#include "agentecho/study/families.h"
#include "agentecho/study/identity_runs.h"

namespace agentecho {

namespace {

using Places = std::vector<std::uint32_t>;

constexpr std::uint32_t kStranger = 0xFFFFFFFF;  // a label that is no reference

// One division into reference and unknown runs.
struct Fold {
  std::vector<ScoredRun> scored;
  RawScores raw;
  std::vector<Places> reference;                         // by model
  std::map<std::uint32_t, std::vector<Places>> unknown;  // by truth: its groups' pools, by label
};

struct CheckedPool {
  const Corpus& reference;
  const Corpus* other;
  IdentityRuns runs;
  std::size_t n_reference = 0;
  std::size_t models = 0;
  std::vector<std::string> families;  // by model
  std::vector<std::uint32_t> truth;   // by run: a model of the reference, or kStranger
  std::vector<std::string> family_of_run;
};

CheckedPool make_pool(const Corpus& reference, const Corpus* other) {
  CheckedPool pool{reference, other, {}, 0, reference.models().size(), {}, {}, {}};
  pool.runs.add(reference);
  pool.n_reference = pool.runs.size();
  if (other != nullptr) pool.runs.add(*other);
  for (const std::string& model : reference.models()) {
    pool.families.push_back(family_from_name(model));
  }
  for (std::size_t r = 0; r < pool.runs.size(); ++r) {
    const ModelIndex model = pool.runs.runs()[r].run->model;
    if (r < pool.n_reference) {
      pool.truth.push_back(model);
      pool.family_of_run.push_back(pool.families[model]);
    } else {
      const std::string& name = other->models()[model];
      pool.truth.push_back(reference.find_model(name).value_or(kStranger));
      pool.family_of_run.push_back(family_from_name(name));
    }
  }
  return pool;
}

// Which fold each task belongs to.
std::vector<std::size_t> deal_tasks(const CheckedPool& pool, const IdentityCheckOptions& options) {
  std::uint32_t tasks = 0;
  for (const IdentityRun& run : pool.runs.runs()) tasks = std::max(tasks, run.task + 1);
  std::vector<std::size_t> order(tasks);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng(options.identify.seed, 77);
  rng.shuffle(order);
  std::vector<std::size_t> fold(tasks);
  for (std::size_t i = 0; i < order.size(); ++i) fold[order[i]] = i % options.folds;
  return fold;
}

Fold make_fold(const CheckedPool& pool, const std::vector<std::size_t>* fold_of_task, std::size_t f,
               unsigned threads) {
  Fold fold;
  fold.reference.resize(pool.models);
  std::map<std::pair<std::uint32_t, std::string>, Places> unknown;  // by truth and family
  for (std::size_t r = 0; r < pool.runs.size(); ++r) {
    const IdentityRun& run = pool.runs.runs()[r];
    const bool known =
        r < pool.n_reference && (fold_of_task == nullptr || (*fold_of_task)[run.task] != f);
    fold.scored.push_back({known ? run.run->model : kNoProfile, run.task, &pool.runs.events(r)});
    if (known) {
      fold.reference[run.run->model].push_back(static_cast<std::uint32_t>(r));
    } else {
      unknown[{pool.truth[r], pool.family_of_run[r]}].push_back(static_cast<std::uint32_t>(r));
    }
  }
  for (auto& [key, runs] : unknown) fold.unknown[key.first].push_back(std::move(runs));
  fold.raw = raw_scores(fold.scored, pool.models, threads);
  return fold;
}

// One run of each of `size` tasks; nothing where there are fewer tasks.
std::optional<Places> draw_group(const CheckedPool& pool, const Places& runs, std::size_t size,
                                 Rng& rng) {
  std::map<std::uint32_t, Places> by_task;
  for (const std::uint32_t r : runs) by_task[pool.runs.runs()[r].task].push_back(r);
  if (by_task.size() < size) return std::nullopt;
  std::vector<const Places*> tasks;
  for (const auto& [task, of_task] : by_task) tasks.push_back(&of_task);
  rng.shuffle(tasks);
  Places group;
  for (std::size_t i = 0; i < size; ++i) group.push_back((*tasks[i])[rng.below(tasks[i]->size())]);
  return group;
}

// What identify() would find for one group.
struct CheckFinding {
  std::uint32_t first = 0;
  std::vector<double> p;  // by candidate
};

CheckFinding find(const CheckedPool& pool, const Fold& fold, const IdentityFit& fit,
                  const std::vector<std::uint32_t>& candidates, const Places& group,
                  const IdentityCheckOptions& options, std::uint64_t stream) {
  CheckFinding finding;
  double best = 0;
  for (std::size_t j = 0; j < candidates.size(); ++j) {
    double sum = 0;
    for (const std::uint32_t r : group) {
      sum += static_cast<double>(fit.fit[r * fit.candidates + j]);
    }
    if (j == 0 || sum > best) {
      best = sum;
      finding.first = candidates[j];
    }
    finding.p.push_back(group_conformal_p(
        clusters_of(fit, pool.runs, fold.reference[candidates[j]], j),
        clusters_of(fit, pool.runs, group, j),
        {options.identify.replicates, options.identify.seed, stream * candidates.size() + j}));
  }
  return finding;
}

struct Tally {
  std::size_t groups = 0, first = 0, covered90 = 0, covered = 0, named = 0, misnamed = 0, set = 0;
  std::size_t siblings = 0, sibling = 0, strangers = 0, stranger = 0;
};

void add(Tally& tally, const CheckFinding& finding, const CheckedPool& pool, std::uint32_t truth,
         const std::vector<std::uint32_t>& candidates, double level) {
  ++tally.groups;
  tally.first += finding.first == truth ? 1 : 0;
  std::size_t set = 0;
  bool right = false;
  for (std::size_t j = 0; j < candidates.size(); ++j) {
    const bool in = !is_below_alpha(finding.p[j], level);
    set += in ? 1 : 0;
    if (candidates[j] == truth) {
      right = in;
      tally.covered90 += is_below_alpha(finding.p[j], 0.9) ? 0 : 1;
    } else if (!pool.families[truth].empty() &&
               pool.families[candidates[j]] == pool.families[truth]) {
      ++tally.siblings;
      tally.sibling += in ? 1 : 0;
    } else {
      ++tally.strangers;
      tally.stranger += in ? 1 : 0;
    }
  }
  tally.covered += right ? 1 : 0;
  tally.set += set;
  tally.named += set == 1 && right ? 1 : 0;
  tally.misnamed += set == 1 && !right ? 1 : 0;
}

std::optional<double> share(std::size_t part, std::size_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::string names_of(const std::vector<IdentityChannel>& channels) {
  std::string text;
  for (const IdentityChannel channel : channels) {
    text += fmt::format("{}{}", text.empty() ? "" : " + ", name_of(channel));
  }
  return text;
}

// All groups of one size in one fold, each with whose runs they are.
struct Group {
  std::uint32_t truth = 0;
  std::string family;
  Places runs;
};

std::vector<Group> draw_groups(const CheckedPool& pool, const Fold& fold, std::size_t size,
                               const IdentityCheckOptions& options, std::uint64_t stream) {
  std::vector<Group> groups;
  Rng rng(options.identify.seed, 1000 + stream);
  for (const auto& [truth, pools] : fold.unknown) {
    for (const Places& runs : pools) {
      const std::string& family = pool.family_of_run[runs.front()];
      const std::size_t most = size == 1 ? std::min(options.groups, runs.size()) : options.groups;
      for (std::size_t g = 0; g < most; ++g) {
        auto group = draw_group(pool, runs, size, rng);
        if (group) groups.push_back({truth, family, std::move(*group)});
      }
    }
  }
  return groups;
}

IdentityCheckRow row_of(const Tally& tally, const std::vector<IdentityChannel>& channels,
                        std::size_t size) {
  IdentityCheckRow row;
  row.channels = names_of(channels);
  row.size = size;
  row.groups = tally.groups;
  row.first = share(tally.first, tally.groups);
  row.covered90 = share(tally.covered90, tally.groups);
  row.covered = share(tally.covered, tally.groups);
  row.named = share(tally.named, tally.groups);
  row.misnamed = share(tally.misnamed, tally.groups);
  row.set_size = share(tally.set, tally.groups);
  if (tally.siblings > 0) row.sibling = share(tally.sibling, tally.siblings);
  if (tally.strangers > 0) row.stranger = share(tally.stranger, tally.strangers);
  return row;
}

class Checker {
 public:
  Checker(const CheckedPool& pool, const std::vector<Fold>& folds,
          const IdentityCheckOptions& options)
      : pool_(pool), folds_(folds), options_(options) {
    all_.resize(pool.models);
    std::iota(all_.begin(), all_.end(), 0u);
  }

  std::vector<IdentityCheckRow> rows_of(const std::vector<IdentityChannel>& channels) const {
    std::vector<IdentityFit> fits(folds_.size());
    parallel_for(folds_.size(), options_.identify.threads, "folds", [&](std::size_t f) {
      fits[f] =
          fit_candidates(folds_[f].scored, folds_[f].raw, pool_.models, all_, kinds_of(channels));
    });
    std::vector<IdentityCheckRow> rows;
    for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
      Tally tally;
      for (std::size_t f = 0; f < folds_.size(); ++f) {
        std::vector<Group> groups = groups_of(s, f);
        std::erase_if(groups, [](const Group& group) { return group.truth == kStranger; });
        for (const auto& [group, finding] : find_all(groups, fits[f], f, all_)) {
          add(tally, finding, pool_, group->truth, all_, level());
        }
      }
      rows.push_back(row_of(tally, channels, options_.sizes[s]));
    }
    return rows;
  }

  std::vector<LeftOutRow> left_out(bool siblings) const {
    // The candidates that are left for groups of each model or, for strangers, family.
    std::map<std::vector<std::uint32_t>, std::vector<IdentityFit>> fits;
    std::vector<LeftOutRow> rows;
    for (std::size_t s = 0; s < options_.sizes.size(); ++s) {
      LeftOutRow row;
      row.size = options_.sizes[s];
      row.siblings = siblings;
      std::size_t unknown = 0, one = 0, several = 0;
      for (std::size_t f = 0; f < folds_.size(); ++f) {
        std::map<std::vector<std::uint32_t>, std::vector<Group>> by_candidates;
        for (Group& group : groups_of(s, f)) {
          std::vector<std::uint32_t> left = candidates_without(group, siblings);
          if (left.size() >= 2 && (!siblings || has_family(group, left))) {
            by_candidates[std::move(left)].push_back(std::move(group));
          }
        }
        for (const auto& [left, groups] : by_candidates) {
          std::vector<IdentityFit>& of_folds = fits[left];
          of_folds.resize(folds_.size());
          if (of_folds[f].candidates == 0) {
            of_folds[f] = fit_candidates(folds_[f].scored, folds_[f].raw, pool_.models, left,
                                         kinds_of(options_.identify.channels));
          }
          for (const auto& [group, finding] : find_all(groups, of_folds[f], f, left)) {
            const auto set = std::count_if(finding.p.begin(), finding.p.end(),
                                           [&](double p) { return !is_below_alpha(p, level()); });
            unknown += set == 0 ? 1 : 0;
            one += set == 1 ? 1 : 0;
            several += set > 1 ? 1 : 0;
            ++row.groups;
          }
        }
      }
      row.unknown = share(unknown, row.groups);
      row.one = share(one, row.groups);
      row.several = share(several, row.groups);
      rows.push_back(row);
    }
    return rows;
  }

 private:
  double level() const { return options_.identify.level; }

  std::vector<Group> groups_of(std::size_t s, std::size_t f) const {
    return draw_groups(pool_, folds_[f], options_.sizes[s], options_, s * folds_.size() + f);
  }

  std::vector<std::pair<const Group*, CheckFinding>> find_all(
      const std::vector<Group>& groups, const IdentityFit& fit, std::size_t f,
      const std::vector<std::uint32_t>& candidates) const {
    std::vector<std::pair<const Group*, CheckFinding>> findings(groups.size());
    parallel_for(groups.size(), options_.identify.threads, "groups of runs", [&](std::size_t g) {
      findings[g] = {&groups[g],
                     find(pool_, folds_[f], fit, candidates, groups[g].runs, options_, g)};
    });
    return findings;
  }

  std::vector<std::uint32_t> candidates_without(const Group& group, bool siblings) const {
    std::vector<std::uint32_t> left;
    for (std::uint32_t m = 0; m < pool_.models; ++m) {
      const bool relative = !group.family.empty() && pool_.families[m] == group.family;
      if (m != group.truth && (siblings || !relative)) left.push_back(m);
    }
    return left;
  }

  bool has_family(const Group& group, const std::vector<std::uint32_t>& candidates) const {
    return std::any_of(candidates.begin(), candidates.end(), [&](std::uint32_t m) {
      return !group.family.empty() && pool_.families[m] == group.family;
    });
  }

  const CheckedPool& pool_;
  const std::vector<Fold>& folds_;
  const IdentityCheckOptions& options_;
  std::vector<std::uint32_t> all_;
};

std::size_t families_with_several(const std::vector<std::string>& families) {
  std::map<std::string, std::size_t> sizes;
  for (const std::string& family : families) {
    if (!family.empty()) ++sizes[family];
  }
  return static_cast<std::size_t>(
      std::count_if(sizes.begin(), sizes.end(), [](const auto& size) { return size.second > 1; }));
}

}  // namespace

Result<IdentityCheck> check_identity(const Corpus& reference, const Corpus* other,
                                     const IdentityCheckOptions& options) {
  if (reference.models().size() < 2) {
    return fail(ErrorKind::kInput, "the reference holds fewer than two models",
                "give logs of several models");
  }
  if (!has_identity_parts(reference) || (other != nullptr && !has_identity_parts(*other))) {
    return fail(ErrorKind::kInput, "the runs were read without their habits and grams",
                "CorpusOptions::parts asks for them");
  }
  const CheckedPool pool = make_pool(reference, other);
  if (other != nullptr &&
      std::all_of(pool.truth.begin() + static_cast<std::ptrdiff_t>(pool.n_reference),
                  pool.truth.end(), [](std::uint32_t model) { return model == kStranger; })) {
    return fail(ErrorKind::kInput, "no model of the runs is a model of the reference",
                "--rename OLD=NEW joins spellings of one name");
  }
  std::vector<Fold> folds;
  if (other != nullptr) {
    folds.push_back(make_fold(pool, nullptr, 0, options.identify.threads));
  } else {
    const std::vector<std::size_t> fold_of_task = deal_tasks(pool, options);
    for (std::size_t f = 0; f < options.folds; ++f) {
      folds.push_back(make_fold(pool, &fold_of_task, f, options.identify.threads));
    }
  }
  IdentityCheck check;
  check.options = options;
  check.models = pool.models;
  check.families = families_with_several(pool.families);
  check.across = other != nullptr;
  const Checker checker(pool, folds, options);
  check.rows = checker.rows_of(options.identify.channels);
  for (std::size_t c = 0; c < kIdentityChannels; ++c) {
    const auto alone = checker.rows_of({static_cast<IdentityChannel>(c)});
    check.rows.insert(check.rows.end(), alone.begin(), alone.end());
  }
  if (pool.models > 2) {
    check.left_out = checker.left_out(true);
    const auto without = checker.left_out(false);
    check.left_out.insert(check.left_out.end(), without.begin(), without.end());
  }
  return check;
}

}  // namespace agentecho

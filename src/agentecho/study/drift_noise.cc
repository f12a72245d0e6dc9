#include "agentecho/study/drift_noise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "agentecho/base/random.h"
#include "agentecho/stats/bounded_mean.h"
#include "agentecho/stats/distributions.h"

namespace agentecho {

namespace {

// Runs in random order, dealt to the blocks in turn.
void deal(std::vector<const CorpusTrajectory*> runs, Rng& rng, std::vector<Block>& blocks,
          std::vector<const CorpusTrajectory*> Block::*side) {
  rng.shuffle(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto& dealt = blocks[i % blocks.size()].*side;
    if (dealt.size() < kMostBlockRuns) dealt.push_back(runs[i]);
  }
}

double share_of(std::size_t part, std::size_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// Shares of calls with sorted keys, and which id marks there are.
struct ServingSummary {
  std::size_t sorted = 0, unsorted = 0;
  std::set<std::uint32_t> ids;

  void add(const CorpusTrajectory& run) {
    for (const MarkCount& c : run.verbal->habits->serving) {
      if (c.mark == kKeysSorted) sorted += c.count;
      if (c.mark == kKeysUnsorted) unsorted += c.count;
      if (c.mark >= kNamedServingMarks) ids.insert(c.mark);
    }
  }
  double sorted_share() const { return share_of(sorted, sorted + unsorted); }
};

bool disjoint(const std::set<std::uint32_t>& a, const std::set<std::uint32_t>& b) {
  return std::none_of(a.begin(), a.end(), [&](std::uint32_t x) { return b.contains(x); });
}

// Differences that the stack makes, not the habit.
void add_serving_warnings(const std::vector<CommonTask>& tasks,
                          std::vector<std::string>& warnings) {
  ServingSummary before;
  ServingSummary after;
  for (const CommonTask& task : tasks) {
    for (const CorpusTrajectory* run : task.before) before.add(*run);
    for (const CorpusTrajectory* run : task.after) after.add(*run);
  }
  const bool keys = before.sorted + before.unsorted >= 20 && after.sorted + after.unsorted >= 20 &&
                    std::abs(before.sorted_share() - after.sorted_share()) > 0.3;
  const bool ids = !before.ids.empty() && !after.ids.empty() && disjoint(before.ids, after.ids);
  if (!keys && !ids) return;
  std::string what;
  if (keys) {
    what = fmt::format("argument keys in alphabetical order in {:.0f} % of calls (was {:.0f} %)",
                       100 * after.sorted_share(), 100 * before.sorted_share());
  }
  if (ids) what += std::string(keys ? "; " : "") + "call ids of another form";
  warnings.push_back(
      fmt::format("another serving stack: {}; that is no habit and counts in no channel, but the "
                  "model behind it may be another",
                  what));
}

void add_system_text_warning(const std::vector<CommonTask>& tasks,
                             std::vector<std::string>& warnings) {
  std::size_t differing = 0;
  std::size_t known = 0;
  for (const CommonTask& task : tasks) {
    std::set<std::uint64_t> before;
    std::set<std::uint64_t> after;
    for (const CorpusTrajectory* run : task.before) before.insert(run->verbal->habits->system_text);
    for (const CorpusTrajectory* run : task.after) after.insert(run->verbal->habits->system_text);
    before.erase(0);
    after.erase(0);
    if (before.empty() || after.empty()) continue;
    ++known;
    differing += before != after ? 1 : 0;
  }
  if (differing == 0) return;
  warnings.push_back(
      fmt::format("the system text differs on {} of {} tasks: a change may come from it, not from "
                  "the agent",
                  differing, known));
}

void add_tools_warning(const std::vector<CommonTask>& tasks, const SideTools& tools,
                       std::vector<std::string>& warnings) {
  std::set<std::uint32_t> before;
  std::set<std::uint32_t> after;
  for (const CommonTask& task : tasks) {
    for (const CorpusTrajectory* run : task.before) {
      for (const ToolIndex tool : run->tools) before.insert(tools.before[tool]);
    }
    for (const CorpusTrajectory* run : task.after) {
      for (const ToolIndex tool : run->tools) after.insert(tools.after[tool]);
    }
  }
  std::vector<std::uint32_t> common;
  std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                        std::back_inserter(common));
  const std::size_t all = before.size() + after.size() - common.size();
  if (all == 0 || 2 * common.size() >= all) return;
  warnings.push_back(
      fmt::format("the two sides call different tools ({} names in common of {}): they were "
                  "probably not offered the same tools, and then the channels of calls compare "
                  "the offers",
                  common.size(), all));
}

}  // namespace

double tasks_to_say_same(double below, double deviation, std::optional<double> room, double level,
                         double power) {
  constexpr double kMost = 1e7;
  if (!(below > 0)) return kMost;
  const double z = normal_quantile(0.5 + level / 2);
  const double of_power = normal_quantile(power);
  double tasks = std::pow((z + of_power) * deviation / below, 2);
  if (room) {
    double most = kMost;
    for (int i = 0; i < 60; ++i) {
      const double middle = (tasks + most) / 2;
      const double reach = bounded_mean_reach(middle, deviation, *room, z) +
                           of_power * deviation / std::sqrt(middle);
      (reach > below ? tasks : most) = middle;
    }
  }
  return std::clamp(tasks, static_cast<double>(kFewestTasksForSame), kMost);
}

bool is_dealt(const CommonTask& task) {
  return std::max(task.before.size(), task.after.size()) > kMostBlockRuns;
}

std::vector<Block> make_blocks(const CommonTask& task, std::uint64_t seed,
                               std::uint64_t task_number) {
  if (!is_dealt(task)) return {{task.before, task.after}};
  const std::size_t larger = std::max(task.before.size(), task.after.size());
  const std::size_t smaller = std::min(task.before.size(), task.after.size());
  const std::size_t wanted = (larger + kMostBlockRuns - 1) / kMostBlockRuns;
  std::vector<Block> blocks(std::max<std::size_t>(1, std::min(wanted, smaller / 2)));
  Rng rng(seed ^ 0xb10c, task_number);
  deal(task.before, rng, blocks, &Block::before);
  deal(task.after, rng, blocks, &Block::after);
  return blocks;
}

BlockDistances::BlockDistances(const Block& block, const SideTools& tools)
    : n_(block.before.size() + block.after.size()) {
  std::vector<RunPoint> points;
  for (const CorpusTrajectory* run : block.before) points.push_back(run_point(*run, tools.before));
  for (const CorpusTrajectory* run : block.after) points.push_back(run_point(*run, tools.after));
  if (!tools.outcomes) {
    for (RunPoint& point : points) point.success = false;
  }
  distances_.reserve(n_ * (n_ - 1) / 2);
  for (std::size_t i = 0; i < n_; ++i) {
    success_.push_back(points[i].success ? 1 : 0);
    for (std::size_t j = i + 1; j < n_; ++j) {
      distances_.push_back(distances(points[i], points[j]));
      for (std::size_t c = 0; c < kChannels; ++c) {
        total_[c] += distances_.back()[c];
        largest_[c] = std::max(largest_[c], distances_.back()[c]);
      }
    }
  }
}

ChannelValues BlockDistances::sum_within(const std::vector<std::size_t>& runs) const {
  ChannelValues sum{};
  for (std::size_t a = 0; a < runs.size(); ++a) {
    const std::size_t i = runs[a];
    const ChannelValues* const row = distances_.data() + i * n_ - i * (i + 1) / 2;
    for (std::size_t b = a + 1; b < runs.size(); ++b) {
      const ChannelValues& pair = row[runs[b] - i - 1];
      for (std::size_t c = 0; c < kChannels; ++c) sum[c] += pair[c];
    }
  }
  return sum;
}

BlockExcess BlockDistances::excess(const Split& split) const {
  std::array<std::vector<std::size_t>, 2> runs;  // of the second side, of the first
  std::size_t successes[2] = {0, 0};
  for (std::size_t i = 0; i < n_; ++i) {
    runs[split[i]].push_back(i);
    successes[split[i]] += success_[i];
  }
  const ChannelValues first = sum_within(runs[1]);
  const ChannelValues second = sum_within(runs[0]);
  const std::size_t n_first = runs[1].size();
  const std::size_t n_second = n_ - n_first;
  const auto n_pairs = [](std::size_t n) { return static_cast<double>(n * (n - 1)) / 2; };
  BlockExcess result;
  for (std::size_t c = 0; c < kChannels; ++c) {
    const double in_first = static_cast<double>(first[c]);
    const double in_second = static_cast<double>(second[c]);
    if (n_first > 0 && n_second > 0) {
      result.between[c] = (static_cast<double>(total_[c]) - in_first - in_second) /
                          static_cast<double>(n_first * n_second);
    }
    if (n_first >= 2 && n_second >= 2) {
      result.within[c] = 0.5 * (in_first / n_pairs(n_first) + in_second / n_pairs(n_second));
    } else if (n_first >= 2) {
      result.within[c] = in_first / n_pairs(n_first);
    } else if (n_second >= 2) {
      result.within[c] = in_second / n_pairs(n_second);
    }
  }
  result.success = share_of(successes[0], n_second) - share_of(successes[1], n_first);
  return result;
}

Result<NoiseByTask> NoiseByTask::make(const Corpus& corpus) {
  NoiseByTask noise;
  const SideTools tools(corpus, corpus);
  std::map<TaskKey, std::size_t> n;
  std::set<TaskKey> cut;
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
    for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
      const auto trials = corpus.trials(model, t);
      if (trials.size() < 2) continue;
      Block block;
      for (const CorpusTrajectory& run : trials.first(std::min(trials.size(), kMostBlockRuns))) {
        block.before.push_back(&run);
      }
      const BlockDistances distances(block, tools);
      const auto within = distances.excess(Split(block.before.size(), 1)).within;
      if (trials.size() > kMostBlockRuns) cut.insert(corpus.tasks()[t]);
      auto& sum = noise.by_task_[corpus.tasks()[t]];
      ++n[corpus.tasks()[t]];
      for (std::size_t c = 0; c < kChannels; ++c) sum[c] += within[c];
    }
  }
  if (noise.by_task_.empty()) {
    return fail(ErrorKind::kInput, "the runs that should lend their noise have no two of one task",
                "--noise-from needs several runs of one agent on one task");
  }
  noise.cut_tasks_ = cut.size();
  for (auto& [task, within] : noise.by_task_) {
    for (double& w : within) w /= static_cast<double>(n[task]);
  }
  return noise;
}

const std::array<double, kChannels>* NoiseByTask::of(const TaskKey& task) const {
  const auto found = by_task_.find(task);
  return found == by_task_.end() ? nullptr : &found->second;
}

std::vector<std::string> warnings_of(const std::vector<CommonTask>& tasks, const SideTools& tools,
                                     std::size_t copies) {
  std::vector<std::string> warnings;
  if (copies > 0) {
    warnings.push_back(fmt::format(
        "{} of the new runs {} of baseline runs of the same task: the two sides are not "
        "independent, and \"same\" says little",
        copies, copies == 1 ? "is a copy" : "are copies"));
  }
  add_tools_warning(tasks, tools, warnings);
  add_system_text_warning(tasks, warnings);
  add_serving_warnings(tasks, warnings);
  return warnings;
}

}  // namespace agentecho

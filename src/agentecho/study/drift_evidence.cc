#include "agentecho/study/drift_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"
#include "agentecho/stats/descriptive.h"

namespace agentecho {

namespace {

using rps::Count;

// A habit that every run has a number for.
struct FixedHabit {
  Channel channel;
  std::string_view text;
  HabitUnit unit;
  std::optional<double> (*value)(const CorpusTrajectory&);
};

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

std::optional<double> rate_where(double part, double whole) {
  if (whole <= 0) return std::nullopt;
  return part / whole;
}

const RunHabits& habits_of(const CorpusTrajectory& run) { return *run.verbal->habits; }

template <Count kPart>
std::optional<double> per_response(const CorpusTrajectory& run) {
  return rate_where(habits_of(run).count(kPart), habits_of(run).count(Count::kResponses));
}

template <Count kPart>
std::optional<double> per_100_words(const CorpusTrajectory& run) {
  return rate_where(100.0 * habits_of(run).count(kPart), habits_of(run).count(Count::kWords));
}

using Run = const CorpusTrajectory&;

const std::vector<FixedHabit>& fixed_habits() {
  static const std::vector<FixedHabit> habits = {
      {Channel::kChecks, "writes are read back directly afterwards", HabitUnit::kRate,
       [](Run r) { return rate_where(r.counts.verified, r.counts.writes); }},
      {Channel::kChecks, "writes come directly after a read", HabitUnit::kRate,
       [](Run r) { return rate_where(r.counts.confirmed, r.counts.writes); }},
      {Channel::kChecks, "errors are followed by a call of the same tool", HabitUnit::kRate,
       [](Run r) { return rate_where(r.counts.retried, r.counts.errors); }},
      {Channel::kChecks, "calls use what an earlier result gave", HabitUnit::kRate,
       [](Run r) {
         return r.counts.calls >= 2 ? rate_where(r.counts.reusing, r.counts.calls - 1.0)
                                    : std::nullopt;
       }},
      {Channel::kCalls, "calls per run", HabitUnit::kNumber,
       [](Run r) { return std::optional<double>(r.counts.calls); }},
      {Channel::kTurns, "assistant messages per run", HabitUnit::kNumber,
       [](Run r) { return std::optional<double>(r.assistant_messages); }},
      {Channel::kWords, "words per run", HabitUnit::kNumber,
       [](Run r) { return std::optional<double>(habits_of(r).count(Count::kWords)); }},
      {Channel::kErrors, "errors per run", HabitUnit::kNumber,
       [](Run r) { return std::optional<double>(r.counts.errors); }},
      {Channel::kWording, "words of enthusiasm per answer", HabitUnit::kNumber,
       per_response<Count::kEnthusiasm>},
      {Channel::kWording, "exclamation marks per answer", HabitUnit::kNumber,
       per_response<Count::kExclamations>},
      {Channel::kWording, "words of courtesy per 100 words", HabitUnit::kNumber,
       per_100_words<Count::kPolite>},
      {Channel::kWording, "apologies per answer", HabitUnit::kNumber, per_response<Count::kSorry>},
      {Channel::kWording, "\"I\", \"me\" or \"my\" per 100 words", HabitUnit::kNumber,
       per_100_words<Count::kFirstPerson>},
      {Channel::kWording, "\"you\" or \"your\" per 100 words", HabitUnit::kNumber,
       per_100_words<Count::kYou>},
      {Channel::kWording, "answers announce what it will do", HabitUnit::kRate,
       per_response<Count::kPromises>},
      {Channel::kWording, "answers ask leave to act", HabitUnit::kRate,
       per_response<Count::kAsksLeave>},
      {Channel::kLayout, "words per answer", HabitUnit::kNumber, per_response<Count::kWords>},
      {Channel::kLayout, "answers hold a list", HabitUnit::kRate, per_response<Count::kListed>},
      {Channel::kLayout, "numbered lines per answer", HabitUnit::kNumber,
       per_response<Count::kNumbered>},
      {Channel::kLayout, "bold spans per answer", HabitUnit::kNumber, per_response<Count::kBold>},
      {Channel::kLayout, "headings per answer", HabitUnit::kNumber, per_response<Count::kHeadings>},
      {Channel::kLayout, "paragraphs per answer", HabitUnit::kNumber,
       per_response<Count::kParagraphs>},
      {Channel::kLayout, "emoji per answer", HabitUnit::kNumber, per_response<Count::kEmoji>},
      {Channel::kLayout, "dashes per answer", HabitUnit::kNumber, per_response<Count::kDashes>},
      {Channel::kLayout, "curly apostrophes per answer", HabitUnit::kNumber,
       per_response<Count::kCurlyApostrophes>},
      {Channel::kLayout, "questions per answer", HabitUnit::kNumber,
       per_response<Count::kQuestions>},
      {Channel::kReasoning, "messages show their reasoning", HabitUnit::kRate,
       [](Run r) { return rate_where(r.reasoning_messages, r.assistant_messages); }},
      {Channel::kReasoning, "words of reasoning per run", HabitUnit::kNumber,
       [](Run r) { return std::optional<double>(habits_of(r).count(Count::kThinkWords)); }},
      {Channel::kOutcome, "runs succeed", HabitUnit::kRate,
       [](Run r) { return r.reward ? std::optional<double>(r.success ? 1 : 0) : std::nullopt; }},
  };
  return habits;
}

// The same numbers for tools, pairs of calls and function words, made up as they occur.
struct HabitKey {
  Channel channel{};
  std::uint64_t id = 0;
  bool operator==(const HabitKey&) const = default;
};
struct HashKey {
  std::size_t operator()(const HabitKey& key) const {
    return std::hash<std::uint64_t>{}(key.id * 31 + static_cast<std::size_t>(key.channel));
  }
};

// Sums over tasks of one habit.
struct Gathered {
  double before = 0;
  double after = 0;
  double difference = 0;
  double squares = 0;
  std::size_t up = 0;
  std::size_t down = 0;
  std::size_t shown = 0;
  std::size_t measured = 0;  // tasks with a number on both sides
  double largest = -1;
  std::uint32_t task = 0;
};

class Gatherer {
 public:
  void add(HabitKey key, std::uint32_t task, double before, double after) {
    Gathered& g = gathered_[key];
    const double d = after - before;
    g.before += before;
    g.after += after;
    g.difference += d;
    g.squares += d * d;
    g.up += d > 1e-12 ? 1 : 0;
    g.down += d < -1e-12 ? 1 : 0;
    g.shown += before != 0 || after != 0 ? 1 : 0;
    ++g.measured;
    // The task to look at: the largest move in the direction that prevails so far is good enough.
    if (std::abs(d) > g.largest) {
      g.largest = std::abs(d);
      g.task = task;
    }
  }

  const std::unordered_map<HabitKey, Gathered, HashKey>& all() const { return gathered_; }

 private:
  std::unordered_map<HabitKey, Gathered, HashKey> gathered_;
};

// Which tools and pairs of successive calls a run has.
void add_run(std::map<std::uint64_t, double>& tools, std::map<std::uint64_t, double>& pairs,
             const CorpusTrajectory& run, std::span<const std::uint32_t> numbers, double weight) {
  std::set<std::uint64_t> seen_tools;
  std::set<std::uint64_t> seen_pairs;
  std::uint32_t before = kNoTool;
  for (const ToolIndex call : run.calls) {
    seen_tools.insert(numbers[call]);
    seen_pairs.insert(call_pair(before, numbers[call]));
    before = numbers[call];
  }
  if (!run.calls.empty()) seen_pairs.insert(call_pair(before, kNoTool));
  for (const std::uint64_t tool : seen_tools) tools[tool] += weight;
  for (const std::uint64_t pair : seen_pairs) pairs[pair] += weight;
}

// Shares by id on one task: {before, after}.
struct SharesById {
  std::map<std::uint64_t, double> before;
  std::map<std::uint64_t, double> after;

  void gather(Gatherer& gatherer, Channel channel, std::uint32_t task) const {
    for (const auto& [id, share] : before) {
      const auto other = after.find(id);
      gatherer.add({channel, id}, task, share, other == after.end() ? 0 : other->second);
    }
    for (const auto& [id, share] : after) {
      if (!before.contains(id)) gatherer.add({channel, id}, task, 0, share);
    }
  }
};

constexpr std::uint64_t kProfileIds = 1000;  // ids of function words, after those of fixed habits

void gather_calls(Gatherer& gatherer, const CommonTask& task, const SideTools& tools,
                  std::uint32_t t) {
  SharesById called;
  SharesById paired;
  for (const CorpusTrajectory* run : task.before) {
    add_run(called.before, paired.before, *run, tools.before,
            1.0 / static_cast<double>(task.before.size()));
  }
  for (const CorpusTrajectory* run : task.after) {
    add_run(called.after, paired.after, *run, tools.after,
            1.0 / static_cast<double>(task.after.size()));
  }
  called.gather(gatherer, Channel::kTools, t);
  paired.gather(gatherer, Channel::kSequences, t);
}

template <class Value>
std::optional<double> mean_of(const std::vector<const CorpusTrajectory*>& runs, Value value) {
  double sum = 0;
  std::size_t n = 0;
  for (const CorpusTrajectory* run : runs) {
    if (const std::optional<double> v = value(*run)) {
      sum += *v;
      ++n;
    }
  }
  if (n == 0) return std::nullopt;
  return sum / static_cast<double>(n);
}

template <class Value>
void gather_number(Gatherer& gatherer, HabitKey key, const CommonTask& task, std::uint32_t t,
                   Value value) {
  const auto before = mean_of(task.before, value);
  const auto after = mean_of(task.after, value);
  if (before && after) gatherer.add(key, t, *before, *after);
}

void gather_numbers(Gatherer& gatherer, const CommonTask& task, std::uint32_t t) {
  const auto& fixed = fixed_habits();
  for (std::size_t h = 0; h < fixed.size(); ++h) {
    gather_number(gatherer, {fixed[h].channel, h}, task, t, fixed[h].value);
  }
  for (std::size_t w = 0; w < rps::kProfileWords; ++w) {
    gather_number(gatherer, {Channel::kWording, kProfileIds + w}, task, t, [&](Run run) {
      return rate_where(100.0 * habits_of(run).profile[w], habits_of(run).count(Count::kWords));
    });
  }
}

std::string text_of(const HabitKey& key, const ToolNames& names) {
  const auto name = [&](std::uint64_t tool) {
    return names.names()[tool].empty() ? std::string("a tool without a name") : names.names()[tool];
  };
  if (key.channel == Channel::kTools) return "calls " + name(key.id);
  if (key.channel == Channel::kSequences) {
    const auto first = static_cast<std::uint32_t>(key.id >> 32);
    const auto second = static_cast<std::uint32_t>(key.id);
    if (first == kNoTool) return "begins with " + name(second);
    if (second == kNoTool) return "ends with " + name(first);
    return fmt::format("calls {} directly after {}", name(second), name(first));
  }
  if (key.id >= kProfileIds) {
    return fmt::format("\"{}\" per 100 words", rps::profile_words()[key.id - kProfileIds]);
  }
  return std::string(fixed_habits()[key.id].text);
}

HabitUnit unit_of(const HabitKey& key) {
  if (key.channel == Channel::kTools || key.channel == Channel::kSequences) {
    return HabitUnit::kShareOfRuns;
  }
  return key.id >= kProfileIds ? HabitUnit::kNumber : fixed_habits()[key.id].unit;
}

RunPlace place_of(const CommonTask& task, const CorpusTrajectory& run) {
  return {task.key.domain.empty() ? task.key.task_id
                                  : fmt::format("{}/{}", task.key.domain, task.key.task_id),
          run.trial};
}

bool shows(const CorpusTrajectory& run, const HabitKey& key,
           std::span<const std::uint32_t> numbers) {
  std::map<std::uint64_t, double> tools;
  std::map<std::uint64_t, double> pairs;
  add_run(tools, pairs, run, numbers, 1);
  return key.channel == Channel::kTools ? tools.contains(key.id) : pairs.contains(key.id);
}

// Of the runs of a task, the one with the largest (or smallest) number.
const CorpusTrajectory& extreme_run(const std::vector<const CorpusTrajectory*>& runs,
                                    const HabitKey& key, std::span<const std::uint32_t> numbers,
                                    bool largest) {
  const auto value = [&](const CorpusTrajectory& run) -> double {
    if (key.channel == Channel::kTools || key.channel == Channel::kSequences) {
      return shows(run, key, numbers) ? 1 : 0;
    }
    if (key.id >= kProfileIds) {
      return ratio(habits_of(run).profile[key.id - kProfileIds],
                   habits_of(run).count(Count::kWords));
    }
    return fixed_habits()[key.id].value(run).value_or(0);
  };
  const CorpusTrajectory* best = runs.front();
  for (const CorpusTrajectory* run : runs) {
    if (largest ? value(*run) > value(*best) : value(*run) < value(*best)) best = run;
  }
  return *best;
}

// Student's t of n differences with this mean and sum of squares. Where all are alike that is no
// certainty: t is then that of one more task that did not move, which is n.
double t_of_differences(double mean, double squares, double n) {
  const double around = squares - n * mean * mean;
  if (is_cancelled(around, squares)) return std::copysign(n, mean);
  return mean / std::sqrt(around / (n - 1) / n);
}

Moved to_moved(const HabitKey& key, const Gathered& g, std::span<const CommonTask> tasks,
               const SideTools& tools) {
  // Tasks where a share was never met hold no entry: both sides 0.
  const bool shares = unit_of(key) == HabitUnit::kShareOfRuns;
  const auto n = static_cast<double>(shares ? tasks.size() : g.measured);
  Moved moved;
  moved.channel = key.channel;
  moved.habit = text_of(key, tools.names);
  moved.unit = unit_of(key);
  moved.before = g.before / n;
  moved.after = g.after / n;
  moved.up = g.up;
  moved.down = g.down;
  moved.tasks = g.shown;
  const double mean = g.difference / n;
  moved.t = t_of_differences(mean, g.squares, n);
  const CommonTask& task = tasks[g.task];
  const bool rose = mean > 0;
  moved.before_run = place_of(task, extreme_run(task.before, key, tools.before, !rose));
  moved.after_run = place_of(task, extreme_run(task.after, key, tools.after, rose));
  return moved;
}

}  // namespace

std::vector<Moved> moved_habits(std::span<const CommonTask> tasks, const SideTools& tools,
                                std::size_t most) {
  Gatherer gatherer;
  for (std::uint32_t t = 0; t < tasks.size(); ++t) {
    gather_calls(gatherer, tasks[t], tools, t);
    gather_numbers(gatherer, tasks[t], t);
  }
  std::vector<Moved> all;
  for (const auto& [key, gathered] : gatherer.all()) {
    if (gathered.up + gathered.down == 0) continue;
    all.push_back(to_moved(key, gathered, tasks, tools));
  }
  std::sort(all.begin(), all.end(), [](const Moved& a, const Moved& b) {
    if (a.channel != b.channel) return a.channel < b.channel;
    if (std::abs(a.t) != std::abs(b.t)) return std::abs(a.t) > std::abs(b.t);
    return a.habit < b.habit;
  });
  std::vector<Moved> chosen;
  std::array<std::size_t, kChannels> n{};
  for (Moved& moved : all) {
    if (n[static_cast<std::size_t>(moved.channel)]++ < most) chosen.push_back(std::move(moved));
  }
  return chosen;
}

std::vector<Moved> moved_phrases(const LoadedCorpus& before, const LoadedCorpus& after,
                                 const std::string& before_model, const std::string& after_model,
                                 std::size_t most) {
  const auto a = before.phrases.find(before_model);
  const auto b = after.phrases.find(after_model);
  if (a == before.phrases.end() || b == after.phrases.end()) return {};
  std::vector<Moved> all;
  const auto add = [&](const rps::PhraseTable& one, const rps::PhraseTable& other, bool rose) {
    for (const rps::PhraseTable::Entry& entry : one.entries()) {
      const double share = one.share(entry.hash);
      const double less = other.share(entry.hash);
      if (share <= less) continue;
      Moved moved;
      moved.channel = Channel::kWording;
      const std::string text = one.text_of(entry);
      moved.habit = entry.kind == rps::PhraseKind::kOpening ? fmt::format("opens with \"{}\"", text)
                    : entry.kind == rps::PhraseKind::kClosing
                        ? fmt::format("closes with \"{}\"", text)
                        : fmt::format("says \"{}\"", text);
      moved.before = rose ? less : share;
      moved.after = rose ? share : less;
      const double pooled = 0.5 * (share + less);
      const double variance = pooled * (1 - pooled) *
                              (1.0 / static_cast<double>(one.runs()) +
                               1.0 / std::max(1.0, static_cast<double>(other.runs())));
      // Of two shares of runs: a z, large as t is.
      moved.t = variance > 0 ? (moved.after - moved.before) / std::sqrt(variance) : 0;
      const std::string& where = one.where(entry);
      (rose ? moved.after_run : moved.before_run).task = where;
      all.push_back(std::move(moved));
    }
  };
  add(b->second, a->second, true);
  add(a->second, b->second, false);
  std::sort(all.begin(), all.end(), [](const Moved& x, const Moved& y) {
    return std::abs(x.t) != std::abs(y.t) ? std::abs(x.t) > std::abs(y.t) : x.habit < y.habit;
  });
  // One phrase shows up in several lengths: the longest words first come, parts of them are left
  // out.
  std::vector<Moved> chosen;
  for (Moved& moved : all) {
    if (chosen.size() == most) break;
    const auto words = [](const std::string& habit) {
      const std::size_t quote = habit.find('"');
      return habit.substr(quote + 1, habit.size() - quote - 2);
    };
    const bool told = std::any_of(chosen.begin(), chosen.end(), [&](const Moved& c) {
      const std::string x = words(c.habit);
      const std::string y = words(moved.habit);
      return x.find(y) != std::string::npos || y.find(x) != std::string::npos;
    });
    if (!told) chosen.push_back(std::move(moved));
  }
  return chosen;
}

std::string in_words(const Moved& moved) {
  const auto number = [](double value) {
    return fixed(value, std::abs(value) >= 100 ? 0 : std::abs(value) >= 10 ? 1 : 2);
  };
  switch (moved.unit) {
    case HabitUnit::kShareOfRuns:
      return fmt::format("{} in {} of runs (was {})", moved.habit, percent(moved.after),
                         percent(moved.before));
    case HabitUnit::kRate:
      return fmt::format("{} in {} of cases (was {})", moved.habit, percent(moved.after),
                         percent(moved.before));
    case HabitUnit::kNumber:
      return fmt::format("{}: {} (was {})", moved.habit, number(moved.after), number(moved.before));
  }
  return moved.habit;
}

}  // namespace agentecho

#include "agentecho/evaluation/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <type_traits>
#include <utility>

#include "agentecho/base/parallel.h"
#include "agentecho/base/within.h"
#include "agentecho/corpus/trajectory_features.h"
#include "agentecho/evaluation/gold_file.h"
#include "agentecho/graph/argument_values.h"
#include "agentecho/graph/dependency.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/stats/correlation.h"
#include "agentecho/stats/resampling.h"

namespace agentecho {

namespace {

constexpr std::size_t kMostUnusedShown = 10;
constexpr std::size_t kRatings = 5;  // whole scores from 1

// The local one, where none is given.
template <class Local, class Interface>
const Interface& given_or(const Interface* given) {
  static const Local local;
  return given != nullptr ? *given : local;
}

// The trajectories that labels name.
class LabelledTrajectories {
 public:
  // Reads those of `options.files` that a place names.
  static Result<LabelledTrajectories> load(const LoadOptions& options,
                                           std::span<const GoldPlace> places, LoadReport& read) {
    LabelledTrajectories all;
    std::map<std::string, std::set<std::string>> wanted;
    for (const GoldPlace& place : places) wanted[place.file].insert(place.task);
    for (const auto& [file, tasks] : wanted) {
      LoadOptions one = options;
      one.files.clear();
      std::copy_if(
          options.files.begin(), options.files.end(), std::back_inserter(one.files),
          [&name = file](const InputFile& input) { return ends_with_path(input.path, name); });
      if (one.files.empty()) continue;
      if (one.files.size() > 1) {
        return fail(ErrorKind::kInput,
                    fmt::format("labels name the file \"{}\", which both {} and {} could be", file,
                                one.files[0].path, one.files[1].path),
                    "name only the folder that the labels' paths start from");
      }
      auto loaded = load_trajectories(one);
      if (!loaded) return Unexpected(loaded.error());
      const auto& files = loaded->report.files;
      read.files.insert(read.files.end(), files.begin(), files.end());
      read.diagnostics.merge(std::move(loaded->report.diagnostics));
      for (Trajectory& trajectory : loaded->trajectories) {
        if (tasks.contains(trajectory.task_id)) all.files_[file].push_back(std::move(trajectory));
      }
    }
    return all;
  }

  const Trajectory* find(const GoldPlace& place) const {
    const auto file = files_.find(place.file);
    if (file == files_.end()) return nullptr;
    for (const Trajectory& trajectory : file->second) {
      if (trajectory.task_id == place.task && (!place.trial || trajectory.trial == place.trial)) {
        return &trajectory;
      }
    }
    return nullptr;
  }

 private:
  static bool ends_with_path(std::string_view path, std::string_view file) {
    if (!path.ends_with(file)) return false;
    return path.size() == file.size() || path[path.size() - file.size() - 1] == '/';
  }

  std::map<std::string, std::vector<Trajectory>> files_;
};

// Labels that were used, by task, and those that were not.
class Bookkeeping {
 public:
  Bookkeeping(Evaluation& evaluation, std::size_t labels) : evaluation_(evaluation) {
    evaluation_.labels = labels;
  }

  void use(const Trajectory& trajectory) {
    ++evaluation_.used;
    const TaskKey task{trajectory.benchmark, trajectory.domain, trajectory.task_id};
    const auto next = static_cast<std::uint32_t>(tasks_.size());
    task_of_case_.push_back(tasks_.try_emplace(task, next).first->second);
    evaluation_.tasks = tasks_.size();
  }

  // Null, and noted, where the input does not have it.
  const Trajectory* find(const LabelledTrajectories& trajectories, const GoldPlace& place) {
    const Trajectory* const found = trajectories.find(place);
    if (found == nullptr) {
      ++evaluation_.without_trajectory;
      note(describe(place));
    }
    return found;
  }

  void no_item(const GoldPlace& place, std::string_view what) {
    ++evaluation_.without_item;
    note(fmt::format("{}: {}", describe(place), what));
  }

  const std::vector<std::uint32_t>& task_of_case() const { return task_of_case_; }

 private:
  static std::string describe(const GoldPlace& place) {
    return fmt::format("{}, task {}{}", place.file, place.task,
                       place.trial ? fmt::format(", trial {}", *place.trial) : std::string{});
  }

  void note(std::string text) {
    auto& unused = evaluation_.unused;
    if (unused.size() >= kMostUnusedShown) return;
    if (std::find(unused.begin(), unused.end(), text) == unused.end())
      unused.push_back(std::move(text));
  }

  Evaluation& evaluation_;
  std::map<TaskKey, std::uint32_t> tasks_;
  std::vector<std::uint32_t> task_of_case_;
};

// A figure as a function of cases, which may repeat.
using CaseNumbers = std::span<const std::uint32_t>;
using CaseStatistic = std::function<std::optional<double>(CaseNumbers)>;

struct NamedStatistic {
  std::string subject;
  std::string name;
  CaseStatistic compute;
};

std::vector<GoldFigure> measure(const std::vector<NamedStatistic>& statistics,
                                const std::vector<std::uint32_t>& task_of_case, std::size_t n_tasks,
                                const BootstrapOptions& bootstrap, unsigned threads) {
  std::vector<std::uint32_t> all(task_of_case.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  std::vector<GoldFigure> measures;
  for (const NamedStatistic& s : statistics)
    measures.push_back({s.subject, s.name, s.compute(all), {}});
  if (bootstrap.replicates == 0 || n_tasks < 2) return measures;
  const Resampler resampler(n_tasks, bootstrap.replicates, bootstrap.seed);
  std::vector<std::vector<double>> values(statistics.size(),
                                          std::vector<double>(bootstrap.replicates));
  parallel_for(bootstrap.replicates, threads, "bootstrap", [&](std::size_t replicate) {
    std::vector<std::uint32_t> cases;
    for (std::uint32_t i = 0; i < task_of_case.size(); ++i) {
      cases.insert(cases.end(), resampler.count(replicate, task_of_case[i]), i);
    }
    for (std::size_t s = 0; s < statistics.size(); ++s) {
      values[s][replicate] =
          statistics[s].compute(cases).value_or(std::numeric_limits<double>::quiet_NaN());
    }
  });
  for (std::size_t s = 0; s < statistics.size(); ++s) {
    if (measures[s].value) measures[s].interval = percentile_interval(values[s], bootstrap.level);
  }
  return measures;
}

template <class T>
std::optional<double> value_of(const Statistic<T>& statistic) {
  if (!statistic) return std::nullopt;
  if constexpr (std::is_same_v<T, double>) {
    return *statistic;
  } else {
    return statistic->coefficient;
  }
}

// What was said and what the backend says, as category numbers.
struct Classified {
  std::size_t label = 0;
  std::size_t answer = 0;
};

ConfusionMatrix confusion_of(const std::vector<Classified>& classified, CaseNumbers cases,
                             std::size_t categories) {
  ConfusionMatrix matrix(categories);
  for (const std::uint32_t i : cases) matrix.add(classified[i].label, classified[i].answer);
  return matrix;
}

std::vector<NamedStatistic> agreement_statistics(const std::vector<Classified>& classified,
                                                 std::size_t categories) {
  return {{"", "accuracy",
           [&classified, categories](CaseNumbers cases) {
             return accuracy(confusion_of(classified, cases, categories));
           }},
          {"", "kappa", [&classified, categories](CaseNumbers cases) {
             return value_of(cohen_kappa(confusion_of(classified, cases, categories)));
           }}};
}

// Of the cases that `in` holds, the share of those with label and answer alike.
CaseStatistic share_alike(const std::vector<Classified>& classified,
                          std::function<bool(const Classified&)> in) {
  return [&classified, in = std::move(in)](CaseNumbers cases) -> std::optional<double> {
    std::size_t n = 0;
    std::size_t alike = 0;
    for (const std::uint32_t i : cases) {
      if (!in(classified[i])) continue;
      ++n;
      alike += classified[i].label == classified[i].answer ? 1 : 0;
    }
    if (n == 0) return std::nullopt;
    return static_cast<double>(alike) / static_cast<double>(n);
  };
}

void finish_classes(const EvaluateOptions& options, const Bookkeeping& books,
                    const std::vector<Classified>& classified,
                    const std::vector<NamedStatistic>& statistics, Evaluation& evaluation) {
  std::vector<std::uint32_t> all(classified.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  evaluation.confusion = confusion_of(classified, all, evaluation.classes.size());
  evaluation.measures = measure(statistics, books.task_of_case(), evaluation.tasks,
                                options.bootstrap, options.load.threads);
}

// Those that some places name, each once, in their order.
std::vector<const Trajectory*> named_trajectories(const LabelledTrajectories& trajectories,
                                                  std::span<const GoldPlace> places) {
  std::vector<const Trajectory*> named;
  for (const GoldPlace& place : places) {
    const Trajectory* const trajectory = trajectories.find(place);
    if (trajectory == nullptr) continue;
    if (std::find(named.begin(), named.end(), trajectory) == named.end()) {
      named.push_back(trajectory);
    }
  }
  return named;
}

struct Annotated {
  std::vector<rps::Item> items;
  std::optional<rps::StageLabels> stages;  // nothing where the annotator gave none
};

std::map<const Trajectory*, Annotated> annotate(const rps::StageAnnotator& annotator,
                                                std::span<const Trajectory* const> trajectories) {
  std::map<const Trajectory*, Annotated> annotated;
  std::vector<rps::AnnotationRequest> requests;
  for (const Trajectory* const trajectory : trajectories) {
    Annotated& a = annotated[trajectory];
    a.items = rps::items_of(*trajectory);
    requests.push_back({trajectory, &a.items});
  }
  const auto labels = annotator.annotate(requests);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i]) annotated[trajectories[i]].stages = *labels[i];
  }
  return annotated;
}

Result<void> evaluate_stages(const EvaluateOptions& options, Evaluation& evaluation) {
  auto labels = parse_gold_stages(options.gold);
  if (!labels) return Unexpected(labels.error());
  const rps::StageAnnotator& annotator = given_or<rps::LocalAnnotator>(options.backend.annotator);
  evaluation.backend = annotator.name();
  evaluation.classes = annotator.taxonomy().stages;
  std::vector<GoldPlace> places;
  for (const GoldStage& label : *labels) {
    places.push_back(label.place);
    if (rps::find_stage(annotator.taxonomy(), label.stage) != rps::kNoStage) continue;
    return fail(ErrorKind::kInput, fmt::format("the taxonomy has no stage \"{}\"", label.stage),
                fmt::format("stages: {}", fmt::join(evaluation.classes, ", ")));
  }
  auto trajectories = LabelledTrajectories::load(options.load, places, evaluation.read);
  if (!trajectories) return Unexpected(trajectories.error());
  const std::map<const Trajectory*, Annotated> annotated =
      annotate(annotator, named_trajectories(*trajectories, places));
  std::vector<Classified> classified;
  Bookkeeping books(evaluation, labels->size());
  for (const GoldStage& label : *labels) {
    const Trajectory* const trajectory = books.find(*trajectories, label.place);
    if (trajectory == nullptr) continue;
    const Annotated& a = annotated.at(trajectory);
    const bool there = label.item < a.items.size() &&
                       (!label.is_reasoning ||
                        *label.is_reasoning == (a.items[label.item].kind == rps::ItemKind::kThink));
    if (!there) {
      books.no_item(label.place, fmt::format("item {}", label.item));
      continue;
    }
    if (!a.stages || (*a.stages)[label.item] == rps::kNoStage) {
      ++evaluation.without_answer;
      continue;
    }
    books.use(*trajectory);
    classified.push_back(
        {rps::find_stage(annotator.taxonomy(), label.stage), (*a.stages)[label.item]});
  }
  finish_classes(options, books, classified,
                 agreement_statistics(classified, evaluation.classes.size()), evaluation);
  return {};
}

Result<void> evaluate_edges(const EvaluateOptions& options, Evaluation& evaluation) {
  auto labels = parse_gold_edges(options.gold);
  if (!labels) return Unexpected(labels.error());
  evaluation.classes = {"no dependency", "dependency"};
  std::vector<GoldPlace> places;
  for (const GoldEdge& label : *labels) places.push_back(label.place);
  auto trajectories = LabelledTrajectories::load(options.load, places, evaluation.read);
  if (!trajectories) return Unexpected(trajectories.error());
  auto verifier = options.backend.verifier
                      ? options.backend.verifier(named_trajectories(*trajectories, places))
                      : make_dependency_verifier(options.verifier);
  if (!verifier) return Unexpected(verifier.error());
  evaluation.backend = (*verifier)->name();
  std::vector<Classified> classified;
  Bookkeeping books(evaluation, labels->size());
  for (const GoldEdge& label : *labels) {
    const Trajectory* const trajectory = books.find(*trajectories, label.place);
    if (trajectory == nullptr) continue;
    if (label.source >= label.destination || label.destination >= agent_calls(*trajectory).size()) {
      books.no_item(label.place, fmt::format("calls {} and {}", label.source, label.destination));
      continue;
    }
    const auto verified = (*verifier)->verified_values(*trajectory);
    if (!verified) return Unexpected(verified.error());
    const std::string value = canonical_value(label.value);
    const bool found = std::any_of(verified->begin(), verified->end(), [&](const Dependency& d) {
      return d.source == label.source && d.destination == label.destination && d.value == value;
    });
    books.use(*trajectory);
    classified.push_back({label.is_dependency ? 1u : 0u, found ? 1u : 0u});
  }
  std::vector<NamedStatistic> statistics = agreement_statistics(classified, 2);
  statistics.push_back({"", "precision", share_alike(classified, [](const Classified& c) {
                          return c.answer == 1;
                        })});
  statistics.push_back(
      {"", "recall", share_alike(classified, [](const Classified& c) { return c.label == 1; })});
  finish_classes(options, books, classified, statistics, evaluation);
  return {};
}

// Labels and answers of one score, by case.
struct Rated {
  std::vector<double> labels;
  std::vector<double> answers;

  std::pair<std::vector<double>, std::vector<double>> of(CaseNumbers cases) const {
    std::pair<std::vector<double>, std::vector<double>> chosen;
    for (const std::uint32_t i : cases) {
      chosen.first.push_back(labels[i]);
      chosen.second.push_back(answers[i]);
    }
    return chosen;
  }
};

std::size_t rating_of(double score) { return static_cast<std::size_t>(std::lround(score)) - 1; }

void add_rating_statistics(const std::string& subject, const Rated& rated,
                           std::vector<NamedStatistic>& statistics) {
  statistics.push_back({subject, "spearman", [&rated](CaseNumbers cases) {
                          const auto [labels, answers] = rated.of(cases);
                          return value_of(spearman_coefficient(labels, answers));
                        }});
  statistics.push_back({subject, "mae", [&rated](CaseNumbers cases) {
                          const auto [labels, answers] = rated.of(cases);
                          return mean_absolute_difference(labels, answers);
                        }});
  statistics.push_back({subject, "quadratic_kappa", [&rated](CaseNumbers cases) {
                          ConfusionMatrix matrix(kRatings);
                          for (const std::uint32_t i : cases) {
                            matrix.add(rating_of(rated.labels[i]), rating_of(rated.answers[i]));
                          }
                          return value_of(quadratic_weighted_kappa(matrix));
                        }});
}

// One side of a labelled pair, with all that a judge may look at.
class LabelledBlock {
 public:
  LabelledBlock(std::string_view stage, const Trajectory& trajectory,
                const std::vector<std::uint32_t>& numbers)
      : stage_(stage),
        trajectory_(trajectory),
        items_(rps::items_of(trajectory)),
        numbers_(numbers),
        sketch_(rps::make_stage_sketch(trajectory, items_, numbers)) {}

  rps::StageBlock view() const { return {stage_, &sketch_, &trajectory_, &items_, numbers_}; }

 private:
  std::string_view stage_;
  const Trajectory& trajectory_;
  std::vector<rps::Item> items_;
  std::span<const std::uint32_t> numbers_;
  rps::StageSketch sketch_;
};

Result<void> evaluate_rps(const EvaluateOptions& options, Evaluation& evaluation) {
  auto labels = parse_gold_pairs(options.gold);
  if (!labels) return Unexpected(labels.error());
  const rps::PatternJudge& judge = given_or<rps::LocalJudge>(options.backend.judge);
  evaluation.backend = judge.name();
  std::vector<GoldPlace> places;
  for (const GoldPair& label : *labels) places.insert(places.end(), {label.a, label.b});
  auto trajectories = LabelledTrajectories::load(options.load, places, evaluation.read);
  if (!trajectories) return Unexpected(trajectories.error());
  std::array<Rated, kJudgeScores.size()> rated;
  Bookkeeping books(evaluation, labels->size());
  std::vector<const GoldPair*> asked;
  std::deque<LabelledBlock> blocks;  // two a pair; judges hold views into them
  for (const GoldPair& label : *labels) {
    const Trajectory* const a = books.find(*trajectories, label.a);
    const Trajectory* const b = a == nullptr ? nullptr : books.find(*trajectories, label.b);
    if (b == nullptr) continue;
    const std::vector<rps::Item> items_a = rps::items_of(*a);
    const std::vector<rps::Item> items_b = rps::items_of(*b);
    const bool has_a = label.items_a.back() < items_a.size();
    if (!has_a || label.items_b.back() >= items_b.size()) {
      books.no_item(
          has_a ? label.b : label.a,
          fmt::format("items {}", fmt::join(has_a ? label.items_b : label.items_a, ", ")));
      continue;
    }
    asked.push_back(&label);
    blocks.emplace_back(label.stage, *a, label.items_a);
    blocks.emplace_back(label.stage, *b, label.items_b);
  }
  std::vector<rps::BlockPair> pairs;
  for (std::size_t i = 0; i < blocks.size(); i += 2) {
    pairs.push_back({blocks[i].view(), blocks[i + 1].view()});
  }
  const auto scores = judge.judge(pairs);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!scores[i]) {
      ++evaluation.without_answer;
      continue;
    }
    books.use(*pairs[i].a.trajectory);
    const auto answers = list_of(*scores[i]);
    for (std::size_t s = 0; s < rated.size(); ++s) {
      rated[s].labels.push_back(asked[i]->scores[s]);
      rated[s].answers.push_back(answers[s]);
    }
  }
  std::vector<NamedStatistic> statistics;
  for (std::size_t s = 0; s < rated.size(); ++s) {
    add_rating_statistics(std::string(kJudgeScores[s]), rated[s], statistics);
  }
  evaluation.measures = measure(statistics, books.task_of_case(), evaluation.tasks,
                                options.bootstrap, options.load.threads);
  return {};
}

}  // namespace

std::string_view name_of(GoldKind kind) {
  constexpr std::string_view kNames[] = {"stages", "edges", "rps"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<GoldKind> parse_gold_kind(std::string_view name) {
  for (const GoldKind kind : {GoldKind::kStages, GoldKind::kEdges, GoldKind::kRps}) {
    if (name_of(kind) == name) return kind;
  }
  return fail(ErrorKind::kUsage, fmt::format("\"{}\" cannot be evaluated", name),
              "one of stages, edges, rps");
}

Provenance provenance_of(const Evaluation& evaluation) {
  FeatureSettings settings;
  if (evaluation.kind == GoldKind::kEdges) settings.verifier = evaluation.backend;
  if (evaluation.kind == GoldKind::kStages) settings.annotator = evaluation.backend;
  Provenance provenance = make_provenance(evaluation.read, settings, evaluation.bootstrap);
  if (evaluation.kind == GoldKind::kRps) provenance.rps_backend = evaluation.backend;
  return provenance;
}

Result<Evaluation> evaluate(const EvaluateOptions& options) {
  Evaluation evaluation;
  evaluation.kind = options.kind;
  evaluation.gold_file = options.gold_file;
  evaluation.bootstrap = options.bootstrap;
  Result<void> done;
  switch (options.kind) {
    case GoldKind::kStages:
      done = evaluate_stages(options, evaluation);
      break;
    case GoldKind::kEdges:
      done = evaluate_edges(options, evaluation);
      break;
    case GoldKind::kRps:
      done = evaluate_rps(options, evaluation);
      break;
  }
  if (!done) return Unexpected(within(options.gold_file, done.error()));
  if (evaluation.used == 0 && evaluation.without_answer > 0) {
    return fail(
        ErrorKind::kFailed,
        fmt::format("{}: the backend gave no answer to any of the {} labels it was asked about",
                    options.gold_file, evaluation.without_answer));
  }
  if (evaluation.used == 0) {
    return fail(ErrorKind::kInput,
                fmt::format("{}: none of the {} labels is about a trajectory in the input",
                            options.gold_file, evaluation.labels),
                evaluation.unused.empty() ? "" : "for example " + evaluation.unused.front());
  }
  return evaluation;
}

}  // namespace agentecho

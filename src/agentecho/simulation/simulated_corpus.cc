#include "agentecho/simulation/simulated_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

#include "agentecho/base/atomic_file.h"
#include "agentecho/base/parallel.h"
#include "agentecho/base/random.h"
#include "agentecho/simulation/run.h"
#include "agentecho/simulation/tau2_writer.h"
#include "agentecho/simulation/train.h"

namespace agentecho::simulation {

namespace {

constexpr std::string_view kTrees[] = {"alder",   "birch",  "cedar",  "elm", "fir",  "hazel",
                                       "juniper", "larch",  "maple",  "oak", "pine", "rowan",
                                       "spruce",  "walnut", "willow", "yew"};
constexpr std::size_t kMostFamilies = 100'000;
constexpr std::size_t kMostModels = 100'000;

// Streams of the plan's seed.
enum : std::uint64_t { kFamilyStream = 1 << 20, kRunStream = 1 << 24, kLessonStream = 3 };

std::uint64_t derived(std::uint64_t seed, std::uint64_t stream) { return Rng(seed, stream).bits(); }

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A place that stays the same when other families grow.
std::uint64_t run_seed(std::uint64_t seed, std::string_view name) {
  std::uint64_t place = 0xCBF29CE484222325u;  // FNV-1a
  for (const char c : name) place = (place ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return derived(seed ^ place, kRunStream);
}

const SimulatedModel* find(const std::vector<SimulatedModel>& models, std::string_view name) {
  const auto found = std::find_if(models.begin(), models.end(),
                                  [&](const SimulatedModel& m) { return m.policy.name == name; });
  return found == models.end() ? nullptr : &*found;
}

Result<const SimulatedModel*> require(const std::vector<SimulatedModel>& models,
                                      std::string_view name) {
  if (const SimulatedModel* model = find(models, name)) return model;
  return fail(ErrorKind::kUsage, fmt::format("no simulated model \"{}\"", name),
              fmt::format("the first is \"{}\", the last \"{}\"", models.front().policy.name,
                          models.back().policy.name));
}

std::vector<Trajectory> lessons_of(const CorpusPlan& plan, const SimulatedModel& teacher) {
  const World world = make_world(plan.seed, plan.tasks + plan.lessons);
  std::vector<std::size_t> tasks(plan.lessons);
  std::iota(tasks.begin(), tasks.end(), plan.tasks);
  return run_agent_on(world, tasks, teacher.policy, derived(teacher.run_seed, kLessonStream));
}

Result<SimulatedModel> make_student(const CorpusPlan& plan, const StudentPlan& student,
                                    const std::vector<SimulatedModel>& models) {
  auto prior = require(models, student.model);
  if (!prior) return Unexpected(prior.error());
  auto teacher = require(models, student.teacher);
  if (!teacher) return Unexpected(teacher.error());
  if (*prior == *teacher) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" cannot be its own teacher", student.model));
  }
  const std::string name = fmt::format("{}-after-{}", student.model, student.teacher);
  if (find(models, name) != nullptr) {
    return fail(ErrorKind::kUsage, fmt::format("the student \"{}\" is asked for twice", name));
  }
  SimulatedModel made;
  made.policy =
      train_student((*prior)->policy, lessons_of(plan, **teacher), {.strength = student.strength});
  made.policy.name = name;
  made.run_seed = run_seed(plan.seed, name);
  made.origin = fmt::format("{} after {} traces of {}, strength {}", student.model, plan.lessons,
                            student.teacher, student.strength);
  return made;
}

Result<WrittenFile> write_model(const CorpusPlan& plan, const World& world,
                                const SimulatedModel& model, const std::string& path) {
  auto file = AtomicFile::create(path);
  if (!file) return Unexpected(file.error());
  WrittenFile written{path, 0};
  std::ostringstream text;
  const auto flush = [&]() -> Result<void> {
    const std::string bytes = text.str();
    text.str({});
    written.bytes += bytes.size();
    return file->write(bytes);
  };
  Tau2ResultsWriter writer(text, world, model.policy.name, plan.trials, plan.seed);
  Trajectory trajectory;
  for (std::size_t task = 0; task < world.tasks.size(); ++task) {
    for (std::int64_t trial = 0; trial < plan.trials; ++trial) {
      run_agent(world, task, model.policy, model.run_seed, trial, trajectory);
      writer.add(trajectory);
      if (auto done = flush(); !done) return Unexpected(done.error());
    }
  }
  writer.finish();
  if (auto done = flush(); !done) return Unexpected(done.error());
  if (auto done = file->commit(); !done) return Unexpected(done.error());
  return written;
}

std::string describe(const CorpusPlan& plan, const std::vector<SimulatedModel>& models) {
  std::string text = fmt::format(
      "Simulated agents (AgentEcho): scripted, not language models; the names are invented.\n"
      "seed {}, {} tasks, {} trial{} each, slips {}\n"
      "All agents meet the same tasks and the same scripted user. Students learn from {} traces "
      "of\n"
      "their teacher on other tasks, with one estimator; only the teacher and the strength "
      "differ.\n\n",
      plan.seed, plan.tasks, plan.trials, plan.trials == 1 ? "" : "s", plan.agents.slip,
      plan.lessons);
  for (const SimulatedModel& model : models) {
    text += fmt::format("{}: {}\n", model.policy.name, model.origin);
  }
  return text;
}

}  // namespace

std::string model_name(std::size_t family, std::size_t model) {
  const std::size_t round = family / std::size(kTrees);
  return fmt::format("sim-{}{}-{}", kTrees[family % std::size(kTrees)],
                     round == 0 ? "" : std::to_string(round + 1), model + 1);
}

Result<std::vector<std::size_t>> parse_families(std::string_view text) {
  std::vector<std::size_t> families;
  std::size_t models = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = text.substr(begin, end - begin);
    const std::size_t times = item.find('x');
    const bool repeated = times != std::string_view::npos;
    const auto n = repeated ? number<std::size_t>(item.substr(0, times)) : std::size_t{1};
    const auto size = number<std::size_t>(repeated ? item.substr(times + 1) : item);
    if (!n || !size || *n == 0 || *size == 0 || *n > kMostFamilies || *size > kMostModels ||
        (models += *n * *size) > kMostModels) {
      return fail(ErrorKind::kUsage,
                  fmt::format("\"{}\" does not say how many models there are", text),
                  "for example 2,2,1: three families of 2, 2 and 1 models; 50x2: 50 families of 2; "
                  "at most 100,000 models");
    }
    families.insert(families.end(), *n, *size);
    begin = end + 1;
  }
  return families;
}

Result<StudentPlan> parse_student(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t comma = text.rfind(',');
  const bool has_strength =
      comma != std::string_view::npos && equals != std::string_view::npos && comma > equals;
  const auto strength = has_strength ? number<double>(text.substr(comma + 1)) : 1.0;
  if (equals == std::string_view::npos || equals == 0 || !strength || !(*strength >= 0) ||
      *strength > 1 || equals + 1 >= (has_strength ? comma : text.size())) {
    return fail(ErrorKind::kUsage,
                fmt::format("\"{}\" is not MODEL=TEACHER or MODEL=TEACHER,STRENGTH", text),
                "for example sim-birch-1=sim-alder-1,0.5, with a strength from 0 to 1");
  }
  const std::size_t teacher_end = has_strength ? comma : text.size();
  return StudentPlan{std::string(text.substr(0, equals)),
                     std::string(text.substr(equals + 1, teacher_end - equals - 1)), *strength};
}

Result<std::vector<SimulatedModel>> make_models(const CorpusPlan& plan) {
  std::vector<SimulatedModel> models;
  for (std::size_t f = 0; f < plan.families.size(); ++f) {
    const std::uint64_t family_seed = derived(plan.seed, kFamilyStream + f);
    for (std::size_t m = 0; m < plan.families[f]; ++m) {
      SimulatedModel& model = models.emplace_back();
      model.policy = sample_agent(family_seed, m + 1, plan.agents);
      model.policy.name = model_name(f, m);
      model.run_seed = run_seed(plan.seed, model.policy.name);
      model.origin = fmt::format("family {}, model {}", f + 1, m + 1);
    }
  }
  if (models.empty()) return fail(ErrorKind::kUsage, "no model was asked for");
  for (const StudentPlan& student : plan.students) {
    auto made = make_student(plan, student, models);
    if (!made) return Unexpected(made.error());
    models.push_back(std::move(*made));
  }
  return models;
}

namespace {

constexpr const char* kAbout = "simulation.txt";

// What lies in the folder must be an earlier writing of the same models: other logs would be taken
// for part of this corpus, or be replaced.
Result<void> check_folder(const std::filesystem::path& folder,
                          const std::vector<SimulatedModel>& models) {
  std::error_code error;
  const bool written_before = std::filesystem::exists(folder / kAbout, error);
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.ends_with(".json") && !name.ends_with(".jsonl")) continue;
    const bool own = std::any_of(models.begin(), models.end(), [&](const SimulatedModel& model) {
      return model.policy.name + ".json" == name;
    });
    if (own && written_before) continue;
    return fail(ErrorKind::kUsage,
                fmt::format("{} holds {}, which is no part of this simulation", folder.string(),
                            name),
                "name a new folder, or empty this one first");
  }
  return {};
}

}  // namespace

Result<std::vector<WrittenFile>> write_corpus(const CorpusPlan& plan, const std::string& folder,
                                              unsigned threads) {
  auto models = make_models(plan);
  if (!models) return Unexpected(models.error());
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail(ErrorKind::kFailed,
                fmt::format("{}: cannot make the folder: {}", folder, error.message()));
  }
  if (auto free = check_folder(folder, *models); !free) return Unexpected(free.error());
  const auto path = [&](const std::string& name) {
    return (std::filesystem::path(folder) / name).string();
  };
  const World world = make_world(plan.seed, plan.tasks);
  std::vector<Result<WrittenFile>> done(models->size(), WrittenFile{});
  parallel_for(models->size(), threads, [&](std::size_t i) {
    const SimulatedModel& model = (*models)[i];
    done[i] = write_model(plan, world, model, path(model.policy.name + ".json"));
  });
  std::vector<WrittenFile> files;
  for (Result<WrittenFile>& file : done) {
    if (!file) return Unexpected(file.error());
    files.push_back(std::move(*file));
  }
  const std::string about = describe(plan, *models);
  files.push_back({path(kAbout), about.size()});
  if (auto written = write_file(files.back().path, about); !written)
    return Unexpected(written.error());
  return files;
}

}  // namespace agentecho::simulation

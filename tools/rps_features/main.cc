// rps_features: dumps, as CSV, the features that the local annotator and the local judge compute
// for labelled items and pairs, so that scripts/fit_stages.py and scripts/fit_rps.py fit on exactly
// what the library sees.
//
//   rps_features stages GOLD.jsonl CORPUS_FOLDER TAXONOMY.json > stages.csv
//   rps_features pairs  GOLD.jsonl CORPUS_FOLDER > pairs.csv
//   rps_features label  TRAJECTORY_FILE TASK_ID        (items with the local labels, to read)
//   rps_features pool   REFERENCE OTHER OTHER ...      (RPS and evidence of each file with the
//   first)
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

#include "agentecho/base/text.h"
#include "agentecho/metrics/rps/habits.h"
#include "agentecho/metrics/rps/local_annotator.h"
#include "agentecho/metrics/rps/local_judge.h"
#include "agentecho/metrics/rps/pair_features.h"
#include "agentecho/metrics/rps/phrases.h"
#include "agentecho/metrics/rps/rps.h"
#include "agentecho/readers/load.h"

namespace {

using namespace agentecho;
using Json = nlohmann::json;

std::vector<Trajectory> load_file(const std::string& path) {
  LoadOptions options;
  options.files.push_back({path, {}, {}});
  auto loaded = load_trajectories(options);
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return std::move(loaded->trajectories);
}

class Corpus {
 public:
  explicit Corpus(std::string folder) : folder_(std::move(folder)) {}

  const Trajectory& find(const std::string& file, const std::string& task) {
    if (!files_.contains(file)) files_[file] = load_file(folder_ + "/" + file);
    for (const Trajectory& t : files_[file]) {
      if (t.task_id == task) return t;
    }
    throw std::runtime_error("no task " + task + " in " + file);
  }

 private:
  std::string folder_;
  std::map<std::string, std::vector<Trajectory>> files_;
};

std::vector<Json> read_lines(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Json> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) lines.push_back(Json::parse(line));
  }
  return lines;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string csv(const std::string& field) {
  std::string quoted = "\"";
  for (const char c : field) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void dump_stages(const std::string& gold, const std::string& folder, const std::string& taxonomy) {
  Corpus corpus(folder);
  const auto parsed = rps::parse_taxonomy(read_whole(taxonomy));
  if (!parsed) throw std::runtime_error(parsed.error().message);
  const rps::StageFeatureExtractor extractor(parsed->cues);
  const rps::LocalAnnotator annotator(*parsed);
  std::cout << "file,task,item,type,stage,sure,local";
  for (const std::string& name : extractor.names()) std::cout << ',' << name;
  std::cout << '\n';
  std::string last;
  std::vector<std::vector<std::uint16_t>> features;
  rps::StageLabels labels;
  std::vector<rps::Item> items;
  for (const Json& line : read_lines(gold)) {
    const std::string file = line.at("file");
    const std::string task = line.at("task");
    if (file + task != last) {
      const Trajectory& t = corpus.find(file, task);
      items = rps::items_of(t);
      features = extractor.extract(t, items);
      labels = annotator.label(t, items);
      last = file + task;
    }
    const std::size_t item = line.at("item");
    if (item >= items.size()) throw std::runtime_error("no such item in " + last);
    std::cout << csv(file) << ',' << csv(task) << ',' << item << ','
              << (items[item].kind == rps::ItemKind::kThink ? "think" : "response") << ','
              << line.at("stage").get<std::string>() << ',' << line.value("sure", true) << ','
              << parsed->stages[labels[item]];
    std::vector<bool> row(extractor.names().size());
    for (const std::uint16_t f : features[item]) row[f] = true;
    for (const bool value : row) std::cout << ',' << (value ? 1 : 0);
    std::cout << '\n';
  }
}

void dump_pairs(const std::string& gold, const std::string& folder) {
  Corpus corpus(folder);
  const rps::LocalJudge judge;
  std::cout << "a,b,task,stage,style,structure,alignment,overall,"
               "local_style,local_structure,local_alignment,local_overall";
  for (const std::string& name : rps::pair_feature_names()) std::cout << ',' << name;
  std::cout << '\n';
  for (const Json& line : read_lines(gold)) {
    const auto sketch = [&](const char* file, const char* numbers) {
      const Trajectory& t = corpus.find(line.at(file), line.at("task"));
      const auto wanted = line.at(numbers).get<std::vector<std::uint32_t>>();
      return rps::make_stage_sketch(t, rps::items_of(t), wanted);
    };
    const rps::StageSketch a = sketch("a", "a_items");
    const rps::StageSketch b = sketch("b", "b_items");
    const rps::PairScore local = judge.score(a, b);
    std::cout << csv(line.at("a")) << ',' << csv(line.at("b")) << ',' << csv(line.at("task")) << ','
              << line.at("stage").get<std::string>();
    for (const char* score : {"style", "structure", "alignment", "overall"}) {
      std::cout << ',' << line.at(score);
    }
    std::cout << ',' << local.style << ',' << local.structure << ',' << local.alignment << ','
              << local.overall;
    for (const double value : rps::pair_features(a, b)) std::cout << ',' << value;
    std::cout << '\n';
  }
}

void show_labels(const std::string& path, const std::string& task) {
  const rps::LocalAnnotator annotator;
  for (const Trajectory& t : load_file(path)) {
    if (t.task_id != task) continue;
    const std::vector<rps::Item> items = rps::items_of(t);
    const rps::StageLabels labels = annotator.label(t, items);
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::cout << i << (items[i].kind == rps::ItemKind::kThink ? " think " : " response ")
                << annotator.taxonomy().stages[labels[i]] << " | "
                << printable(elided(items[i].text, 160)) << " ... "
                << printable(items[i].text.substr(items[i].text.size() -
                                                  std::min<std::size_t>(items[i].text.size(), 120)))
                << '\n';
      rps::for_each_agent_call(t, items[i].after, [&](const ToolCall& call) {
        std::cout << "      " << printable(rps::shortened_call(t, call, 60, 60)) << '\n';
      });
    }
  }
}

// One file as a model: profiles per task, phrases and habits.
struct Model {
  std::string file;
  std::map<std::string, rps::StageProfile> tasks;
  rps::PhraseTable phrases;
  rps::HabitTotals habits;
};

Model load_model(const std::string& path, const rps::LocalAnnotator& annotator) {
  Model model;
  model.file = path;
  rps::ResponseSample responses;
  std::uint64_t number = 0;
  for (const Trajectory& t : load_file(path)) {
    const std::vector<rps::Item> items = rps::items_of(t);
    const rps::StageLabels labels = annotator.label(t, items);
    rps::StageProfile profile =
        rps::make_stage_profile(t, items, labels, annotator.taxonomy().stages.size());
    responses.add(items, rps::mixed_hash(++number));
    model.habits.add(profile);
    model.tasks[t.task_id] = std::move(profile);
  }
  model.phrases = rps::PhraseTable(responses);
  return model;
}

void compare_pool(const std::vector<std::string>& files) {
  const rps::LocalAnnotator annotator;
  const rps::LocalJudge judge;
  std::vector<Model> models;
  for (const std::string& file : files) models.push_back(load_model(file, annotator));
  for (std::size_t m = 1; m < models.size(); ++m) {
    std::vector<std::vector<rps::TrajectoryPairVerdict>> tasks;
    for (const auto& [task, profile] : models[m].tasks) {
      const auto other = models[0].tasks.find(task);
      if (other == models[0].tasks.end()) continue;
      tasks.push_back({rps::judge_profiles(judge, annotator.taxonomy(), other->second, profile)});
    }
    const rps::RpsScore score = rps::score_rps(tasks, annotator.taxonomy().stages.size());
    std::cout << models[m].file << ": ";
    if (score.mean) {
      std::cout << "overall " << score.mean->overall << " style " << score.mean->style
                << " structure " << score.mean->structure << " alignment " << score.mean->alignment
                << " pooled " << score.pooled->overall;
    }
    std::cout << " tasks " << score.tasks_scored << " one-sided " << score.counts.one_sided << '\n';
    std::vector<const rps::PhraseTable*> phrases;
    std::vector<const rps::HabitTotals*> habits;
    for (std::size_t o = 1; o < models.size(); ++o) {
      if (o == m) continue;
      phrases.push_back(&models[o].phrases);
      habits.push_back(&models[o].habits);
    }
    for (const auto& p : rps::shared_phrases(models[0].phrases, models[m].phrases, phrases, 8)) {
      std::cout << "    \"" << printable(p.text) << "\" " << p.share_a << ' ' << p.share_b
                << " others " << p.share_others << '\n';
    }
    for (const auto& h : rps::shared_habits(models[0].habits, models[m].habits, habits)) {
      std::cout << "    " << h.name << ' ' << h.rate_a << ' ' << h.rate_b << " others "
                << h.others_mean << '\n';
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  try {
    if (args.size() == 4 && args[0] == "stages") {
      dump_stages(args[1], args[2], args[3]);
    } else if (args.size() == 3 && args[0] == "pairs") {
      dump_pairs(args[1], args[2]);
    } else if (args.size() == 3 && args[0] == "label") {
      show_labels(args[1], args[2]);
    } else if (args.size() >= 3 && args[0] == "pool") {
      compare_pool({args.begin() + 1, args.end()});
    } else {
      std::cerr << "usage: rps_features stages GOLD CORPUS TAXONOMY | pairs GOLD CORPUS | label "
                   "FILE TASK\n";
      return 2;
    }
  } catch (const std::exception& error) {
    std::cerr << "rps_features: " << error.what() << '\n';
    return 1;
  }
  return 0;
}

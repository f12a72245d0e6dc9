// From log files to the scores of all pairs of models, without the bootstrap, against
// what simdjson needs to parse the same bytes into its DOM (one parser, reused; each file one
// padded document): by actions alone, and as `compare` does by default, with Response Pattern
// Similarity. Both sides run in turn in every iteration, so that a busy machine disturbs both
// alike; counters are ratios of medians, on one thread of processor time:
//   vs_dom         one thread / simdjson, bytes in memory already  (budget: 4; with RPS 10)
//   vs_dom_file    the same / simdjson, the reading of the files included
//   two_threads    wall time on one thread / on two  (budget: at least 1.8)
// The corpus is the folder AGENTECHO_BENCH_CORPUS, else AGENTECHO_BENCH_MB (default 64) megabytes
// of seeded logs made for the purpose in a temporary folder. Each run must give the same number of
// trajectories and the same scores.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/base/hash.h"
#include "agentecho/corpus/load_corpus.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"
#include "support/temp_folder.h"
#include "synthetic_logs.h"

namespace {

using namespace agentecho;
namespace fs = std::filesystem;

class BenchCorpus {
 public:
  BenchCorpus() {
    if (const char* named = std::getenv("AGENTECHO_BENCH_CORPUS")) {
      folder_ = named;
    } else {
      make();
    }
    const auto resolved = resolve_inputs({{folder_.string(), {}}});
    if (!resolved) return;
    files_ = resolved->files;
    for (const InputFile& file : files_) bytes_ += fs::file_size(file.path);
  }
  BenchCorpus(const BenchCorpus&) = delete;
  BenchCorpus& operator=(const BenchCorpus&) = delete;

  const std::vector<InputFile>& files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }
  // Records written; 0 for a corpus of the user's.
  std::uint64_t made() const { return made_; }

 private:
  void make() {
    constexpr std::uint64_t kModels = 8;
    const char* size = std::getenv("AGENTECHO_BENCH_MB");
    const std::uint64_t megabytes = size != nullptr ? std::strtoull(size, nullptr, 10) : 64;
    folder_ = own_folder_.emplace().path();
    for (std::uint64_t model = 0; model < kModels; ++model) {
      std::ofstream out(folder_ / fmt::format("model-{:02}.json", model), std::ios::binary);
      made_ += bench::SyntheticLog(1, model).write(out, megabytes * 1000 * 1000 / kModels);
    }
  }

  std::optional<testing::TempFolder> own_folder_;
  fs::path folder_;
  std::vector<InputFile> files_;
  std::uint64_t bytes_ = 0;
  std::uint64_t made_ = 0;
};

struct Outcome {
  std::uint64_t trajectories = 0;
  Digest scores;
  bool operator==(const Outcome&) const = default;
};

Outcome compare_all_pairs(const BenchCorpus& input, const std::vector<std::string>& names,
                          unsigned threads) {
  CorpusOptions options;
  options.parts = parts_for(names);
  options.load.files = input.files();
  options.load.threads = threads;
  const auto loaded = load_corpus(options);
  if (!loaded) return {};
  const Corpus& corpus = loaded->corpus;
  std::vector<ModelIndex> pool;
  std::vector<std::pair<ModelIndex, ModelIndex>> pairs;
  for (ModelIndex b = 0; b < corpus.models().size(); ++b) {
    pool.push_back(b);
    for (ModelIndex a = 0; a < b; ++a) pairs.emplace_back(a, b);
  }
  const ToolSplit split = ToolSplit::make(corpus, pool, {});
  Hasher hasher;
  auto metrics = make_metrics(names, {corpus, split});
  if (!metrics) return {};
  const Study study{corpus, std::move(*metrics), {}, threads};
  for (const PairRows& pair : score_rows(study, pairs)) {
    const std::vector<double> sums = column_sums(study.metrics, pair);
    for (std::size_t m = 0; m < study.metrics.metrics.size(); ++m) {
      hasher.update_field(fmt::format("{}", study.metrics.score(m, sums).value_or(-1)));
    }
  }
  return {corpus.trajectories().size(), hasher.digest()};
}

// The number of documents that are JSON.
std::size_t parse_in_memory(simdjson::dom::parser& parser,
                            const std::vector<simdjson::padded_string>& documents) {
  std::size_t parsed = 0;
  for (const simdjson::padded_string& document : documents) {
    parsed += parser.parse(document).error() == simdjson::SUCCESS ? 1 : 0;
  }
  return parsed;
}

std::size_t parse_files(simdjson::dom::parser& parser, const std::vector<InputFile>& files) {
  std::size_t parsed = 0;
  for (const InputFile& file : files) {
    parsed += parser.load(file.path).error() == simdjson::SUCCESS ? 1 : 0;
  }
  return parsed;
}

struct Seconds {
  double wall = 0;
  double processor = 0;
};

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <class Body>
Seconds seconds_of(Body body) {
  const auto start = std::chrono::steady_clock::now();
  const double processor = processor_seconds();
  body();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          processor_seconds() - processor};
}

double median(std::vector<Seconds> values, double Seconds::*which) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end(),
                   [&](const Seconds& a, const Seconds& b) { return a.*which < b.*which; });
  return values.empty() ? 0 : (*middle).*which;
}

void logs_to_scores(benchmark::State& state, const std::vector<std::string>& names) {
  const BenchCorpus input;
  simdjson::dom::parser parser;
  std::vector<simdjson::padded_string> documents;
  for (const InputFile& file : input.files()) {
    simdjson::padded_string document;
    if (simdjson::padded_string::load(file.path).get(document) == simdjson::SUCCESS) {
      documents.push_back(std::move(document));
    }
  }
  const Outcome expected = compare_all_pairs(input, names, 1);
  const std::size_t n_files = input.files().size();
  bool right = expected.trajectories > 0 && parse_in_memory(parser, documents) == n_files &&
               (input.made() == 0 || expected.trajectories == input.made());
  std::vector<Seconds> one_thread, two_threads, in_memory, from_files;
  for (auto _ : state) {
    Outcome one, two;
    std::size_t parsed = 0;
    one_thread.push_back(seconds_of([&] { one = compare_all_pairs(input, names, 1); }));
    in_memory.push_back(seconds_of([&] { parsed += parse_in_memory(parser, documents); }));
    two_threads.push_back(seconds_of([&] { two = compare_all_pairs(input, names, 2); }));
    from_files.push_back(seconds_of([&] { parsed += parse_files(parser, input.files()); }));
    state.SetIterationTime(one_thread.back().wall);
    right = right && one == expected && two == expected && parsed == 2 * n_files;
  }
  if (!right) state.SkipWithError("the trajectories or the scores are not the expected ones");
  const double bytes = static_cast<double>(input.bytes());
  const double one_processor = median(one_thread, &Seconds::processor);
  state.counters["MB_per_second"] = bytes / 1e6 / one_processor;
  state.counters["vs_dom"] = one_processor / median(in_memory, &Seconds::processor);
  state.counters["vs_dom_file"] = one_processor / median(from_files, &Seconds::processor);
  state.counters["two_threads"] =
      median(one_thread, &Seconds::wall) / median(two_threads, &Seconds::wall);
  state.counters["trajectories"] = static_cast<double>(expected.trajectories);
  state.SetLabel(
      fmt::format("{:.0f} MB, scores {}", bytes / 1e6, to_hex(expected.scores).substr(0, 8)));
}

BENCHMARK_CAPTURE(logs_to_scores, actions, {"ags"})->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(logs_to_scores, with_rps, {"ags", "rps"})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

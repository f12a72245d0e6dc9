// Looking for argument values in results: the time per byte of text must not grow with the number
// of values. The texts hold no value, so that every byte is looked at and none is retired early;
// one value at the end proves that the search was on.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "agentecho/base/random.h"
#include "agentecho/graph/value_finder.h"

namespace {

using agentecho::Rng;
using agentecho::ValueFinder;

// Like the JSON of tool results: words, numbers and punctuation.
std::string result_text(std::size_t bytes) {
  Rng rng(4);
  std::string text;
  while (text.size() < bytes) {
    text += fmt::format(R"({{"loan_id": "#L{}", "title": "Atlas of {}", "fee": {}}}, )",
                        rng.below(10000000), rng.below(1000), rng.below(100));
  }
  return text;
}

void scan_for_values(benchmark::State& state) {
  std::string text = result_text(1 << 20);
  ValueFinder finder;
  for (std::int64_t i = 0; i < state.range(0); ++i) finder.add(fmt::format("reader_{}_{}", i, i));
  text += "reader_0_0";
  std::uint64_t hits = 0;
  std::uint64_t scans = 0;
  for (auto _ : state) {
    finder.scan(text, [&](ValueFinder::ValueId) { ++hits; });
    ++scans;
  }
  if (hits != scans) state.SkipWithError("the value was not found exactly once");
  state.SetBytesProcessed(static_cast<std::int64_t>(scans * text.size()));
}
BENCHMARK(scan_for_values)->Arg(1)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace

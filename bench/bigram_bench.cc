// Speed of the 2-gram overlap: bytes of response text a second, and pairs of sets a second.
#include <benchmark/benchmark.h>

#include <string>

#include "agentecho/base/random.h"
#include "agentecho/metrics/baselines/bigram.h"
#include "agentecho/trajectory/builder.h"

namespace {

using agentecho::Rng;
using agentecho::Trajectory;

// Ten responses of 120 words from a vocabulary of 500.
Trajectory talk(std::uint64_t stream) {
  Rng rng(1, stream);
  agentecho::TrajectoryBuilder builder;
  for (int message = 0; message < 10; ++message) {
    std::string text;
    for (int word = 0; word < 120; ++word) {
      const std::uint64_t id = rng.below(500);
      text += "Word";
      for (std::uint64_t rest = id; rest > 0; rest /= 26)
        text += static_cast<char>('a' + rest % 26);
      text += word % 12 == 11 ? ". " : " ";
    }
    builder.assistant(text);
  }
  return builder.build();
}

void bigrams_of_a_trajectory(benchmark::State& state) {
  const Trajectory trajectory = talk(0);
  std::size_t bytes = 0;
  for (const auto& message : trajectory.messages) bytes += message.text.size();
  for (auto _ : state) benchmark::DoNotOptimize(agentecho::response_bigrams(trajectory));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes * state.iterations()));
}
BENCHMARK(bigrams_of_a_trajectory);

void dice_of_a_pair(benchmark::State& state) {
  const auto a = agentecho::response_bigrams(talk(1));
  const auto b = agentecho::response_bigrams(talk(2));
  double score = 0;
  for (auto _ : state) {
    score = agentecho::dice(a, b).value();
    benchmark::DoNotOptimize(score);
  }
  state.counters["dice"] = score;
  state.counters["bigrams"] = static_cast<double>(a.size());
}
BENCHMARK(dice_of_a_pair);

}  // namespace

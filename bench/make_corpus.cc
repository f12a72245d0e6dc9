// make_corpus FOLDER MEGABYTES [FILES [SEED]]: logs of several made-up models, for load_bench and
// for measuring memory.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "synthetic_logs.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: make_corpus FOLDER MEGABYTES [FILES [SEED]]\n");
    return 2;
  }
  const auto number = [&](int i, std::uint64_t otherwise) {
    return argc > i ? std::strtoull(argv[i], nullptr, 10) : otherwise;
  };
  const std::filesystem::path folder = argv[1];
  const std::uint64_t bytes = number(2, 0) * 1000 * 1000;
  const std::uint64_t files = std::max<std::uint64_t>(1, number(3, 10));
  std::filesystem::create_directories(folder);
  for (std::uint64_t model = 0; model < files; ++model) {
    std::ofstream out(folder / fmt::format("model-{:02}.json", model), std::ios::binary);
    agentecho::bench::SyntheticLog(number(4, 1), model).write(out, bytes / files);
    if (!out.flush()) {
      fmt::print(stderr, "make_corpus: cannot write to {}\n", folder.string());
      return 1;
    }
  }
  return 0;
}

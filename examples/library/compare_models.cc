// The similarity of every pair of models in a folder of logs.
#include <cstdio>

#include "agentecho/study/compare.h"

int main(int argc, char** argv) {
  using namespace agentecho;
  const auto inputs = resolve_inputs({{argc > 1 ? argv[1] : "results/", {}}});
  if (!inputs) return std::fprintf(stderr, "%s\n", inputs.error().message.c_str()), 3;
  CorpusOptions reading;
  reading.load.files = inputs->files;
  const auto loaded = load_corpus(reading);
  if (!loaded) return std::fprintf(stderr, "%s\n", loaded.error().message.c_str()), 3;
  const auto results = compare(*loaded, {});
  if (!results) return std::fprintf(stderr, "%s\n", results.error().message.c_str()), 3;
  std::printf("%s\n", paragraph_of(results->verdict).c_str());
  for (const PairResult& pair : results->pairs) {
    const Estimate& ags = results->at(pair, "ags");
    if (ags.value) std::printf("%s  %s  %.3f\n", pair.a.c_str(), pair.b.c_str(), *ags.value);
  }
}

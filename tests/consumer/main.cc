#include <cstdio>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/scoring/pair_scores.h"

int main(int argc, char** argv) {
  using namespace agentecho;
  if (argc != 2) return 2;
  auto files = resolve_inputs({{argv[1], {}}});
  if (!files) return 3;
  CorpusOptions options;
  options.load.files = files->files;
  auto loaded = load_corpus(options);
  if (!loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    return 3;
  }
  const Corpus& corpus = loaded->corpus;
  std::vector<ModelIndex> pool;
  for (ModelIndex m = 0; m < corpus.models().size(); ++m) pool.push_back(m);
  const std::vector<std::pair<ModelIndex, ModelIndex>> pairs{{0, 1}};
  const auto scores = score_pairs(corpus, ToolSplit::make(corpus, pool, {}), pairs, 1);
  std::printf("%zu trajectories, %zu tasks in common\n", corpus.trajectories().size(),
              scores[0].tasks.size());
  return scores[0].tasks.empty() ? 1 : 0;
}

#include <cstdio>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/metrics/ags/similarity.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/scoring/metric_registry.h"
#include "agentecho/scoring/metric_scores.h"

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
  const ToolSplit split = ToolSplit::make(corpus, pool, {});
  auto metrics = make_metrics(std::vector<std::string>{"ags"}, {corpus, split});
  if (!metrics) return 3;
  const std::vector<ModelPair> pairs{{0, 1}};
  const auto scores = score_rows({corpus, std::move(*metrics), {}, 1}, pairs);
  std::printf("%zu trajectories, %zu tasks in common\n", corpus.trajectories().size(),
              scores[0].tasks.size());
  return scores[0].tasks.empty() ? 1 : 0;
}

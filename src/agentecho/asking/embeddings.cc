#include "agentecho/asking/embeddings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "agentecho/llm/embeddings.h"
#include "agentecho/metrics/baselines/embedding_similarity.h"
#include "agentecho/metrics/baselines/response_sentences.h"
#include "agentecho/scoring/metric_scores.h"

namespace agentecho::asking {

namespace {

constexpr std::size_t kSentencesPerRequest = 64;  // as many as a trajectory has at most

// Every text once, in requests of bounded size.
class SentenceTable {
 public:
  std::uint32_t number_of(const std::string& sentence) {
    const auto [place, added] =
        numbers_.try_emplace(sentence, static_cast<std::uint32_t>(numbers_.size()));
    if (added) sentences_.push_back(&place->first);
    return place->second;
  }
  std::size_t requests() const {
    return (sentences_.size() + kSentencesPerRequest - 1) / kSentencesPerRequest;
  }
  llm::ChatRequest request(std::size_t index, const std::string& model) const {
    llm::ChatRequest request;
    request.model = model;
    for (std::size_t i = index * kSentencesPerRequest;
         i < std::min(sentences_.size(), (index + 1) * kSentencesPerRequest); ++i) {
      request.texts_to_embed.push_back(*sentences_[i]);
    }
    return request;
  }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> sentences_;
};

}  // namespace

Result<JudgedValues> ask_for_embeddings(const Questioner& questioner, const LoadedCorpus& loaded,
                                        std::span<const std::pair<ModelIndex, ModelIndex>> pairs) {
  std::map<Digest, std::vector<std::uint32_t>> sentences_of;
  SentenceTable table;
  for (const KeptTrajectory& kept : loaded.kept) {
    std::vector<std::uint32_t>& numbers = sentences_of[kept.content];
    if (!numbers.empty()) continue;
    for (const std::string& sentence : response_sentences(kept.trajectory)) {
      numbers.push_back(table.number_of(sentence));
    }
  }
  const std::string& model = questioner.settings.model;
  auto outcomes = questioner.asker->ask("embeddings", table.requests(), [&](std::size_t index) {
    return table.request(index, model);
  });
  if (!outcomes) return Unexpected(outcomes.error());
  JudgedValues values{model, {}};
  SentenceVectors vectors;
  bool all_zero = true;
  for (const llm::Outcome& outcome : *outcomes) {
    // Without all vectors nothing can be said of any pair: sentences are shared between runs.
    if (outcome.kind != llm::OutcomeKind::kScored) return values;
    auto embedded = llm::embeddings_of(outcome.reply);
    if (!embedded) return Unexpected(embedded.error());
    for (const auto& vector : *embedded) {
      if (auto added = vectors.add(vector); !added) return Unexpected(added.error());
      all_zero &= std::all_of(vector.begin(), vector.end(), [](float x) { return x == 0; });
    }
  }
  if (all_zero && vectors.size() > 0) {
    return fail(ErrorKind::kFailed,
                fmt::format("all {} vectors of \"{}\" are zero, so that nothing can be compared",
                            vectors.size(), model),
                "ask another embedding model, or leave --metrics embedding out");
  }
  for (const auto& [a, b] : pairs) {
    for (TaskIndex task = 0; task < loaded.corpus.tasks().size(); ++task) {
      for (const RunPair runs : run_pairs(loaded.corpus, {a, b}, task)) {
        const CorpusTrajectory& x = loaded.corpus.trajectories()[runs.a];
        const CorpusTrajectory& y = loaded.corpus.trajectories()[runs.b];
        const auto of_x = sentences_of.find(x.content);
        const auto of_y = sentences_of.find(y.content);
        if (of_x == sentences_of.end() || of_y == sentences_of.end()) continue;
        const auto similarity = embedding_similarity(vectors, of_x->second, of_y->second);
        values.values.set(x.content, y.content,
                          similarity ? std::optional(similarity->f1) : std::nullopt);
      }
    }
  }
  return values;
}

}  // namespace agentecho::asking

#include "agentecho/study/shared_wording.h"

#include <fmt/format.h>

#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

std::vector<rps::HabitTotals> habits_of_models(const Corpus& corpus) {
  std::vector<rps::HabitTotals> totals(corpus.models().size());
  for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
    totals[trajectory.model].add(trajectory.verbal->stages->unpacked());
  }
  return totals;
}

}  // namespace

Result<SharedWording> shared_wording(const LoadedCorpus& loaded, const std::string& a,
                                     const std::string& b, std::size_t most_phrases) {
  const Corpus& corpus = loaded.corpus;
  std::vector<ModelIndex> sides;
  for (const std::string& name : {a, b}) {
    auto model = require_model(corpus, name);
    if (!model) return Unexpected(model.error());
    if (!loaded.phrases.contains(name)) {
      return fail(
          ErrorKind::kInput,
          fmt::format("model \"{}\" is only known from feature files, which hold no phrases", name),
          "name its logs instead");
    }
    sides.push_back(*model);
  }
  if (a == b) {
    return fail(ErrorKind::kUsage, fmt::format("\"{}\" shares everything with itself", a),
                "name two models");
  }
  return shared_wording(loaded, sides[0], sides[1], most_phrases);
}

SharedWording shared_wording(const LoadedCorpus& loaded, ModelIndex a, ModelIndex b,
                             std::size_t most_phrases) {
  const Corpus& corpus = loaded.corpus;
  const std::vector<rps::HabitTotals> totals = habits_of_models(corpus);
  const auto phrases_of = [&](ModelIndex model) -> const rps::PhraseTable* {
    const auto table = loaded.phrases.find(corpus.models()[model]);
    return table == loaded.phrases.end() ? nullptr : &table->second;
  };
  std::vector<const rps::PhraseTable*> phrases;
  std::vector<const rps::HabitTotals*> habits;
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
    if (model == a || model == b) continue;
    habits.push_back(&totals[model]);
    if (const rps::PhraseTable* table = phrases_of(model)) phrases.push_back(table);
  }
  SharedWording shared;
  shared.a = corpus.models()[a];
  shared.b = corpus.models()[b];
  shared.others = habits.size();
  shared.phrases_known = phrases_of(a) != nullptr && phrases_of(b) != nullptr;
  if (shared.phrases_known) {
    shared.phrases = rps::shared_phrases(*phrases_of(a), *phrases_of(b), phrases, most_phrases);
  }
  shared.habits = rps::shared_habits(totals[a], totals[b], habits);
  return shared;
}

}  // namespace agentecho

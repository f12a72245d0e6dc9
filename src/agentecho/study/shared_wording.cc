#include "agentecho/study/shared_wording.h"

#include <fmt/format.h>

#include "agentecho/study/compare.h"

namespace agentecho {

namespace {

std::vector<rps::HabitTotals> habits_of_models(const Corpus& corpus) {
  std::vector<rps::HabitTotals> totals(corpus.models().size());
  for (const CorpusTrajectory& trajectory : corpus.trajectories()) {
    totals[trajectory.model].add(*trajectory.verbal->stages);
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
  const std::vector<rps::HabitTotals> totals = habits_of_models(corpus);
  std::vector<const rps::PhraseTable*> phrases;
  std::vector<const rps::HabitTotals*> habits;
  for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
    if (model == sides[0] || model == sides[1]) continue;
    habits.push_back(&totals[model]);
    const auto table = loaded.phrases.find(corpus.models()[model]);
    if (table != loaded.phrases.end()) phrases.push_back(&table->second);
  }
  SharedWording shared{a, b, habits.size(), {}, {}};
  shared.phrases =
      rps::shared_phrases(loaded.phrases.at(a), loaded.phrases.at(b), phrases, most_phrases);
  shared.habits = rps::shared_habits(totals[sides[0]], totals[sides[1]], habits);
  return shared;
}

}  // namespace agentecho

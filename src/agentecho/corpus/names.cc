#include "agentecho/corpus/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "agentecho/base/text.h"
#include "agentecho/corpus/run_filter.h"

namespace agentecho {

std::array<std::string, 3> names_of(const TaskKey& task) {
  return {fmt::format("{}/{}/{}", task.benchmark, task.domain, task.task_id), name_in_domain(task),
          task.task_id};
}

std::string name_in_domain(const TaskKey& task) { return task.domain + "/" + task.task_id; }

std::vector<std::string> shortest_names(const Corpus& corpus) {
  std::map<std::string, std::size_t> with_id;
  std::map<std::string, std::size_t> with_domain;
  for (const TaskKey& task : corpus.tasks()) {
    ++with_id[task.task_id];
    ++with_domain[name_in_domain(task)];
  }
  std::vector<std::string> names;
  for (const TaskKey& task : corpus.tasks()) {
    const std::size_t longer = with_id[task.task_id] == 1               ? 2
                               : with_domain[name_in_domain(task)] == 1 ? 1
                                                                        : 0;
    names.push_back(names_of(task)[longer]);
  }
  return names;
}

namespace {

// Without the dashes that begin an option, and without regard to case.
std::string bare(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  return ascii_lowered(name);
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& names) {
  const std::string wanted = bare(name);
  std::string nearest;
  std::size_t best = (wanted.size() + 1) / 3 + 1;
  for (const std::string& candidate : names) {
    const std::string lowered = bare(candidate);
    // Part of the other name: as near as one typing error.
    const bool part = !wanted.empty() && (lowered.find(wanted) != std::string::npos ||
                                          wanted.find(lowered) != std::string::npos);
    const std::size_t distance = part ? 1 : edit_distance(wanted, lowered);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

Result<ModelIndex> require_model(const Corpus& corpus, std::string_view name) {
  if (const auto model = corpus.find_model(name)) return *model;
  const std::string nearest = nearest_name(name, corpus.models());
  std::string hint = nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest);
  hint += fmt::format("models: {}", fmt::join(corpus.models(), ", "));
  return fail(ErrorKind::kUsage, fmt::format("no model \"{}\" in the input", name),
              std::move(hint));
}

Result<std::vector<ModelIndex>> require_models(const Corpus& corpus,
                                               const std::vector<std::string>& names) {
  std::vector<ModelIndex> models;
  if (names.empty()) {
    models.resize(corpus.models().size());
    std::iota(models.begin(), models.end(), 0u);
    return models;
  }
  const auto add = [&](std::string_view name) -> Result<void> {
    if (name.find_first_of("*?") == std::string_view::npos || corpus.find_model(name)) {
      auto model = require_model(corpus, name);
      if (!model) return Unexpected(model.error());
      models.push_back(*model);
      return {};
    }
    const std::size_t before = models.size();
    for (ModelIndex model = 0; model < corpus.models().size(); ++model) {
      if (matches_glob(name, corpus.models()[model])) models.push_back(model);
    }
    if (models.size() > before) return {};
    return fail(ErrorKind::kUsage, fmt::format("no model in the input matches \"{}\"", name),
                fmt::format("models: {}", fmt::join(corpus.models(), ", ")));
  };
  for (const std::string& entry : names) {
    // A name may have a comma of its own.
    std::string_view rest = entry;
    while (!rest.empty()) {
      const std::size_t comma =
          corpus.find_model(rest) ? rest.size() : std::min(rest.find(','), rest.size());
      if (auto added = add(rest.substr(0, comma)); !added) return Unexpected(added.error());
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  std::sort(models.begin(), models.end());
  models.erase(std::unique(models.begin(), models.end()), models.end());
  return models;
}

}  // namespace agentecho

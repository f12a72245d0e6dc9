#include "agentecho/readers/path_roles.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "agentecho/base/text.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/path_pattern.h"

namespace agentecho {

namespace {

struct Split {
  std::vector<std::string_view> folders;
  std::string stem;
};

Split split(std::string_view path) {
  Split parts;
  parts.folders = path_components(path);
  if (!parts.folders.empty()) {
    parts.stem = stem_of(parts.folders.back());
    parts.folders.pop_back();
  }
  return parts;
}

}  // namespace

std::optional<std::int64_t> trial_in_name(std::string_view name) {
  constexpr std::string_view kWords[] = {"run",    "trial",     "attempt", "epoch",
                                         "seed",   "rep",       "repeat",  "rollout",
                                         "sample", "iteration", "iter",    "try"};
  const std::string lowered = ascii_lowered(name);
  for (const std::string_view word : kWords) {
    if (!lowered.starts_with(word)) continue;
    std::string_view digits = std::string_view(lowered).substr(word.size());
    if (!digits.empty() &&
        std::string_view("-_ .=").find(digits.front()) != std::string_view::npos) {
      digits.remove_prefix(1);
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc{} && end == digits.data() + digits.size()) return number;
  }
  return std::nullopt;
}

PathRoles::PathRoles(const std::vector<std::string>& paths) {
  struct Values {
    std::vector<std::set<std::string, std::less<>>> folders;
    std::set<std::string> stems;
    std::size_t n = 0;
  };
  std::map<std::size_t, Values> values;
  for (const std::string& path : paths) {
    const Split parts = split(path);
    Values& here = values[parts.folders.size()];
    here.folders.resize(parts.folders.size());
    for (std::size_t i = 0; i < parts.folders.size(); ++i)
      here.folders[i].emplace(parts.folders[i]);
    here.stems.insert(parts.stem);
    ++here.n;
  }
  for (const auto& [n_folders, here] : values) {
    Depth& depth = depths_[n_folders];
    const auto all_trials = [](const auto& names) {
      return std::all_of(names.begin(), names.end(),
                         [](const std::string& name) { return trial_in_name(name).has_value(); });
    };
    for (const auto& names : here.folders) {
      depth.differs.push_back(names.size() > 1);
      depth.is_trial.push_back(all_trials(names));
    }
    depth.alone = here.n == 1;
    depth.stem_repeats = here.stems.size() < here.n;
    depth.stem_differs = here.stems.size() > 1 || here.n == 1;
    depth.stem_is_trial = here.stems.size() > 1 && all_trials(here.stems);
  }
}

PathParts PathRoles::parts_of(std::string_view path) const {
  PathParts found;
  const Split parts = split(path);
  const auto known = depths_.find(parts.folders.size());
  if (known == depths_.end()) return found;
  const Depth& depth = known->second;
  found.alone = depth.alone;
  found.stem_repeats = depth.stem_repeats;
  for (std::size_t i = parts.folders.size(); i-- > 0 && found.parent.empty();) {
    if (!depth.is_trial[i]) found.parent = path_text(parts.folders[i]);
  }
  if (depth.stem_is_trial) {
    found.trial = trial_in_name(parts.stem);
    found.trial_differs = true;
  } else if (depth.stem_differs) {
    found.stem = path_text(parts.stem);
    found.task = found.stem;
  }
  std::optional<std::size_t> task_folder;
  for (std::size_t i = parts.folders.size(); i-- > 0;) {
    if (depth.is_trial[i]) {
      if (!found.trial) {
        found.trial = trial_in_name(parts.folders[i]);
        found.trial_differs = depth.differs[i];
      }
    } else if (depth.differs[i] && found.task.empty()) {
      found.task = path_text(parts.folders[i]);
      task_folder = i;
    }
  }
  for (std::size_t i = 0; i < parts.folders.size(); ++i) {
    if (!depth.differs[i] || depth.is_trial[i] || task_folder == i) continue;
    if (path_text(parts.folders[i]) == found.task) continue;  // desk-11/desk-11.json
    found.model_folder = path_text(parts.folders[i]);
    break;
  }
  return found;
}

}  // namespace agentecho

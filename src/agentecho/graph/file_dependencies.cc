#include "agentecho/graph/file_dependencies.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <unordered_map>

namespace agentecho {

namespace {

struct Write {
  std::uint32_t node = 0;
  std::string_view path;
};

// The writes of files of one name that are still looked at: the last ones.
constexpr std::size_t kRemembered = 64;

std::string_view last_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool before(const Dependency& a, const Dependency& b) {
  return std::tie(a.destination, a.source) < std::tie(b.destination, b.source);
}

}  // namespace

bool same_file(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a == b) return true;
  return !b.empty() && b.front() != '/' && b.front() != '~' && a.ends_with(b) &&
         a[a.size() - b.size() - 1] == '/';
}

void add_file_dependencies(const Trajectory& trajectory, std::vector<Dependency>& dependencies) {
  if (trajectory.file_uses.empty()) return;
  const std::vector<std::uint32_t> calls = agent_calls(trajectory);
  std::vector<std::uint32_t> node_of(trajectory.calls.size(), 0);
  for (std::uint32_t node = 0; node < calls.size(); ++node) node_of[calls[node]] = node;

  std::unordered_map<std::string_view, std::vector<Write>> writes;  // by last part of the path
  std::vector<Dependency> found;
  std::size_t noted = 0;  // uses whose writes are in `writes`
  const auto& uses = trajectory.file_uses;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    while (uses[noted].call != uses[i].call) {
      const FileUse& earlier = uses[noted++];
      if (!earlier.written) continue;
      std::vector<Write>& of_name = writes[last_part(earlier.path)];
      if (of_name.size() == kRemembered) of_name.erase(of_name.begin());
      of_name.push_back({node_of[earlier.call], earlier.path});
    }
    const auto of_name = writes.find(last_part(uses[i].path));
    if (of_name == writes.end()) continue;
    const auto last =
        std::find_if(of_name->second.rbegin(), of_name->second.rend(),
                     [&](const Write& write) { return same_file(write.path, uses[i].path); });
    if (last == of_name->second.rend()) continue;
    found.push_back({last->node, node_of[uses[i].call], uses[i].path});
  }
  const std::size_t n_values = dependencies.size();
  dependencies.insert(dependencies.end(), found.begin(), found.end());
  // Values come first between the same two nodes, then the first path.
  std::stable_sort(dependencies.begin() + static_cast<std::ptrdiff_t>(n_values), dependencies.end(),
                   before);
  std::inplace_merge(dependencies.begin(),
                     dependencies.begin() + static_cast<std::ptrdiff_t>(n_values),
                     dependencies.end(), before);
  dependencies.erase(std::unique(dependencies.begin(), dependencies.end(),
                                 [](const Dependency& a, const Dependency& b) {
                                   return !before(a, b) && !before(b, a);
                                 }),
                     dependencies.end());
}

}  // namespace agentecho

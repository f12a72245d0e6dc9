// Logs of those whom an agent met in its runs: the judge's and the simulated user's. They lie
// beside the agent's and are no runs of it.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho {

// The logs, and the folders with logs, that judges and simulated users have beside the agent's.
class PartnerLogs {
 public:
  // Of one folder, by the names of what is in it.
  explicit PartnerLogs(const std::vector<std::filesystem::path>& entries);

  bool contain(std::string_view name) const;

 private:
  std::set<std::string> sides_;
  std::set<std::string, std::less<>> agents_;  // what the agent's logs are called beside that
  bool has_folder_ = false;
  bool all_are_said_ = true;
};

}  // namespace agentecho

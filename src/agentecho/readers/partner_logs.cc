#include "agentecho/readers/partner_logs.h"

#include <algorithm>
#include <optional>
#include <span>

#include "agentecho/base/table.h"
#include "agentecho/base/text.h"
#include "agentecho/readers/inputs.h"
#include "agentecho/readers/path_roles.h"

namespace agentecho {

namespace fs = std::filesystem;

namespace {

// Whose log it is: "judge-trajectory.json", "judge_2" -> "judge". Numbers and what logs are called
// say nothing of it.
std::string side_of(std::string_view name) {
  constexpr std::string_view kMarks = "_-. ";
  const std::string stem = stem_of(name);
  const auto says_nothing = [](std::string_view word) {
    return word != "agent" && (names_logs(word) || trial_in_name(word) ||
                               std::all_of(word.begin(), word.end(), is_ascii_digit));
  };
  std::string_view side = stem;
  for (std::size_t mark = 0; (mark = side.find_last_of(kMarks)) != kNowhere;) {
    if (!says_nothing(side.substr(mark + 1))) break;
    side = side.substr(0, mark);
  }
  for (std::size_t mark = 0; (mark = side.find_first_of(kMarks)) != kNowhere;) {
    if (!says_nothing(side.substr(0, mark))) break;
    side = side.substr(mark + 1);
  }
  return comparable(side);
}

constexpr std::string_view kAgents[] = {"agent", "assistant"};
// Who judged a run, or spoke to the agent in it.
constexpr std::string_view kJudges[] = {"judge",         "judges",        "grader",
                                        "graders",       "usersimulator", "usersimulation",
                                        "simulateduser", "usersim",       "simuser"};
// The same, beside the agent's log.
constexpr std::string_view kPartners[] = {"user",    "users",     "useragent", "usermodel",
                                          "userllm", "userproxy", "customer",  "evaluator"};

// What "t1user" and "usert1" have beside one of the words: "t1"; nothing where they have none.
std::optional<std::string_view> beside_word(std::string_view side,
                                            std::span<const std::string_view> words) {
  std::optional<std::string_view> shortest;
  for (const std::string_view word : words) {
    std::optional<std::string_view> rest;
    if (side.ends_with(word)) rest = side.substr(0, side.size() - word.size());
    if (side.starts_with(word)) rest = side.substr(word.size());
    if (rest && (!shortest || rest->size() < shortest->size())) shortest = rest;
  }
  return shortest;
}

}  // namespace

PartnerLogs::PartnerLogs(const std::vector<fs::path>& entries) {
  for (const fs::path& entry : entries) {
    const std::string name = entry.filename().string();
    std::error_code ignored;
    const bool is_folder = !is_log_name(name) && fs::is_directory(entry, ignored);
    if (name.starts_with(".") || (!is_folder && !is_log_name(name))) continue;
    const std::string side = side_of(name);
    has_folder_ = has_folder_ || is_folder;
    sides_.insert(side);
    const auto of_agent = beside_word(side, kAgents);
    if (of_agent) agents_.emplace(*of_agent);
    all_are_said_ =
        all_are_said_ && (of_agent || beside_word(side, kPartners) || is_in(kJudges, side));
  }
}

bool PartnerLogs::contain(std::string_view name) const {
  const std::string side = side_of(name);
  if (is_in(kJudges, side)) return has_folder_ || sides_.size() > sides_.count(side);
  const auto rest = beside_word(side, kPartners);
  // "user" beside "agent"; "t1_user" beside "t1_agent" where all logs are called so.
  return rest && agents_.contains(*rest) && (rest->empty() || all_are_said_);
}

}  // namespace agentecho

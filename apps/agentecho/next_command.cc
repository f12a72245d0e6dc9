#include "agentecho/next_command.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/cli.h"
#include "agentecho/options/section.h"

namespace agentecho::cli {

namespace {

struct GivenOption {
  std::vector<std::string> names;  // without dashes
  std::string type;                // what help calls its value; empty of a flag
  std::vector<std::string> values;
  bool names_logs = false;  // NAME=PATH: goes where the logs go
};

struct Given {
  std::vector<std::string> logs;
  std::vector<GivenOption> options;
};

Given& given() {
  static Given all;
  return all;
}

// Whether another command must be told the same to look at the same thing.
bool decides_what_is_seen(const CLI::Option& option) {
  constexpr std::string_view kHowItRuns[] = {"threads", "strict", "quiet"};
  const std::string& section = option.get_group();
  if (section != kInputSection && section != kSelectionSection && section != kMetricSection) {
    return false;
  }
  return !option.get_lnames().empty() &&
         std::none_of(std::begin(kHowItRuns), std::end(kHowItRuns),
                      [&](std::string_view name) { return option.check_lname(std::string(name)); });
}

bool is_flag(const CLI::Option& option) { return option.get_expected_max() == 0; }

std::string type_of(const CLI::Option& option) {
  return is_flag(option) ? std::string() : option.get_type_name();
}

// The command that the words name; null where they name none.
const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (std::size_t w = 1; w < words.size(); ++w) {
    const auto named =
        command->get_subcommands([&](const CLI::App* one) { return one->check_name(words[w]); });
    if (named.empty()) break;
    command = named.front();
  }
  return command == &app ? nullptr : command;
}

bool stands_among(const CLI::Option& option, const std::vector<std::string>& words) {
  const auto& names = option.get_lnames();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(words.begin(), words.end(), "--" + name) != words.end();
  });
}

// The option as the command spells it; nothing where it has none that means the same.
std::vector<std::string> spelled_for(const CLI::App& command, const GivenOption& option,
                                     const std::vector<std::string>& words) {
  std::vector<std::string> spelled;
  for (const std::string& name : option.names) {
    const CLI::Option* const same = command.get_option_no_throw("--" + name);
    if (same == nullptr || type_of(*same) != option.type) continue;
    const auto excluded = same->get_excludes();
    if (stands_among(*same, words) ||
        std::any_of(excluded.begin(), excluded.end(),
                    [&](const CLI::Option* other) { return stands_among(*other, words); })) {
      continue;
    }
    for (const std::string& value : option.values) {
      spelled.push_back("--" + name);
      if (!option.type.empty()) spelled.push_back(value);
    }
    break;
  }
  return spelled;
}

}  // namespace

void note_given(const CLI::App& command) {
  Given& all = given();
  all = {};
  for (const CLI::Option* option : command.get_options()) {
    if (option->count() == 0) continue;
    if (option->get_name(true) == "PATHS") {
      all.logs = option->results();
    } else if (decides_what_is_seen(*option)) {
      std::vector<std::string> values = option->results();
      if (is_flag(*option)) values.resize(1);
      const std::string type = type_of(*option);
      all.options.push_back({option->get_lnames(), type, std::move(values), type == "NAME=PATH"});
    }
  }
}

void complete_next(VerdictParagraph& verdict) {
  if (verdict.next.size() < 2) return;
  const auto app = make_app(verdict.next[1]);
  const CLI::App* const command = command_of(*app, verdict.next);
  std::vector<std::string> logs = given().logs;
  std::vector<std::string> options;
  if (command != nullptr) {
    for (const GivenOption& option : given().options) {
      const auto words = spelled_for(*command, option, verdict.next);
      std::vector<std::string>& place = option.names_logs ? logs : options;
      place.insert(place.end(), words.begin(), words.end());
    }
  }
  std::vector<std::string>& words = verdict.next;
  if (std::find(words.begin(), words.end(), "PATHS") != words.end()) {
    logs.insert(logs.end(), options.begin(), options.end());
    name_logs(verdict, logs);
  } else if (words.back() != "--help") {
    const auto to_come = std::find(words.begin(), words.end(), kNewLogs);
    words.insert(to_come == words.end() ? to_come : to_come + 1, options.begin(), options.end());
  }
}

}  // namespace agentecho::cli

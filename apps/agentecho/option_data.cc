#include "agentecho/option_data.h"

#include <algorithm>
#include <string_view>

#include "agentecho/options/section.h"

namespace agentecho::cli {

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  std::vector<const CLI::App*> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (!command->get_group().empty()) commands.push_back(command);
  }
  return commands;
}

std::string path_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : path_of(*parent) + " " + command.get_name();
}

std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::vector<std::string> values_of(const CLI::Option& option) {
  // A check for membership describes itself as "{a,b}".
  const std::string type = option.get_type_name();
  const std::size_t open = type.find(":{");
  if (open == std::string::npos) return {};
  const std::size_t close = type.find('}', open);
  std::string_view list = std::string_view(type).substr(open + 2, close - open - 2);
  std::vector<std::string> values;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    values.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return values;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::string longest_name(const CLI::Option& option) {
  const std::vector<std::string> names = names_of(option);
  const auto longest = std::max_element(
      names.begin(), names.end(),
      [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  return longest == names.end() ? option.get_name() : *longest;
}

std::vector<OptionGroup> groups_of(const CLI::App& command) {
  constexpr const char* kArguments = "Arguments";
  constexpr const char* kOwn = "Options";
  std::vector<OptionGroup> groups = {{kArguments, {}}, {kOwn, {}}};
  for (const char* section : {kInputSection, kSelectionSection, kMetricSection, kStatisticsSection,
                              kOutputSection, kAskingGroup}) {
    groups.push_back({section, {}});
  }
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_group().empty()) continue;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const OptionGroup& known) {
      return known.title == (option->get_positional() ? kArguments : option->get_group());
    });
    (group == groups.end() ? groups[1] : *group).options.push_back(option);
  }
  // Help comes last among a command's own options.
  const auto is_help = [](const CLI::Option* option) {
    return longest_name(*option).starts_with("--help");
  };
  std::stable_partition(groups[1].options.begin(), groups[1].options.end(),
                        [&](const CLI::Option* option) { return !is_help(option); });
  std::erase_if(groups, [](const OptionGroup& group) { return group.options.empty(); });
  return groups;
}

}  // namespace agentecho::cli

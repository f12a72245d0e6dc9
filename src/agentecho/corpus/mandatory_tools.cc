#include "agentecho/corpus/mandatory_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agentecho/base/within.h"
#include "agentecho/corpus/names.h"

namespace agentecho {

namespace {

// The member for a task, by its most specific name; the end where there is none.
nlohmann::json::const_iterator entry_of(const nlohmann::json& document, const TaskKey& task) {
  for (const std::string& key : names_of(task)) {
    if (const auto found = document.find(key); found != document.end()) return found;
  }
  return document.end();
}

}  // namespace

Result<std::vector<std::vector<ToolIndex>>> parse_mandatory_file(const Corpus& corpus,
                                                                 std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  const auto is_list_of_names = [](const nlohmann::json& value) {
    return value.is_array() && std::all_of(value.begin(), value.end(),
                                           [](const auto& name) { return name.is_string(); });
  };
  if (!document.is_object() || !std::all_of(document.begin(), document.end(), is_list_of_names)) {
    return fail(ErrorKind::kInput, "the file of mandatory tools is not an object of lists of names",
                R"(expected {"task": ["tool", ...], ...})");
  }
  std::vector<std::vector<ToolIndex>> listed(corpus.tasks().size());
  std::size_t used = 0;
  for (TaskIndex t = 0; t < corpus.tasks().size(); ++t) {
    const auto found = entry_of(document, corpus.tasks()[t]);
    if (found == document.end()) continue;
    ++used;
    for (const auto& name : *found) {
      if (const auto tool = corpus.find_tool(name.get<std::string>())) listed[t].push_back(*tool);
    }
  }
  if (used == 0) {
    return fail(ErrorKind::kInput,
                "the file of mandatory tools names none of the tasks in the input",
                fmt::format("a task here is called \"{}\"", corpus.tasks().front().task_id));
  }
  return listed;
}

Result<std::vector<std::vector<ToolIndex>>> listed_tools(const Corpus& corpus,
                                                         const MandatoryTools& mandatory) {
  if (mandatory.rule.kind != MandatoryRule::Kind::kFile) return {};
  auto listed = parse_mandatory_file(corpus, mandatory.json);
  if (!listed && !mandatory.file.empty()) {
    return Unexpected(within(mandatory.file, listed.error()));
  }
  return listed;
}

std::optional<std::string> mandatory_file_gaps(const Corpus& corpus,
                                               const MandatoryTools& mandatory) {
  constexpr std::size_t kShown = 5;
  if (mandatory.rule.kind != MandatoryRule::Kind::kFile) return std::nullopt;
  const auto document = nlohmann::json::parse(mandatory.json, nullptr, false);
  if (!document.is_object()) return std::nullopt;
  const auto unlisted = std::count_if(
      corpus.tasks().begin(), corpus.tasks().end(),
      [&](const TaskKey& task) { return entry_of(document, task) == document.end(); });
  std::vector<std::string> unknown;
  for (const auto& [task, tools] : document.items()) {
    for (const auto& tool : tools) {
      const std::string name = tool.is_string() ? tool.get<std::string>() : std::string{};
      const bool known = corpus.find_tool(name).has_value() ||
                         std::find(unknown.begin(), unknown.end(), name) != unknown.end();
      if (!known) unknown.push_back(name);
    }
  }
  std::string text;
  if (unlisted > 0) {
    text = fmt::format("{} of {} tasks are not listed, so every tool is optional there", unlisted,
                       corpus.tasks().size());
  }
  if (!unknown.empty()) {
    const std::size_t shown = std::min(kShown, unknown.size());
    text += fmt::format(
        "{}tools that never occur: {}{}", text.empty() ? "" : "; ",
        fmt::join(unknown.begin(), unknown.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        shown < unknown.size() ? ", …" : "");
  }
  if (text.empty()) return std::nullopt;
  return mandatory.file + ": " + text;
}

}  // namespace agentecho

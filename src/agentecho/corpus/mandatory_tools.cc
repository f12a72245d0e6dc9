#include "agentecho/corpus/mandatory_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace agentecho {

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
    const TaskKey& task = corpus.tasks()[t];
    for (const std::string& key :
         {fmt::format("{}/{}/{}", task.benchmark, task.domain, task.task_id),
          fmt::format("{}/{}", task.domain, task.task_id), task.task_id}) {
      const auto found = document.find(key);
      if (found == document.end()) continue;
      ++used;
      for (const auto& name : *found) {
        if (const auto tool = corpus.find_tool(name.get<std::string>())) listed[t].push_back(*tool);
      }
      break;
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
    Error error = listed.error();
    error.message = mandatory.file + ": " + error.message;
    return Unexpected(std::move(error));
  }
  return listed;
}

}  // namespace agentecho

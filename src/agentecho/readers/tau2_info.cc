#include "agentecho/readers/tau2_info.h"

#include <simdjson.h>

#include <map>

#include "agentecho/base/text.h"
#include "agentecho/readers/byte_source.h"
#include "agentecho/readers/record_scanner.h"

namespace agentecho {

namespace dom = simdjson::dom;

namespace {

std::string string_at(const dom::element& element, std::string_view pointer) {
  std::string_view text;
  return element.at_pointer(pointer).get(text) == simdjson::SUCCESS ? std::string(text)
                                                                    : std::string{};
}

}  // namespace

namespace {

// Settings that do not make another system, and what must never be shown.
bool is_left_out(std::string_view name) {
  const std::string lowered = ascii_lowered(name);
  for (const std::string_view part :
       {"seed", "timeout", "retries", "max_tokens", "key", "token", "secret", "password", "header",
        "cache", "user", "metadata"}) {
    if (lowered.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string system_of(const dom::element& info) {
  std::map<std::string, std::string> traits;
  if (std::string agent = string_at(info, "/agent_info/implementation"); !agent.empty()) {
    traits["agent"] = std::move(agent);
  }
  dom::object arguments;
  if (info.at_pointer("/agent_info/llm_args").get(arguments) == simdjson::SUCCESS) {
    for (const auto& [name, value] : arguments) {
      if (is_left_out(name) || value.is_null()) continue;
      std::string_view text;
      traits[std::string(name)] = value.get(text) == simdjson::SUCCESS
                                      ? std::string(text)
                                      : std::string(simdjson::minify(value));
    }
  }
  std::string system;
  for (const auto& [name, value] : traits) system += name + "=" + value + "\n";
  return system;
}

}  // namespace

Tau2Info parse_tau2_info(std::string_view json) {
  dom::parser parser;
  dom::element info;
  if (parser.parse(json.data(), json.size()).get(info) != simdjson::SUCCESS) return {};
  return {string_at(info, "/agent_info/llm"), string_at(info, "/environment_info/domain_name"),
          string_at(info, "/environment_info/policy"), system_of(info)};
}

std::vector<std::string> parse_simulation_ids(std::string_view json) {
  dom::parser parser;
  dom::array entries;
  std::vector<std::string> ids;
  if (parser.parse(json.data(), json.size()).get(entries) != simdjson::SUCCESS) return ids;
  for (const dom::element entry : entries) {
    if (std::string id = string_at(entry, "/id"); !id.empty()) ids.push_back(std::move(id));
  }
  return ids;
}

Result<Tau2Header> read_tau2_header(const std::string& path) {
  auto stored = open_file(path);
  if (!stored) return Unexpected(stored.error());
  auto source = decompressed(std::move(*stored));
  if (!source) return Unexpected(source.error());
  RecordScanner scanner(std::move(*source), {});
  scanner.open();
  // Behind the records, if there are any: the members may follow them.
  RecordBlock block;
  std::vector<ScanProblem> problems;
  if (scanner.shape() == ContainerShape::kSimulations) {
    while (scanner.next(block, problems)) problems.clear();
  }
  return Tau2Header{parse_tau2_info(scanner.info_member()),
                    parse_simulation_ids(scanner.index_member())};
}

}  // namespace agentecho

// What a tau2-bench Results file says once for all its simulations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho {

struct Tau2Info {
  std::string model;   // info.agent_info.llm
  std::string domain;  // info.environment_info.domain_name
  std::string policy;  // info.environment_info.policy
  // What tells agents behind one model name apart: info.agent_info.implementation and the members
  // of info.agent_info.llm_args, as lines "name=value" in order of name; seeds, limits and secrets
  // left out.
  std::string system;
};

// `json`: the member "info". Members that are missing or of another type stay empty.
Tau2Info parse_tau2_info(std::string_view json);

// The ids in the member "simulation_index" of a folder's results.json.
std::vector<std::string> parse_simulation_ids(std::string_view json);

// The members "info" and "simulation_index" of the file, wherever they stand in it.
struct Tau2Header {
  Tau2Info info;
  std::vector<std::string> simulation_ids;
};
Result<Tau2Header> read_tau2_header(const std::string& path);

}  // namespace agentecho

// Findings about a corpus (METHOD 9), for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentecho/corpus/validity.h"

namespace agentecho {

// One line each, and a blank one behind the last; empty when there is none. Safe for a terminal.
std::string validity_lines(const std::vector<Finding>& findings);

// A list of {check, severity, message, hint, models}.
nlohmann::ordered_json validity_to_json(const std::vector<Finding>& findings);

}  // namespace agentecho

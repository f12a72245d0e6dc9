// Figures in documents: an undefined one is null, and "<name>_reason" beside it says why.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/stats/resampling.h"

namespace agentecho {

inline void put_number(nlohmann::ordered_json& json, const std::string& name,
                       const std::optional<double>& value, std::string_view reason) {
  if (value) {
    json[name] = *value;
    return;
  }
  json[name] = nullptr;
  json[name + "_reason"] = reason;
}

// [low, high]
inline void put_interval(nlohmann::ordered_json& json, const std::string& name,
                         const std::optional<Interval>& interval, std::string_view reason) {
  if (interval) {
    json[name] = nlohmann::ordered_json::array({interval->low, interval->high});
    return;
  }
  json[name] = nullptr;
  json[name + "_reason"] = reason;
}

}  // namespace agentecho

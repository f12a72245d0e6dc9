#include "agentecho/report/filter_json.h"

namespace agentecho {

nlohmann::ordered_json filter_to_json(const RunFilter& filter) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!filter.models.empty()) json["models"] = filter.models;
  if (!filter.tasks.empty()) json["tasks"] = filter.tasks;
  if (!filter.domains.empty()) json["domains"] = filter.domains;
  if (!filter.benchmarks.empty()) json["benchmarks"] = filter.benchmarks;
  return json;
}

}  // namespace agentecho

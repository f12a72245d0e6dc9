#include "agentecho/report/json.h"

#include <utility>

#include "agentecho/report/validity_report.h"

namespace agentecho {

namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json input_json(const LoadedFile& file) {
  return {{"path", file.path},
          {"format", name_of(file.format)},
          {"bytes", file.stored_bytes},
          {"digest", "xxh3-128:" + to_hex(file.digest)},
          {"trajectories", file.trajectories},
          {"models_from_file_name", file.models_from_file_name},
          {"domains_guessed", file.domains_guessed}};
}

// Without what is empty.
Json filter_json(const RunFilter& filter) {
  Json json = Json::object();
  if (!filter.models.empty()) json["models"] = filter.models;
  if (!filter.tasks.empty()) json["tasks"] = filter.tasks;
  if (!filter.domains.empty()) json["domains"] = filter.domains;
  if (!filter.benchmarks.empty()) json["benchmarks"] = filter.benchmarks;
  return json;
}

Json simulated_json(const SimulatedRuns& simulated) {
  Json json = {{"study", simulated.study}};
  for (const auto& [name, number] : simulated.numbers) json[name] = number;
  return json;
}

}  // namespace

Json interval_json(const std::optional<Interval>& interval) {
  return interval ? Json::array({interval->low, interval->high}) : Json(nullptr);
}

Json provenance_json(const Provenance& p) {
  const bool drawn = p.bootstrap.replicates > 0;
  Json json;
  json["program"] = "agentecho";
  json["version"] = p.version;
  json["method"] = "arXiv:2604.21255, profiles paper and calibrated";
  Json options;
  options["mandatory"] = text_or_null(p.mandatory_rule);
  options["mandatory_file"] = text_or_null(p.mandatory_file);
  options["success_only"] = p.success_only;
  options["filter"] = p.filter.empty() ? Json(nullptr) : filter_json(p.filter);
  options["verifier"] = p.features.verifier;
  options["tool_catalog_digest"] = text_or_null(p.features.catalog_digest);
  options["tool_map_digest"] = text_or_null(p.features.tool_map);
  options["actions"] = text_or_null(p.features.actions);
  options["action_table_digest"] = text_or_null(p.features.action_table);
  options["metrics"] = p.metrics;
  options["rps"] = p.rps_backend.empty() ? "off" : p.rps_backend;
  options["annotator"] = text_or_null(p.annotator());
  options["rse"] = text_or_null(p.rse_judge);
  options["embedding"] = text_or_null(p.embedding_model);
  options["least_coverage"] = p.judged() ? Json(p.least_coverage) : Json(nullptr);
  options["replicates"] = p.bootstrap.replicates;
  options["level"] = drawn ? Json(p.bootstrap.level) : Json(nullptr);
  json["options"] = std::move(options);
  json["seed"] = p.simulated ? Json(p.simulated->seed)
                 : drawn     ? Json(p.bootstrap.seed)
                             : Json(nullptr);
  if (p.simulated) json["simulated"] = simulated_json(*p.simulated);
  json["mandatory_rule"] = text_or_null(p.mandatory_rule);
  json["verifier"] = p.features.verifier;
  json["pool"] = p.pool;
  json["inputs"] = Json::array();
  for (const LoadedFile& file : p.inputs) json["inputs"].push_back(input_json(file));
  json["validity"] = validity_to_json(p.validity);
  return json;
}

Json judging_json(const Judging& judging) {
  Json json;
  json["endpoint"] = judging.endpoint;
  json["model"] = judging.model;
  json["prompt"] = judging.prompt;
  json["questions"] = Json::object();
  for (const Judging::Purpose& p : judging.purposes) {
    json["questions"][p.name] = {{"asked", p.questions},         {"scored", p.scored},
                                 {"unparseable", p.unparseable}, {"refused", p.refused},
                                 {"failed", p.failed},           {"skipped", p.skipped}};
    if (!p.refused_fields.empty()) json["questions"][p.name]["refused_fields"] = p.refused_fields;
  }
  json["flagged_trajectories"] = judging.flagged;
  json["flagged_first"] = judging.flagged_first;
  return json;
}

void add_definitions(const std::vector<DataTable>& tables, Json& json) {
  for (const DataTable& table : tables) {
    if (!table.note.empty() && !table.people_only) json["definitions"][table.name] = table.note;
  }
}

std::string to_document(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace agentecho

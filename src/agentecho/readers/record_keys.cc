#include "agentecho/readers/record_keys.h"

#include <simdjson.h>

#include "agentecho/readers/record_scanner.h"

namespace agentecho {

RecordKeys record_keys(std::string_view json) {
  RecordKeys keys;
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object record;
  if (parser.iterate(json.data(), json.size(), json.size() + RecordBlock::kPadding).get(document) ||
      document.get_object().get(record)) {
    return {};
  }
  for (auto field : record) {
    std::string_view key;
    if (field.error() || field.unescaped_key().get(key)) return {};
    if (key == "traj") keys.traj = true;
    if (key == "info") keys.info = true;
    if (key == "reward_info" || key == "run_info" || key == "termination_reason" ||
        key == "ticks") {
      keys.tau2 = true;
    }
    std::string_view schema;
    if (key == "schema" && !field.value().get_string().get(schema)) {
      keys.agentecho_schema = schema == "agentecho.trajectory";
    }
  }
  return keys;
}

}  // namespace agentecho

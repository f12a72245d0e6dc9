// JSON of what several reports hold. Not a header for users of the library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agentecho/base/ordered_json.h"
#include "agentecho/report/data_table.h"
#include "agentecho/stats/resampling.h"
#include "agentecho/study/results.h"

namespace agentecho {

// null where there is no value.
template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json interval_json(const std::optional<Interval>& interval);  // [low, high], or null

// The member "provenance" of every result (docs/results.md).
Json provenance_json(const Provenance& provenance);

// What an LLM was asked.
Json judging_json(const Judging& judging);

// What the titles and brackets of tables mean, under "definitions" by table.
void add_definitions(const std::vector<DataTable>& tables, Json& json);

// A document as it is written: invalid UTF-8 replaced, with a line break at the end.
std::string to_document(const Json& json);

}  // namespace agentecho

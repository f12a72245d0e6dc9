#include "agentecho/report/arrow_tables.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace agentecho {

namespace {

nlohmann::json json_number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

}  // namespace

arrow::Table to_arrow(const DataTable& table) {
  arrow::Schema schema;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const DataColumn& column = table.columns[c];
    const bool text = std::any_of(table.rows.begin(), table.rows.end(),
                                  [&](const auto& row) { return row[c].text.has_value(); });
    schema.columns.push_back({column.name, text ? arrow::Kind::kText : arrow::Kind::kNumber});
    if (!column.interval) continue;
    schema.columns.push_back({column.name + "_low", arrow::Kind::kNumber});
    schema.columns.push_back({column.name + "_high", arrow::Kind::kNumber});
  }
  arrow::TableBuilder builder(schema);
  for (const auto& row : table.rows) {
    nlohmann::json json = nlohmann::json::object();
    for (std::size_t c = 0, place = 0; c < row.size(); ++c, ++place) {
      const DataColumn& column = table.columns[c];
      const bool text = schema.columns[place].kind == arrow::Kind::kText;
      if (row[c].text) {
        json[column.name] = *row[c].text;
      } else if (!text) {
        json[column.name] = json_number(row[c].number);
      }
      if (!column.interval) continue;
      place += 2;
      if (!row[c].interval) continue;
      json[column.name + "_low"] = json_number(row[c].interval->low);
      json[column.name + "_high"] = json_number(row[c].interval->high);
    }
    [[maybe_unused]] const auto added =
        builder.add(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    assert(added);
  }
  return std::move(builder).finish();
}

}  // namespace agentecho

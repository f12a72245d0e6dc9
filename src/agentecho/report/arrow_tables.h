// DataTables for other programs of the same process, as Arrow tables.
#pragma once

#include "agentecho/arrow/arrow_table.h"
#include "agentecho/report/data_table.h"

namespace agentecho {

// The columns of table_to_csv(): text where a cell is text, else double; undefined numbers are
// null.
arrow::Table to_arrow(const DataTable& table);

}  // namespace agentecho

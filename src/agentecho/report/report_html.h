// A report as one self-contained page without scripts: verdict, tables with every row, notes, and
// how the figures came about. It asks no network for anything.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/report/data_table.h"

namespace agentecho {

// `command`: the command line that made it. Texts are escaped; control and bidirectional characters
// are shown as U+FFFD.
std::string report_to_html(const DataReport& report, const Provenance& provenance,
                           std::string_view command);

}  // namespace agentecho

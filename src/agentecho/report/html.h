// The page: one self-contained file that works without a network (docs/report.md).
#pragma once

#include <string>
#include <string_view>

#include "agentecho/base/error.h"
#include "agentecho/report/page_data.h"

namespace agentecho {

// Whether this build carries the page (CMake option AGENTECHO_PAGE).
bool has_page();

// The whole file. Error (ErrorKind::kFailed): this build does not carry the page.
Result<std::string> make_page(const PageData& data, std::string_view title);

}  // namespace agentecho

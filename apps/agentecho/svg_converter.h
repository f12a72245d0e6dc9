// SVG to PDF and PNG by librsvg's own program. Linking librsvg would bring some forty packages into
// every program and wheel for what few people use; its program is one package, and the figure is
// the same.
#pragma once

#include <string>
#include <string_view>

#include "agentecho/base/error.h"

namespace agentecho::cli {

// `format`: "pdf" or "png" (two pixels a unit). Errors (kFailed): rsvg-convert is not there, with
// the package that has it; it fails.
Result<std::string> convert_svg(std::string_view svg, const std::string& format);

}  // namespace agentecho::cli

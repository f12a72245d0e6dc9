#include "agentecho/options/figure_options.h"

#include <fmt/format.h>

#include "agentecho/base/atomic_file.h"
#include "agentecho/console.h"
#include "agentecho/options/plain_options.h"
#include "agentecho/options/section.h"
#include "agentecho/svg_converter.h"

namespace agentecho::cli {

void add_figure_option(CLI::App& command, std::string& file) {
  const OptionSection section(command, kOutputSection);
  add_value(command, "-o,--out", file,
            "The figure's file: .svg, or .pdf or .png by rsvg-convert (package librsvg2-bin)",
            "FILE")
      ->required();
}

Result<void> check_figure_file(const std::string& file) {
  for (const char* extension : {".svg", ".pdf", ".png"}) {
    if (file.ends_with(extension)) return spare_inputs(file);
  }
  return fail(ErrorKind::kUsage, fmt::format("{}: figures are SVG, PDF or PNG", file),
              "write FILE.svg, FILE.pdf or FILE.png");
}

Result<Answer> write_figure(const std::string& file, std::string_view svg, bool quiet) {
  std::string bytes(svg);
  if (!file.ends_with(".svg")) {
    auto converted = convert_svg(svg, file.substr(file.size() - 3));
    if (!converted) return Unexpected(converted.error());
    bytes = std::move(*converted);
  }
  if (auto written = write_output(file, bytes); !written) return Unexpected(written.error());
  if (!quiet) report_note("wrote " + file);
  return Answer{};
}

}  // namespace agentecho::cli

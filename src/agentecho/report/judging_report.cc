#include "agentecho/report/judging_report.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "agentecho/base/text.h"
#include "agentecho/base/words.h"

namespace agentecho {

std::string render_judging(const Judging& judging) {
  std::string text =
      fmt::format("judged by {} at {}:\n", printable(judging.model), printable(judging.endpoint));
  for (const Judging::Purpose& p : judging.purposes) {
    std::vector<std::string> lost;
    const auto count = [&](std::uint64_t n, std::string_view what) {
      if (n > 0) lost.push_back(fmt::format("{} {}", n, what));
    };
    count(p.unparseable, "unparseable");
    count(p.refused, "refused");
    count(p.failed, "failed");
    count(p.skipped, "not asked");
    text += fmt::format("  {}: {} of {} answered{}\n", p.name, p.scored, p.questions,
                        lost.empty() ? "" : fmt::format(" ({})", fmt::join(lost, ", ")));
    for (const auto& [field, n] : p.refused_fields) {
      text += fmt::format("  {}: {} answered without {}, which the endpoint refuses\n", p.name, n,
                          printable(field));
    }
  }
  if (judging.flagged > 0) {
    text += fmt::format("{} with text that addresses a judge, for example {}\n",
                        counted(judging.flagged, "trajectory", "trajectories"),
                        printable(judging.flagged_first.front()));
  }
  return text;
}

}  // namespace agentecho

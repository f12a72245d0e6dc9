#include "agentecho/report/validity_report.h"

#include <fmt/format.h>

#include "agentecho/base/text.h"

namespace agentecho {

std::string validity_lines(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    out += fmt::format("{}: {}\n", name_of(finding.severity), printable(finding.message));
  }
  return out.empty() ? out : out + "\n";
}

nlohmann::ordered_json validity_to_json(const std::vector<Finding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"check", finding.check},
                    {"severity", name_of(finding.severity)},
                    {"message", finding.message},
                    {"hint", finding.hint},
                    {"models", finding.models}});
  }
  return list;
}

}  // namespace agentecho

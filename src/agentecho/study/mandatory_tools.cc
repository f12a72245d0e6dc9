#include "agentecho/study/mandatory_tools.h"

#include "agentecho/study/compare.h"

namespace agentecho {

Result<std::vector<std::vector<ToolIndex>>> listed_tools(const Corpus& corpus,
                                                         const MandatoryTools& mandatory) {
  if (mandatory.rule.kind != MandatoryRule::Kind::kFile) return {};
  auto listed = parse_mandatory_file(corpus, mandatory.json);
  if (!listed && !mandatory.file.empty()) {
    Error error = listed.error();
    error.message = mandatory.file + ": " + error.message;
    return Unexpected(std::move(error));
  }
  return listed;
}

}  // namespace agentecho

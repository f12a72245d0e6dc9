// The rule for mandatory tools as a user gives it: with the file, where they are listed in one.
#pragma once

#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/study/corpus.h"

namespace agentecho {

struct MandatoryTools {
  MandatoryRule rule;
  std::string file;  // rule kFile: path, for provenance
  std::string json;  // rule kFile: content, {"task": ["tool", ...]}, see docs/cli.md
};

// Tools by task, for ToolSplit::make(); empty for a rule without a file. Errors are those of
// parse_mandatory_file(), with the path before them.
Result<std::vector<std::vector<ToolIndex>>> listed_tools(const Corpus& corpus,
                                                         const MandatoryTools& mandatory);

}  // namespace agentecho

// The rule for mandatory tools as a user gives it: with the file, where they are listed in one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/corpus.h"

namespace agentecho {

struct MandatoryTools {
  MandatoryRule rule;
  std::string file;  // rule kFile: path, for provenance
  std::string json;  // rule kFile: content, {"task": ["tool", ...]}, see docs/cli.md
};

// Tools by TaskIndex from a mandatory file: members are "benchmark/domain/task", "domain/task" or
// "task" (the most specific that is there wins), values lists of tool names. Names of tools that
// never occur are ignored.
Result<std::vector<std::vector<ToolIndex>>> parse_mandatory_file(const Corpus& corpus,
                                                                 std::string_view json);

// Tools by task, for ToolSplit::make(); empty for a rule without a file. Errors are those of
// parse_mandatory_file(), with the path before them.
Result<std::vector<std::vector<ToolIndex>>> listed_tools(const Corpus& corpus,
                                                         const MandatoryTools& mandatory);

// Where a file of mandatory tools leaves out tasks of the corpus (every tool is optional there), or
// names tools that never occur (a typing error?): a sentence for a warning. Nothing where it fits,
// and for other rules.
std::optional<std::string> mandatory_file_gaps(const Corpus& corpus,
                                               const MandatoryTools& mandatory);

}  // namespace agentecho

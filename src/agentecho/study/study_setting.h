// What all analyses of a corpus rest on, from how a user names it: the pool, which tools are
// mandatory, the families, and where it all came from. One mechanism for the program and for
// Python.
#pragma once

#include <string>
#include <vector>

#include "agentecho/base/error.h"
#include "agentecho/corpus/mandatory_tools.h"
#include "agentecho/corpus/tool_split.h"
#include "agentecho/study/families.h"
#include "agentecho/study/provenance.h"

namespace agentecho {

struct SettingOptions {
  std::vector<std::string> pool;  // names of models; empty: all
  MandatoryTools mandatory;
  std::string families_json;  // empty: families are guessed from the names
  std::string families_file;  // its path, for errors; may be empty
  BootstrapOptions bootstrap;
  std::vector<std::string> metrics;  // names of families of metrics, for the provenance
};

struct StudySetting {
  std::vector<ModelIndex> pool;
  MandatoryTools mandatory;
  std::vector<std::vector<ToolIndex>> listed;  // by the file of mandatory tools
  ToolSplit split;
  Families families;
  Provenance provenance;
};

// Errors: those of require_models(), listed_tools() and parse_families().
Result<StudySetting> settle_study(const LoadedCorpus& loaded, const SettingOptions& options);

}  // namespace agentecho

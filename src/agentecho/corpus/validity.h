// What a reader of scores must know of the corpus before believing them.
#pragma once

#include <optional>
#include <string>

#include "agentecho/corpus/corpus.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

// For a table's footnotes: which tools' kinds are guessed from their names; nothing when none is.
std::optional<std::string> guessed_tools_warning(const Corpus& corpus, const ToolCatalog& catalog);

}  // namespace agentecho

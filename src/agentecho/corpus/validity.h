// What a reader of scores must know of the corpus before believing them (METHOD 9): checked before
// any score, in the order in which it is to be said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/corpus/corpus.h"
#include "agentecho/readers/load.h"
#include "agentecho/trajectory/tool_catalog.h"

namespace agentecho {

// kLoss: so much is missing that the rest does not stand for the whole. kInvalid: scores would say
// nothing. kWarning: scores may mean something else than they seem to. kNote: good to know.
enum class Severity { kLoss, kInvalid, kWarning, kNote };

std::string_view name_of(Severity severity);  // "loss", …

struct Finding {
  std::string check;  // "no_calls", "different_tools", …; see docs/validity.md
  Severity severity = Severity::kNote;
  std::string message;
  std::string hint;                 // what to do; may be empty
  std::vector<std::string> models;  // whom it concerns, when not all
};

// Most severe first, else in the order of the checks. Linear in the corpus, but for the comparison
// of tools, which is quadratic in the models of a domain and left out above 300 of them.
// `catalog` tells the nodes of a shell, which are all of one tool.
std::vector<Finding> check_validity(const Corpus& corpus, const LoadReport& report,
                                    const BuildNotes& notes, const ToolCatalog& catalog);

// The findings about what was read and not about the corpus, for what reads logs without one.
std::vector<Finding> check_reading(const LoadReport& report);

// What was asked for and no run is of: "--tasks 17".
Finding idle_filter(const std::vector<std::string>& filters);

// For a table's footnotes: which tools' kinds are guessed from their names; nothing when none is.
std::optional<std::string> guessed_tools_warning(const Corpus& corpus, const ToolCatalog& catalog);

}  // namespace agentecho

// What a set of logs holds, as a table for people and as JSON.
#pragma once

#include <string>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/report/table.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

// What is there, what was passed over, what the logs are enough for, and what to type next.
VerdictParagraph inspection_verdict(const LoadedCorpus& loaded);

std::string render_inspection(const LoadedCorpus& loaded, const VerdictParagraph& verdict,
                              const TableView& view);
std::string inspection_to_json(const LoadedCorpus& loaded, const VerdictParagraph& verdict);

}  // namespace agentecho

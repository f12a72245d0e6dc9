// What a set of logs holds, as a table for people and as JSON.
#pragma once

#include <string>

#include "agentecho/corpus/load_corpus.h"
#include "agentecho/report/table.h"

namespace agentecho {

std::string render_inspection(const LoadedCorpus& loaded, const TableView& view);
std::string inspection_to_json(const LoadedCorpus& loaded);

}  // namespace agentecho

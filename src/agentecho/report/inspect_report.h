// What a set of logs holds, as a table for people and as JSON.
#pragma once

#include <string>

#include "agentecho/report/table.h"
#include "agentecho/study/load_corpus.h"

namespace agentecho {

std::string render_inspection(const LoadedCorpus& loaded, TableStyle style, std::size_t width,
                              bool colour);
std::string inspection_to_json(const LoadedCorpus& loaded);

}  // namespace agentecho

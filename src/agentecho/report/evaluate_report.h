// An Evaluation as text for people and as JSON.
#pragma once

#include <string>

#include "agentecho/report/table.h"
#include "agentecho/study/evaluate.h"

namespace agentecho {

std::string render_evaluation(const Evaluation& evaluation, const TableView& view);

// One JSON document; undefined values are null.
std::string evaluation_to_json(const Evaluation& evaluation);

}  // namespace agentecho

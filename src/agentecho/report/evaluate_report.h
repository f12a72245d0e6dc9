// An Evaluation as text for people and as JSON.
#pragma once

#include <string>

#include "agentecho/evaluation/evaluate.h"
#include "agentecho/report/data_table.h"

namespace agentecho {

// The verdict, the measures, and of stages and edges the confusion.
DataReport evaluation_report(const Evaluation& evaluation);

// One JSON document; undefined values are null.
std::string evaluation_to_json(const Evaluation& evaluation);

}  // namespace agentecho

// The agreement of judges as tables.
#pragma once

#include <vector>

#include "agentecho/evaluation/judge_agreement.h"
#include "agentecho/report/data_table.h"

namespace agentecho {

// How far the first judge agrees with itself and with the others, of the overall score.
VerdictParagraph agreement_verdict(const JudgeAgreement& results);

// "orders", "repeats", "temperatures", "judges", "alpha", "coverage"; a table without rows where
// nothing was rated that it could compare. docs/agreement.md explains the columns.
std::vector<DataTable> agreement_tables(const JudgeAgreement& results);

}  // namespace agentecho

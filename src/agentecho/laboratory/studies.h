// The studies of the laboratory by their names: what each measures, its figures, what becomes of
// the promises behind it, and that in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agentecho/laboratory/promises.h"
#include "agentecho/study/provenance.h"
#include "agentecho/study/verdict.h"

namespace agentecho {

using StudyFindings =
    std::variant<std::vector<Promise>, std::vector<ConditionSummary>, AttributionStudy,
                 std::vector<CopyingSummary>, KinshipStudy, std::vector<CoverageSummary>,
                 std::vector<DriftSummary>, std::vector<DiversitySummary>>;

struct StudyResults {
  std::string name;
  StudyFindings findings;
  std::vector<Promise> promises;  // those that the study measures; may be none
  Provenance provenance;
  VerdictParagraph verdict;
};

// "promises" first.
std::vector<std::string> study_names();

// `name` is one of study_names().
StudyResults run_study(std::string_view name, const LaboratoryOptions& options);

// What was measured, whether each promise is kept, and what to do next. `options` are those of the
// study.
VerdictParagraph study_verdict(const StudyResults& results, const LaboratoryOptions& options);

}  // namespace agentecho

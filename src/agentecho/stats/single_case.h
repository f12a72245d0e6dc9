// One case against a handful of controls: is it further out than one more control would be?
//
//   t = (case - mean) / (s sqrt(1 + 1/m)), m - 1 degrees of freedom,
//
// with mean and s (n - 1) of the m controls: Student's test of a sample of one. (J. R. Crawford,
// D. C. Howell, "Comparing an individual's test score against norms derived from small samples",
// The Clinical Neuropsychologist 12 (1998), doi:10.1076/clin.12.4.482.7241.)
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace agentecho {

struct SingleCase {
  double t = 0;
  double degrees_of_freedom = 0;
  double p_greater = 1;  // one-sided: as far above the controls as this
};

// Nothing with fewer than two controls, or where they do not differ.
std::optional<SingleCase> single_case_test(double value, std::span<const double> controls);

// Each value against all others.
std::vector<std::optional<SingleCase>> each_against_the_others(std::span<const double> values);

}  // namespace agentecho

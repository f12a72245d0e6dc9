#include "agentecho/stats/distributions.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace agentecho {

double t_two_sided_p(double t, double degrees_of_freedom) {
  if (std::isinf(t)) return 0;
  const boost::math::students_t_distribution<double> distribution(degrees_of_freedom);
  return 2 * boost::math::cdf(boost::math::complement(distribution, std::fabs(t)));
}

double normal_quantile(double probability) {
  return boost::math::quantile(boost::math::normal_distribution<double>(), probability);
}

}  // namespace agentecho

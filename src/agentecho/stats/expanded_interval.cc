#include "agentecho/stats/expanded_interval.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>

#include "agentecho/stats/distributions.h"

namespace agentecho {

double expanded_level(double level, std::size_t clusters) {
  assert(level > 0 && level < 1 && clusters >= 2);
  constexpr double kMost = 1 - 1e-12;  // the outermost replicates, however many there are
  const auto n = static_cast<double>(clusters);
  const boost::math::students_t_distribution<double> student(n - 1);
  const double t = boost::math::quantile(boost::math::complement(student, (1 - level) / 2));
  return std::min(std::erf(std::sqrt(n / (n - 1)) * t / std::sqrt(2.0)), kMost);
}

double expanded_p(double share, std::size_t clusters) {
  assert(share > 0 && share < 1 && clusters >= 2);
  const auto n = static_cast<double>(clusters);
  const boost::math::students_t_distribution<double> student(n - 1);
  return boost::math::cdf(student, std::sqrt((n - 1) / n) * normal_quantile(share));
}

}  // namespace agentecho

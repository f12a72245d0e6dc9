#include "agentecho/stats/distributions.h"

#include <boost/math/distributions/binomial.hpp>
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

Interval binomial_interval(std::size_t times, std::size_t n, double level) {
  if (n == 0) return {0, 1};
  using Binomial = boost::math::binomial_distribution<double>;
  const auto trials = static_cast<double>(n);
  const auto seen = static_cast<double>(times);
  const double tail = (1 - level) / 2;
  return {times == 0 ? 0 : Binomial::find_lower_bound_on_p(trials, seen, tail),
          times == n ? 1 : Binomial::find_upper_bound_on_p(trials, seen, tail)};
}

}  // namespace agentecho

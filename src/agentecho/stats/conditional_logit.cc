#include "agentecho/stats/conditional_logit.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

namespace agentecho {

namespace {

constexpr double kPriorPrecision = 1.0 / 25;
constexpr int kSteps = 30;
// A spread of single-precision scores that is no more than their rounding: nothing to weigh.
constexpr double kScaleRounding = 1e-5;
constexpr double kConverged = 1e-8;

double standard_deviation_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const float value : values) {
    squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
  }
  return std::sqrt(squares / static_cast<double>(values.size()));
}

class Fit {
 public:
  Fit(std::span<const std::vector<float>> scores, std::span<const std::uint32_t> right,
      std::size_t alternatives, std::span<const double> scales,
      const std::vector<std::size_t>& used)
      : scores_(scores), right_(right), n_(alternatives), scales_(scales), used_(used) {}

  Eigen::VectorXd weights() {
    Eigen::VectorXd w = Eigen::VectorXd::Ones(size());
    double value = posterior(w, nullptr, nullptr);
    for (int step = 0; step < kSteps; ++step) {
      Eigen::VectorXd gradient;
      Eigen::MatrixXd information;
      posterior(w, &gradient, &information);
      Eigen::VectorXd move = information.ldlt().solve(gradient);
      double next = posterior(w + move, nullptr, nullptr);
      for (int half = 0; half < 40 && next < value; ++half) {
        move *= 0.5;
        next = posterior(w + move, nullptr, nullptr);
      }
      if (next < value) break;
      w += move;
      value = next;
      if (move.cwiseAbs().maxCoeff() < kConverged) break;
    }
    return w;
  }

 private:
  Eigen::Index size() const { return static_cast<Eigen::Index>(used_.size()); }

  // The logarithm of the posterior density but for a constant, its gradient and negative curvature.
  double posterior(const Eigen::VectorXd& w, Eigen::VectorXd* gradient,
                   Eigen::MatrixXd* information) const {
    double value = -0.5 * kPriorPrecision * (w.array() - 1).square().sum();
    if (gradient != nullptr) {
      *gradient = -kPriorPrecision * (w.array() - 1).matrix();
      *information = kPriorPrecision * Eigen::MatrixXd::Identity(size(), size());
    }
    const auto n = static_cast<Eigen::Index>(n_);
    Eigen::MatrixXd x(size(), n);
    for (std::size_t r = 0; r < right_.size(); ++r) {
      for (Eigen::Index k = 0; k < size(); ++k) {
        const std::size_t kind = used_[static_cast<std::size_t>(k)];
        const float* row = &scores_[kind][r * n_];
        for (Eigen::Index m = 0; m < n; ++m) x(k, m) = static_cast<double>(row[m]) / scales_[kind];
      }
      const Eigen::VectorXd z = x.transpose() * w;
      const double largest = z.maxCoeff();
      Eigen::VectorXd p = (z.array() - largest).exp();
      const double sum = p.sum();
      p /= sum;
      const auto chosen = static_cast<Eigen::Index>(right_[r]);
      value += z(chosen) - largest - std::log(sum);
      if (gradient == nullptr) continue;
      const Eigen::VectorXd expected = x * p;
      *gradient += x.col(chosen) - expected;
      *information += x * p.asDiagonal() * x.transpose() - expected * expected.transpose();
    }
    return value;
  }

  std::span<const std::vector<float>> scores_;
  std::span<const std::uint32_t> right_;
  std::size_t n_;
  std::span<const double> scales_;
  const std::vector<std::size_t>& used_;
};

}  // namespace

std::vector<double> fit_conditional_logit(std::span<const std::vector<float>> scores,
                                          std::span<const std::uint32_t> right,
                                          std::size_t alternatives) {
  std::vector<double> scales;
  std::vector<std::size_t> used;
  for (std::size_t k = 0; k < scores.size(); ++k) {
    scales.push_back(standard_deviation_of(scores[k]));
    if (scales.back() > kScaleRounding) used.push_back(k);
  }
  std::vector<double> weights(scores.size(), 0);
  while (!used.empty()) {
    const Eigen::VectorXd fitted = Fit(scores, right, alternatives, scales, used).weights();
    Eigen::Index least = 0;
    if (fitted.minCoeff(&least) < 0) {
      used.erase(used.begin() + least);
      continue;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      weights[used[i]] = fitted(static_cast<Eigen::Index>(i)) / scales[used[i]];
    }
    break;
  }
  return weights;
}

}  // namespace agentecho

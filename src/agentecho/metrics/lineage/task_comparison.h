// How far two models make the same choices on one task where the other models make others (METHOD
// 14).
//
// a_if is the share of model i's runs of the task that show marker f; a run without any marker of
// the channel takes no part, and neither does a model without such a run. For a pair (i, j) of n
// models the other n - 2 say what is usual. S_f = sum over k != i, j of a_kf.
//
// Leave-two-out similarity: P_f = (S_f + 1/2) / (n - 1), w_f = 1 / (P_f (1 - P_f)),
//   c_ij = sum_f w (a_i - P)(a_j - P) / sqrt(sum_f w (a_i - P)^2 * sum_f w (a_j - P)^2).
// Copying share: with Q_f = S_f / (n - 2), unsmoothed,
//   repeated_ij = sum_f [(2 a_i - 1)(a_j - Q) + (2 a_j - 1)(a_i - Q)],
//   free_ij     = sum_f [a_i (1 - Q) + (1 - a_i) Q + a_j (1 - Q) + (1 - a_j) Q];
// if j took i's choice with probability lambda and drew from the others' rate otherwise, repeated
// would be lambda free on average. (No weights and no smoothing here: they bias it.)
// Of a model with itself: the same over the ordered pairs of its different runs, with the other
// n - 1 models for the usual.
//
// f runs over the markers that some model shows on the task.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "agentecho/metrics/lineage/marker_sketch.h"

namespace agentecho::lineage {

constexpr std::size_t kFewestModels = 4;  // on a task; with fewer nothing is usual

struct Comparison {
  std::optional<double> similarity;  // c; nothing where a model shows exactly what is usual
  double repeated = 0;
  double free = 0;
};

// The runs of one model on the task.
using ModelRuns = std::vector<const MarkerSketch*>;

// Which markers count; called for each marker of the task once.
using MarkerFilter = std::function<bool(std::uint64_t)>;

class TaskComparison {
 public:
  // One entry for each model of the pool; models without a run, or without markers, take no part.
  // Cost: sorting the markers of all runs, and O(m^2) for a marker that m models show.
  TaskComparison(std::span<const ModelRuns> models, const MarkerFilter& filter = {});

  std::size_t models() const { return present_.size(); }  // that take part

  // By places in `models`; nothing where one takes no part or fewer than kFewestModels do.
  std::optional<Comparison> pair(std::size_t first, std::size_t second) const;
  // Nothing, too, where the model has fewer than two runs with markers.
  std::optional<Comparison> self(std::size_t model) const;

 private:
  struct Sums {
    double dot = 0;
    double first = 0;   // sum of w (a_i - P)^2
    double second = 0;  // sum of w (a_j - P)^2
    double repeated = 0;
    double free = 0;

    Sums& operator+=(const Sums& other) {
      dot += other.dot;
      first += other.first;
      second += other.second;
      repeated += other.repeated;
      free += other.free;
      return *this;
    }
    Sums& operator-=(const Sums& other) {
      dot -= other.dot;
      first -= other.first;
      second -= other.second;
      repeated -= other.repeated;
      free -= other.free;
      return *this;
    }
  };
  struct Shown {
    std::uint32_t model = 0;  // place among those that take part
    std::uint32_t runs = 0;   // that show the marker
  };

  Sums terms(double usual, double a, double b) const;  // `usual`: S of the pair
  Sums self_terms(double total, double runs, double with) const;
  // What two models add depends on their shares alone, of which there are few.
  struct Scratch {
    std::vector<double> shares;        // different ones
    std::vector<std::uint32_t> kinds;  // of each model that shows the marker: place in `shares`
    std::vector<Sums> alone;           // by share
    std::vector<Sums> together;        // shares x shares
  };
  void add_marker(std::span<const Shown> shown, Scratch& scratch);
  static Comparison compared(const Sums& sums);

  std::vector<std::size_t> present_;                  // places in `models`
  std::vector<std::optional<std::size_t>> place_of_;  // the other way round
  std::vector<double> runs_;                          // by place
  Sums none_;                                         // terms of markers that neither shows
  std::vector<Sums> one_;                             // what one model's own markers change
  std::vector<Sums> both_;                            // what markers of both change on top
  std::vector<Sums> self_;
};

}  // namespace agentecho::lineage

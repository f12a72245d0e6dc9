// What all studies have in common: many runs, and means over them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "agentecho/laboratory/laboratory.h"

namespace agentecho {

// Of values added one by one; nothing where there are too few. Not for several threads.
struct Mean {
  double sum = 0;
  double squares = 0;
  std::size_t n = 0;

  void add(double x);
  std::optional<double> mean() const;
  std::optional<double> sd() const;  // with n - 1
};

// Calls body(i) for i from 0 to n - 1, from several threads (LaboratoryOptions::threads), with
// progress. A body writes to its own place alone, so that threads never change a figure.
void run_all(std::size_t n, const LaboratoryOptions& options,
             const std::function<void(std::size_t)>& body);

}  // namespace agentecho

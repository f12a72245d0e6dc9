// What all studies have in common: many runs, and means over them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "agentecho/laboratory/laboratory.h"

namespace agentecho {

struct Mean {
  double sum = 0;
  double squares = 0;
  std::size_t n = 0;

  void add(double x);
  std::optional<double> mean() const;
  std::optional<double> sd() const;  // with n - 1
};

// Calls body(i) for all runs, from several threads, with progress.
void run_all(std::size_t n, const LaboratoryOptions& options,
             const std::function<void(std::size_t)>& body);

}  // namespace agentecho

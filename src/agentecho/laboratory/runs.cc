#include "agentecho/laboratory/runs.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "agentecho/base/parallel.h"

namespace agentecho {

void Mean::add(double x) {
  sum += x;
  squares += x * x;
  ++n;
}

std::optional<double> Mean::mean() const {
  return n > 0 ? std::optional(sum / static_cast<double>(n)) : std::nullopt;
}

std::optional<double> Mean::sd() const {
  if (n < 2) return std::nullopt;
  const auto count = static_cast<double>(n);
  return std::sqrt(std::max(0.0, (squares - sum * sum / count) / (count - 1)));
}

void run_all(std::size_t n, const LaboratoryOptions& options,
             const std::function<void(std::size_t)>& body) {
  std::mutex mutex;
  std::size_t done = 0;
  parallel_for(n, options.threads, [&](std::size_t i) {
    body(i);
    const std::lock_guard lock(mutex);
    ++done;
    if (options.progress != nullptr) options.progress->update("runs", done, n);
  });
}

}  // namespace agentecho

#include "agentecho/phase_line.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "agentecho/base/parallel.h"
#include "agentecho/console.h"

namespace agentecho::cli {

namespace {

class PhaseLine final : public ProgressSink {
 public:
  explicit PhaseLine(bool quiet) : line_(quiet), scope_(*this) {}

  void update(std::string_view phase, std::uint64_t done, std::uint64_t total) override {
    if (phase != phase_) {
      phase_ = phase;
      began_ = line_.seconds();
    }
    if (done >= total) {
      line_.clear();  // what follows may be the result
      phase_.clear();
      return;
    }
    if (!line_.is_due()) return;
    const double share = static_cast<double>(done) / static_cast<double>(total);
    const double seconds = line_.seconds() - began_;
    line_.show(fmt::format("{}: {:.0f} % of {}, {:.0f} s left", phase, 100 * share, total,
                           seconds / share - seconds));
  }

 private:
  StatusLine line_;  // one for all phases: many short ones are a long wait too
  std::string phase_;
  double began_ = 0;
  ProgressScope scope_;
};

}  // namespace

void show_phases(bool quiet) {
  static std::unique_ptr<PhaseLine> line;
  line.reset();
  line = std::make_unique<PhaseLine>(quiet);
}

}  // namespace agentecho::cli

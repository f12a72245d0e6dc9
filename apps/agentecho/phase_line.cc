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
  explicit PhaseLine(bool quiet) : quiet_(quiet), scope_(*this) {}

  void update(std::string_view phase, std::uint64_t done, std::uint64_t total) override {
    if (phase != phase_ || !line_) {
      phase_ = phase;
      line_ = std::make_unique<StatusLine>(quiet_);
    }
    if (done >= total) {
      line_.reset();  // clears it: what follows may be the result
      return;
    }
    if (!line_->is_due()) return;
    const double share = static_cast<double>(done) / static_cast<double>(total);
    line_->show(fmt::format("{}: {:.0f} % of {}, {:.0f} s left", phase, 100 * share, total,
                            line_->seconds() / share - line_->seconds()));
  }

 private:
  bool quiet_;
  std::string phase_;
  std::unique_ptr<StatusLine> line_;
  ProgressScope scope_;
};

}  // namespace

void show_phases(bool quiet) {
  static std::unique_ptr<PhaseLine> line;
  line.reset();
  line = std::make_unique<PhaseLine>(quiet);
}

}  // namespace agentecho::cli

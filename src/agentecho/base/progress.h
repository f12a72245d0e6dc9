// Where long work says how far it is. The library only calls update(); what a person sees is the
// program's affair.
#pragma once

#include <cstdint>
#include <string_view>

namespace agentecho {

class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  // `done` of `total` (0: unknown) units of the phase, for example bytes of "reading". May be
  // called from any thread, never from two at once.
  virtual void update(std::string_view phase, std::uint64_t done, std::uint64_t total) = 0;
};

}  // namespace agentecho

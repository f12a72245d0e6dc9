// The leaf values of a tool call's arguments (METHOD 2, candidate dependencies): strings as they
// are, integral numbers without a decimal point, other numbers in shortest round-trip form; through
// objects (values, not keys) and arrays; booleans and nulls left out.
#pragma once

#include <string_view>
#include <vector>

#include "agentecho/base/hidden.h"
#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

class ArgumentLeaves {
 public:
  ArgumentLeaves();

  // Appends the leaves of the JSON text `arguments`, which must be followed by 64 readable bytes;
  // the views point into `arena`. False when it is no JSON or nested deeper than 512: then nothing
  // is appended.
  bool append(std::string_view arguments, TextArena& arena, std::vector<std::string_view>& leaves);

 private:
  struct Impl;
  Hidden<Impl> impl_;
};

}  // namespace agentecho

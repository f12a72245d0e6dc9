// A number that the data may be unable to give: the value, or the reason why there is none. Too
// little data is a normal state of a study, not a failure, so this is not a Result.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "agentecho/base/enum_names.h"

namespace agentecho {

enum class Undefined {
  kTooFew,        // fewer values than the statistic needs
  kConstant,      // all values are the same
  kNoWithin,      // no pair with a score lies within a group
  kNoCross,       // no pair with a score lies across groups
  kDisconnected,  // the pairs with a score fall into parts that share no item
  kNoOddCycle,    // the pairs with a score all run between two halves of the items
  kMissing,       // a value is missing that the statistic cannot do without
};

// A short phrase for tables and files, such as "too few values".
constexpr std::string_view undefined_text(Undefined reason) {
  constexpr std::string_view kTexts[] = {"too few values",
                                         "all values are the same",
                                         "no pair within a group",
                                         "no pair across groups",
                                         "the pairs fall into unconnected parts",
                                         "the pairs only run between two halves",
                                         "values are missing"};
  return name_in<Undefined::kMissing>(kTexts, reason);
}

template <class T>
using Statistic = tl::expected<T, Undefined>;

inline tl::unexpected<Undefined> undefined(Undefined reason) {
  return tl::unexpected<Undefined>(reason);
}

}  // namespace agentecho

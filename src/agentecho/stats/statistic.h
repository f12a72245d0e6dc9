// A number that the data may be unable to give: the value, or the reason why there is none. Too
// little data is a normal state of a study, not a failure, so this is not a Result.
#pragma once

#include <string_view>
#include <tl/expected.hpp>

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
  switch (reason) {
    case Undefined::kTooFew:
      return "too few values";
    case Undefined::kConstant:
      return "all values are the same";
    case Undefined::kNoWithin:
      return "no pair within a group";
    case Undefined::kNoCross:
      return "no pair across groups";
    case Undefined::kDisconnected:
      return "the pairs fall into unconnected parts";
    case Undefined::kNoOddCycle:
      return "the pairs only run between two halves";
    case Undefined::kMissing:
      return "values are missing";
  }
  return "";
}

template <class T>
using Statistic = tl::expected<T, Undefined>;

inline tl::unexpected<Undefined> undefined(Undefined reason) {
  return tl::unexpected<Undefined>(reason);
}

}  // namespace agentecho

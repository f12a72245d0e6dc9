// Names of an enumeration's values.
#pragma once

#include <cstddef>
#include <string_view>

namespace agentecho {

// The name of `value` among `names`, which stand in the order of the enumeration from its first
// value, 0, to `Last`; a name too few or too many does not compile.
template <auto Last>
constexpr std::string_view name_in(
    const std::string_view (&names)[static_cast<std::size_t>(Last) + 1], decltype(Last) value) {
  return names[static_cast<std::size_t>(value)];
}

}  // namespace agentecho

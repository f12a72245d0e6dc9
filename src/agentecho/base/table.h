// Looking something up in a table that is written down in the source: words, kinds, names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace agentecho {

// The place of a value in a table; its size where the value is not in it.
template <class T, std::size_t N, class Value>
constexpr std::size_t place_in(const T (&table)[N], const Value& value) {
  return static_cast<std::size_t>(std::find(std::begin(table), std::end(table), value) -
                                  std::begin(table));
}

template <class T, std::size_t N, class Value>
constexpr bool is_in(const T (&table)[N], const Value& value) {
  return place_in(table, value) < N;
}

}  // namespace agentecho

// Looking something up in a table that is written down in the source: words, kinds, names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace agentecho {

// The place of a value in a table; its size where the value is not in it.
template <class T, std::size_t N, class Value>
constexpr std::size_t place_in(const T (&table)[N], const Value& value) {
  return static_cast<std::size_t>(std::find(std::begin(table), std::end(table), value) -
                                  std::begin(table));
}

// Most words differ in size or in their first letter from what is looked for.
template <std::size_t N>
constexpr std::size_t place_in(const std::string_view (&table)[N], const std::string_view& value) {
  std::size_t place = 0;
  while (place < N && !(table[place].size() == value.size() &&
                        (value.empty() || table[place][0] == value[0]) && table[place] == value)) {
    ++place;
  }
  return place;
}

template <class T, std::size_t N, class Value>
constexpr bool is_in(const T (&table)[N], const Value& value) {
  return place_in(table, value) < N;
}

}  // namespace agentecho

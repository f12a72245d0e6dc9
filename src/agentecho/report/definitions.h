// What the words of `evidence` and of the page mean, said once: the page shows them on hover and
// focus, notes of tables quote them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace agentecho {

struct Definition {
  std::string_view term;  // as a column's title has it
  std::string_view text;  // begins small, ends without a full stop
};

// In the order in which a reader meets them.
std::span<const Definition> definitions();

// Of a title; "z words" is z, of words. Empty: none.
std::string_view definition_of(std::string_view title);

// "z: how far …" of a term that has one.
std::string define(std::string_view term);

}  // namespace agentecho

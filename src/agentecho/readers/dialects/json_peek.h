// A look at JSON text without a parser: the names of an object's own members, and where their
// values begin. For telling apart what a list or object is before it is read. Never reads behind
// `json`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace agentecho::dialects {

struct PeekedMember {
  std::string_view name;   // as written, without quotes
  std::string_view value;  // from its first character to the end of `json`
};

// Of the object that `json` begins with; at most `most`. Empty for anything else; damaged JSON ends
// the list early. Linear in the bytes up to the last member listed.
std::vector<PeekedMember> peek_members(std::string_view json, std::size_t most = 64);

// Is a member of the object such, of those that peek_members() lists?
template <class IsSuch>
bool any_member(std::string_view object, IsSuch is_such) {
  const std::vector<PeekedMember> members = peek_members(object);
  return std::any_of(members.begin(), members.end(), is_such);
}

// What follows the opening bracket of the list that `json` begins with; empty for anything else and
// for the empty list.
std::string_view peek_first_element(std::string_view json);

// The elements of the list that `json` begins with, each from its first character to the end of
// `json`; at most `most`. Linear in the bytes up to the last one listed.
std::vector<std::string_view> peek_elements(std::string_view json, std::size_t most = 64);

// The value that `json` begins with, and nothing behind it.
std::string_view peek_value(std::string_view json);

// The text of the string that `value` begins with, as written; empty for anything else.
std::string_view peek_string(std::string_view value);

// Does `value` begin with something else than null, true, false, a number, and the empty string,
// list or object, the last two also in a string?
bool peek_holds_data(std::string_view value);

// "`role`, `content` and `x`", the first `most` of them.
std::string name_members(std::string_view object, std::size_t most = 12);

}  // namespace agentecho::dialects

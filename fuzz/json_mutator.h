// Changes to JSON texts that leave them JSON: a fuzzer that turns bytes alone rarely comes past
// the parser.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace agentecho::fuzz {

// Changes bytes of a string, at will.
using MutateBytes = std::function<void(std::string&)>;

// One change to a document of the text: a value taken out, doubled, wrapped, moved, replaced by one
// of another kind, written as text or read out of it, or a member renamed. The document is what
// begins at the first brace or bracket of the text, or of one of its lines. Empty where there is
// none. The same for the same seed.
std::string mutated_json(std::string_view text, std::uint64_t seed, const MutateBytes& bytes);

// The first text with a value of the second in place of one of its own. Empty where one of them
// has no document.
std::string crossed_json(std::string_view text, std::string_view other, std::uint64_t seed);

}  // namespace agentecho::fuzz

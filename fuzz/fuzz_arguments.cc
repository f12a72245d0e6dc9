// Bytes of a tool call's arguments → leaf values.
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/graph/argument_values.h"
#include "agentecho/readers/dialects/argument_leaves.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string padded(reinterpret_cast<const char*>(data), size);
  padded.append(64, '\0');
  agentecho::ArgumentLeaves parser;
  agentecho::TextArena arena;
  std::vector<std::string_view> leaves;
  const bool parsed = parser.append(std::string_view(padded).substr(0, size), arena, leaves);
  FUZZ_CHECK(parsed || leaves.empty());
  for (const std::string_view leaf : leaves) {
    const std::string canonical = agentecho::canonical_value(leaf);
    FUZZ_CHECK(canonical.size() <= leaf.size());
    FUZZ_CHECK(agentecho::canonical_value(canonical) == canonical);
  }
  return 0;
}

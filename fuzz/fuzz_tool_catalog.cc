// Bytes of a tool catalogue → ToolCatalog.
#include <string_view>

#include "agentecho/trajectory/tool_catalog.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto catalog = agentecho::ToolCatalog::parse(text);
  if (!catalog) {
    FUZZ_CHECK(!catalog.error().message.empty());
  } else {
    for (const auto& [name, kind] : catalog->user_kinds()) {
      FUZZ_CHECK(catalog->classify(name).kind == kind);
      FUZZ_CHECK(!catalog->classify(name).guessed);
    }
  }
  agentecho::kind_by_first_word(text);
  return 0;
}

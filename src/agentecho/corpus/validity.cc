#include "agentecho/corpus/validity.h"

#include <fmt/format.h>

namespace agentecho {

std::optional<std::string> guessed_tools_warning(const Corpus& corpus, const ToolCatalog& catalog) {
  std::string names;
  std::size_t n = 0;
  for (const std::string& tool : corpus.tools()) {
    if (!catalog.classify(tool).guessed) continue;
    if (n < 5) names += (n > 0 ? ", " : "") + fmt::format("\"{}\"", tool);
    ++n;
  }
  if (n == 0) return std::nullopt;
  return fmt::format(
      "whether a tool reads or writes is guessed from its name for {} tool{}: {}{}; --tools FILE "
      "settles it",
      n, n == 1 ? "" : "s", names, n > 5 ? ", …" : "");
}

}  // namespace agentecho

#include <vector>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/formats/formats.h"

namespace agentecho {

std::span<const Format> known_formats() {
  // Those with a mark of their own first, those told by a mere likeness last.
  static const std::vector<Format> formats = [] {
    std::vector<Format> all = {
        formats::atif(),       formats::claude_code(),       formats::codex(),
        formats::gemini_cli(), formats::inspect(),           formats::inspect_json(),
        formats::swe_agent(),  formats::mini_swe_agent(),    formats::mini_swe_agent_messages(),
        formats::openhands(),  formats::openhands_events(),  formats::agentdojo(),
        formats::letta(),      formats::genai_spans(),       formats::sharegpt(),
        formats::smolagents(), formats::smolagents_memory(), formats::bfcl()};
    const std::vector<Format> named = formats::not_read();
    all.insert(all.end(), named.begin(), named.end());
    return all;
  }();
  return formats;
}

}  // namespace agentecho

#include <algorithm>
#include <vector>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho {

std::span<const Format> known_formats() {
  // Those with a mark of their own first, those told by a mere likeness last.
  static const std::vector<Format> formats = [] {
    std::vector<Format> all = {formats::event_files(),
                               formats::atif(),
                               formats::claude_code(),
                               formats::line_sessions(),
                               formats::codex(),
                               formats::gemini_cli(),
                               formats::inspect(),
                               formats::inspect_json(),
                               formats::swe_agent(),
                               formats::mini_swe_agent(),
                               formats::mini_swe_agent_messages(),
                               formats::openhands(),
                               formats::openhands_events(),
                               formats::agentdojo(),
                               formats::letta(),
                               formats::genai_spans(),
                               formats::langsmith(),
                               formats::langfuse(),
                               formats::smolagents(),
                               formats::smolagents_memory(),
                               formats::bfcl_scores(),
                               formats::bfcl()};
    const std::vector<Format> named = formats::not_read();
    all.insert(all.end(), named.begin(), named.end());
    return all;
  }();
  return formats;
}

const Format* recognised_format(const Beginning& beginning) {
  const formats::FirstObject first(beginning.first_object);
  const std::span<const Format> formats = known_formats();
  const auto found = std::find_if(formats.begin(), formats.end(), [&](const Format& format) {
    return format.recognises(first.json(), beginning);
  });
  return found == formats.end() ? nullptr : &*found;
}

}  // namespace agentecho

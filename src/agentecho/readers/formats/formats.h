// Each format's entry in the table of known formats; what they are stands at the top of their
// files.
#pragma once

#include <vector>

#include "agentecho/readers/formats/format.h"

namespace agentecho::formats {

Format agentdojo();
Format atif();
Format bfcl();
Format bfcl_scores();
Format claude_code();
Format codex();
Format gemini_cli();
Format genai_spans();
Format inspect();
Format inspect_json();
Format langfuse();
Format langsmith();
Format letta();
Format line_sessions();
Format mini_swe_agent();
Format mini_swe_agent_messages();
Format openhands();
Format openhands_events();
Format smolagents();
Format smolagents_memory();
Format swe_agent();
Format event_files();
std::vector<Format> not_read();  // known, and named when met

}  // namespace agentecho::formats

// What each format's file gives to the table of known formats; what they are stands at the top of
// their files.
#pragma once

#include <vector>

#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

extern const FormatCode kAdkEval;
extern const FormatCode kAgentdojo;
extern const FormatCode kAtif;
extern const FormatCode kBfcl;
extern const FormatCode kBfclScores;
extern const FormatCode kBrowserUse;
extern const FormatCode kClaudeAgentSdk;
extern const FormatCode kClaudeCode;
extern const FormatCode kCodex;
extern const FormatCode kDify;
extern const FormatCode kDspy;
extern const FormatCode kEventStreams;
extern const FormatCode kGeminiCli;
extern const FormatCode kGenaiSpans;
extern const FormatCode kInspect;
extern const FormatCode kInspectJson;
extern const FormatCode kLangchain;
extern const FormatCode kLangfuse;
extern const FormatCode kLanggraph;
extern const FormatCode kLanggraphStates;
extern const FormatCode kLanggraphStream;
extern const FormatCode kLangsmith;
extern const FormatCode kLetta;
extern const FormatCode kLineSessions;
extern const FormatCode kLlmLogs;
extern const FormatCode kMessageColumns;
extern const FormatCode kMessageRows;
extern const FormatCode kMiniSweAgent;
extern const FormatCode kMiniSweAgentMessages;
extern const FormatCode kMlflow;
extern const FormatCode kOpenaiAgents;
extern const FormatCode kOpenaiAgentsState;
extern const FormatCode kOpenaiAssistants;
extern const FormatCode kOpenaiAssistantsMessages;
extern const FormatCode kOpenhands;
extern const FormatCode kOpenhandsEvents;
extern const FormatCode kSmolagents;
extern const FormatCode kSmolagentsMemory;
extern const FormatCode kSpanExports;
extern const FormatCode kSweAgent;
extern const FormatCode kSweAgentAttempts;
extern const FormatCode kTraeAgent;
extern const FormatCode kVercelSteps;

Format event_files();            // one event of a conversation a file
std::vector<Format> not_read();  // known, and named when met

}  // namespace agentecho::formats

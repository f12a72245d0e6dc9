#include <algorithm>
#include <vector>

#include "agentecho/readers/formats/format.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho {

namespace {

constexpr FormatUnit kRecord = FormatUnit::kRecord;
constexpr FormatUnit kEntry = FormatUnit::kEntry;

struct Row {
  std::string_view name, title;
  FormatUnit unit;
  const formats::FormatCode& code;
};

// Those with a mark of their own first, those told by a mere likeness last.
constexpr Row kRows[] = {
    {"atif", "an ATIF trajectory (Harbor)", kRecord, formats::kAtif},
    {"claude-code", "a Claude Code session", kEntry, formats::kClaudeCode},
    {"claude-agent-sdk", "messages of Claude's Agent SDK", kEntry, formats::kClaudeAgentSdk},
    {"agent-session", "a session of pi, Qwen Code, Goose, Copilot CLI or opencode", kEntry,
     formats::kLineSessions},
    {"codex", "a Codex CLI rollout", kEntry, formats::kCodex},
    {"gemini-cli", "a Gemini CLI session", kEntry, formats::kGeminiCli},
    {"agent-events", "the events that Gemini CLI or opencode print", kEntry,
     formats::kEventStreams},
    {"inspect", "an Inspect log", kRecord, formats::kInspect},
    {"inspect-json", "an Inspect log in JSON", kEntry, formats::kInspectJson},
    {"swe-agent-attempts", "the attempts of a SWE-agent run", kEntry, formats::kSweAgentAttempts},
    {"swe-agent", "a SWE-agent trajectory", kRecord, formats::kSweAgent},
    {"trae-agent", "a trae-agent trajectory", kRecord, formats::kTraeAgent},
    {"mini-swe-agent", "a mini-swe-agent trajectory", kRecord, formats::kMiniSweAgent},
    {"mini-swe-agent-messages", "the messages of a mini-swe-agent run", kEntry,
     formats::kMiniSweAgentMessages},
    {"openhands", "an OpenHands evaluation output", kRecord, formats::kOpenhands},
    {"openhands-events", "OpenHands events", kEntry, formats::kOpenhandsEvents},
    {"agentdojo", "an AgentDojo run", kRecord, formats::kAgentdojo},
    {"letta", "letta-evals results", kRecord, formats::kLetta},
    {"otel", "an OpenTelemetry trace", kEntry, formats::kGenaiSpans},
    {"spans", "an export of spans (OpenAI Agents SDK, Opik, Braintrust, Weave)", kEntry,
     formats::kSpanExports},
    {"mlflow", "traces of MLflow", kEntry, formats::kMlflow},
    {"langsmith", "a LangSmith export of runs", kEntry, formats::kLangsmith},
    {"langfuse", "a Langfuse export of traces or observations", kEntry, formats::kLangfuse},
    {"langchain", "the result of a LangChain AgentExecutor", kRecord, formats::kLangchain},
    {"langgraph-states", "the states of threads of LangGraph", kEntry, formats::kLanggraphStates},
    {"langgraph", "a record with the stream of a LangGraph run", kRecord, formats::kLanggraph},
    {"langgraph-stream", "the stream of a LangGraph run", kEntry, formats::kLanggraphStream},
    {"openai-agents", "the result of a run of the OpenAI Agents SDK", kRecord,
     formats::kOpenaiAgents},
    {"openai-agents-state", "the state of a run of the OpenAI Agents SDK", kEntry,
     formats::kOpenaiAgentsState},
    {"openai-assistants", "a thread of OpenAI's Assistants", kRecord, formats::kOpenaiAssistants},
    {"openai-assistants-messages", "the messages of a thread of OpenAI's Assistants", kEntry,
     formats::kOpenaiAssistantsMessages},
    {"browser-use", "the history of a browser-use agent", kRecord, formats::kBrowserUse},
    {"vercel-steps", "the result of the Vercel AI SDK's generateText", kRecord,
     formats::kVercelSteps},
    {"dify", "messages of an agent app of Dify", kEntry, formats::kDify},
    {"adk-eval", "results of an evaluation of Google's ADK", kEntry, formats::kAdkEval},
    {"llm-logs", "what `llm logs --json` prints", kEntry, formats::kLlmLogs},
    {"dspy", "the result of a DSPy ReAct module", kRecord, formats::kDspy},
    {"smolagents", "the result of a smolagents run", kRecord, formats::kSmolagents},
    {"smolagents-memory", "the memory of a smolagents agent", kEntry, formats::kSmolagentsMemory},
    {"message-columns", "chat records whose messages are a map or a struct of lists", kRecord,
     formats::kMessageColumns},
    {"message-rows", "rows of a table of messages, each as JSON in a text", kEntry,
     formats::kMessageRows},
    {"bfcl-scores", "BFCL scores", kEntry, formats::kBfclScores},
    {"bfcl", "BFCL results", kRecord, formats::kBfcl},
};

std::vector<Format> table_of_formats() {
  std::vector<Format> all = {formats::event_files()};
  for (const auto& [name, title, unit, code] : kRows) {
    all.push_back({name, title, unit, code.recognises, code.is_unit, code.convert});
  }
  const std::vector<Format> named = formats::not_read();
  all.insert(all.end(), named.begin(), named.end());
  return all;
}

}  // namespace

std::span<const Format> known_formats() {
  static const std::vector<Format> formats = table_of_formats();
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

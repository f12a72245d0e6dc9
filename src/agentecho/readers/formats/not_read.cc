// Formats that are known and not read: met, they are named, with what to convert them to. They hold
// single replies, or spans of which only some are a model's, and say nothing of which make a run.
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kReplies =
    "these are single replies of a model: join each task's requests and replies to one line, "
    "{\"model\", \"task_id\", \"messages\"}; see docs/formats.md";
constexpr std::string_view kPairs =
    "each line has two answers to one prompt: write the one that is a run as {\"model\", "
    "\"task_id\", \"messages\": prompt + chosen}; see docs/formats.md";
constexpr std::string_view kEvents =
    "a run is a folder of such files here: join each folder's in one list, for example `jq -s . "
    "event-*.json > run.json` (OpenHands) or `jq -s 'sort_by(.message_id)' message_*.json > "
    "run.json` (Strands); see docs/formats.md";
constexpr std::string_view kNoAgents =
    "it holds questions and answers without actions; nothing here compares those";

// Pairs for preference tuning (DPO): two answers to one prompt, of which at most one is a run.
bool preference(Json first, const Beginning&) {
  const auto answer = [](Json value) { return value.is_string() || value.is_list(); };
  return answer(first["chosen"]) && answer(first["rejected"]) && !first.has("messages");
}

// OpenHands and Strands keep conversations in folders with a file for each event or message.
bool one_event(Json first, const Beginning& beginning) {
  const std::string_view path = beginning.entry.name;
  const std::string_view name = path.substr(path.rfind('/') + 1);  // all of it without a slash
  const auto numbered = [&](std::string_view word) {
    return name.starts_with(word) && name.size() > word.size() && name[word.size()] >= '0' &&
           name[word.size()] <= '9';
  };
  return !beginning.is_list &&
         ((numbered("event-") && first["kind"].is_string() && first["source"].is_string()) ||
          (numbered("message_") && first["message"].is_object() && first.has("message_id")));
}

bool batch(Json first, const Beginning&) {
  const Json response = first["response"];
  return first.has("custom_id") && response.is_object() &&
         (response.has("body") || response.has("status_code"));
}

bool anthropic_batch(Json first, const Beginning&) {
  return first.has("custom_id") && first["result"]["type"].is_string();
}

bool replies(Json first, const Beginning&) {
  return first["object"].is("chat.completion") && first["choices"].is_list() &&
         !first.has("messages");
}

bool lm_eval(Json first, const Beginning&) {
  return first.has("doc_id") && first["resps"].is_list() && first.has("filtered_resps");
}

bool helm(Json first, const Beginning&) {
  return first["adapter_spec"].is_object() && first["request_states"].is_list();
}

template <Looks kLooks>
Format named(std::string_view name, std::string_view title, std::string_view advice) {
  Format format;
  format.name = name;
  format.title = title;
  format.recognises = kLooks;
  format.advice = advice;
  return format;
}

}  // namespace

Format event_files() {
  return named<one_event>("event-files", "one event of a conversation (OpenHands, Strands)",
                          kEvents);
}

std::vector<Format> not_read() {
  return {
      named<preference>("preference-pairs", "pairs of preferred and rejected answers (DPO)",
                        kPairs),
      named<batch>("openai-batch", "the output of an OpenAI batch", kReplies),
      named<anthropic_batch>("anthropic-batch", "the results of an Anthropic batch", kReplies),
      named<replies>("chat-completions", "single replies of a chat completions API", kReplies),
      named<lm_eval>("lm-eval", "samples of lm-evaluation-harness", kNoAgents),
      named<helm>("helm", "a HELM scenario state", kNoAgents),
  };
}

}  // namespace agentecho::formats

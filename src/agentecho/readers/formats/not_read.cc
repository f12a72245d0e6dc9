// Formats that are known and not read: met, they are named, with what to convert them to. They hold
// single replies, or spans of which only some are a model's, and say nothing of which make a run.
#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "agentecho/readers/dialects/json_peek.h"
#include "agentecho/readers/formats/formats.h"

namespace agentecho::formats {

namespace {

using dialects::PeekedMember;

class Members {
 public:
  explicit Members(const Beginning& beginning)
      : members_(dialects::peek_members(beginning.first_object)) {}

  bool have(std::initializer_list<std::string_view> names) const {
    return std::all_of(names.begin(), names.end(),
                       [&](auto name) { return find(name) != nullptr; });
  }
  bool say(std::string_view name, std::string_view text) const {
    const PeekedMember* member = find(name);
    return member != nullptr && dialects::peek_string(member->value) == text;
  }

 private:
  const PeekedMember* find(std::string_view name) const {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const auto& member) { return member.name == name; });
    return found == members_.end() ? nullptr : &*found;
  }

  std::vector<PeekedMember> members_;
};

constexpr std::string_view kReplies =
    "these are single replies of a model: join each task's requests and replies to one line, "
    "{\"model\", \"task_id\", \"messages\"}; see docs/formats.md";
constexpr std::string_view kSpans =
    "write each trace's conversation as one line, {\"model\", \"task_id\", \"success\", "
    "\"messages\"}, or export the traces as OpenTelemetry spans; see docs/formats.md";
constexpr std::string_view kNoAgents =
    "it holds questions and answers without actions; nothing here compares those";

Format not_read(std::string_view name, std::string_view title, std::string_view advice,
                bool (*recognises)(const Beginning&)) {
  Format format;
  format.name = name;
  format.title = title;
  format.recognises = recognises;
  format.advice = advice;
  return format;
}

}  // namespace

std::vector<Format> not_read() {
  return {
      not_read("openai-batch", "the output of an OpenAI batch", kReplies,
               [](const Beginning& b) {
                 return Members(b).have({"custom_id", "response", "error"});
               }),
      not_read("chat-completions", "single replies of a chat completions API", kReplies,
               [](const Beginning& b) {
                 const Members members(b);
                 return members.say("object", "chat.completion") && members.have({"choices"}) &&
                        !members.have({"messages"});
               }),
      not_read("langsmith", "a LangSmith export of runs", kSpans,
               [](const Beginning& b) {
                 const Members members(b);
                 return members.have({"run_type", "inputs"}) &&
                        (members.have({"trace_id"}) || members.have({"dotted_order"}));
               }),
      not_read("langfuse", "a Langfuse export of traces or observations", kSpans,
               [](const Beginning& b) {
                 const Members members(b);
                 return members.have({"observations", "timestamp"}) ||
                        (members.have({"traceId", "startTime", "type"}) &&
                         !members.have({"spanId"}));
               }),
      not_read("weave", "a Weights & Biases Weave export of calls", kSpans,
               [](const Beginning& b) {
                 return Members(b).have({"op_name", "trace_id", "inputs"});
               }),
      not_read("lm-eval", "samples of lm-evaluation-harness", kNoAgents,
               [](const Beginning& b) {
                 return Members(b).have({"doc_id", "resps", "filtered_resps"});
               }),
      not_read("helm", "a HELM scenario state", kNoAgents,
               [](const Beginning& b) {
                 return Members(b).have({"adapter_spec", "request_states"});
               }),
  };
}

}  // namespace agentecho::formats

// mini-swe-agent: `.traj.json` files, formats "mini-swe-agent-1" and later; versions before 1.0
// wrote the bare list of messages.
//
//   {info: {exit_status, submission, config: {model: {model_name}}}, messages: [{role, content,
//    tool_calls, extra: {actions: [{command, tool_call_id}]}}], trajectory_format, instance_id}
//
// Version 1 asks for one fenced block of bash in the text; version 2 for calls of the tool bash,
// through the chat API or the Responses API (whose replies are kept whole: {object: "response",
// output: [items]}). A block is a call of "bash"; the user message that follows is its result.
#include <optional>
#include <string>
#include <string_view>

#include "agentecho/base/text.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/response_items.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kFences[] = {"```mswea_bash_command\n", "```bash\n"};
constexpr std::string_view kFenceEnd = "\n```";

// The text of a reply split in what it says and the command in its fenced block.
struct Block {
  std::string_view before;
  std::string_view command;
  std::string_view behind;
};
std::optional<Block> block_of(std::string_view text) {
  for (const std::string_view fence : kFences) {
    const std::size_t open = text.find(fence);
    if (open == std::string_view::npos) continue;
    const std::size_t begin = open + fence.size();
    const std::size_t end = text.find(kFenceEnd, begin == 0 ? 0 : begin - 1);
    if (end == std::string_view::npos) continue;
    const std::size_t size = end > begin ? end - begin : 0;
    return Block{text.substr(0, open), text.substr(begin, size),
                 text.substr(end + kFenceEnd.size())};
  }
  return std::nullopt;
}

bool asks_for_blocks(std::string_view system) {
  return system.find("bash code block") != std::string_view::npos ||
         system.find("mswea_bash_command") != std::string_view::npos;
}

bool is_run(Json record) {
  return record["trajectory_format"].string().starts_with("mini-swe-agent") ||
         (record["messages"].is_list() && record["info"].has("mini_version"));
}

bool looks_like_mini_swe_agent(Json first, const Beginning&) { return is_run(first); }

// The bare list: its first element is the system message, which asks for blocks.
bool has_its_messages(Json first, const Beginning& beginning) {
  return beginning.is_list && first["role"].is("system") &&
         asks_for_blocks(text_of(first["content"]));
}

class SweMessages {
 public:
  explicit SweMessages(RunWriter& runs) : runs_(runs) {}

  void add(Json message) {
    const std::string_view role = message["role"].string();
    if (message["object"].is("response")) {
      runs_.message("assistant");
      ResponseItems items(runs_);
      message["output"].each([&](Json item) { items.add(item); });
    } else if (message["type"].is("function_call_output")) {
      runs_.result(message["call_id"].string(), text_of(message["output"]));
    } else if (role == "assistant") {
      add_reply(message);
    } else if (role == "tool") {
      runs_.result(message["tool_call_id"].string(), text_of(message["content"]),
                   error_of(message));
    } else if (role == "exit") {
      if (awaits_result_) runs_.result("", text_of(message["content"]));
      awaits_result_ = false;
    } else if (awaits_result_ && role == "user") {
      runs_.result("", text_of(message["content"]), error_of(message));
      awaits_result_ = false;
    } else {
      runs_.message(role);
      runs_.text(text_of(message["content"]));
    }
  }

 private:
  // A command that ended with another status than 0.
  static std::optional<bool> error_of(Json message) {
    const auto status = message["extra"]["returncode"].integer();
    return status ? std::optional<bool>(*status != 0) : std::nullopt;
  }

  void add_reply(Json message) {
    runs_.message("assistant");
    awaits_result_ = false;
    for (const std::string_view key : {"reasoning_content", "reasoning"}) {
      if (message[key].string().empty()) continue;
      runs_.reasoning(message[key].string());
      break;
    }
    const std::string text = text_of(message["content"]);
    if (!message["tool_calls"].empty()) {
      runs_.text(text);
      message["tool_calls"].each([&](Json call) { add_openai_call(call, runs_); });
      return;
    }
    const auto block = block_of(text);
    if (!block) {
      runs_.text(text);
      return;
    }
    runs_.text(trimmed(block->before));
    runs_.text(trimmed(block->behind));
    std::string command;
    append_string(command, block->command);
    runs_.call("", "bash", one_member("command", command));
    awaits_result_ = true;
  }

  RunWriter& runs_;
  bool awaits_result_ = false;
};

void translate_mini_swe_agent(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json info = record["info"];
    runs.agent("mini-swe-agent");
    runs.model(info["config"]["model"]["model_name"].string());
    runs.task(record["instance_id"].text());
    runs.termination_reason(info["exit_status"].string());
    pass_on(record, {}, runs);
    pass_on(info, {"exit_status", "submission", "config", "model_stats"}, runs);
    SweMessages of_run(runs);
    record["messages"].each([&](Json message) { of_run.add(message); });
    runs.end_run();
  }
}

void translate_messages(const Log& log, RunWriter& runs) {
  SweMessages messages(runs);
  runs.agent("mini-swe-agent");
  runs.benchmark("mini-swe-agent");
  for (const Json message : log.records) messages.add(message);
  runs.end_run();
}

}  // namespace

const FormatCode kMiniSweAgent = code_of<looks_like_mini_swe_agent, translate_mini_swe_agent>();

const FormatCode kMiniSweAgentMessages = code_of<has_its_messages, translate_messages>();

}  // namespace agentecho::formats

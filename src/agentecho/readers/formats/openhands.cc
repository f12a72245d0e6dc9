// OpenHands: lists of events, of version 0 (action and observation) and of the SDK of version 1
// (kind), as a file of their own or as `history` of an evaluation's output.jsonl.
//
//   v0: {id, source, action, args: {command, thought, …}, tool_call_metadata: {function_name,
//        tool_call_id, model_response}} and {observation, content, extras, tool_call_metadata}
//   v1: {kind: SystemPromptEvent | MessageEvent | ActionEvent | ObservationEvent | AgentErrorEvent}
//   output.jsonl: {instance_id, metadata: {llm_config: {model}}, history: [events or pairs of
//   them],
//        test_result: {…}, report: {resolved}}
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_event(Json event) {
  const std::string_view kind = event["kind"].string();
  if (kind == "SystemPromptEvent" || kind == "MessageEvent" || kind == "ActionEvent" ||
      kind == "ConversationStateUpdateEvent") {
    return event["source"].is_string();
  }
  return event["source"].is_string() && event["timestamp"].is_string() &&
         ((event["action"].is_string() && event["args"].is_object()) ||
          (event["observation"].is_string() && event.has("content")));
}

Json events_of(Json record) {
  for (const std::string_view key : {"history", "events", "trajectory"}) {
    if (record[key].is_list()) return record[key];
  }
  return {};
}

bool looks_like_output(Json first, const Beginning&) {
  const Json event = events_of(first).first();
  return is_event(event) || is_event(event.first());
}
bool looks_like_events(Json first, const Beginning&) { return is_event(first); }

class Events {
 public:
  explicit Events(RunWriter& runs) : runs_(runs) {}

  void add(Json event) {
    if (event.is_list()) {  // the oldest versions kept pairs of action and observation
      event.each([&](Json one) { add(one); });
    } else if (event["kind"].is_string()) {
      add_v1(event);
    } else if (event["action"].is_string()) {
      add_action(event);
    } else if (event["observation"].is_string()) {
      add_observation(event);
    }
  }

 private:
  // Actions that one reply of the model issued are one message.
  void start_reply(std::string_view reply) {
    if (!reply.empty() && reply == last_reply_) {
      runs_.continue_message("assistant");
    } else {
      runs_.message("assistant");
    }
    last_reply_ = reply;
  }

  void add_action(Json event) {
    const std::string_view action = event["action"].string();
    const Json args = event["args"];
    const Json meta = event["tool_call_metadata"];
    const bool by_agent = event["source"].is("agent");
    if (action == "system") {
      runs_.message("system");
      runs_.text(args["content"].string());
      if (args["tools"].is_list()) runs_.tools(args["tools"].json());
    } else if (action == "message") {
      runs_.message(by_agent ? "assistant" : "user");
      runs_.text(args["content"].string());
    } else if (action == "recall" || action == "change_agent_state" || action == "null") {
      // The program's own book-keeping.
    } else if (by_agent) {
      start_reply(meta["model_response"]["id"].string());
      runs_.reply_by(meta["model_response"]["model"].string());
      add_thought(event, meta);
      add_agent_call(event, meta);
    }
  }

  void add_thought(Json event, Json meta) {
    const Json message = meta["model_response"]["choices"].first()["message"];
    runs_.reasoning(message["reasoning_content"].string());
    runs_.text(event["args"]["thought"].string());
    if (event["action"].is("finish")) runs_.text(event["args"]["final_thought"].string());
  }

  void add_agent_call(Json event, Json meta) {
    if (!meta["function_name"].is_string()) {
      // Without function calling: the action itself, and its arguments less the book-keeping.
      std::string arguments = "{";
      event["args"].each_member([&](std::string_view key, Json value) {
        if (!value.here() || is_bookkeeping(key)) return;
        if (arguments.size() > 1) arguments += ',';
        append_string(arguments, key);
        arguments += ':' + value.json();
      });
      last_id_ = event["id"].text();
      runs_.call(last_id_, event["action"].string(), arguments + "}");
      return;
    }
    const Json message = meta["model_response"]["choices"].first()["message"];
    const std::string_view id = meta["tool_call_id"].string();
    Json arguments;
    message["tool_calls"].each([&](Json call) {
      if (call["id"].is(id)) arguments = call["function"]["arguments"];
    });
    add_call(id, meta["function_name"].string(), arguments.here() ? arguments : event["args"],
             runs_);
  }

  static bool is_bookkeeping(std::string_view key) {
    for (const std::string_view known :
         {"thought", "hidden", "confirmation_state", "security_risk", "is_input", "blocking", "cwd",
          "is_static", "image_urls", "wait_for_response", "return_all", "final_thought"}) {
      if (key == known) return true;
    }
    return false;
  }

  void add_observation(Json event) {
    const std::string_view what = event["observation"].string();
    const Json meta = event["tool_call_metadata"];
    if (what == "agent_state_changed" || what == "null" || what == "recall" || what == "condense") {
      return;
    }
    std::string id(meta["tool_call_id"].string());
    if (id.empty() && event["cause"].here()) id = event["cause"].text();
    const auto status = event["extras"]["metadata"]["exit_code"].integer();
    std::optional<bool> error;
    if (what == "error") error = true;
    if (what == "run" && status) error = *status != 0;
    runs_.result(id, text_of(event["content"]), error);
  }

  void add_v1(Json event) {
    const std::string_view kind = event["kind"].string();
    if (kind == "SystemPromptEvent") {
      runs_.message("system");
      runs_.text(text_of(event["system_prompt"].is_object() ? event["system_prompt"]["text"]
                                                            : event["system_prompt"]));
      runs_.text(event["dynamic_context"]["text"].string());
      if (event["tools"].is_list() && !event["tools"].empty()) runs_.tools(event["tools"].json());
    } else if (kind == "MessageEvent") {
      const Json message = event["llm_message"];
      runs_.message(message["role"].is_string() ? message["role"].string() : "user");
      runs_.text(text_of(message["content"]));
      runs_.reasoning(message["reasoning_content"].string());
    } else if (kind == "ActionEvent") {
      start_reply(event["llm_response_id"].string());
      runs_.text(text_of(event["thought"]));
      runs_.reasoning(event["reasoning_content"].string());
      event["thinking_blocks"].each([&](Json block) {
        if (event["reasoning_content"].string().empty()) {
          runs_.reasoning(block["thinking"].string());
        }
      });
      add_call(event["tool_call_id"].string(), event["tool_name"].string(),
               event["tool_call"]["arguments"].here() ? event["tool_call"]["arguments"]
                                                      : event["action"],
               runs_);
    } else if (kind == "ObservationEvent") {
      const Json observation = event["observation"];
      runs_.result(
          event["tool_call_id"].string(),
          observation["content"].here() ? text_of(observation["content"]) : observation.json(),
          observation["is_error"].boolean());
    } else if (kind == "AgentErrorEvent" || kind == "UserRejectObservation") {
      runs_.result(
          event["tool_call_id"].string(),
          event["error"].is_string() ? event["error"].string() : event["rejection_reason"].string(),
          true);
    } else if (kind == "CondensationSummaryEvent") {
      runs_.message("user");
      runs_.text(event["summary"].string());
    }
  }

  RunWriter& runs_;
  std::string_view last_reply_;
  std::string last_id_;
};

void name_run(Json record, RunWriter& runs) {
  const Json metadata = record["metadata"];
  runs.model(
      (metadata["llm_config"].is_object() ? metadata["llm_config"] : metadata["llm"])["model"]
          .string());
  runs.task(record["instance_id"].text());
  // GAIA {"score": true}, WebArena {"reward": 1}; SWE-bench says more.
  for (const std::string_view key : {"result", "score", "reward"}) {
    const Json said = record["test_result"][key];
    if (const auto number = said.number()) runs.reward(number);
    runs.success(said.boolean());
  }
  for (const Json where :
       {record["report"], record["test_result"]["report"], record["test_result"]}) {
    runs.success(where["resolved"].boolean());
  }
  runs.agent(metadata["agent_class"].is_string() ? metadata["agent_class"].string()
                                                 : std::string_view("OpenHands"));
}

void translate_output(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    name_run(record, runs);
    pass_on(record, {"instance", "test_result", "metrics", "metadata"}, runs);
    Events events(runs);
    events_of(record).each([&](Json event) { events.add(event); });
    runs.end_run();
  }
}

void translate_events(const Log& log, RunWriter& runs) {
  Events events(runs);
  for (const Json event : log.records) events.add(event);
  runs.end_run_of("OpenHands", "openhands");
}

}  // namespace

const FormatCode kOpenhands = code_of<looks_like_output, translate_output>();

const FormatCode kOpenhandsEvents = code_of<looks_like_events, translate_events>();

}  // namespace agentecho::formats

// The history that browser-use's agent saves (AgentHistoryList):
//
//   {history: [{model_output: {thinking, evaluation_previous_goal, memory, next_goal, action:
//    [{click: {index}}, …]}, result: [{extracted_content, error, is_done, success, judgement}],
//    state, metadata, state_message: "<user_request>…</user_request>…"}]}
//
// A step is a reply with a call for each action, and their results. `done` is the agent's word for
// its answer. What it claims there of its success is no outcome; the verdict of browser-use's own
// judge is, where it was asked and the record says no other. Older versions keep the thoughts in
// `current_state`.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

// A reply of the model's; a step may be without one.
bool is_browser_reply(Json output) {
  return output["action"].is_list() &&
         (output.has("memory") || output.has("next_goal") || output.has("current_state") ||
          output.has("evaluation_previous_goal"));
}

// The object that holds the history: the record itself, or one that holds what users know of it.
Json history_in(Json record) {
  for (const Json holder : {record, record["history"], record["agent_history"], record["result"]}) {
    bool any = false;
    holder["history"].each([&](Json step) { any = any || is_browser_reply(step["model_output"]); });
    if (any) return holder["history"];
  }
  return {};
}

bool looks_like_browser_use(Json first, const Beginning&) {
  return history_in(first).here() && !agent_speaks_in(first["messages"]);
}

// What the agent was asked, which each of its prompts repeats.
std::string_view request_in(std::string_view prompt) {
  constexpr std::string_view kOpen = "<user_request>\n";
  constexpr std::string_view kClose = "\n</user_request>";
  const std::size_t open = prompt.find(kOpen);
  if (open == prompt.npos) return {};
  const std::size_t begin = open + kOpen.size();
  const std::size_t end = prompt.find(kClose, begin);
  return end == prompt.npos ? std::string_view{} : prompt.substr(begin, end - begin);
}

void add_thoughts(Json output, RunWriter& runs) {
  runs.reasoning(output["thinking"].string());
  const Json said = output["current_state"].is_object() ? output["current_state"] : output;
  for (const std::string_view key :
       {"evaluation_previous_goal", "page_summary", "memory", "next_goal"}) {
    runs.text(said[key].string());
  }
}

// Actions that are calls, with the place of each among the results.
struct BrowserCall {
  std::string id;
  std::size_t place;
};

std::vector<BrowserCall> add_actions(Json actions, std::size_t step, RunWriter& runs) {
  std::vector<BrowserCall> calls;
  std::size_t place = 0;
  actions.each([&](Json action) {
    action.each_member([&](std::string_view name, Json arguments) {
      if (name == "done") {
        runs.text(arguments["text"].string());
      } else if (arguments.here()) {
        const std::string id = std::to_string(step) + "." + std::to_string(calls.size());
        runs.call(id, name,
                  arguments.is_object() ? arguments.json() : one_member("input", arguments.json()));
        calls.push_back({id, place});
      }
    });
    ++place;
  });
  return calls;
}

void add_results(Json results, const std::vector<BrowserCall>& calls, RunWriter& runs) {
  std::vector<Json> by_place;
  results.each([&](Json result) { by_place.push_back(result); });
  for (const BrowserCall& call : calls) {
    if (call.place >= by_place.size()) return;  // the agent's actions ended with an error before
    const Json result = by_place[call.place];
    const Json error = result["error"];
    const Json given = either(result, "extracted_content", "long_term_memory");
    runs.result(call.id, error.here() ? error.text() : given.text(),
                error.here() ? std::optional(true) : std::nullopt);
  }
}

void translate_browser_use(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    const Json history = history_in(record);
    if (!history.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without the history of a browser's agent");
      continue;
    }
    std::string_view request = record["task"].string();
    if (request.empty()) request = request_in(history.first()["state_message"].string());
    if (!request.empty()) {
      runs.message("user");
      runs.text(request);
    }
    std::size_t number = 0;
    std::uint64_t without_reply = 0;
    Json verdict;
    history.each([&](Json step) {
      const Json output = step["model_output"];
      without_reply += output.here() ? 0 : 1;
      if (output.here()) {
        runs.message("assistant");
        add_thoughts(output, runs);
        add_results(step["result"], add_actions(output["action"], ++number, runs), runs);
      }
      step["result"].each([&](Json result) {
        const Json judged = result["judgement"]["verdict"];
        if (judged.here()) verdict = judged;
      });
    });
    if (verdict.here()) runs.also("verdict", verdict.json());  // behind the record's own outcome
    runs.aside(Aside::Kind::kLeftOut, "steps without a reply of the model", without_reply);
    pass_on(record, {"history", "agent_history", "result", "usage"}, runs);
    runs.end_run_of("browser-use", "browser-use");
  }
}

}  // namespace

const FormatCode kBrowserUse = code_of<looks_like_browser_use, translate_browser_use>();

}  // namespace agentecho::formats

// Sessions of coding agents that keep messages in the dialect of their provider, each in a line or
// element with something around it:
//
//   pi: {type: session, cwd}, then {type: message, id, parentId, message: {role, content}}
//   Qwen Code: {sessionId, uuid, parentUuid, type, model, message: {role, parts}}
//   Goose: {working_dir, description}, then bare messages
//   Copilot CLI: {type: session.start, data}, {type: user.message | assistant.message |
//   tool.execution_complete, data}
//   opencode export: {info: {id: ses_…}, messages: [{info: {role, modelID}, parts}]}
//
// Where lines name their parents, the run is the branch that the last line ends; the others were
// taken back.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_pi(Json first) {
  return first["type"].is("session") && first["cwd"].is_string() && first["id"].is_string();
}
bool is_qwen(Json first) {
  return first["sessionId"].is_string() && first["type"].is_string() &&
         (first["message"]["parts"].is_list() ||
          (first["type"].is("system") && first.has("systemPayload")));
}
bool is_goose(Json first) {
  return first["working_dir"].is_string() && !first.has("role") && !first.has("messages") &&
         !first.has("conversation") && (first.has("description") || first.has("message_count"));
}
bool is_copilot(Json first) {
  return first["type"].is("session.start") && first["data"].is_object();
}
bool is_opencode(Json first) {
  const Json message = first["messages"].first();
  return first["info"].is_object() && message["info"]["role"].is_string() &&
         message["parts"].is_list();
}

bool looks_like_line_session(Json first, const Beginning&) {
  return is_pi(first) || is_qwen(first) || is_goose(first) || is_copilot(first) ||
         is_opencode(first);
}

bool holds_message(Json line) {
  return line["message"]["role"].is_string() || line["role"].is_string();
}

// The lines from the first to the last one that holds a message, by their parents; all of them
// where a parent is not said or not there.
std::vector<Json> last_branch(const std::vector<Json>& lines, RunWriter& runs) {
  std::map<std::string_view, Json> by_id;
  for (const Json line : lines) {
    const std::string_view id = either(line, "id", "uuid").string();
    if (!id.empty()) by_id.emplace(id, line);
  }
  std::vector<Json> branch;
  const auto last = std::find_if(lines.rbegin(), lines.rend(), holds_message);
  if (last == lines.rend()) return lines;
  std::size_t messages = 0;
  for (Json line = *last; branch.size() < lines.size();) {
    branch.push_back(line);
    messages += holds_message(line) ? 1 : 0;
    const std::string_view parent = either(line, "parentId", "parentUuid").string();
    const auto above = by_id.find(parent);
    if (above == by_id.end()) break;
    line = above->second;
  }
  std::reverse(branch.begin(), branch.end());
  const auto first = std::find_if(lines.begin(), lines.end(), holds_message);
  const auto holds = [&](Json wanted) {
    const std::string_view id = either(wanted, "id", "uuid").string();
    return std::any_of(branch.begin(), branch.end(),
                       [&](Json line) { return either(line, "id", "uuid").is(id); });
  };
  if (either(*first, "id", "uuid").string().empty() || !holds(*first)) return lines;
  const auto all =
      static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), holds_message));
  runs.aside(Aside::Kind::kLeftOut, "messages of branches that were taken back", all - messages);
  return branch;
}

void add_line(Json line, RunWriter& runs) {
  const Json message = line["message"]["role"].is_string() ? line["message"] : line;
  runs.reply_by(message["model"].is_string() ? message["model"].string() : line["model"].string());
  if (message["role"].is_string()) runs.message_as_is(message.json());
}

// `model` is the one that is asked, until it is changed.
void add_event(Json event, std::string_view& model, RunWriter& runs) {
  const std::string_view type = event["type"].string();
  const Json data = event["data"];
  if (type == "session.start" || type == "session.model_change") {
    model = either(data, "selectedModel", "newModel").string();
  } else if (type == "user.message" || type == "system.message") {
    runs.message(type == "user.message" ? "user" : "system");
    runs.text(data["content"].string());
  } else if (type == "assistant.message") {
    runs.reply_by(model);
    runs.message("assistant");
    runs.text(data["content"].string());
    runs.reasoning(data["reasoningText"].string());
    data["toolRequests"].each([&](Json call) {
      add_call(call["toolCallId"].string(), call["name"].string(), call["arguments"], runs);
    });
  } else if (type == "tool.execution_complete") {
    const Json result = data["result"];
    const Json failure = data["error"]["message"];
    std::optional<bool> error;
    if (data["success"].boolean()) error = !*data["success"].boolean();
    runs.result(data["toolCallId"].string(),
                result.is_object() ? text_of(result["content"])
                                   : (result.here() ? result.text() : failure.text()),
                error);
  }  // starts of tools, turns and their like repeat what stands elsewhere
}

void add_session(Json session, RunWriter& runs) {
  session["messages"].each([&](Json message) {
    runs.reply_by(message["info"]["modelID"].string());
    runs.message_as_is(message.json());
  });
}

void translate_line_session(const Log& log, RunWriter& runs) {
  if (log.records.empty()) return;
  const Json first = log.records.front();
  if (is_opencode(first)) {
    for (const Json session : log.records) {
      add_session(session, runs);
      runs.agent("opencode");
      runs.end_run();
    }
    return;
  }
  if (is_copilot(first)) {
    std::string_view model;
    for (const Json event : log.records) add_event(event, model, runs);
    if (runs.model().empty()) runs.model(model);
    runs.agent("Copilot CLI");
  } else {
    for (const Json line : last_branch(log.records, runs)) {
      if (holds_message(line)) add_line(line, runs);
    }
    runs.agent(is_pi(first) ? "pi" : is_goose(first) ? "Goose" : "Qwen Code");
  }
  runs.end_run();
}

}  // namespace

const FormatCode kLineSessions = code_of<looks_like_line_session, translate_line_session>();

}  // namespace agentecho::formats

// Claude Code: sessions (~/.claude/projects/…/SESSION.jsonl) and what `claude -p --output-format
// stream-json` prints. The lines of a file are one session, in order.
//
//   {"type": "user" | "assistant", "uuid", "parentUuid", "sessionId", "isSidechain", "message":
//   {role, content: text | [parts], id, model}}; other types are not part of the conversation.
//
// One reply of the model is written as one line for each of its parts, all with the same message
// id. A line that repeats another's uuid is that line. After /clear the model has forgotten
// everything: a new run. A rewind (two prompts with the same parent) abandons what followed the
// first. Lines of sub-agents are no part of the run, except in a file of their own.
//
// Cursor's agent prints the same lines, but calls as lines of their own (cursor.com/docs/cli,
// "Output format"): {"type": "tool_call", "subtype": "started" | "completed", "call_id",
// "tool_call": {"readToolCall": {args, result: {"success": …}}}}.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_line(Json line) {
  const bool session = line["sessionId"].is_string() || line["session_id"].is_string();
  const std::string_view type = line["type"].string();
  if (type == "system" && line["subtype"].is("init")) return session;
  // Messages of `parts` are those of other programs.
  if (line["message"].is_object() && session && (type == "user" || type == "assistant")) {
    return !line["message"].has("parts");
  }
  // What a session may begin with.
  return (type == "summary" && line.has("leafUuid")) || type == "file-history-snapshot" ||
         (session &&
          (type == "queue-operation" || type == "last-prompt" || type == "mode" ||
           type == "permission-mode" || type == "agent-setting" || type == "agent-name" ||
           type == "custom-title" || type == "ai-title" || (type == "system" && line.has("uuid")) ||
           type == "progress" || (type == "attachment" && line.has("uuid"))));
}

bool looks_like_claude_code(Json first, const Beginning&) { return is_line(first); }

bool is_cursor_call(Json line) {
  return line["type"].is("tool_call") && line["tool_call"].is_object();
}

bool is_sub_agent(Json line) {
  return line["isSidechain"].is_true() || line.has("parent_tool_use_id");
}

// Something that a person typed, as against results of tools and what the program inserted.
bool is_prompt(Json line) {
  if (!line["type"].is("user") || line["isMeta"].is_true()) return false;
  const Json content = line["message"]["content"];
  return content.is_string() || content.first()["type"].is("text");
}

bool is_clear(Json line) {
  if (!line["type"].is("user")) return false;
  return text_of(line["message"]["content"]).find("<command-name>/clear</command-name>") !=
         std::string::npos;
}

// The lines that make up the conversations, in order.
class Conversation {
 public:
  void take(const Log& log, RunWriter& runs) {
    const bool only_sub_agents =
        std::none_of(log.records.begin(), log.records.end(),
                     [](Json line) { return line["message"].is_object() && !is_sub_agent(line); });
    std::uint64_t side_lines = 0;
    for (const Json line : log.records) {
      if (is_cursor_call(line)) {
        lines_.push_back(line);
        continue;
      }
      if (!is_line(line)) {
        count_foreign(line, runs);
        continue;
      }
      if (!line["message"].is_object()) {
        if (line["type"].is("system") && line["subtype"].is("init")) init_ = line;
        continue;
      }
      if (!only_sub_agents && is_sub_agent(line)) {
        ++side_lines;
        continue;
      }
      const std::string_view uuid = line["uuid"].string();
      if (!uuid.empty() && !seen_.insert(uuid).second) continue;
      if (is_prompt(line)) rewind_to(line, runs);
      lines_.push_back(line);
    }
    runs.aside(Aside::Kind::kLeftOut, "messages of sub-agents", side_lines);
    if (only_sub_agents && !lines_.empty()) {
      runs.aside(Aside::Kind::kLeftOut, "the whole file is the run of a sub-agent", 1);
    }
  }

  const std::vector<Json>& lines() const { return lines_; }
  Json init() const { return init_; }

 private:
  // A second prompt with the same parent: what the first one led to was taken back.
  void rewind_to(Json line, RunWriter& runs) {
    const std::string_view parent = line["parentUuid"].string();
    if (parent.empty()) return;
    const auto [first, is_new] = prompt_after_.emplace(parent, lines_.size());
    if (is_new) return;
    const std::size_t taken_back = std::min(first->second, lines_.size());
    runs.aside(Aside::Kind::kLeftOut, "messages taken back by a rewind",
               lines_.size() - taken_back);
    lines_.resize(taken_back);
    first->second = taken_back;
  }

  static void count_foreign(Json line, RunWriter& runs) {
    if (line["message"].is_object() || line["role"].is_string()) {
      runs.aside(Aside::Kind::kNotRead, "lines that are not of this session format");
    }
  }

  std::vector<Json> lines_;
  std::set<std::string_view> seen_;
  std::map<std::string_view, std::size_t> prompt_after_;
  Json init_;
};

void add_user_line(Json message, RunWriter& runs) {
  const Json content = message["content"];
  if (!content.is_list()) {
    runs.message("user");
    runs.text(content.text());
    return;
  }
  bool in_message = false;
  content.each([&](Json part) {
    if (part["type"].is("tool_result")) {
      runs.result(part["tool_use_id"].string(), text_of(part["content"]),
                  part["is_error"].boolean());
      in_message = false;
      return;
    }
    if (!in_message) runs.message("user");
    in_message = true;
    runs.text(part.is_string() ? part.string() : part["text"].string());
  });
}

class ReplyWriter {
 public:
  explicit ReplyWriter(RunWriter& runs) : runs_(runs) {}

  void add(Json message) {
    const std::string_view id = message["id"].string();
    if (id.empty() || id != last_id_) {
      runs_.message("assistant");
    } else {
      runs_.continue_message("assistant");  // results may stand between the parts of one reply
    }
    last_id_ = id;
    if (!message["content"].is_list()) runs_.text(message["content"].text());
    message["content"].each([&](Json part) { add_part(part); });
  }
  void start_run() {
    last_id_ = {};
    calls_.clear();
  }

 private:
  void add_part(Json part) {
    const std::string_view type = part["type"].string();
    if (type == "text") {
      runs_.text(part["text"].string());
    } else if (type == "thinking") {
      runs_.reasoning(part["thinking"].string());
    } else if (type == "tool_use" || type == "server_tool_use" || type == "mcp_tool_use") {
      const std::string_view id = part["id"].string();
      if (!id.empty() && !calls_.insert(id).second) return;  // a chunk that repeats
      add_call(id, part["name"].string(), part["input"], runs_);
    } else if (type != "redacted_thinking") {
      runs_.aside(Aside::Kind::kNotRead, "parts of replies of type " + std::string(type));
    }
  }

  RunWriter& runs_;
  std::string_view last_id_;
  std::set<std::string_view> calls_;
};

// A call of Cursor's agent: of the reply before it, once it has begun, and its result.
class CursorCalls {
 public:
  explicit CursorCalls(RunWriter& runs) : runs_(runs) {}

  bool any() const { return !begun_.empty(); }
  void add(Json line) {
    const std::string_view id = line["call_id"].string();
    line["tool_call"].each_member([&](std::string_view tool, Json call) {
      if (!call.is_object()) return;
      constexpr std::string_view kEnding = "ToolCall";
      const bool is_function = tool == "function";
      if (tool.ends_with(kEnding)) tool.remove_suffix(kEnding.size());
      if (begun_.insert(id).second) {
        runs_.continue_message("assistant");
        if (is_function) {
          runs_.call_with_text(id, call["name"].string(), call["arguments"].text());
        } else {
          runs_.call(id, tool, call["args"].is_object() ? call["args"].json() : "{}");
        }
      }
      const Json result = call["result"];
      if (!result.here()) return;
      const Json good = result["success"];
      const Json said = good.here() ? good : result;
      runs_.result(id, said["content"].here() ? said["content"].text() : said.text(),
                   result.is_object() && !good.here());
    });
  }
  void start_run() { begun_.clear(); }

 private:
  RunWriter& runs_;
  std::set<std::string_view> begun_;
};

constexpr std::string_view kNotAModel = "<synthetic>";  // messages that the program itself wrote

void name_tools(Json init, RunWriter& runs) {
  if (!init["tools"].is_list()) return;
  std::string names;
  init["tools"].each([&](Json tool) {
    names += names.empty() ? "[{\"name\":" : ",{\"name\":";
    names += tool.json() + "}";
  });
  if (!names.empty()) runs.tools(names + "]");
}

void translate_claude_code(const Log& log, RunWriter& runs) {
  Conversation conversation;
  conversation.take(log, runs);
  ReplyWriter replies(runs);
  CursorCalls cursor_calls(runs);
  std::uint64_t part = 1;
  std::string_view session;
  std::uint64_t synthetic = 0;
  const auto end_run = [&] {
    if (runs.model().empty()) runs.model(conversation.init()["model"].string());
    // One conversation is named by its file; more of them need names of their own.
    if (part > 1) runs.task(std::string(session) + "#" + std::to_string(part));
    runs.agent(cursor_calls.any() ? "Cursor" : "Claude Code");
    name_tools(conversation.init(), runs);
    if (runs.agent_spoke() || runs.has_messages()) ++part;
    runs.end_run();
    replies.start_run();
    cursor_calls.start_run();
  };
  for (const Json line : conversation.lines()) {
    if (is_cursor_call(line)) {
      cursor_calls.add(line);
      continue;
    }
    if (is_clear(line)) {
      if (runs.has_messages()) end_run();
      continue;
    }
    const Json message = line["message"];
    session = line["sessionId"].here() ? line["sessionId"].string() : line["session_id"].string();
    if (line["type"].is("user")) {
      add_user_line(message, runs);
      continue;
    }
    if (message["model"].is(kNotAModel)) {
      ++synthetic;
      continue;
    }
    runs.reply_by(message["model"].string());
    replies.add(message);
  }
  if (runs.has_messages()) end_run();
  runs.aside(Aside::Kind::kLeftOut, "messages that the program wrote in the model's place",
             synthetic);
}

}  // namespace

const FormatCode kClaudeCode = code_of<looks_like_claude_code, translate_claude_code>();

}  // namespace agentecho::formats

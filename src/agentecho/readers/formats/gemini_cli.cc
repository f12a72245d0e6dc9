// Gemini CLI: sessions (~/.gemini/tmp/PROJECT/chats/session-….jsonl, before 2026 .json).
//
//   a first line {sessionId, projectHash, startTime, kind}; then messages {id, type: user | gemini
//   | info | error, content, thoughts: [{subject, description}], toolCalls: [{id, name, args,
//   result, status}], model}; {"$set": {messages}} puts a list in place of all before,
//   {"$rewindTo": id} takes messages back. The .json form holds one object with the list
//   `messages`.
//
// A message is written again whenever something is added to it: the last one of an id counts, at
// the place of the first. Results stand with their calls; the user message that repeats them is
// passed over.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool looks_like_gemini_cli(Json first, const Beginning&) {
  return first["sessionId"].is_string() && first["projectHash"].is_string();
}

class GeminiMessages {
 public:
  explicit GeminiMessages(RunWriter& runs) : runs_(runs) {}

  void take(Json line) {
    if (line["$rewindTo"].is_string()) {
      take_back(line["$rewindTo"].string());
    } else if (line["$set"]["messages"].is_list()) {
      messages_.clear();
      line["$set"]["messages"].each([&](Json message) { put(message); });
    } else if (line["messages"].is_list()) {
      line["messages"].each([&](Json message) { put(message); });
    } else if (line["id"].is_string() && line["type"].is_string()) {
      put(line);
    }
  }

  const std::vector<Json>& all() const { return messages_; }

 private:
  auto with_id(std::string_view id) {
    return std::find_if(messages_.begin(), messages_.end(),
                        [&](Json message) { return message["id"].is(id); });
  }
  void put(Json message) {
    // Mostly the last message is written again, so the search starts there.
    const std::string_view id = message["id"].string();
    if (!messages_.empty() && messages_.back()["id"].is(id)) {
      messages_.back() = message;
    } else if (const auto known = with_id(id); known != messages_.end()) {
      *known = message;
    } else {
      messages_.push_back(message);
    }
  }
  void take_back(std::string_view id) {
    auto from = with_id(id);
    if (from == messages_.end()) from = messages_.begin();  // as the program itself reads it
    runs_.aside(Aside::Kind::kLeftOut, "messages taken back by a rewind",
                static_cast<std::uint64_t>(messages_.end() - from));
    messages_.erase(from, messages_.end());
  }

  RunWriter& runs_;
  std::vector<Json> messages_;
};

// Text, and whatever the tool gave back, as Gemini's parts hold it.
std::string result_text(Json result) {
  std::string text;
  const auto add = [&](std::string_view piece) {
    if (piece.empty()) return;
    if (!text.empty()) text += '\n';
    text += piece;
  };
  const auto add_part = [&](Json part) {
    const Json response = part["functionResponse"]["response"];
    if (response["output"].is_string()) {
      add(response["output"].string());
    } else if (response["error"].is_string()) {
      add(response["error"].string());
    } else if (response.here()) {
      add(response.json());
    } else {
      add(part.is_string() ? part.string() : part["text"].string());
    }
  };
  if (result.is_list()) {
    result.each(add_part);
  } else if (result.is_object()) {
    add_part(result);
  } else {
    add(result.text());
  }
  return text;
}

void add_calls(Json message, RunWriter& runs) {
  message["toolCalls"].each(
      [&](Json call) { add_call(call["id"].string(), call["name"].string(), call["args"], runs); });
  message["toolCalls"].each([&](Json call) {
    const std::string_view status = call["status"].string();
    std::optional<bool> error;
    if (status == "success") error = false;
    if (status == "error" || status == "cancelled") error = true;
    if (call["result"].here() || error) {
      runs.result(call["id"].string(), result_text(call["result"]), error);
    }
  });
}

void translate_gemini_cli(const Log& log, RunWriter& runs) {
  GeminiMessages messages(runs);
  for (const Json line : log.records) messages.take(line);
  for (const Json message : messages.all()) {
    const std::string_view type = message["type"].string();
    if (type == "gemini") {
      runs.reply_by(message["model"].string());
      runs.message("assistant");
      message["thoughts"].each(
          [&](Json thought) { runs.reasoning(thought["description"].string()); });
      add_content(message["content"], runs);
      add_calls(message, runs);
    } else if (type == "user") {
      const Json content = message["content"];
      if (content.is_list() && content.first().has("functionResponse")) continue;
      runs.message("user");
      add_content(content, runs);
    } else if (type != "info" && type != "error" && type != "warning") {
      runs.aside(Aside::Kind::kNotRead, "messages of type " + std::string(type));
    }
  }
  if (!log.records.empty() && log.records.front()["kind"].is("subagent")) {
    runs.aside(Aside::Kind::kLeftOut, "the whole file is the run of a sub-agent", 1);
  }
  runs.agent("Gemini CLI");
  runs.end_run();
}

}  // namespace

const FormatCode kGeminiCli = code_of<looks_like_gemini_cli, translate_gemini_cli>();

}  // namespace agentecho::formats

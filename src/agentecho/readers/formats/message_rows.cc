// Rows of a table of messages, as agents keep them in a database: each names its session and holds
// a message as JSON in a text.
//
//   OpenAI's Agents SDK (SQLiteSession): {id, session_id, message_data, created_at}
//   LangChain (SQLChatMessageHistory): {id, session_id, message}
//   Google's ADK (DatabaseSessionService): {id, session_id, timestamp, event_data}
//
// The messages stay in the dialect of whoever wrote them; each session is a run, in the order of
// its rows.
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/texts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

constexpr std::string_view kSessions[] = {"session_id", "sessionId", "thread_id",
                                          "conversation_id"};
constexpr std::string_view kMessages[] = {"message_data", "message", "data", "event_data"};

Json session_of(Json row) {
  for (const std::string_view key : kSessions) {
    if (row[key].here()) return row[key];
  }
  return {};
}

// The text that is an object; nothing where there is none.
Json message_of(Json row) {
  for (const std::string_view key : kMessages) {
    const std::string_view text = row[key].string();
    // A whole conversation is no message.
    if (text.starts_with('{') && text.find("\"messages\"") == text.npos) return row[key];
  }
  return {};
}

bool looks_like_message_rows(Json first, const Beginning&) {
  return session_of(first).here() && message_of(first).here() && !first.has("role") &&
         !first.has("content") && !first.has("messages");
}

void translate_message_rows(const Log& log, RunWriter& runs) {
  const auto session = [](Json row) { return session_of(row).text(); };
  Texts texts;
  for (const std::vector<Json>& rows : grouped(log.records, session)) {
    for (const Json row : rows) {
      const Json message = texts.opened(message_of(row));
      if (message.is_object()) {
        runs.message_as_is(message.json());
      } else {
        runs.aside(Aside::Kind::kMalformed, "rows without a message that is JSON");
      }
    }
    // What the rows say of the run beside their messages; how it ended stands in the last ones.
    for (const Json row : {rows.back(), rows.front()}) {
      pass_on(row, {"id", "message_data", "message", "data", "event_data", "created_at"}, runs);
    }
    runs.benchmark("chat");
    runs.end_run();
  }
}

}  // namespace

const FormatCode kMessageRows = code_of<looks_like_message_rows, translate_message_rows>();

}  // namespace agentecho::formats

// LangGraph: what graph.stream() gives, chunk by chunk.
//
//   updates  {NODE: {messages: [those that the node added], …}, …}; of a node that ran several
//            times, a list of such
//   values   {messages: [all so far], …}: the last one is the run
//
// bare, as [mode, chunk], [namespace, chunk] or [namespace, mode, chunk], or as {type: mode, ns,
// data}; in a list under any key of a record, or one after the other in a file, which is one run
// then. Messages are LangChain's (langchain_messages.h). As in the graph, one that comes again
// under its id takes the place of the first, and one of type `remove` takes it away. What subgraphs
// said is no part of the run: the node that called them adds what they came to.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/table.h"
#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/langchain_messages.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_stream_mode(std::string_view word) {
  constexpr std::string_view kModes[] = {"values", "updates",     "messages", "custom",
                                         "tasks",  "checkpoints", "debug"};
  return is_in(kModes, word);
}

bool is_stream_part(Json value) {
  return is_stream_mode(value["type"].string()) && value["ns"].is_list() && value.has("data");
}

struct StreamChunk {
  bool of_subgraph = false;
  std::string_view mode;  // empty where it is not said
  Json data;
};

StreamChunk chunk_of(Json value) {
  if (is_stream_part(value)) {
    return {!value["ns"].empty(), value["type"].string(), value["data"]};
  }
  StreamChunk chunk;
  if (!value.is_list()) {
    chunk.data = value;
    return chunk;
  }
  value.each([&](Json part) {
    if (is_stream_mode(part.string())) {
      chunk.mode = part.string();
    } else if (part.is_list() && (part.empty() || part.first().is_string())) {
      chunk.of_subgraph = !part.empty();
    } else {
      chunk.data = part;
    }
  });
  return chunk;
}

// Members that hold a whole conversation, and are no nodes.
bool holds_record(std::string_view key) {
  constexpr std::string_view kNames[] = {
      "result", "results", "output",  "outputs",      "response",  "row",    "data",
      "state",  "values",  "input",   "inputs",       "record",    "run",    "chat",
      "final",  "request", "body",    "completion",   "kwargs",    "sample", "example",
      "item",   "trace",   "episode", "conversation", "trajectory"};
  return is_in(kNames, key);
}

// Has a node added messages? A model's reply may also be one of OpenAI's.
bool is_update_with_messages(Json data) {
  bool found = false;
  data.each_member([&](std::string_view node, Json update) {
    const Json messages = (update.is_list() ? update.first() : update)["messages"];
    const Json first = messages.is_list() ? messages.first() : messages;
    const bool is_reply = first["role"].is("assistant") || first["role"].is("tool");
    found = found || (!holds_record(node) && (is_langchain_message(first) || is_reply));
  });
  return found;
}

// May it be an update? Its members are what nodes gave.
bool may_be_update(Json data) {
  bool may_be = data.is_object() && !data.empty() && !data["messages"].is_list();
  data.each_member([&](std::string_view, Json update) {
    may_be = may_be && (!update.here() || update.is_object() || update.is_list());
  });
  return may_be;
}

constexpr std::size_t kChunksLookedAt = 16;

// A list of chunks of which some hold updates, or all messages with their mode beside them.
bool is_stream(Json list) {
  bool may_be = !list.empty();
  bool found = false;
  std::size_t n = 0;
  list.each([&](Json value) {
    if (!may_be || n++ == kChunksLookedAt) return;
    const StreamChunk chunk = chunk_of(value);
    const bool marked = !chunk.mode.empty();
    may_be = marked || may_be_update(chunk.data);
    found = found || is_update_with_messages(chunk.data) ||
            (marked && chunk.data["messages"].is_list());
  });
  return may_be && found;
}

// Whether each list of messages begins with the one before: chunks of mode `values` without a mark.
bool are_values(Json list) {
  constexpr std::size_t kLookedAt = 3;
  std::vector<Json> states;
  list.each([&](Json value) {
    if (states.size() < kLookedAt) states.push_back(value["messages"]);
  });
  if (states.size() < 2 || !is_langchain_message(states[0].first())) return false;
  for (std::size_t i = 1; i < states.size(); ++i) {
    std::string before = states[i - 1].json();
    before.pop_back();
    if (!states[i].json().starts_with(before)) return false;
  }
  return states.back().size() > states.front().size();
}

// Lists under these names, and any of objects with messages, are opened before a format is asked.
bool is_opened_list(std::string_view key) {
  constexpr std::string_view kNames[] = {"results", "simulations",  "rows",     "data",
                                         "samples", "trajectories", "runs",     "items",
                                         "records", "episodes",     "rollouts", "logs"};
  return is_in(kNames, key);
}

bool may_hold_values(std::string_view key) {
  constexpr std::string_view kNames[] = {"events",  "stream", "stream_events", "chunks",
                                         "updates", "values", "states",        "steps"};
  return is_in(kNames, key);
}

struct RecordedStream {
  std::string_view key;
  Json chunks;
  bool opened = false;  // it is taken for a list of records, so the file must be read as a whole
};

RecordedStream stream_in(Json record) {
  RecordedStream found;
  if (record["messages"].is_list()) return found;
  record.each_member([&](std::string_view key, Json list) {
    if (found.chunks.here() || !list.is_list()) return;
    if (is_stream(list)) {
      found = {key, list, is_opened_list(key)};
    } else if (may_hold_values(key) && are_values(list)) {
      found = {key, list, true};
    }
  });
  return found;
}

bool has_stream(Json record) { return stream_in(record).chunks.here(); }

// The first chunk of a file that is a stream. An object with one member that holds messages may be
// a record as well, but that begins with what the agent was asked.
bool is_first_chunk(Json first) {
  if (is_stream_part(first)) return true;
  if (first.is_list()) {
    const StreamChunk chunk = chunk_of(first);
    const bool marked = is_stream_mode(first.first().string()) || first.first().is_list();
    return marked && first.size() <= 3 && chunk.data.is_object() &&
           (!chunk.mode.empty() || is_update_with_messages(chunk.data));
  }
  bool is_chunk = false;
  first.each_member([&](std::string_view node, Json update) {
    is_chunk =
        first.size() == 1 && !holds_record(node) && is_langchain_reply(update["messages"].first());
  });
  return is_chunk;
}

bool looks_like_graph(Json first, const Beginning&) {
  return has_stream(first) && !stream_in(first).opened;
}

bool looks_like_stream(Json first, const Beginning&) {
  return is_first_chunk(first) || has_stream(first);
}

class Stream {
 public:
  explicit Stream(RunWriter& runs) : runs_(runs) {}

  void add(Json value) {
    const StreamChunk chunk = chunk_of(value);
    if (chunk.of_subgraph) {
      runs_.aside(Aside::Kind::kLeftOut, "chunks of subgraphs");
    } else if (!chunk.mode.empty() && chunk.mode != "updates" && chunk.mode != "values") {
      runs_.aside(Aside::Kind::kLeftOut, "chunks of mode " + std::string(chunk.mode));
    } else if (chunk.data["messages"].is_list() && chunk.mode != "updates") {
      state_ = chunk.data["messages"];
    } else {
      chunk.data.each_member([&](std::string_view, Json update) { add_update(update); });
    }
  }

  // Ends a run; `record` is what stands around the stream.
  void write(Json record) {
    if (state_.here()) {
      messages_.clear();
      places_.clear();
      state_.each([&](Json message) { add_message(message); });
    }
    std::erase_if(messages_, [](Json message) { return !message.here(); });
    if (messages_.empty()) {
      runs_.aside(Aside::Kind::kMalformed, "a stream of which no chunk holds messages");
    } else if (!is_langchain_message(messages_.front()) || is_langchain_reply(messages_.front())) {
      add_question(record, texts_, runs_);  // nodes add what comes behind it
    }
    for (const Json message : messages_) runs_.message_as_is(message.json());
    runs_.end_run_of("LangGraph", "langgraph");
  }

 private:
  void add_update(Json update) {
    const Json messages = update["messages"];
    if (update.is_list()) {
      update.each([&](Json one) {
        if (one.is_object()) add_update(one);
      });
    } else if (messages.is_list()) {
      messages.each([&](Json message) { add_message(message); });
    } else if (messages.here()) {
      add_message(messages);
    } else if (!update.empty()) {
      runs_.aside(Aside::Kind::kLeftOut, "updates without messages");
    }
  }

  // As the graph's reducer (add_messages).
  void add_message(Json given) {
    const Json message = langchain_message(given, texts_);
    if (!message.here()) {
      runs_.aside(Aside::Kind::kMalformed, "messages of a stream that are not read");
      return;
    }
    const std::string_view id = kwargs_of(message)["id"].string();
    const auto known = places_.find(id);
    if (kwargs_of(message)["type"].is("remove")) {
      if (id == "__remove_all__") {
        messages_.clear();
        places_.clear();
      } else if (known != places_.end()) {
        messages_[known->second] = {};
        places_.erase(known);
      }
    } else if (known != places_.end()) {
      messages_[known->second] = message;
    } else {
      if (!id.empty()) places_.emplace(id, messages_.size());
      messages_.push_back(message);
    }
  }

  RunWriter& runs_;
  Texts texts_;
  std::vector<Json> messages_;
  std::map<std::string_view, std::size_t> places_;  // by id
  Json state_;                                      // the last list of all messages
};

void translate_graph(const Log& log, RunWriter& runs) {
  if (!log.records.empty() && is_first_chunk(log.records.front())) {
    Stream stream(runs);
    for (const Json chunk : log.records) stream.add(chunk);
    stream.write({});
    return;
  }
  for (const Json record : records_in(log, has_stream)) {
    const RecordedStream found = stream_in(record);
    if (!found.chunks.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without a stream of messages");
      continue;
    }
    Stream stream(runs);
    found.chunks.each([&](Json chunk) { stream.add(chunk); });
    pass_on(record, {found.key, "inputs", "question", "query", "instruction"}, runs);
    stream.write(record);
  }
}

}  // namespace

const FormatCode kLanggraph = code_of<looks_like_graph, translate_graph>();

const FormatCode kLanggraphStream = code_of<looks_like_stream, translate_graph>();

}  // namespace agentecho::formats

// LangGraph: the states that a thread went through, as people dump them.
//
//   graph.get_state(), get_state_history()  {values: {messages}, next, config: {configurable:
//                                           {thread_id, checkpoint_ns, checkpoint_id}}, metadata,
//                                           created_at, parent_config, tasks, interrupts}
//   checkpointer.list()                     {config, checkpoint: {channel_values: {messages}},
//                                           metadata, parent_config, pending_writes}
//
// both also as lists, which is what Python's json makes of a named tuple. Each state holds all
// messages so far, so the newest of a thread is the run; ids of checkpoints sort by time
// (RFC 9562, version 6). States of subgraphs are left out.
#include <map>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/langchain_messages.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

// The element of a list at this place.
Json element(Json list, std::size_t place) {
  Json found;
  std::size_t at = 0;
  list.each([&](Json value) {
    if (at++ == place) found = value;
  });
  return found;
}

struct GraphState {
  Json values;
  Json config;
  Json metadata;
  bool is_state = false;
};

GraphState state_of(Json record) {
  const auto member = [&](std::string_view key, std::size_t place) {
    return record.is_list() ? element(record, place) : record[key];
  };
  GraphState state;
  const Json checkpoint = member("checkpoint", 1);
  if (checkpoint["channel_values"].is_object()) {
    state = {checkpoint["channel_values"], member("config", 0), member("metadata", 2), true};
  } else {
    state = {member("values", 0), member("config", 2), member("metadata", 3),
             member("next", 1).is_list()};
  }
  state.is_state = state.is_state && state.values.is_object() &&
                   state.config["configurable"]["thread_id"].here();
  return state;
}

bool looks_like_states(Json first, const Beginning&) { return state_of(first).is_state; }

void write_state(const GraphState& state, RunWriter& runs) {
  Texts texts;
  state.values["messages"].each([&](Json given) {
    const Json message = langchain_message(given, texts);
    if (message.here()) {
      runs.message_as_is(message.json());
    } else {
      runs.aside(Aside::Kind::kMalformed, "messages of a state that are not read");
    }
  });
  if (!runs.has_messages()) {
    runs.aside(Aside::Kind::kMalformed, "a thread whose last state holds no messages");
  }
  if (state.metadata.is_object()) runs.also("metadata", state.metadata.json());
  runs.also("thread_id", state.config["configurable"]["thread_id"].json());
  runs.end_run_of("LangGraph", "langgraph");
}

void translate_states(const Log& log, RunWriter& runs) {
  std::map<std::string, GraphState> newest;  // by thread
  std::uint64_t of_subgraphs = 0;
  std::uint64_t earlier = 0;
  for (const Json record : log.records) {
    const GraphState state = state_of(record);
    const Json where = state.config["configurable"];
    if (!state.is_state) {
      runs.aside(Aside::Kind::kMalformed, "a record that is no state of a graph");
    } else if (!where["checkpoint_ns"].string().empty()) {
      ++of_subgraphs;
    } else {
      const auto [known, is_new] = newest.try_emplace(where["thread_id"].text(), state);
      if (is_new) continue;
      ++earlier;
      const Json before = known->second.config["configurable"];
      if (where["checkpoint_id"].string() > before["checkpoint_id"].string()) known->second = state;
    }
  }
  runs.aside(Aside::Kind::kLeftOut, "states of subgraphs", of_subgraphs);
  runs.aside(Aside::Kind::kLeftOut, "earlier states of a thread", earlier);
  for (const auto& [thread, state] : newest) write_state(state, runs);
}

}  // namespace

const FormatCode kLanggraphStates = code_of<looks_like_states, translate_states>();

}  // namespace agentecho::formats

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
// (RFC 9562, version 6). Where a newer state does not begin with the messages of an older one, or
// the record names another model or task, the thread's id was used again: another run. States of
// subgraphs are left out.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

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
  Json record;
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
    state = {record, checkpoint["channel_values"], member("config", 0), member("metadata", 2),
             true};
  } else {
    state = {record, member("values", 0), member("config", 2), member("metadata", 3),
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
  pass_on(state.record,
          {"values", "config", "checkpoint", "next", "tasks", "interrupts", "parent_config",
           "pending_writes", "created_at"},
          runs);
  if (state.metadata.is_object()) runs.also("metadata", state.metadata.json());
  runs.also("thread_id", state.config["configurable"]["thread_id"].json());
  runs.end_run_of("LangGraph", "langgraph");
}

// What tells threads of one id apart.
std::string thread_of(const GraphState& state) {
  std::string thread = state.config["configurable"]["thread_id"].text();
  for (const std::string_view key : {"task_id", "model", "trial"}) {
    thread += '\n' + state.record[key].text();
  }
  return thread;
}

bool goes_on(const GraphState& older, const GraphState& newer) {
  std::string before = older.values["messages"].json();
  if (!older.values["messages"].is_list() || older.values["messages"].empty()) return true;
  before.pop_back();
  return newer.values["messages"].json().starts_with(before);
}

void translate_states(const Log& log, RunWriter& runs) {
  std::map<std::string, std::vector<GraphState>> threads;
  std::uint64_t of_subgraphs = 0;
  for (const Json record : log.records) {
    const GraphState state = state_of(record);
    if (!state.is_state) {
      runs.aside(Aside::Kind::kMalformed, "a record that is no state of a graph");
    } else if (!state.config["configurable"]["checkpoint_ns"].string().empty()) {
      ++of_subgraphs;
    } else {
      threads[thread_of(state)].push_back(state);
    }
  }
  std::uint64_t earlier = 0;
  for (auto& [thread, states] : threads) {
    std::stable_sort(states.begin(), states.end(), [](const GraphState& a, const GraphState& b) {
      return a.config["configurable"]["checkpoint_id"].string() <
             b.config["configurable"]["checkpoint_id"].string();
    });
    for (std::size_t i = 0; i < states.size(); ++i) {
      const bool last = i + 1 == states.size() || !goes_on(states[i], states[i + 1]);
      if (last) write_state(states[i], runs);
      earlier += last ? 0 : 1;
    }
  }
  runs.aside(Aside::Kind::kLeftOut, "states of subgraphs", of_subgraphs);
  runs.aside(Aside::Kind::kLeftOut, "earlier states of a thread", earlier);
}

}  // namespace

const FormatCode kLanggraphStates = code_of<looks_like_states, translate_states>();

}  // namespace agentecho::formats

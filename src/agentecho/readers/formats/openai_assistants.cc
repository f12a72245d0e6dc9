// Threads of OpenAI's Assistants API, as people put them together from its lists.
//
//   {thread?, run? or runs?, messages: [thread.message, …], run_steps: [thread.run.step, …]}
//
// each list bare or as the API gives it, {object: "list", data: […]}; or the messages alone, one
// after the other in a file. The API lists the newest first: what says when it was made is put in
// order. Calls stand in the run steps alone, with what they gave; a step comes behind the messages
// of its second that the user wrote and before the assistant's.
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

bool is_thread_message(Json value) { return value["object"].is("thread.message"); }

Json listed(Json value) { return value["data"].is_list() ? value["data"] : value; }

Json steps_of(Json record) { return listed(either(record, "run_steps", "steps")); }

bool looks_like_thread(Json first, const Beginning&) {
  return is_thread_message(listed(first["messages"]).first()) ||
         steps_of(first).first()["object"].is("thread.run.step");
}

bool looks_like_thread_messages(Json first, const Beginning&) {
  return is_thread_message(first) || is_thread_message(first["data"].first());
}

// A message, or the calls of a step.
struct ThreadEvent {
  Json value;
  std::optional<double> at;
  int rank = 0;  // among those of one second
};

constexpr int kSaidByUser = 0;
constexpr int kCalled = 1;
constexpr int kSaidByAssistant = 2;

class ThreadEvents {
 public:
  void add_messages(const std::vector<Json>& messages) {
    append(messages, [](Json message) {
      return message["role"].is("assistant") ? kSaidByAssistant : kSaidByUser;
    });
  }

  void add_steps(const std::vector<Json>& steps) {
    std::vector<Json> calling;
    for (const Json step : steps) {
      if (step["step_details"]["tool_calls"].is_list()) calling.push_back(step);
    }
    append(calling, [](Json) { return kCalled; });
  }

  std::vector<ThreadEvent> in_order() && {
    const bool timed = std::all_of(events_.begin(), events_.end(),
                                   [](const ThreadEvent& event) { return event.at.has_value(); });
    if (!timed) number();
    std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) {
      return *a.at != *b.at ? *a.at < *b.at : a.rank < b.rank;
    });
    return std::move(events_);
  }

 private:
  // In place of times: messages as they stand, each step with the first message of its run, and at
  // the end where there is none.
  void number() {
    const auto end = static_cast<double>(events_.size());
    std::map<std::string_view, double> first_of_run;
    double first = end;       // of the assistant
    double first_bare = end;  // that names no run
    for (std::size_t i = 0; i < events_.size(); ++i) {
      ThreadEvent& event = events_[i];
      if (event.rank == kCalled) continue;
      event.at = static_cast<double>(i);
      if (event.rank != kSaidByAssistant) continue;
      first = std::min(first, *event.at);
      const Json run = event.value["run_id"];
      if (run.here()) {
        first_of_run.try_emplace(run.string(), *event.at);
      } else {
        first_bare = std::min(first_bare, *event.at);
      }
    }
    for (ThreadEvent& event : events_) {
      if (event.rank != kCalled) continue;
      const Json run = event.value["run_id"];
      const auto found = first_of_run.find(run.string());
      const double its = found == first_of_run.end() ? end : found->second;
      event.at = run.here() ? std::min(its, first_bare) : first;
    }
  }

  // In the order in which they were made, where that is told.
  template <class Rank>
  void append(std::vector<Json> list, Rank rank) {
    if (list.size() > 1 && list.front()["created_at"].number().value_or(0) >
                               list.back()["created_at"].number().value_or(0)) {
      std::reverse(list.begin(), list.end());
    }
    for (const Json value : list) {
      events_.push_back({value, value["created_at"].number(), rank(value)});
    }
  }

  std::vector<ThreadEvent> events_;
};

std::vector<Json> elements(Json list) {
  std::vector<Json> all;
  list.each([&](Json value) { all.push_back(value); });
  return all;
}

void add_thread_message(Json message, RunWriter& runs) {
  runs.message(message["role"].is("assistant") ? "assistant" : "user");
  if (message["content"].is_string()) runs.text(message["content"].string());
  message["content"].each([&](Json part) {
    const Json text = part["text"];
    if (text["value"].is_string() || text.is_string()) {
      runs.text(text.is_string() ? text.string() : text["value"].string());
    } else if (part["refusal"].is_string()) {
      runs.text(part["refusal"].string());
    } else {
      runs.aside(Aside::Kind::kNotRead, "parts of messages without text");
    }
  });
}

// {type, id, function: {name, arguments, output}}, or a tool of the API's own: {type, id,
// code_interpreter: {input, outputs: [{logs}]}}, {type, id, file_search: {…}}.
void add_thread_calls(Json step, RunWriter& runs) {
  const Json calls = step["step_details"]["tool_calls"];
  runs.message("assistant");
  calls.each([&](Json call) {
    const std::string_view type = call["type"].string();
    const Json own = call[type];
    if (type == "function") {
      runs.call_with_text(call["id"].string(), own["name"].string(), own["arguments"].text());
    } else if (own["input"].is_string()) {
      runs.call(call["id"].string(), type, one_member("input", own["input"].json()));
    } else {
      runs.call(call["id"].string(), type, "{}");
    }
  });
  calls.each([&](Json call) {
    const Json own = call[call["type"].string()];
    std::string said = own["output"].text();
    own["outputs"].each([&](Json output) { said += output["logs"].string(); });
    own["results"].each([&](Json result) { said += text_of(result["content"]); });
    if (!said.empty()) runs.result(call["id"].string(), said);
  });
}

void add_thread(const std::vector<Json>& messages, Json record, RunWriter& runs) {
  const Json listed_runs = listed(record["runs"]);
  const Json run = record["run"].here() ? record["run"] : listed_runs.first();
  runs.model(run["model"].string());
  runs.termination_reason(run["status"].string());
  if (run["instructions"].is_string()) {
    runs.message("system");
    runs.text(run["instructions"].string());
  }
  ThreadEvents events;
  events.add_messages(messages);
  events.add_steps(elements(steps_of(record)));
  for (const ThreadEvent& event : std::move(events).in_order()) {
    if (event.rank == kCalled) {
      add_thread_calls(event.value, runs);
    } else {
      add_thread_message(event.value, runs);
    }
  }
  if (!steps_of(record).here()) {
    runs.aside(Aside::Kind::kNotRead, "the calls of a thread, which stand in its run steps");
  }
  runs.end_run_of("OpenAI Assistants", "openai-assistants");
}

void translate_thread(const Log& log, RunWriter& runs) {
  for (const Json record : log.records) {
    pass_on(record, {"messages", "run_steps", "steps", "run", "runs", "thread"}, runs);
    add_thread(elements(listed(record["messages"])), record, runs);
  }
}

void translate_thread_messages(const Log& log, RunWriter& runs) {
  add_thread(records_in(log, is_thread_message), {}, runs);
}

}  // namespace

const FormatCode kOpenaiAssistants = code_of<looks_like_thread, translate_thread>();

const FormatCode kOpenaiAssistantsMessages =
    code_of<looks_like_thread_messages, translate_thread_messages>();

}  // namespace agentecho::formats

// OpenAI's Agents SDK: the result of a run, and the state that it keeps of one (RunState).
//
//   {input: text | [items], new_items: [{type: message_output_item | tool_call_item |
//    tool_call_output_item | reasoning_item | handoff_call_item | …, raw_item}], final_output}, or
//   {original_input, generated_items | session_items: [the same], model_responses, …}
//
// `raw_item` is an item of the Responses API, as an object or as Python prints it; the record
// parser reads those as messages. `final_output` repeats the last one.
#include <algorithm>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/texts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

Json raw_item_of(Json item) { return either(item, "raw_item", "rawItem"); }

bool is_run_item(Json item) {
  const Json raw = raw_item_of(item);
  return (item["type"].string().ends_with("_item") && (raw.is_object() || raw.is_string())) ||
         item.string().find("raw_item=") != std::string_view::npos;
}

Json run_items_of(Json record) {
  for (const std::string_view key :
       {"new_items", "session_items", "sessionItems", "generated_items", "generatedItems"}) {
    if (is_run_item(record[key].first())) return record[key];
  }
  return {};
}

bool has_run_items(Json record) {
  return !record["messages"].is_list() && run_items_of(record).here();
}

// Beside a list of the model's responses, which is taken for the list of records, the file must be
// read as a whole.
bool has_responses(Json record) {
  return record["raw_responses"].is_list() || record["model_responses"].is_list() ||
         record["modelResponses"].is_list();
}

bool looks_like_run_result(Json first, const Beginning&) {
  return has_run_items(first) && !has_responses(first);
}

bool looks_like_run_state(Json first, const Beginning&) {
  return has_run_items(first) && has_responses(first);
}

void add_run_items(Json items, RunWriter& runs) {
  Texts texts;
  items.each([&](Json item) {
    if (item["type"].is("tool_approval_item")) {  // repeats the call that waits for it
      runs.aside(Aside::Kind::kLeftOut, "calls that wait for approval, a second time");
      return;
    }
    const Json raw = texts.printed(raw_item_of(item));
    if (raw.is_object()) {
      runs.message_as_is(raw.json());
    } else {
      runs.aside(Aside::Kind::kMalformed,
                 "items of a run without a raw_item that is JSON (model_dump gives it)");
    }
  });
}

void translate_run_result(const Log& log, RunWriter& runs) {
  for (const Json record : records_in(log, has_run_items)) {
    const Json items = run_items_of(record);
    if (!items.here()) {
      runs.aside(Aside::Kind::kMalformed, "a record without items of a run");
      continue;
    }
    const Json input = record["input"].here() ? record["input"]
                                              : either(record, "original_input", "originalInput");
    if (input.is_list()) {
      input.each([&](Json item) { runs.message_as_is(item.json()); });
    } else {
      runs.message("user");
      runs.text(input.text());
    }
    add_run_items(items, runs);
    pass_on(record,
            {"final_output", "original_input", "originalInput", "context", "context_wrapper",
             "current_agent", "last_agent", "_last_agent", "trace", "max_turns"},
            runs);
    runs.end_run_of("OpenAI Agents SDK", "openai-agents");
  }
}

}  // namespace

const FormatCode kOpenaiAgents = code_of<looks_like_run_result, translate_run_result>();

const FormatCode kOpenaiAgentsState = code_of<looks_like_run_state, translate_run_result>();

}  // namespace agentecho::formats

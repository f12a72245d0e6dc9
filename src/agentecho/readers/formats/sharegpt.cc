// ShareGPT and the SFT sets that follow it (LLaMA-Factory, Axolotl).
//
//   {conversations: [{from: human | gpt | function_call | observation | system, value}], system,
//    tools: JSON in a string}
//
// Neither calls nor results have ids: a result answers the first call that has none. The value of a
// function_call is JSON, an object or a list of them.
#include <simdjson.h>

#include <string>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

Json list_of(Json record) {
  return record["conversations"].is_list() ? record["conversations"] : record["conversation"];
}

bool looks(Json first, const Beginning&) {
  const Json turn = list_of(first).first();
  return turn["from"].is_string() && turn.has("value");
}

void add_calls(Json value, RunWriter& runs, simdjson::dom::parser& parser) {
  runs.continue_message("assistant");
  Json parsed = value;
  simdjson::dom::element element;
  if (value.is_string() && !parser.parse(std::string(value.string())).get(element)) {
    parsed = Json(element);
  }
  const auto add_one = [&](Json call) {
    const Json arguments = call["arguments"].here() ? call["arguments"] : call["parameters"];
    add_call(call["id"].text(), call["name"].string(), arguments, runs);
  };
  if (parsed.is_list()) {
    parsed.each(add_one);
  } else if (parsed["name"].is_string()) {
    add_one(parsed);
  } else {
    runs.text(value.text());
    runs.aside(Aside::Kind::kNotRead, "function calls that are no JSON with a name");
  }
}

void add_turn(Json turn, RunWriter& runs, simdjson::dom::parser& parser) {
  const std::string_view from = turn["from"].string();
  if (from == "human" || from == "user") {
    runs.message("user");
    runs.text(text_of(turn["value"]));
  } else if (from == "gpt" || from == "assistant" || from == "chatgpt" || from == "model" ||
             from == "bot") {
    runs.message("assistant");
    runs.text(text_of(turn["value"]));
  } else if (from == "function_call" || from == "tool_call") {
    add_calls(turn["value"], runs, parser);
  } else if (from == "observation" || from == "tool" || from == "function" ||
             from == "tool_response") {
    runs.result("", text_of(turn["value"]));
  } else if (from == "system") {
    runs.message("system");
    runs.text(text_of(turn["value"]));
  } else {
    runs.message("user");
    runs.text(text_of(turn["value"]));
    runs.aside(Aside::Kind::kNotRead, "turns from \"" + std::string(from) + "\"");
  }
}

void translate(const Log& log, RunWriter& runs) {
  simdjson::dom::parser parser;
  for (const Json record : log.records) {
    runs.model(record["model"].string());
    for (const std::string_view key : {"task_id", "id", "instance_id"}) {
      if (record[key].here()) {
        runs.task(record[key].text());
        break;
      }
    }
    runs.trial(record["trial"].integer());
    runs.reward(record["reward"].number());
    for (const std::string_view key : {"success", "resolved", "passed"}) {
      runs.success(record[key].boolean());
    }
    if (record["system"].is_string() && !record["system"].string().empty()) {
      runs.message("system");
      runs.text(record["system"].string());
    }
    if (record["tools"].is_string()) {
      simdjson::dom::element tools;
      simdjson::dom::parser own;
      if (!own.parse(std::string(record["tools"].string())).get(tools) && tools.is_array()) {
        runs.tools(std::string(record["tools"].string()));
      }
    } else if (record["tools"].is_list()) {
      runs.tools(record["tools"].json());
    }
    list_of(record).each([&](Json turn) { add_turn(turn, runs, parser); });
    runs.end_run();
  }
}

}  // namespace

Format sharegpt() {
  return make_format<looks, translate>("sharegpt", "a ShareGPT conversation", FormatUnit::kRecord);
}

}  // namespace agentecho::formats

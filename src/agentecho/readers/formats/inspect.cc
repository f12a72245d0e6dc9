// Inspect (inspect_ai): `.eval` archives and `.json` logs, log version 2.
//
// Records are samples: {id, epoch, input, target, messages, scores, attachments, events, error},
// those of an archive with the log's header beside them; a `.json` log holds all its samples in one
// object {version, status, eval, plan, results, stats, samples} and is read as a whole.
// Long texts are kept once, in `attachments`, and stand as "attachment://ID" elsewhere. Success is
// the first score: "C" is 1, "P" ½, "I" and "N" 0, numbers and booleans as they are.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool is_log(Json record) {
  return record["eval"]["model"].is_string() && record["version"].here() &&
         (record.has("status") || record.has("plan"));
}
bool is_sample(Json record) {
  return record.has("epoch") && record["messages"].is_list() && record.has("id") &&
         (record.has("scores") || record.has("model_usage") || record.has("target"));
}
bool looks_like_inspect(Json first, const Beginning& beginning) {
  return is_sample(first) || (beginning.entry.in_archive && is_log(first));
}
bool looks_like_json(Json first, const Beginning&) { return is_log(first); }

constexpr std::string_view kAttachment = "attachment://";

class Sample {
 public:
  Sample(Json sample, Json eval, RunWriter& runs) : sample_(sample), eval_(eval), runs_(runs) {}

  void write() {
    name();
    sample_["messages"].each([&](Json message) { add_message(message); });
    runs_.end_run();
  }

 private:
  void name() {
    runs_.model(eval_["model"].string());
    if (eval_["model"].string().empty()) runs_.model(sample_["output"]["model"].string());
    runs_.benchmark(eval_["task"].string());
    runs_.agent(eval_["solver"].string());
    runs_.task(sample_["id"].text());
    if (const auto epoch = sample_["epoch"].integer()) runs_.trial(*epoch - 1);
    reward();
    if (sample_["error"].here()) runs_.termination_reason("error");
    if (sample_["limit"].here()) {
      runs_.termination_reason(fmt::format("limit: {}", sample_["limit"]["type"].string()));
    }
    tools();
  }

  void reward() {
    Json first;
    sample_["scores"].each_member([&](std::string_view, Json score) {
      if (!first.here()) first = score["value"].here() ? score["value"] : score;
    });
    if (sample_["scores"].size() > 1) {
      runs_.aside(Aside::Kind::kNotRead, "scores beside a sample's first");
    }
    if (first.is("C")) runs_.reward(1);
    if (first.is("P")) runs_.reward(0.5);
    if (first.is("I") || first.is("N")) runs_.reward(0);
    if (first.number()) runs_.reward(first.number());
    runs_.success(first.boolean());
    // In words, or several figures of one score.
    if (first.is_object() || (first.is_string() && first.string().size() > 1)) {
      runs_.also("score", first.json());
    }
  }

  // What the first call of the model was offered.
  void tools() {
    Json tools;
    sample_["events"].each([&](Json event) {
      if (!tools.here() && event["event"].is("model")) tools = event["tools"];
    });
    if (tools.is_list() && !tools.empty()) runs_.tools(tools.json());
  }

  std::string_view resolved(std::string_view text) const {
    if (!text.starts_with(kAttachment)) return text;
    const Json attached = sample_["attachments"][text.substr(kAttachment.size())];
    return attached.is_string() ? attached.string() : text;
  }

  void add_content(Json content) {
    if (!content.is_list()) {
      runs_.text(resolved(content.string()));
      return;
    }
    content.each([&](Json part) {
      const std::string_view type = part["type"].string();
      if (type == "reasoning") {
        const std::string_view said = resolved(part["reasoning"].string());
        runs_.reasoning(part["redacted"].is_true() ? part["summary"].string() : said);
      } else if (type == "tool_use") {
        add_server_call(part);
      } else {
        runs_.text(resolved(part["text"].string()));
      }
    });
  }

  // A tool that the provider ran: call and result in one part of the reply.
  void add_server_call(Json part) {
    const std::string_view id = part["id"].string();
    add_call(id, part["name"].string(), part["arguments"], runs_);
    runs_.result(id,
                 part["error"].here() ? part["error"].text() : resolved(part["result"].string()),
                 part["error"].here());
    runs_.message("assistant");
  }

  void add_message(Json message) {
    const std::string_view role = message["role"].string();
    if (role == "tool") {
      const Json error = message["error"];
      const std::string text = content_text(message["content"]);
      runs_.result(message["tool_call_id"].string(),
                   text.empty() ? error["message"].string() : std::string_view(text), error.here());
      return;
    }
    runs_.message(role);
    add_content(message["content"]);
    message["tool_calls"].each([&](Json call) {
      if (call["parse_error"].here() && !call["arguments"].empty()) {
        // Inspect puts arguments that are no JSON under the name of the tool.
        const Json raw = call["arguments"][call["function"].string()];
        if (raw.is_string()) {
          runs_.call_with_text(call["id"].string(), call["function"].string(),
                               resolved(raw.string()));
          return;
        }
      }
      add_resolved_call(call);
    });
  }

  // A call whose arguments may be kept as attachments.
  void add_resolved_call(Json call) {
    std::string arguments = call["arguments"].json();
    if (arguments.find(kAttachment) == std::string::npos) {
      runs_.call(call["id"].string(), call["function"].string(), arguments);
      return;
    }
    std::string resolved_arguments = "{";
    call["arguments"].each_member([&](std::string_view key, Json value) {
      if (resolved_arguments.size() > 1) resolved_arguments += ',';
      append_string(resolved_arguments, key);
      resolved_arguments += ':';
      if (value.is_string()) {
        append_string(resolved_arguments, resolved(value.string()));
      } else {
        resolved_arguments += value.json();
      }
    });
    runs_.call(call["id"].string(), call["function"].string(), resolved_arguments + "}");
  }

  std::string content_text(Json content) const {
    if (!content.is_list()) return std::string(resolved(content.string()));
    std::string text;
    content.each([&](Json part) {
      const std::string_view piece = resolved(part["text"].string());
      if (!text.empty() && !piece.empty()) text += '\n';
      text += piece;
    });
    return text;
  }

  Json sample_;
  Json eval_;
  RunWriter& runs_;
};

// Members of an archive: samples/ID_epoch_N.json; _journal/start.json and header.json beside them.
bool is_unit(std::string_view member) {
  return member.starts_with("samples/") && member.ends_with(".json");
}

std::string header_of(const Entry& entry) {
  if (!entry.in_archive || !entry.beside) return {};
  for (const std::string_view name : {"_journal/start.json", "header.json"}) {
    if (auto header = entry.beside(name)) return std::move(*header);
  }
  return {};
}

void translate_inspect(const Log& log, RunWriter& runs) {
  std::string text = header_of(log.entry);
  const std::size_t size = text.size();
  text.append(simdjson::SIMDJSON_PADDING, ' ');
  const FirstObject header(std::string_view(text).substr(0, size));
  for (const Json record : log.records) {
    if (record["samples"].is_list()) {
      record["samples"].each([&](Json sample) { Sample(sample, record["eval"], runs).write(); });
      continue;
    }
    if (is_log(record)) {
      runs.aside(Aside::Kind::kMalformed, "the log has a header and no samples");
      continue;
    }
    Sample(record, header.json()["eval"], runs).write();
  }
}

}  // namespace

const FormatCode kInspect = code_of<looks_like_inspect, translate_inspect>(is_unit);

const FormatCode kInspectJson = code_of<looks_like_json, translate_inspect>();

}  // namespace agentecho::formats

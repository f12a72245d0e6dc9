// BFCL (Berkeley Function Calling Leaderboard), results of versions 3 and 4.
//
//   {id, result, inference_log, reasoning_content, …}: a line of BFCL_v4_CATEGORY_result.json in a
//   folder of the model. Several turns: inference_log alternates lists of states with objects
//   {begin_of_turn_query: [messages], step_0: [{role: assistant, content}, {role: tool, content},
//   {role: handler_log}], …}. One turn: result is a list of {name: arguments}, or text.
//
// The score file lists the failures, {id, valid: false}, behind a line of totals; where it is
// beside the results, a run that is not on it succeeded.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

bool looks_like_bfcl(Json first, const Beginning& beginning) {
  const bool named = beginning.entry.name.find("BFCL_v") != std::string::npos;
  const bool counted = first.has("latency") || first.has("input_token_count");
  return first["id"].is_string() && first.has("result") &&
         (first["inference_log"].is_list() || counted || named) && !first.has("custom_id");
}

// A reply: a list of {name: arguments}, or text.
void add_reply(Json content, RunWriter& runs) {
  if (!content.is_list()) {
    runs.text(content.text());
    return;
  }
  content.each([&](Json call) {
    if (call.is_list()) {  // turns of steps, each a reply
      runs.message("assistant");
      add_reply(call, runs);
      return;
    }
    call.each_member(
        [&](std::string_view name, Json arguments) { add_call("", name, arguments, runs); });
    if (!call.is_object()) runs.text(call.text());
  });
}

void add_entry(Json entry, RunWriter& runs) {
  const std::string_view role = entry["role"].string();
  if (role == "assistant") {
    runs.message("assistant");
    runs.reasoning(entry["reasoning_content"].string());
    add_reply(entry["content"], runs);
  } else if (role == "tool") {
    if (entry["content"].is_list()) {
      entry["content"].each([&](Json one) {
        runs.result("", one["content"].here() ? one["content"].text() : one.text());
      });
    } else {
      runs.result("", entry["content"].text());
    }
  } else if (role == "system" || role == "user") {
    runs.message(role);
    runs.text(text_of(entry["content"]));
  }  // handler_log, inference_input, state_info: the program's own
}

bool add_turns(Json log, RunWriter& runs) {
  bool any = false;
  log.each([&](Json turn) {
    if (!turn.has("begin_of_turn_query")) return;
    any = true;
    turn["begin_of_turn_query"].each([&](Json message) { add_entry(message, runs); });
    turn.each_member([&](std::string_view key, Json steps) {
      if (key.starts_with("step_")) steps.each([&](Json entry) { add_entry(entry, runs); });
    });
  });
  return any;
}

// multi_turn_base_12 is the 12th task of the category multi_turn_base.
std::string_view category_of(std::string_view id) {
  const std::size_t digits = id.find_first_of("0123456789");
  const std::string_view name = id.substr(0, digits);
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

// The folder below result/, else the last one that is no group of categories (version 4: non_live,
// live, multi_turn, agentic/memory/kv, …).
std::string_view model_in(std::string_view path) {
  constexpr std::array<std::string_view, 9> kGroups = {
      "non_live", "live", "multi_turn", "agentic", "format_sensitivity",
      "memory",   "kv",   "vector",     "rec_sum"};
  const auto folder_at = [&](std::size_t begin) {
    const std::size_t end = path.find('/', begin);
    return end == std::string_view::npos ? std::string_view{} : path.substr(begin, end - begin);
  };
  constexpr std::string_view kResults = "result/";
  const std::size_t results = path.rfind(kResults);
  if (results == 0 || (results != std::string_view::npos && path[results - 1] == '/')) {
    const std::string_view folder = folder_at(results + kResults.size());
    if (!folder.empty()) return folder;
  }
  for (std::size_t end = path.rfind('/'); end != std::string_view::npos && end > 0;) {
    const std::size_t before = path.rfind('/', end - 1);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::string_view folder = folder_at(begin);
    const bool group = folder == "." || folder == ".." || folder == "result" || folder.empty() ||
                       folder.starts_with("memory_") ||
                       std::find(kGroups.begin(), kGroups.end(), folder) != kGroups.end();
    if (!group) return folder;
    end = before;
  }
  return {};
}

// The ids that failed, as the score file beside has them; nothing when there is none.
class Scores {
 public:
  explicit Scores(const Entry& entry) {
    constexpr std::string_view kResult = "_result.json";
    if (!entry.beside || !entry.name.ends_with(kResult)) return;
    const auto score_of = [&](std::string_view name) {
      return std::string(name.substr(0, name.size() - kResult.size())) + "_score.json";
    };
    auto text = entry.beside(score_of(entry.name));
    if (!text) text = entry.beside(in_tree_of_scores(score_of(entry.path)));
    if (text) {
      text_ = std::move(*text);
      known_ = true;
    }
  }
  std::optional<bool> passed(std::string_view id) const {
    if (!known_) return std::nullopt;
    std::string quoted;
    append_string(quoted, id);
    return text_.find("\"id\": " + quoted) == std::string::npos &&
           text_.find("\"id\":" + quoted) == std::string::npos;
  }

 private:
  // From the folder of result/MODEL/…: ../../score/MODEL/…
  static std::string in_tree_of_scores(std::string_view path) {
    constexpr std::string_view kResults = "result/";
    std::size_t at = path.rfind(kResults);
    if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) return {};
    const std::string_view rest = path.substr(at + kResults.size());
    std::string up;
    for (std::size_t slash = rest.find('/'); slash != std::string_view::npos;
         slash = rest.find('/', slash + 1)) {
      up += "../";
    }
    return up + "../score/" + std::string(rest);
  }

  std::string text_;
  bool known_ = false;
};

void translate_bfcl(const Log& log, RunWriter& runs) {
  const Scores scores(log.entry);
  for (const Json record : log.records) {
    const std::string_view id = record["id"].string();
    runs.benchmark("bfcl");
    runs.domain(category_of(id));
    runs.task(id);
    runs.model(model_in(log.entry.path));
    runs.success(scores.passed(id));
    if (!add_turns(record["inference_log"], runs)) {
      runs.message("assistant");
      runs.reasoning(record["reasoning_content"].string());
      add_reply(record["result"], runs);
      runs.aside(Aside::Kind::kNotRead, "questions of single turns: the results do not hold them");
    }
    runs.end_run();
  }
}

// The score file: a line of totals, then the failures.
bool looks_like_scores(Json first, const Beginning& beginning) {
  const std::string_view name = beginning.entry.name;
  return name.ends_with("_score.json") && name.find("BFCL_v") != std::string_view::npos &&
         (first.has("accuracy") || first.has("valid")) && !first.has("inference_log");
}

// They hold no run: the results look up in them what succeeded.
void translate_scores(std::string_view, const Entry&, RecordSink& sink) {
  sink.note("scores, which the results beside them use");
}

}  // namespace

const FormatCode kBfclScores{looks_like_scores, translate_scores};
const FormatCode kBfcl = code_of<looks_like_bfcl, translate_bfcl>();

}  // namespace agentecho::formats

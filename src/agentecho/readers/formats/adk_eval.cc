// Results of an evaluation of Google's Agent Development Kit: a run for each case, with its
// session.
//
//   {eval_set_id, eval_case_results: [{eval_id, final_eval_status, session_id,
//     session_details: {events: […]}}, …], creation_timestamp}
//
// The task is the case, success its final status (1 passed, 2 failed). Events are those of ADK's
// sessions, also in camel case.
#include <string>
#include <string_view>

#include "agentecho/readers/formats/formats.h"
#include "agentecho/readers/formats/message_parts.h"
#include "agentecho/readers/formats/unit.h"

namespace agentecho::formats {

namespace {

Json cases_of(Json result) { return either(result, "eval_case_results", "evalCaseResults"); }

bool is_adk_eval(Json result) {
  const Json first = cases_of(result).first();
  return either(first, "eval_id", "evalId").is_string() &&
         either(first, "final_eval_status", "finalEvalStatus").here();
}

bool looks_like_adk_eval(Json first, const Beginning&) { return is_adk_eval(first); }

void add_case(Json one, RunWriter& runs) {
  constexpr double kPassed = 1;
  constexpr double kFailed = 2;
  const Json events = either(one, "session_details", "sessionDetails")["events"];
  if (!events.is_list() || events.empty()) {
    runs.aside(Aside::Kind::kMalformed, "cases without the events of their session");
    return;
  }
  events.each([&](Json event) {
    runs.reply_by(either(event, "model_version", "modelVersion").string());
    runs.message_as_is(event.json());
  });
  const auto status = either(one, "final_eval_status", "finalEvalStatus").number();
  if (status == kPassed || status == kFailed) runs.success(status == kPassed);
  runs.task(either(one, "eval_id", "evalId").string());
  runs.also("session_id", either(one, "session_id", "sessionId").json());
  runs.end_run_of("adk", "adk-eval");
}

void translate_adk_eval(const Log& log, RunWriter& runs) {
  for (const Json result : records_in(log, is_adk_eval)) {
    cases_of(result).each([&](Json one) { add_case(one, runs); });
  }
}

}  // namespace

const FormatCode kAdkEval = code_of<looks_like_adk_eval, translate_adk_eval>();

}  // namespace agentecho::formats

// Each wrapper of the chain alone, over a scripted model and a clock that stands still.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agentecho/llm/budgeted.h"
#include "agentecho/llm/cached.h"
#include "agentecho/llm/digest.h"
#include "agentecho/llm/rate_limited.h"
#include "agentecho/llm/retried.h"
#include "agentecho/llm/structured.h"
#include "agentecho/llm/wire.h"
#include "support/llm_requests.h"
#include "support/scripted.h"

namespace agentecho::llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ChatCall call(std::size_t index = 0) {
  return {std::make_shared<const ChatRequest>(test::score_request(index)),
          std::make_shared<const Dialect>()};
}

Answer reply(std::string content = R"({"overall":3})", std::string finish_reason = "stop") {
  Answer answer{.kind = AnswerKind::kReply};
  answer.reply.content = std::move(content);
  answer.reply.finish_reason = std::move(finish_reason);
  answer.reply.usage = Usage{100, 10};
  return answer;
}

Answer trouble(std::optional<Duration> retry_after = {}) {
  return {.kind = AnswerKind::kTransient,
          .detail = "status 429",
          .overloaded = true,
          .retry_after = retry_after};
}

// Collects the kinds of the answers that come out.
struct Inbox {
  std::vector<Answer> answers;
  ChatModel::Done taker() {
    return [this](Answer answer) { answers.push_back(std::move(answer)); };
  }
  std::vector<AnswerKind> kinds() const {
    std::vector<AnswerKind> kinds;
    for (const Answer& answer : answers) kinds.push_back(answer.kind);
    return kinds;
  }
};

struct Bench {
  FakeClock clock;
  Timers timers{clock};
  RunControl control;
  ScriptedModel model;
  Inbox inbox;

  void pass(Duration time) {
    clock.advance(time);
    timers.run_due();
  }
};

TEST(Retried, asks_again_after_trouble_until_a_reply) {
  Bench bench;
  Retried retried(bench.model, {.max_retries = 3}, bench.timers, bench.control);
  retried.ask(call(), bench.inbox.taker());
  for (int i = 0; i < 3; ++i) {
    bench.model.answer(trouble());
    EXPECT_EQ(retried.waiting(), 1u);
    bench.pass(seconds(4));  // longer than any of the first three delays
  }
  EXPECT_EQ(bench.model.asked(), 4u);
  bench.model.answer(reply());
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kReply));
}

TEST(Retried, gives_up_after_the_last_retry_and_at_once_with_none) {
  for (const int retries : {0, 2}) {
    Bench bench;
    Retried retried(bench.model, {.max_retries = retries}, bench.timers, bench.control);
    retried.ask(call(), bench.inbox.taker());
    for (int i = 0; i <= retries; ++i) {
      bench.model.answer(trouble());
      bench.pass(seconds(4));
    }
    EXPECT_EQ(bench.model.asked(), static_cast<std::size_t>(retries) + 1);
    EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kTransient));
  }
}

TEST(Retried, does_not_repeat_what_cannot_change) {
  for (const AnswerKind kind : {AnswerKind::kRejected, AnswerKind::kFatal, AnswerKind::kRefused}) {
    Bench bench;
    Retried retried(bench.model, {}, bench.timers, bench.control);
    retried.ask(call(), bench.inbox.taker());
    bench.model.answer({.kind = kind});
    EXPECT_THAT(bench.inbox.kinds(), ElementsAre(kind));
  }
}

TEST(Retried, waits_as_long_as_the_server_says) {
  Bench bench;
  Retried retried(bench.model, {.first = milliseconds(100)}, bench.timers, bench.control);
  retried.ask(call(), bench.inbox.taker());
  bench.model.answer(trouble(seconds(20)));
  bench.pass(milliseconds(19'999));
  EXPECT_EQ(bench.model.asked(), 1u);
  bench.pass(milliseconds(102));
  EXPECT_EQ(bench.model.asked(), 2u);
}

TEST(Retried, stops_the_run_when_the_server_wants_hours) {
  Bench bench;
  Retried retried(bench.model, {}, bench.timers, bench.control);
  retried.ask(call(), bench.inbox.taker());
  bench.model.answer(trouble(seconds(7200)));
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kStopped));
  ASSERT_TRUE(bench.control.stopped());
  EXPECT_EQ(bench.control.reason()->kind, ErrorKind::kBudget);
}

TEST(Retried, delays_lie_below_the_doubling_bound_and_are_the_same_for_a_seed) {
  const auto delays = [](std::uint64_t seed) {
    Bench bench;
    RetryOptions options{.max_retries = 8, .first = milliseconds(100), .longest = seconds(2)};
    options.seed = seed;
    Retried retried(bench.model, options, bench.timers, bench.control);
    retried.ask(call(), bench.inbox.taker());
    std::vector<Duration> seen;
    for (int i = 0; i < 8; ++i) {
      bench.model.answer(trouble());
      seen.push_back(*bench.timers.next());
      bench.pass(seen.back());
    }
    return seen;
  };
  const auto first = delays(7);
  for (int i = 0; i < 8; ++i) {
    EXPECT_LE(first[static_cast<std::size_t>(i)],
              std::min<Duration>(milliseconds(100 << i), seconds(2)));
  }
  EXPECT_EQ(first, delays(7));
  EXPECT_NE(first, delays(8));
}

TEST(Retried, skips_the_repetition_once_the_run_has_stopped) {
  Bench bench;
  Retried retried(bench.model, {}, bench.timers, bench.control);
  retried.ask(call(), bench.inbox.taker());
  bench.model.answer(trouble());
  bench.control.stop({ErrorKind::kBudget, "enough", ""});
  bench.timers.run_all();
  EXPECT_EQ(bench.model.asked(), 1u);
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kStopped));
}

TEST(RateLimited, keeps_to_the_window) {
  Bench bench;
  RateLimited limited(bench.model, {.max_in_flight = 3}, bench.clock, bench.timers, bench.control);
  for (std::size_t i = 0; i < 5; ++i) limited.ask(call(i), bench.inbox.taker());
  EXPECT_EQ(bench.model.waiting(), 3u);
  bench.model.answer(reply());
  EXPECT_EQ(bench.model.waiting(), 3u);
  EXPECT_EQ(bench.model.asked(), 4u);
}

TEST(RateLimited, halves_once_for_a_burst_of_overload_and_grows_back) {
  Bench bench;
  RateLimited limited(bench.model, {.max_in_flight = 16}, bench.clock, bench.timers, bench.control);
  for (std::size_t i = 0; i < 200; ++i) limited.ask(call(i), bench.inbox.taker());
  bench.clock.advance(milliseconds(10));
  for (int i = 0; i < 16; ++i) bench.model.answer(trouble());
  EXPECT_EQ(limited.window(), 8u);
  EXPECT_EQ(limited.in_flight(), 8u);
  bench.clock.advance(milliseconds(10));
  bench.model.answer(trouble());
  EXPECT_EQ(limited.window(), 4u);
  // one more per window of replies
  for (int i = 0; i < 4 + 5 + 6; ++i) bench.model.answer(reply(), bench.model.waiting() - 1);
  EXPECT_EQ(limited.window(), 6u);
  for (int i = 0; i < 150; ++i) bench.model.answer(reply());
  EXPECT_EQ(limited.window(), 16u);
}

TEST(RateLimited, holds_everything_back_while_the_server_asks_to_wait) {
  Bench bench;
  RateLimited limited(bench.model, {.max_in_flight = 2}, bench.clock, bench.timers, bench.control);
  for (std::size_t i = 0; i < 4; ++i) limited.ask(call(i), bench.inbox.taker());
  bench.model.answer(trouble(seconds(5)));
  bench.model.answer(reply());
  EXPECT_EQ(bench.model.asked(), 2u);
  bench.pass(milliseconds(4999));
  EXPECT_EQ(bench.model.asked(), 2u);
  bench.pass(milliseconds(1));
  EXPECT_EQ(bench.model.asked(), 4u);  // halved to 1, and back at 2 after the reply
}

TEST(RateLimited, goes_slower_when_replies_take_half_of_the_time_limit) {
  Bench bench;
  RateLimited limited(bench.model, {.max_in_flight = 8, .time_limit = seconds(10)}, bench.clock,
                      bench.timers, bench.control);
  for (std::size_t i = 0; i < 8; ++i) limited.ask(call(i), bench.inbox.taker());
  bench.clock.advance(seconds(6));
  for (int i = 0; i < 8; ++i) bench.model.answer(reply());
  EXPECT_EQ(limited.window(), 4u);
}

Prices dollar_per_call() {  // 100 input tokens and 10 output tokens cost 1
  Prices prices;
  prices.models["judge"] = {9000, 10000};
  return prices;
}

TEST(Budgeted, sends_no_more_than_the_calls_allowed) {
  Bench bench;
  Budgeted budgeted(bench.model, {.max_calls = 2}, {}, 100, bench.control);
  for (std::size_t i = 0; i < 3; ++i) budgeted.ask(call(i), bench.inbox.taker());
  EXPECT_EQ(bench.model.asked(), 2u);
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kStopped));
  EXPECT_EQ(bench.control.reason()->kind, ErrorKind::kBudget);
  bench.model.answer(reply());  // in flight when the limit was reached: kept
  EXPECT_EQ(bench.inbox.kinds().back(), AnswerKind::kReply);
}

TEST(Budgeted, counts_what_replies_report) {
  Bench bench;
  const Prices prices = dollar_per_call();
  Budgeted budgeted(bench.model, {}, prices, 100, bench.control);
  budgeted.ask(call(), bench.inbox.taker());
  bench.model.answer(reply());
  EXPECT_EQ(budgeted.spend().calls, 1);
  EXPECT_EQ(budgeted.spend().usage.input_tokens, 100);
  EXPECT_EQ(budgeted.spend().usage.output_tokens, 10);
  EXPECT_DOUBLE_EQ(budgeted.spend().cost, 1.0);
}

TEST(Budgeted, counts_a_timeout_at_its_estimate_and_an_error_at_nothing) {
  Bench bench;
  const Prices prices = dollar_per_call();
  Budgeted budgeted(bench.model, {}, prices, 100, bench.control);
  budgeted.ask(call(), bench.inbox.taker());
  bench.model.answer(trouble());
  EXPECT_DOUBLE_EQ(budgeted.spend().cost, 0.0);
  budgeted.ask(call(), bench.inbox.taker());
  Answer timeout = trouble();
  timeout.maybe_paid = true;
  bench.model.answer(timeout);
  EXPECT_EQ(budgeted.spend().usage.output_tokens, 50);  // max_tokens of the request
}

TEST(Budgeted, waits_for_calls_in_flight_before_it_ends_the_run_for_money) {
  Bench bench;
  const Prices prices = dollar_per_call();
  // An estimate is (3 + schema + 4 + 2) * 0.009 + 50 * 0.01, below 1.3.
  Budgeted budgeted(bench.model, {.max_cost = 2.5}, prices, 100, bench.control);
  for (std::size_t i = 0; i < 4; ++i) budgeted.ask(call(i), bench.inbox.taker());
  const std::size_t at_once = bench.model.asked();
  EXPECT_GE(at_once, 1u);
  EXPECT_LE(at_once, 3u);
  while (bench.model.waiting() > 0) bench.model.answer(reply());
  EXPECT_LE(budgeted.spend().cost, 2.5);
  EXPECT_GE(bench.model.asked(), 2u);
  ASSERT_TRUE(bench.control.stopped());
  EXPECT_EQ(bench.control.reason()->kind, ErrorKind::kBudget);
  EXPECT_EQ(bench.inbox.answers.size(), 4u);
}

struct StructuredBench : Bench {
  std::vector<std::string> warnings;
  Structured structured{model, {}, [this](const std::string& text) { warnings.push_back(text); }};

  void ask(std::size_t index = 0) { structured.ask(call(index), inbox.taker()); }
  const Dialect& used(std::size_t index = 0) { return *model.call(index).dialect; }
};

Answer rejected(std::string field = {}) {
  return {.kind = AnswerKind::kRejected, .detail = "status 400", .refused_field = std::move(field)};
}

TEST(Structured, lets_the_first_call_go_alone_and_the_others_after_it) {
  StructuredBench bench;
  for (std::size_t i = 0; i < 3; ++i) bench.ask(i);
  EXPECT_EQ(bench.model.waiting(), 1u);
  bench.model.answer(reply());
  EXPECT_EQ(bench.model.waiting(), 2u);
  EXPECT_EQ(bench.inbox.answers.at(0).reply.json, R"({"overall":3})");
  EXPECT_THAT(bench.warnings, IsEmpty());
}

TEST(Structured, goes_down_the_ladder_once_and_remembers) {
  StructuredBench bench;
  bench.ask();
  EXPECT_EQ(bench.used().rung, Rung::kJsonSchema);
  bench.model.answer(rejected("response_format"));
  EXPECT_EQ(bench.used().rung, Rung::kJsonObject);
  bench.model.answer(rejected("response_format"));
  EXPECT_EQ(bench.used().rung, Rung::kText);
  bench.model.answer(reply("Sure: {\"overall\": 2}"));
  EXPECT_EQ(bench.inbox.answers.at(0).reply.json, R"({"overall":2})");
  EXPECT_EQ(bench.warnings.size(), 2u);
  bench.ask(1);
  EXPECT_EQ(bench.used().rung, Rung::kText);
}

TEST(Structured, tries_lower_rungs_on_a_refusal_that_names_nothing) {
  StructuredBench bench;
  bench.ask();
  bench.model.answer(rejected());
  EXPECT_THAT(bench.warnings, IsEmpty());
  bench.model.answer(reply());
  EXPECT_EQ(bench.structured.dialect().rung, Rung::kJsonObject);
  EXPECT_EQ(bench.warnings.size(), 1u);
}

TEST(Structured, goes_back_up_when_the_request_itself_was_at_fault) {
  StructuredBench bench;
  bench.ask(0);
  bench.ask(1);
  for (int i = 0; i < 3; ++i) bench.model.answer(rejected());
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kRejected));
  EXPECT_EQ(bench.used().rung, Rung::kJsonSchema);
  EXPECT_THAT(bench.warnings, IsEmpty());
}

TEST(Structured, drops_refused_fields_with_a_warning) {
  StructuredBench bench;
  bench.ask();
  bench.model.answer(rejected("temperature"));
  EXPECT_THAT(bench.used().dropped, ElementsAre("temperature"));
  bench.model.answer(rejected("max_tokens"));
  EXPECT_TRUE(bench.used().new_token_limit);
  bench.model.answer(rejected("max_completion_tokens"));
  EXPECT_THAT(bench.used().dropped, ElementsAre("max_completion_tokens", "temperature"));
  bench.model.answer(reply());
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kReply));
  EXPECT_THAT(bench.warnings,
              ElementsAre(HasSubstr("temperature"), HasSubstr("max_completion_tokens"),
                          HasSubstr("max_completion_tokens")));
}

TEST(Structured, calls_in_flight_during_a_refusal_are_asked_again_not_lost) {
  StructuredBench bench;
  bench.ask(0);
  bench.model.answer(reply());
  bench.ask(1);
  bench.ask(2);
  bench.model.answer(rejected("seed"));
  bench.model.answer(rejected("seed"));  // sent before the first refusal came
  EXPECT_EQ(bench.model.waiting(), 2u);
  EXPECT_EQ(bench.warnings.size(), 1u);
  bench.model.answer(reply());
  bench.model.answer(reply());
  EXPECT_EQ(bench.inbox.answers.size(), 3u);
}

TEST(Structured, sends_an_invalid_answer_back_with_what_is_wrong) {
  StructuredBench bench;
  bench.ask(0);
  bench.model.answer(reply());
  bench.ask(1);
  bench.model.answer(reply(R"({"overall":9})"));
  const ChatRequest& corrected = *bench.model.call().request;
  ASSERT_EQ(corrected.messages.size(), 3u);
  EXPECT_EQ(corrected.messages[1].role, Role::kAssistant);
  EXPECT_EQ(corrected.messages[1].content, R"({"overall":9})");
  EXPECT_THAT(corrected.messages[2].content, HasSubstr("overall"));
  bench.model.answer(reply(R"({"overall":4})"));
  EXPECT_EQ(bench.inbox.answers.at(1).reply.json, R"({"overall":4})");
}

TEST(Structured, counts_as_invalid_after_the_last_correction) {
  StructuredBench bench;
  bench.ask(0);
  bench.model.answer(reply());
  bench.ask(1);
  for (int i = 0; i < 3; ++i) bench.model.answer(reply("I'd rather not say"));
  EXPECT_EQ(bench.inbox.answers.at(1).kind, AnswerKind::kInvalid);
  EXPECT_EQ(bench.model.asked(), 4u);
}

TEST(Structured, goes_a_rung_down_when_the_endpoint_ignores_the_format) {
  StructuredBench bench;
  bench.ask(0);
  bench.model.answer(reply("about four"));
  EXPECT_EQ(bench.used().rung, Rung::kJsonObject);
  EXPECT_EQ(bench.model.call().request->messages.size(), 1u);
  bench.model.answer(reply());
  EXPECT_THAT(bench.warnings, ElementsAre(HasSubstr("does not keep to it")));
}

TEST(Structured, does_not_blame_the_endpoint_for_an_answer_cut_at_the_token_limit) {
  StructuredBench bench;
  bench.ask(0);
  bench.model.answer(reply("{\"overall\":", "length"));
  EXPECT_EQ(bench.used().rung, Rung::kJsonSchema);
  EXPECT_THAT(bench.model.call().request->messages.back().content, HasSubstr("cut off"));
}

TEST(Structured, takes_any_text_but_none_when_there_is_no_schema) {
  StructuredBench bench;
  ChatRequest request = test::score_request(0);
  request.schema.clear();
  const auto shared = std::make_shared<const ChatRequest>(request);
  bench.structured.ask({shared, nullptr}, bench.inbox.taker());
  bench.model.answer(reply(" \n"));
  bench.model.answer(reply("hello"));
  EXPECT_EQ(bench.inbox.answers.at(0).reply.content, "hello");
  EXPECT_EQ(bench.inbox.answers.at(0).reply.json, "");
}

TEST(Cached, asks_once_and_answers_from_the_file_afterwards) {
  Bench bench;
  auto cache = ReplyCache::open(":memory:");
  ASSERT_TRUE(cache);
  Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  cached.ask(call(), bench.inbox.taker());
  bench.model.answer(reply());
  cached.store();
  cached.ask(call(), bench.inbox.taker());
  EXPECT_EQ(bench.model.asked(), 1u);
  EXPECT_TRUE(bench.inbox.answers.at(1).from_cache);
  EXPECT_EQ(bench.inbox.answers.at(1).reply.content, bench.inbox.answers.at(0).reply.content);
}

TEST(Cached, hands_replies_on_only_once_they_are_on_file) {
  Bench bench;
  auto cache = ReplyCache::open(":memory:");
  Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  std::vector<std::int64_t> on_file;  // when a reply is handed on
  for (std::size_t i = 0; i < 3; ++i) {
    cached.ask(call(i), [&](const Answer&) { on_file.push_back(cache->stats()->replies); });
  }
  bench.model.answer(reply());
  bench.model.answer(reply());
  EXPECT_THAT(on_file, IsEmpty());
  cached.store();
  EXPECT_THAT(on_file, ElementsAre(2, 2));
  bench.model.answer(reply());
  cached.store();
  cached.store();
  EXPECT_THAT(on_file, ElementsAre(2, 2, 3));
}

TEST(Cached, waits_for_what_another_process_is_asking) {
  Bench bench;
  auto cache = ReplyCache::open(":memory:");
  Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  Cached other(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  cached.ask(call(0), bench.inbox.taker());
  other.ask(call(0), bench.inbox.taker());
  EXPECT_EQ(bench.model.asked(), 1u);
  other.store();
  EXPECT_THAT(bench.inbox.answers, IsEmpty());
  bench.model.answer(reply());
  cached.store();
  bench.clock.advance(std::chrono::seconds(1));
  other.store();
  ASSERT_EQ(bench.inbox.answers.size(), 2u);
  EXPECT_TRUE(bench.inbox.answers.at(1).from_cache);
  EXPECT_EQ(bench.model.asked(), 1u);
}

TEST(Cached, asks_itself_when_the_other_process_fails_or_falls_silent) {
  Bench bench;
  auto cache = ReplyCache::open(":memory:");
  Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  Cached other(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  cached.ask(call(0), bench.inbox.taker());
  cached.ask(call(1), bench.inbox.taker());
  other.ask(call(0), bench.inbox.taker());
  other.ask(call(1), bench.inbox.taker());
  bench.model.answer({.kind = AnswerKind::kTransient, .detail = "status 500"});
  bench.clock.advance(std::chrono::seconds(1));
  other.store();
  EXPECT_EQ(bench.model.asked(), 3u);  // the first of the two, which failed
  bench.clock.advance(std::chrono::seconds(kClaimSeconds));
  other.store();
  EXPECT_EQ(bench.model.asked(), 4u);  // the second, whose owner is silent
}

TEST(Cached, keeps_only_valid_replies) {
  for (const AnswerKind kind :
       {AnswerKind::kInvalid, AnswerKind::kUnreadable, AnswerKind::kRefused, AnswerKind::kTransient,
        AnswerKind::kRejected, AnswerKind::kFatal, AnswerKind::kStopped}) {
    Bench bench;
    auto cache = ReplyCache::open(":memory:");
    Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
    cached.ask(call(), bench.inbox.taker());
    Answer answer = reply();
    answer.kind = kind;
    bench.model.answer(answer);
    EXPECT_THAT(bench.inbox.kinds(), ElementsAre(kind));
    cached.store();
    EXPECT_EQ(cache->stats()->replies, 0);
  }
}

TEST(Cached, a_kept_reply_that_the_schema_forbids_is_invalid) {
  Bench bench;
  auto cache = ReplyCache::open(":memory:");
  Cached cached(bench.model, &*cache, "http://h/v1", bench.clock, bench.control);
  const ChatRequest request = test::score_request(1);
  ChatReply imported;
  imported.json = R"({"overall":50})";
  ASSERT_TRUE(cache->put(
      cache_entry(cache_key("http://h/v1", request), "http://h/v1", request, imported, 1)));
  cached.ask({.request = std::make_shared<const ChatRequest>(request)}, bench.inbox.taker());
  EXPECT_THAT(bench.inbox.kinds(), ElementsAre(AnswerKind::kInvalid));
  EXPECT_EQ(bench.model.asked(), 0u);
}

TEST(Wire, a_body_holds_what_was_asked_for_on_each_rung) {
  ChatRequest request = test::score_request(7);
  request.seed = 11;
  request.extra = R"({"top_p":0.5})";
  Dialect dialect;
  auto body = nlohmann::json::parse(render_body(request, dialect));
  EXPECT_EQ(body["model"], "judge");
  EXPECT_EQ(body["messages"][0]["content"], "item 7");
  EXPECT_EQ(body["temperature"], 0.0);
  EXPECT_EQ(body["seed"], 11);
  EXPECT_EQ(body["top_p"], 0.5);
  EXPECT_EQ(body["max_tokens"], 50);
  EXPECT_EQ(body["response_format"]["json_schema"]["strict"], true);
  EXPECT_EQ(body["response_format"]["json_schema"]["schema"]["type"], "object");
  dialect = {Rung::kJsonObject, true, {"seed", "top_p"}};
  body = nlohmann::json::parse(render_body(request, dialect));
  EXPECT_EQ(body["response_format"]["type"], "json_object");
  EXPECT_THAT(body["messages"][0]["content"], HasSubstr("JSON Schema"));
  EXPECT_FALSE(body.contains("seed"));
  EXPECT_FALSE(body.contains("top_p"));
  EXPECT_EQ(body["max_completion_tokens"], 50);
  EXPECT_FALSE(body.contains("max_tokens"));
  dialect.rung = Rung::kText;
  body = nlohmann::json::parse(render_body(request, dialect));
  EXPECT_FALSE(body.contains("response_format"));
}

struct ErrorCase {
  int status;
  std::string body;
  AnswerKind kind;
  std::string refused_field;
};

class WireErrors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(WireErrors, are_told_apart) {
  const Answer answer =
      read_body(GetParam().status, GetParam().body, test::score_request(0), {}, Redactor());
  EXPECT_EQ(answer.kind, GetParam().kind) << GetParam().body;
  EXPECT_EQ(answer.refused_field, GetParam().refused_field) << GetParam().body;
}

INSTANTIATE_TEST_SUITE_P(
    Servers, WireErrors,
    ::testing::Values(
        ErrorCase{429, R"({"error":{"message":"slow down","code":"rate_limit_exceeded"}})",
                  AnswerKind::kTransient, ""},
        ErrorCase{429, R"({"error":{"message":"x","type":"insufficient_quota"}})",
                  AnswerKind::kFatal, ""},
        ErrorCase{402, R"({"error":{"message":"Insufficient Balance"}})", AnswerKind::kFatal, ""},
        ErrorCase{401, "Unauthorized", AnswerKind::kFatal, ""},
        ErrorCase{403, "", AnswerKind::kFatal, ""},
        ErrorCase{404, R"({"error":{"message":"The model x does not exist"}})", AnswerKind::kFatal,
                  ""},
        ErrorCase{302, "", AnswerKind::kFatal, ""}, ErrorCase{408, "", AnswerKind::kTransient, ""},
        ErrorCase{500, "<html>oops</html>", AnswerKind::kTransient, ""},
        ErrorCase{500,
                  R"({"error":{"message":"1 validation error: {'loc': ('body', 'response_format', )"
                  R"('type'), 'msg': \"Input should be 'text' or 'json_object'\"}","code":null}})",
                  AnswerKind::kRejected, "response_format"},
        ErrorCase{503, R"({"error":"Service Unavailable"})", AnswerKind::kTransient, ""},
        ErrorCase{413, "", AnswerKind::kRejected, ""},
        ErrorCase{400, R"({"error":{"message":"no","param":"response_format"}})",
                  AnswerKind::kRejected, "response_format"},
        ErrorCase{400, R"({"error":{"message":"'response_format.type' must be 'json_object'"}})",
                  AnswerKind::kRejected, "response_format"},
        ErrorCase{422, R"({"detail":[{"loc":["body","response_format"],"msg":"extra fields"}]})",
                  AnswerKind::kRejected, "response_format"},
        ErrorCase{400, R"({"error":{"message":"Unsupported value","param":"temperature"}})",
                  AnswerKind::kRejected, "temperature"},
        ErrorCase{400,
                  R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported )"
                  R"(with this model. Use 'max_completion_tokens' instead."}})",
                  AnswerKind::kRejected, "max_tokens"},
        ErrorCase{400,
                  R"({"error":{"message":"This model's maximum context length is 8192 tokens; )"
                  R"(reduce max_tokens","code":"context_length_exceeded"}})",
                  AnswerKind::kRejected, ""},
        ErrorCase{400, R"({"error":{"message":"filtered","code":"content_filter"}})",
                  AnswerKind::kRefused, ""},
        ErrorCase{200, R"({"error":{"message":"Rate limited","code":429}})", AnswerKind::kTransient,
                  ""},
        ErrorCase{200, R"({"choices":[]})", AnswerKind::kUnreadable, ""},
        ErrorCase{200, R"({"choices":[{"text":"old"}]})", AnswerKind::kUnreadable, ""},
        ErrorCase{200, R"([1,2])", AnswerKind::kUnreadable, ""},
        ErrorCase{200, R"({"choices")", AnswerKind::kUnreadable, ""},
        ErrorCase{200, R"({"choices":[{"message":{"content":null,"refusal":"No."}}]})",
                  AnswerKind::kRefused, ""},
        ErrorCase{200, R"({"choices":[{"finish_reason":"content_filter","message":{}}]})",
                  AnswerKind::kRefused, ""},
        ErrorCase{200, R"({"choices":[{"message":{"content":[{"type":"text","text":"a"}]}}]})",
                  AnswerKind::kReply, ""}));

TEST(Wire, texts_of_the_server_lose_secrets_and_control_characters) {
  const Redactor redactor({Secret("sk-12345")});
  const Answer answer =
      read_body(401, "{\"error\":{\"message\":\"key sk-12345 is wrong\\u001b[31m\\nreally\"}}",
                test::score_request(0), {}, redactor);
  EXPECT_THAT(answer.detail, HasSubstr("key [secret] is wrong"));
  EXPECT_EQ(answer.detail.find('\x1b'), std::string::npos);
  EXPECT_EQ(answer.detail.find('\n'), std::string::npos);
  // What is wrong with a reply is said in words that may be the reply's own.
  const Answer doubled = read_body(200, R"({"x-sk-12345-x":1,"x-sk-12345-x":2})",
                                   test::score_request(0), {}, redactor);
  EXPECT_EQ(doubled.kind, AnswerKind::kUnreadable);
  EXPECT_THAT(doubled.detail, HasSubstr("[secret]"));
  EXPECT_EQ(doubled.detail.find("sk-12345"), std::string::npos);
}

}  // namespace
}  // namespace agentecho::llm

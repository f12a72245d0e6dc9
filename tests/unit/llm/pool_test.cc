// The whole chain: in fake time over a scripted transport, and over real sockets against a server
// that misbehaves. For each: what was scored, what was not, nothing lost, nothing asked twice.
#include "agentecho/llm/pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agentecho/llm/curl_transport.h"
#include "support/chat_server.h"
#include "support/llm_requests.h"
#include "support/scripted.h"

namespace agentecho::llm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Behaviour;
using test::ChatServer;
using test::errs;
using test::Manner;
using test::Received;
using test::says;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The first message of a request body: "item N", and on lower rungs what is added to it.
std::string item_of(const std::string& body) {
  const std::string content = nlohmann::json::parse(body)["messages"][0]["content"];
  return content.substr(0, content.find('\n'));
}

std::string score_text(const std::string& item) {
  const std::size_t number = std::stoul(item.substr(5));
  return "{\"overall\": " + std::to_string(number % 5 + 1) + "}";
}

Behaviour good(const Received& received) { return says(score_text(item_of(received.body))); }

std::map<OutcomeKind, std::size_t> kinds(const Run& run) {
  std::map<OutcomeKind, std::size_t> counts;
  for (const Outcome& outcome : run.outcomes) ++counts[outcome.kind];
  return counts;
}

using Kinds = std::map<OutcomeKind, std::size_t>;

PoolOptions quick() {
  PoolOptions options;
  options.max_in_flight = 8;
  options.time_limit = seconds(10);
  options.retry.max_retries = 4;
  options.retry.first = milliseconds(2);
  options.retry.longest = milliseconds(20);
  return options;
}

// A pool over real sockets with a cache in memory.
struct Client {
  SystemClock clock;
  CurlTransport transport;
  Result<ReplyCache> cache = ReplyCache::open(":memory:");
  PoolOptions options = quick();
  RunEvents events;

  explicit Client(CurlOptions curl = {}) : transport(std::move(curl)) {}

  Result<Run> run(const Endpoint& endpoint, std::size_t count) {
    return Pool(endpoint, options, transport, clock, &*cache)
        .complete(count, test::score_request, events);
  }
  Result<Run> run(const ChatServer& server, std::size_t count) {
    return run(Endpoint{server.url(), Secret("sk-test-0123456789"), {}}, count);
  }
};

// Item by item: every scored outcome carries the score that the server gives to that item.
void expect_right_scores(const Run& run) {
  for (std::size_t i = 0; i < run.outcomes.size(); ++i) {
    if (run.outcomes[i].kind != OutcomeKind::kScored) continue;
    EXPECT_EQ(run.outcomes[i].reply.json, "{\"overall\":" + std::to_string(i % 5 + 1) + "}");
  }
}

std::map<std::string, std::size_t> asked_per_item(const ChatServer& server) {
  std::map<std::string, std::size_t> asked;
  for (const Received& received : server.received()) ++asked[item_of(received.body)];
  return asked;
}

// --- a server that behaves

TEST(Pool, scores_everything_in_order_and_asks_each_once) {
  // answers arrive in another order than they were asked for
  ChatServer server([](const Received& received) {
    Behaviour behaviour = good(received);
    behaviour.delay = milliseconds(received.number * 7 % 20);
    return behaviour;
  });
  Client client;
  const auto run = client.run(server, 60);
  ASSERT_TRUE(run);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 60}}));
  expect_right_scores(*run);
  EXPECT_EQ(server.count(), 60u);
  EXPECT_FALSE(run->stopped);
  EXPECT_LE(server.most_in_flight(), 8u);
  EXPECT_EQ(run->summary.done, 60u);
  EXPECT_EQ(run->summary.spend.calls, 60);
  EXPECT_EQ(run->summary.spend.usage.input_tokens, 60 * 20);
  for (const Received& received : server.received()) {
    EXPECT_EQ(received.target, "/v1/chat/completions");
    EXPECT_EQ(received.headers.at("authorization"), "Bearer sk-test-0123456789");
    EXPECT_EQ(received.headers.at("content-type"), "application/json");
  }
}

TEST(Pool, asks_nothing_twice_in_a_second_run_or_for_equal_requests) {
  ChatServer server(good);
  Client client;
  ASSERT_TRUE(client.run(server, 10));
  const auto again = client.run(server, 15);
  ASSERT_TRUE(again);
  EXPECT_EQ(server.count(), 15u);
  EXPECT_EQ(again->summary.cached, 10u);
  expect_right_scores(*again);
  const std::vector<ChatRequest> equal(5, test::score_request(100));
  const auto repeated =
      Pool({server.url(), {}, {}}, quick(), client.transport, client.clock, nullptr)
          .complete_all(equal);
  EXPECT_EQ(server.count(), 16u);
  EXPECT_EQ(kinds(*repeated), (Kinds{{OutcomeKind::kScored, 5}}));
}

TEST(Pool, has_nothing_to_do_for_no_requests) {
  ChatServer server(good);
  Client client;
  const auto run = client.run(server, 0);
  ASSERT_TRUE(run);
  EXPECT_THAT(run->outcomes, IsEmpty());
  EXPECT_EQ(server.count(), 0u);
}

// --- a server that misbehaves for a while: everything is scored in the end

struct Passing {
  std::string name;
  std::function<Behaviour(const Received&)> trouble;
  std::size_t items = 20;
  seconds time_limit{10};
};

Behaviour with_header(Behaviour behaviour, const std::string& name, const std::string& value) {
  behaviour.headers.emplace_back(name, value);
  return behaviour;
}

Behaviour in_manner(Behaviour behaviour, Manner manner) {
  behaviour.manner = manner;
  return behaviour;
}

Behaviour of_type(Behaviour behaviour, const std::string& type) {
  behaviour.content_type = type;
  return behaviour;
}

Behaviour body_only(const std::string& body) {
  Behaviour behaviour;
  behaviour.body = body;
  return behaviour;
}

class PassingTrouble : public ::testing::TestWithParam<Passing> {};

// Each item meets the trouble once (the first one twice, being the one that goes alone).
TEST_P(PassingTrouble, ends_with_everything_scored) {
  std::map<std::string, std::size_t> seen;
  ChatServer server([&](const Received& received) {
    const std::string item = item_of(received.body);
    return seen[item]++ == 0 ? GetParam().trouble(received) : good(received);
  });
  Client client;
  client.options.time_limit = GetParam().time_limit;
  const auto run = client.run(server, GetParam().items);
  ASSERT_TRUE(run);
  EXPECT_FALSE(run->stopped) << run->stopped->message;
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, GetParam().items}}));
  expect_right_scores(*run);
  for (const auto& [item, asked] : asked_per_item(server)) EXPECT_EQ(asked, 2u) << item;
  EXPECT_EQ(client.cache->stats()->replies, static_cast<std::int64_t>(GetParam().items));
}

INSTANTIATE_TEST_SUITE_P(
    Server, PassingTrouble,
    ::testing::Values(
        Passing{"too_many_requests", [](const Received&) { return errs(429, "slow down"); }},
        Passing{"too_many_requests_retry_after",
                [](const Received&) {
                  return with_header(errs(429, "slow down"), "Retry-After", "0.05");
                }},
        Passing{"internal_error", [](const Received&) { return errs(500, "oops"); }},
        Passing{"unavailable",
                [](const Received&) { return of_type(errs(503, "busy"), "text/html"); }},
        Passing{"request_timeout", [](const Received&) { return errs(408, "timeout"); }},
        Passing{"hangs_up", [](const Received& r) { return in_manner(good(r), Manner::kHangUp); }},
        Passing{"cut_mid_body", [](const Received& r) { return in_manner(good(r), Manner::kCut); }},
        Passing{"stalls_mid_body",
                [](const Received& r) { return in_manner(good(r), Manner::kStall); }, 3,
                seconds(1)},
        Passing{"wrong_content_type",
                [](const Received& r) { return of_type(good(r), "text/html"); }},
        Passing{"invalid_json", [](const Received&) { return body_only("{\"choices\": [{"); }},
        Passing{"wrong_shape", [](const Received&) { return body_only("{\"choices\": {}}"); }},
        Passing{"empty_body", [](const Received&) { return body_only(""); }},
        Passing{"error_with_status_200",
                [](const Received&) { return body_only(test::error_body("later", "503")); }}),
    [](const auto& tested) { return tested.param.name; });

// --- answers that are valid, or not, whatever wraps them

struct Content {
  std::string name;
  std::string content;
  OutcomeKind kind;
  std::size_t calls;  // for one item after the first has settled the dialect
};

class Contents : public ::testing::TestWithParam<Content> {};

TEST_P(Contents, are_scored_or_not) {
  ChatServer server([](const Received& received) {
    return item_of(received.body) == "item 0" ? good(received) : says(GetParam().content);
  });
  Client client;
  const auto run = client.run(server, 2);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->outcomes[1].kind, GetParam().kind) << run->outcomes[1].detail;
  EXPECT_EQ(server.count(), 1 + GetParam().calls);
  const bool scored = GetParam().kind == OutcomeKind::kScored;
  EXPECT_EQ(client.cache->stats()->replies, scored ? 2 : 1);
  EXPECT_EQ(run->outcomes[1].reply.json, scored ? R"({"overall":2})" : "");
  EXPECT_EQ(run->outcomes[1].detail.empty(), scored);
}

INSTANTIATE_TEST_SUITE_P(
    Server, Contents,
    ::testing::Values(
        Content{"code_fence", "```json\n{\"overall\": 2}\n```", OutcomeKind::kScored, 1},
        Content{"reasoning", "<think>hm {</think>{\"overall\": 2}", OutcomeKind::kScored, 1},
        Content{"prose_around", "My answer: {\"overall\": 2}.", OutcomeKind::kScored, 1},
        Content{"refusal_in_prose", "I'm sorry, I can't.", OutcomeKind::kUnparseable, 3},
        Content{"duplicated_keys", "{\"overall\": 2, \"overall\": 5}", OutcomeKind::kUnparseable,
                3},
        Content{"out_of_range", "{\"overall\": 7}", OutcomeKind::kUnparseable, 3},
        Content{"wrong_type", "{\"overall\": \"2\"}", OutcomeKind::kUnparseable, 3},
        Content{"missing", "{}", OutcomeKind::kUnparseable, 3},
        Content{"extra", "{\"overall\": 2, \"x\": 1}", OutcomeKind::kUnparseable, 3},
        Content{"two_answers", "{\"overall\": 2} {\"overall\": 3}", OutcomeKind::kUnparseable, 3},
        Content{"empty", "", OutcomeKind::kUnparseable, 3},
        Content{"broken_json", "{\"overall\": 2", OutcomeKind::kUnparseable, 3}),
    [](const auto& tested) { return tested.param.name; });

TEST(Pool, a_corrected_answer_is_scored) {
  ChatServer server([](const Received& received) {
    const auto messages = nlohmann::json::parse(received.body)["messages"];
    return messages.size() == 1 && item_of(received.body) == "item 1" ? says("{\"overall\": 17}")
                                                                      : good(received);
  });
  Client client;
  const auto run = client.run(server, 2);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 2}}));
  EXPECT_EQ(server.count(), 3u);
}

TEST(Pool, a_refusal_is_neither_a_score_nor_a_failure_and_is_asked_once) {
  ChatServer server([](const Received& received) {
    const std::string item = item_of(received.body);
    if (item == "item 1") {
      return body_only(R"({"choices":[{"message":{"content":null,"refusal":"No."}}]})");
    }
    if (item == "item 2") return errs(400, "filtered", "content_filter");
    return good(received);
  });
  Client client;
  const auto run = client.run(server, 4);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 2}, {OutcomeKind::kRefused, 2}}));
  EXPECT_EQ(server.count(), 4u);
  EXPECT_THAT(run->outcomes[1].detail, HasSubstr("No."));
  EXPECT_EQ(client.cache->stats()->replies, 2);
}

TEST(Pool, trouble_that_stays_fails_the_item_and_no_other) {
  ChatServer server([](const Received& received) {
    const std::string item = item_of(received.body);
    if (item == "item 3") return errs(500, "always");
    if (item == "item 4") return body_only("nonsense");
    if (item == "item 5") return errs(400, "too long", "context_length_exceeded");
    return good(received);
  });
  Client client;
  const auto run = client.run(server, 10);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 7},
                                {OutcomeKind::kFailed, 2},
                                {OutcomeKind::kUnparseable, 1}}));
  EXPECT_EQ(run->outcomes[3].kind, OutcomeKind::kFailed);
  EXPECT_EQ(run->outcomes[4].kind, OutcomeKind::kUnparseable);
  EXPECT_EQ(run->outcomes[5].kind, OutcomeKind::kFailed);
  const auto asked = asked_per_item(server);
  EXPECT_EQ(asked.at("item 3"), 5u);
  EXPECT_EQ(asked.at("item 4"), 5u);
  EXPECT_EQ(asked.at("item 5"), 1u);
  EXPECT_FALSE(run->stopped);
}

TEST(Pool, a_huge_body_is_not_read_to_its_end) {
  ChatServer server([](const Received& received) {
    return item_of(received.body) == "item 1" ? says(std::string(8 << 20, 'x')) : good(received);
  });
  Client client({.max_reply_bytes = 1 << 20, .ca_file = {}});
  client.options.retry.max_retries = 1;
  const auto run = client.run(server, 3);
  EXPECT_EQ(run->outcomes[1].kind, OutcomeKind::kUnparseable);
  EXPECT_THAT(run->outcomes[1].detail, HasSubstr("larger than"));
  EXPECT_EQ(run->summary.scored, 2u);
}

TEST(Pool, a_huge_request_is_not_sent) {
  ChatServer server(good);
  SystemClock clock;
  CurlTransport transport({.max_request_bytes = 1 << 10, .ca_file = {}});
  ChatRequest request = test::score_request(0);
  request.messages[0].content.assign(2 << 10, 'x');
  PoolOptions options = quick();
  options.retry.max_retries = 0;
  const auto run =
      Pool({server.url(), {}, {}}, options, transport, clock, nullptr).complete_all({request});
  EXPECT_EQ(run->outcomes[0].kind, OutcomeKind::kFailed);
  EXPECT_EQ(server.count(), 0u);
}

// No file can be opened while this lives.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

TEST(Pool, without_a_file_for_the_transport_exchanges_fail_and_say_why) {
  ChatServer server(good);
  SystemClock clock;
  std::optional<CurlTransport> transport;
  {
    const NoMoreFiles no_more;
    transport.emplace();
  }
  PoolOptions options = quick();
  options.retry.max_retries = 1;
  const auto run = Pool({server.url(), {}, {}}, options, *transport, clock, nullptr)
                       .complete_all({test::score_request(0), test::score_request(1)});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->summary.scored, 0u);
  EXPECT_EQ(run->outcomes[0].kind, OutcomeKind::kFailed);
  EXPECT_THAT(run->outcomes[0].detail, HasSubstr("Too many open files"));
  EXPECT_EQ(server.count(), 0u);
  // And it waits, where there is nothing to do, instead of returning at once.
  const auto begin = std::chrono::steady_clock::now();
  transport->run(milliseconds(20));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(20));
}

TEST(Pool, a_slow_server_is_waited_for_within_the_limit) {
  ChatServer server([](const Received& received) {
    Behaviour behaviour = good(received);
    behaviour.delay = milliseconds(item_of(received.body) == "item 1" ? 3000 : 50);
    return behaviour;
  });
  Client client;
  client.options.time_limit = milliseconds(500);
  client.options.retry.max_retries = 0;
  const auto run = client.run(server, 3);
  EXPECT_EQ(run->outcomes[1].kind, OutcomeKind::kFailed);
  EXPECT_EQ(run->summary.scored, 2u);
}

// --- ends of the run

TEST(Pool, a_wrong_key_stops_the_run_after_one_call_and_is_not_repeated) {
  ChatServer server([](const Received& received) {
    return errs(401, "Incorrect key: " + received.headers.at("authorization"));
  });
  Client client;
  const auto run = client.run(server, 20);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(server.count(), 1u);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kSkipped, 20}}));
  EXPECT_EQ(run->stopped->kind, ErrorKind::kFailed);
  EXPECT_THAT(run->stopped->message, HasSubstr("[secret]"));
  EXPECT_THAT(run->stopped->message, ::testing::Not(HasSubstr("sk-test-0123456789")));
}

TEST(Pool, a_wrong_key_stops_the_run_with_thousands_waiting) {
  ChatServer server([](const Received&) { return errs(401, "no"); });
  Client client;
  client.options.max_in_flight = 5000;
  const auto run = client.run(server, 20000);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(server.count(), 1u);
  EXPECT_EQ(run->summary.skipped, 20000u);
}

TEST(Pool, exhausted_quota_stops_at_once_and_a_later_run_goes_on) {
  std::atomic<bool> paid = false;
  ChatServer server([&](const Received& received) {
    return received.number >= 10 && !paid
               ? errs(429, "You exceeded your quota", "insufficient_quota")
               : good(received);
  });
  Client client;
  client.options.max_in_flight = 4;
  const auto first = client.run(server, 40);
  ASSERT_TRUE(first && first->stopped);
  EXPECT_EQ(first->stopped->kind, ErrorKind::kBudget);
  EXPECT_EQ(first->summary.scored, 10u);
  EXPECT_EQ(first->summary.skipped, 30u);
  EXPECT_LE(server.count(), 10u + 4u);
  const std::size_t before = server.count();
  paid = true;
  const auto second = client.run(server, 40);
  EXPECT_EQ(kinds(*second), (Kinds{{OutcomeKind::kScored, 40}}));
  EXPECT_EQ(server.count(), before + 30);
  expect_right_scores(*second);
}

TEST(Pool, a_limit_of_calls_stops_the_run_and_the_next_goes_on) {
  ChatServer server(good);
  Client client;
  client.options.budget.max_calls = 25;
  for (int i = 0; i < 3; ++i) {
    const auto run = client.run(server, 60);
    ASSERT_TRUE(run && run->stopped);
    EXPECT_EQ(run->stopped->kind, ErrorKind::kBudget);
    if (server.count() == 50) break;
  }
  client.options.budget.max_calls.reset();
  const auto last = client.run(server, 60);
  EXPECT_EQ(kinds(*last), (Kinds{{OutcomeKind::kScored, 60}}));
  EXPECT_EQ(server.count(), 60u);
}

TEST(Pool, nothing_listening_stops_the_run_soon) {
  std::string url;
  { url = ChatServer(good).url(); }
  Client client;
  client.options.retry.max_retries = 1;
  const auto run = client.run(Endpoint{url, {}, {}}, 100);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kFailed);
  EXPECT_EQ(run->summary.failed + run->summary.skipped, 100u);
  EXPECT_LE(run->summary.spend.calls, 6);
}

TEST(Pool, a_redirect_is_not_followed) {
  ChatServer other(good);
  ChatServer server([&](const Received&) {
    return with_header(errs(302, "elsewhere"), "Location", other.url());
  });
  Client client;
  const auto run = client.run(server, 3);
  EXPECT_TRUE(run->stopped);
  EXPECT_EQ(other.count(), 0u);
}

TEST(Pool, an_interruption_keeps_what_is_in_flight) {
  std::atomic<bool> interrupted = false;
  ChatServer server([&](const Received& received) {
    if (received.number == 10) interrupted = true;
    Behaviour behaviour = good(received);
    behaviour.delay = milliseconds(20);
    return behaviour;
  });
  Client client;
  client.events.interrupted = &interrupted;
  const auto run = client.run(server, 50);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kInterrupted);
  EXPECT_EQ(run->summary.scored, server.count());
  EXPECT_EQ(client.cache->stats()->replies, static_cast<std::int64_t>(server.count()));
}

// The server is silent for a minute; the client has no reason to be.
TEST(Pool, an_interruption_does_not_wait_for_a_silent_server) {
  std::atomic<bool> interrupted = false;
  ChatServer server([&](const Received& received) {
    Behaviour behaviour = good(received);
    if (received.number >= 5) behaviour.delay = seconds(60);
    if (received.number == 8) interrupted = true;
    return behaviour;
  });
  Client client;
  client.options.time_limit = seconds(50);
  client.events.interrupted = &interrupted;
  const auto begin = client.clock.now();
  const auto run = client.run(server, 50);
  EXPECT_LT(to_seconds(client.clock.now() - begin), 30.0);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kInterrupted);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 5}, {OutcomeKind::kSkipped, 45}}));
  EXPECT_EQ(client.cache->stats()->replies, 5);
}

// --- what servers understand

TEST(Pool, goes_down_the_ladder_once_for_all_requests) {
  ChatServer server([](const Received& received) {
    const auto body = nlohmann::json::parse(received.body);
    if (body.contains("response_format")) return errs(400, "response_format is not supported");
    return good(received);
  });
  Client client;
  const auto run = client.run(server, 20);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 20}}));
  EXPECT_EQ(server.count(), 22u);
  EXPECT_EQ(run->warnings.size(), 2u);
  EXPECT_EQ(run->outcomes[0].reply.rung, Rung::kText);
}

TEST(Pool, drops_a_refused_parameter_once_for_all_requests) {
  ChatServer server([](const Received& received) {
    const auto body = nlohmann::json::parse(received.body);
    return body.contains("temperature")
               ? errs(400, "Unsupported value", "unsupported_value", "temperature")
               : good(received);
  });
  Client client;
  const auto run = client.run(server, 20);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 20}}));
  EXPECT_EQ(server.count(), 21u);
  EXPECT_THAT(run->warnings, ::testing::ElementsAre(HasSubstr("temperature")));
}

// --- certificates

struct CertificateFile {
  std::string path = ::testing::TempDir() + "agentecho_llm_" + std::to_string(getpid()) + ".pem";
  ~CertificateFile() { std::filesystem::remove(path); }
};

TEST(Tls, an_untrusted_certificate_stops_the_run_before_the_key_is_sent) {
  const CertificateFile certificate;
  test::TlsServer server(certificate.path, "{\"overall\": 3}");
  Client client;
  // With several in flight, how many of them have shaken hands by then is a matter of timing.
  client.options.max_in_flight = 1;
  const auto run = client.run(Endpoint{server.url(), Secret("sk-test-0123456789"), {}}, 5);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->summary.skipped, 5u);
  EXPECT_EQ(server.requests(), 0u);
  EXPECT_EQ(server.handshakes(), 1u);
}

TEST(Tls, a_certificate_from_a_named_authority_is_trusted) {
  const CertificateFile certificate;
  test::TlsServer server(certificate.path, "{\"overall\": 3}");
  Client client({.ca_file = certificate.path});
  const auto run = client.run(Endpoint{server.url(), {}, {}}, 2);
  EXPECT_EQ(kinds(*run), (Kinds{{OutcomeKind::kScored, 2}}));
}

// --- in fake time

struct Offline {
  FakeClock clock;
  ScriptedTransport transport;
  Result<ReplyCache> cache = ReplyCache::open(":memory:");
  PoolOptions options;
  RunEvents events;

  explicit Offline(ScriptedTransport::Handler handler) : transport(clock, std::move(handler)) {}
  Result<Run> run(std::size_t count) {
    return Pool({"http://h/v1", {}, {}}, options, transport, clock, &*cache)
        .complete(count, test::score_request, events);
  }
};

TEST(PoolOffline, takes_as_long_as_the_window_says) {
  Offline offline([](const HttpRequest&) {
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})"), seconds(1)};
  });
  offline.options.max_in_flight = 10;
  ASSERT_TRUE(offline.run(101));
  EXPECT_EQ(to_seconds(offline.clock.now()), 11.0);  // the first alone, then ten windows of ten
  EXPECT_EQ(offline.transport.most_in_flight(), 10u);
}

TEST(PoolOffline, stops_at_the_time_limit_and_keeps_what_is_in_flight) {
  Offline offline([](const HttpRequest&) {
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})"), seconds(1)};
  });
  offline.options.max_in_flight = 10;
  offline.options.budget.max_time = milliseconds(2500);
  const auto run = offline.run(100);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kBudget);
  EXPECT_EQ(run->summary.scored, 21u);
  EXPECT_EQ(run->summary.skipped, 79u);
}

TEST(PoolOffline, an_interruption_ends_waits_and_counts_what_may_be_paid_for) {
  std::atomic<bool> interrupted = false;
  int calls = 0;
  Offline offline([&](const HttpRequest&) {
    ++calls;
    if (calls == 12) interrupted = true;
    if (calls % 2 == 0) {  // a repetition waits for this
      return ScriptedTransport::Scripted{error_result(500, "broken"), milliseconds(1)};
    }
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})", "stop", 60, 10),
                                       calls < 4 ? milliseconds(1) : seconds(200)};
  });
  offline.options.max_in_flight = 10;
  offline.options.retry.first = seconds(100);
  offline.options.retry.longest = seconds(100);
  offline.events.interrupted = &interrupted;
  const auto run = offline.run(100);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kInterrupted);
  EXPECT_LT(to_seconds(offline.clock.now()), 10.0);
  EXPECT_EQ(run->summary.scored, 2u);
  EXPECT_EQ(run->summary.skipped, 98u);
  EXPECT_GT(run->summary.spend.usage.output_tokens, 20);
}

TEST(PoolOffline, honours_a_date_in_retry_after) {
  int calls = 0;
  Offline offline([&](const HttpRequest&) {
    // one minute after FakeClock::kStart
    return ScriptedTransport::Scripted{
        calls++ == 0 ? error_result(429, "wait", "", "", "Tue, 14 Nov 2023 22:14:20 GMT")
                     : completion_result(R"({"overall":1})"),
        milliseconds(1)};
  });
  ASSERT_TRUE(offline.run(1));
  EXPECT_GE(to_seconds(offline.clock.now()), 59.0);
  EXPECT_LE(to_seconds(offline.clock.now()), 61.0);
}

TEST(PoolOffline, reports_progress_and_the_time_left) {
  Offline offline([](const HttpRequest&) {
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})"), seconds(1)};
  });
  offline.options.max_in_flight = 1;
  std::vector<Progress> seen;
  offline.events.progress = [&](const Progress& progress) { seen.push_back(progress); };
  ASSERT_TRUE(offline.run(10));
  ASSERT_GE(seen.size(), 10u);
  std::size_t done = 0;
  for (const Progress& progress : seen) {
    EXPECT_EQ(progress.total, 10u);
    EXPECT_GE(progress.done, done);
    done = progress.done;
    if (progress.done == 5 && progress.elapsed == seconds(5)) {
      EXPECT_EQ(progress.left, Duration(seconds(5)));
    }
  }
  EXPECT_EQ(seen.back().done, 10u);
  EXPECT_EQ(seen.back().in_flight, 0u);
}

TEST(PoolOffline, replies_of_an_earlier_run_show_that_the_endpoint_answers) {
  const auto poison = [](const HttpRequest& request) {
    const std::string item = item_of(request.body);
    return item == "item 3" || item == "item 4" || item == "item 5" || item == "item 6";
  };
  bool dead = false;
  Offline offline([&](const HttpRequest& request) {
    return ScriptedTransport::Scripted{dead || poison(request)
                                           ? error_result(500, "always")
                                           : completion_result(R"({"overall":1})"),
                                       milliseconds(1)};
  });
  offline.options.retry.max_retries = 0;
  for (int i = 0; i < 2; ++i) {
    const auto run = offline.run(10);
    ASSERT_TRUE(run);
    EXPECT_FALSE(run->stopped) << i;
    EXPECT_EQ(run->summary.scored, 6u);
    EXPECT_EQ(run->summary.failed, 4u);
  }
  dead = true;
  EXPECT_TRUE(offline.run(100)->stopped);
}

TEST(PoolOffline, estimates_before_anything_is_sent) {
  Offline offline([](const HttpRequest&) {
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})"), seconds(1)};
  });
  ASSERT_TRUE(offline.run(4));
  offline.options.expected_output = 20;
  offline.options.prices.models["judge"] = {1e6, 1e6};  // a unit a token
  Pool pool({"http://h/v1", {}, {}}, offline.options, offline.transport, offline.clock,
            &*offline.cache);
  // items 0..9 and item 0 again
  const auto source = [](std::size_t i) { return test::score_request(i % 10); };
  const auto estimate = pool.estimate(11, source);
  ASSERT_TRUE(estimate);
  EXPECT_EQ(estimate->requests, 11u);
  EXPECT_EQ(estimate->repeated, 1u);
  EXPECT_EQ(estimate->cached, 4u);
  EXPECT_EQ(estimate->calls, 6u);
  const Usage one = estimate_usage(test::score_request(9), 20);
  EXPECT_EQ(estimate->most.input_tokens, 6 * one.input_tokens);
  EXPECT_EQ(estimate->most.output_tokens, 6 * 50);
  EXPECT_EQ(estimate->expected.output_tokens, 6 * 20);
  EXPECT_DOUBLE_EQ(*estimate->most_cost, 6.0 * static_cast<double>(one.input_tokens + 50));
  EXPECT_EQ(offline.transport.started(), 4u);
}

TEST(PoolOffline, keeps_to_the_limit_of_the_cost) {
  Offline offline([](const HttpRequest&) {
    return ScriptedTransport::Scripted{completion_result(R"({"overall":1})", "stop", 60, 10),
                                       seconds(1)};
  });
  offline.options.prices.models["judge"] = {1e4, 1e4};  // 0.01 a token, 0.7 a call
  offline.options.budget.max_cost = 10.0;
  const auto run = offline.run(100);
  ASSERT_TRUE(run && run->stopped);
  EXPECT_EQ(run->stopped->kind, ErrorKind::kBudget);
  EXPECT_LE(run->summary.spend.cost, 10.0);
  EXPECT_GE(run->summary.spend.cost, 8.0);
}

TEST(PoolOffline, refuses_a_limit_of_the_cost_without_a_price) {
  Offline offline([](const HttpRequest&) { return ScriptedTransport::Scripted{}; });
  offline.options.budget.max_cost = 10.0;
  const auto run = offline.run(1);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(offline.transport.started(), 0u);
}

TEST(PoolOffline, refuses_a_bad_request_before_anything_is_sent) {
  Offline offline([](const HttpRequest&) { return ScriptedTransport::Scripted{}; });
  std::vector<ChatRequest> requests(3, test::score_request(0));
  requests[2].schema = "{";
  const auto run = Pool({"http://h/v1", {}, {}}, {}, offline.transport, offline.clock, nullptr)
                       .complete_all(requests);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(run.error().message, HasSubstr("request 2"));
  EXPECT_EQ(offline.transport.started(), 0u);
}

TEST(PoolOffline, a_key_echoed_in_a_reply_is_not_kept) {
  FakeClock clock;
  ScriptedTransport transport(clock, [](const HttpRequest& request) {
    EXPECT_EQ(request.headers->back().value.reveal(), "Bearer sk-echoed");
    return ScriptedTransport::Scripted{
        completion_result("sk-echoed \\u0073k-echoed {\"overall\": 1}"), seconds(1)};
  });
  auto cache = ReplyCache::open(":memory:");
  const auto run = Pool({"http://h/v1", Secret("sk-echoed"), {}}, {}, transport, clock, &*cache)
                       .complete_all({test::score_request(0)});
  EXPECT_EQ(run->outcomes[0].reply.content, "[secret] [secret] {\"overall\": 1}");
  EXPECT_EQ((*cache->get(run->outcomes[0].key))->content, "[secret] [secret] {\"overall\": 1}");
  EXPECT_THAT(run->warnings, ::testing::ElementsAre(HasSubstr("unencrypted")));
}

}  // namespace
}  // namespace agentecho::llm

// Requests for embeddings through the whole chain: what is sent, what is accepted, what is kept.
#include "agentecho/llm/embeddings.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "agentecho/llm/base64.h"
#include "agentecho/llm/batch.h"
#include "agentecho/llm/curl_transport.h"
#include "agentecho/llm/digest.h"
#include "agentecho/llm/pool.h"
#include "agentecho/llm/wire.h"
#include "support/chat_server.h"
#include "support/llm_requests.h"

namespace agentecho::llm {
namespace {

using test::Behaviour;
using test::ChatServer;
using test::Received;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ChatRequest request_for(std::vector<std::string> texts) {
  ChatRequest request;
  request.model = "embedder";
  request.texts_to_embed = std::move(texts);
  return request;
}

// Two texts for each index.
ChatRequest two_texts(std::size_t index) {
  return request_for({fmt::format("text {}", index), fmt::format("other {}", index)});
}

// What the server below gives to a text: its length and a third.
std::vector<float> vector_of(const std::string& text) {
  return {static_cast<float>(text.size()), 1.0F / 3.0F};
}

Behaviour embeds(const Received& received) {
  std::vector<std::vector<float>> vectors;
  const auto body = nlohmann::json::parse(received.body);
  for (const auto& text : body["input"]) {
    vectors.push_back(vector_of(text));
  }
  Behaviour behaviour;
  behaviour.body = test::embeddings_body(vectors);
  return behaviour;
}

Answer read(const std::string& body, std::size_t count, const Redactor& redactor = {}) {
  return read_body(200, body, request_for(std::vector<std::string>(count, "text")), Dialect{},
                   redactor);
}

Embeddings accepted(const std::string& body, std::size_t count) {
  const Answer answer = read(body, count);
  EXPECT_EQ(answer.kind, AnswerKind::kReply) << answer.detail;
  const auto embeddings = embeddings_of(answer.reply);
  return embeddings ? *embeddings : Embeddings{};
}

std::string rejected(const std::string& body, std::size_t count) {
  const Answer answer = read(body, count);
  EXPECT_EQ(answer.kind, AnswerKind::kUnreadable);
  EXPECT_TRUE(answer.maybe_paid);
  return answer.detail;
}

// --- the form that vectors are kept in

TEST(Base64OfFloats, is_little_endian_and_exact) {
  // 1.0f = 00 00 80 3F, 2.0f = 00 00 00 40
  EXPECT_EQ(base64_of_floats(std::vector{1.0F}), "AACAPw==");
  EXPECT_EQ(base64_of_floats(std::vector{1.0F, 2.0F}), "AACAPwAAAEA=");
  EXPECT_EQ(base64_of_floats({}), "");
  const std::vector<float> odd = {-0.0F, 1e-45F, 3.4e38F, 0.1F, -7.0F};
  EXPECT_EQ(floats_of_base64(base64_of_floats(odd)), odd);
  EXPECT_TRUE(std::signbit(floats_of_base64(base64_of_floats(odd))->front()));
}

TEST(Base64OfFloats, refuses_every_other_spelling) {
  for (const char* text : {"AACAPw=", "AACAPw", "AACAPx==", " AACAPw==", "AACAPw==\n", "AACA",
                           "AAC-Pw==", "====", "AA==PwAA"}) {
    EXPECT_FALSE(floats_of_base64(text)) << text;
  }
}

TEST(Embeddings, are_what_was_packed) {
  const Embeddings embeddings = {{1.0F, 2.0F}, {0.1F, -0.5F}};
  ChatReply reply;
  reply.json = packed_embeddings(embeddings);
  EXPECT_THAT(reply.json, ::testing::StartsWith(R"({"embeddings":["AACAPwAAAEA=",)"));
  EXPECT_EQ(embeddings_of(reply), embeddings);
}

TEST(Embeddings, are_not_read_out_of_anything_else) {
  for (const char* json :
       {"", "{}", "[]", R"({"overall":3})", R"({"embeddings":[]})", R"({"embeddings":[""]})",
        R"({"embeddings":["AACAPw==","AACAPwAAAEA="]})", R"({"embeddings":["AACAfw=="]})"}) {
    ChatReply reply;
    reply.json = json;
    const auto read = embeddings_of(reply);
    ASSERT_FALSE(read) << json;
    EXPECT_EQ(read.error().kind, ErrorKind::kInput);
  }
}

// --- what is sent

TEST(EmbeddingsRequest, asks_for_lists_of_floats) {
  EXPECT_EQ(render_body(request_for({"a", "b"}), Dialect{}),
            R"({"encoding_format":"float","input":["a","b"],"model":"embedder"})");
  ChatRequest request = request_for({"a"});
  request.extra = R"({"encoding_format":"base64","dimensions":8})";
  EXPECT_EQ(render_body(request, Dialect{}),
            R"({"dimensions":8,"encoding_format":"base64","input":["a"],"model":"embedder"})");
}

TEST(EmbeddingsRequest, takes_nothing_that_belongs_to_messages) {
  const auto good = [](auto change) {
    ChatRequest request = request_for({"a"});
    change(request);
    return check(request).has_value();
  };
  EXPECT_TRUE(good([](ChatRequest&) {}));
  EXPECT_TRUE(good([](ChatRequest& r) { r.extra = R"({"dimensions":8})"; }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.model.clear(); }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.messages = {{Role::kUser, "b"}}; }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.temperature = 0.0; }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.max_tokens = 5; }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.seed = 5; }));
  EXPECT_FALSE(good([](ChatRequest& r) {
    r.schema = R"({"type":"object"})";
    r.schema_name = "s";
  }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.texts_to_embed.push_back(" "); }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.texts_to_embed.assign(kMaxTextsToEmbed + 1, "a"); }));
  EXPECT_FALSE(good([](ChatRequest& r) { r.extra = R"({"input":"b"})"; }));
}

TEST(EmbeddingsRequest, has_a_key_of_its_own) {
  const std::string key = cache_key("http://h/v1", request_for({"a", "b"}));
  EXPECT_EQ(cache_key("http://h/v1/embeddings", request_for({"a", "b"})), key);
  EXPECT_NE(cache_key("http://h/v1", request_for({"b", "a"})), key);
  EXPECT_NE(cache_key("http://h/v1", request_for({"ab"})), key);
  ChatRequest smaller = request_for({"a", "b"});
  smaller.extra = R"({"dimensions":8})";
  EXPECT_NE(cache_key("http://h/v1", smaller), key);
}

TEST(EmbeddingsRequest, costs_its_texts) {
  const Usage usage = estimate_usage(request_for({"12345678", "1234"}), 300);
  EXPECT_EQ(usage.input_tokens, 3);
  EXPECT_EQ(usage.output_tokens, 0);
}

// --- what is accepted

TEST(EmbeddingsReply, is_put_in_order_by_index) {
  EXPECT_EQ(
      accepted(R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2.5]}]})", 2),
      (Embeddings{{1.0F, 2.5F}, {3.0F, 4.0F}}));
  EXPECT_EQ(accepted(R"({"data":[{"embedding":[3]},{"embedding":[1]}]})", 2),
            (Embeddings{{3.0F}, {1.0F}}));
}

TEST(EmbeddingsReply, may_be_base64) {
  EXPECT_EQ(accepted(R"({"data":[{"index":0,"embedding":"AACAPwAAAEA="}]})", 1),
            (Embeddings{{1.0F, 2.0F}}));
}

TEST(EmbeddingsReply, tells_what_it_used) {
  const Answer answer = read(test::embeddings_body({{1.0F}}), 1);
  ASSERT_TRUE(answer.reply.usage);
  EXPECT_EQ(answer.reply.usage->input_tokens, 7);
  EXPECT_EQ(answer.reply.usage->output_tokens, 0);
  EXPECT_EQ(answer.reply.served_model, "loopback");
  EXPECT_EQ(answer.reply.content, "");
}

TEST(EmbeddingsReply, is_rejected_where_anything_is_missing_or_odd) {
  const auto with = [](const std::string& data) { return "{\"data\":" + data + "}"; };
  EXPECT_THAT(rejected("{}", 1), HasSubstr("no list"));
  EXPECT_THAT(rejected(with("{}"), 1), HasSubstr("no list"));
  EXPECT_THAT(rejected(with("[]"), 1), HasSubstr("0 embeddings for 1"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[1]}])"), 2), HasSubstr("1 embeddings"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}])"), 2),
              HasSubstr("indices"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[1]},{"embedding":[1]}])"), 2),
              HasSubstr("indices"));
  EXPECT_THAT(rejected(with(R"([{"index":1,"embedding":[1]}])"), 1), HasSubstr("indices"));
  EXPECT_THAT(rejected(with(R"([{"index":-1,"embedding":[1]}])"), 1), HasSubstr("indices"));
  EXPECT_THAT(rejected(with(R"([{"index":0.0,"embedding":[1]}])"), 1), HasSubstr("indices"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}])"), 2),
              HasSubstr("differ in dimension"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[]}])"), 1), HasSubstr("0 dimensions"));
  EXPECT_THAT(rejected(with(R"([{"index":0}])"), 1), HasSubstr("no embedding"));
  EXPECT_THAT(rejected(with(R"([7])"), 1), HasSubstr("no embedding"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":["1"]}])"), 1), HasSubstr("no number"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":{"0":1}}])"), 1), HasSubstr("neither"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":"AACA"}])"), 1), HasSubstr("neither"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":[1e39]}])"), 1), HasSubstr("finite"));
  EXPECT_THAT(rejected(with(R"([{"index":0,"embedding":"AADAfw=="}])"), 1), HasSubstr("finite"));
  EXPECT_THAT(rejected(with("[{\"index\":0,\"embedding\":[0" +
                            [] {
                              std::string zeros;
                              for (std::size_t i = 0; i < kMaxDimension; ++i) zeros += ",0";
                              return zeros;
                            }() +
                            "]}]"),
                       1),
              HasSubstr("65537 dimensions"));
}

TEST(EmbeddingsReply, that_spells_the_key_is_rejected) {
  const std::string packed = base64_of_floats(std::vector{1.5F, 2.5F, 3.5F});
  const Redactor redactor({Secret(packed.substr(2, 8))});
  const Answer answer = read(R"({"data":[{"index":0,"embedding":[1.5,2.5,3.5]}]})", 1, redactor);
  EXPECT_EQ(answer.kind, AnswerKind::kUnreadable);
  EXPECT_EQ(answer.reply.json, "");
}

// --- the chain

struct Client {
  SystemClock clock;
  CurlTransport transport;
  Result<ReplyCache> cache = ReplyCache::open(":memory:");
  PoolOptions options;

  Client() {
    options.max_in_flight = 4;
    options.retry.max_retries = 2;
    options.retry.first = std::chrono::milliseconds(2);
    options.retry.longest = std::chrono::milliseconds(4);
  }
  Result<Run> run(const ChatServer& server, std::size_t count) {
    return Pool({server.url(), Secret("sk-test-0123456789"), {}}, options, transport, clock,
                &*cache)
        .complete(count, two_texts);
  }
};

TEST(EmbeddingsPool, asks_each_once_and_keeps_what_came) {
  ChatServer server(embeds);
  Client client;
  client.options.prices.models["embedder"] = {1e6, 0};  // a unit a token
  for (int round = 0; round < 2; ++round) {
    const auto run = client.run(server, 20);
    ASSERT_TRUE(run);
    ASSERT_EQ(run->summary.scored, 20u);
    for (std::size_t i = 0; i < 20; ++i) {
      const auto embeddings = embeddings_of(run->outcomes[i].reply);
      ASSERT_TRUE(embeddings);
      const auto texts = two_texts(i).texts_to_embed;
      EXPECT_THAT(*embeddings, ElementsAre(vector_of(texts[0]), vector_of(texts[1])));
    }
    EXPECT_EQ(run->summary.spend.cost, round == 0 ? 20 * 7.0 : 0.0);
    EXPECT_EQ(server.count(), 20u);
  }
  for (const Received& received : server.received()) EXPECT_EQ(received.target, "/v1/embeddings");
}

// The first reply to each question is not: whichever question is asked next while one waits.
TEST(EmbeddingsPool, asks_again_after_a_reply_that_is_not_valid) {
  std::mutex guard;
  std::set<std::string> asked;
  ChatServer server([&](const Received& received) {
    Behaviour behaviour = embeds(received);
    const std::lock_guard lock(guard);
    if (asked.insert(received.body).second) behaviour.body = test::embeddings_body({{1.0F}});
    return behaviour;
  });
  Client client;
  const auto run = client.run(server, 5);
  EXPECT_EQ(run->summary.scored, 5u);
  EXPECT_EQ(server.count(), 10u);
}

TEST(EmbeddingsPool, a_server_that_never_gives_valid_ones_is_no_embedding) {
  ChatServer server([](const Received&) { return test::says("hello"); });
  Client client;
  const auto run = client.run(server, 2);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->summary.scored, 0u);
  EXPECT_EQ(run->outcomes[0].kind, OutcomeKind::kUnparseable);
  EXPECT_EQ(client.cache->stats()->replies, 0);
}

TEST(EmbeddingsPool, goes_on_without_encoding_format_where_it_is_refused) {
  ChatServer server([](const Received& received) {
    return nlohmann::json::parse(received.body).contains("encoding_format")
               ? test::errs(400, "Unrecognized field", "", "encoding_format")
               : embeds(received);
  });
  Client client;
  const auto run = client.run(server, 6);
  EXPECT_EQ(run->summary.scored, 6u);
  EXPECT_EQ(server.count(), 7u);
  EXPECT_THAT(run->warnings, ElementsAre(HasSubstr("encoding_format")));
}

TEST(EmbeddingsPool, may_be_mixed_with_messages) {
  ChatServer server([](const Received& received) {
    return received.target == "/v1/embeddings" ? embeds(received) : test::says(R"({"overall":3})");
  });
  Client client;
  const auto run = Pool({server.url() + "/embeddings", {}, {}}, client.options, client.transport,
                        client.clock, &*client.cache)
                       .complete_all({two_texts(0), test::score_request(0), two_texts(1)});
  EXPECT_EQ(run->summary.scored, 3u);
  EXPECT_EQ(run->outcomes[1].reply.json, R"({"overall":3})");
}

// --- batch files and exports

const Endpoint kEndpoint{"http://127.0.0.1:1/v1", {}, {}};

TEST(EmbeddingsBatch, fills_the_cache) {
  auto cache = ReplyCache::open(":memory:");
  SystemClock clock;
  std::ostringstream out;
  EXPECT_EQ(write_batch(out, kEndpoint, 2, two_texts, &*cache)->written, 2u);
  std::istringstream lines(out.str());
  std::string answers;
  for (std::string line; std::getline(lines, line);) {
    const auto asked = nlohmann::json::parse(line);
    EXPECT_EQ(asked["url"], "/v1/embeddings");
    EXPECT_EQ(asked["body"]["input"].size(), 2u);
    nlohmann::json answer = {{"custom_id", asked["custom_id"]}, {"error", nullptr}};
    answer["response"] = {{"status_code", 200}};
    answer["response"]["body"] =
        nlohmann::json::parse(test::embeddings_body({{1.0F, 2.0F}, {3.0F, 4.0F}}));
    answers += answer.dump() + "\n";
  }
  std::istringstream in(answers);
  const auto read = read_batch(in, kEndpoint, 2, two_texts, *cache, clock);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->filled, 2u);
  EXPECT_THAT(read->problems, IsEmpty());
  const auto kept = cache->get(cache_key(kEndpoint.url, two_texts(1)));
  EXPECT_THAT(embeddings_of(**kept).value(),
              ElementsAre(ElementsAre(1.0F, 2.0F), ElementsAre(3.0F, 4.0F)));
  // and through an export
  std::ostringstream exported;
  ASSERT_TRUE(cache->export_jsonl(exported));
  auto other = ReplyCache::open(":memory:");
  std::istringstream again(exported.str());
  const auto imported = other->import_jsonl(again);
  EXPECT_EQ(imported->added, 2u);
  EXPECT_THAT(imported->problems, IsEmpty());
}

}  // namespace
}  // namespace agentecho::llm

// The reply cache and the batch files that fill it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "agentecho/llm/batch.h"
#include "agentecho/llm/digest.h"
#include "agentecho/llm/reply_cache.h"
#include "support/chat_server.h"
#include "support/llm_requests.h"

namespace agentecho::llm {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A folder of its own that goes with the test.
class CacheFile : public ::testing::Test {
 protected:
  CacheFile() {
    std::string pattern = ::testing::TempDir() + "agentecho_llm_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~CacheFile() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name = "cache.sqlite") const { return folder_ + "/" + name; }
  std::string folder_;
};

CacheEntry entry(int number, std::int64_t created_at = 1000) {
  CacheEntry entry;
  entry.key = sha256_hex(std::to_string(number));
  entry.endpoint = "http://h/v1";
  entry.model = "judge";
  entry.created_at = created_at;
  entry.reply.content = "{\"overall\": " + std::to_string(number) + "}";
  entry.reply.json = "{\"overall\":" + std::to_string(number) + "}";
  entry.reply.served_model = "judge-2";
  entry.reply.finish_reason = "stop";
  entry.reply.usage = Usage{12, 3};
  entry.reply.rung = Rung::kJsonObject;
  return entry;
}

TEST_F(CacheFile, hit_miss_and_failure_are_three_answers) {
  auto cache = ReplyCache::open(path());
  ASSERT_TRUE(cache);
  EXPECT_TRUE(*cache->put(entry(1)));
  const auto hit = cache->get(entry(1).key);
  ASSERT_TRUE(hit && *hit);
  EXPECT_EQ((*hit)->content, entry(1).reply.content);
  EXPECT_EQ((*hit)->json, entry(1).reply.json);
  EXPECT_EQ((*hit)->served_model, "judge-2");
  EXPECT_EQ((*hit)->finish_reason, "stop");
  EXPECT_EQ((*hit)->usage->input_tokens, 12);
  EXPECT_EQ((*hit)->rung, Rung::kJsonObject);
  const auto miss = cache->get(entry(2).key);
  ASSERT_TRUE(miss);
  EXPECT_FALSE(*miss);
  sqlite3* raw = nullptr;
  sqlite3_open(path().c_str(), &raw);
  sqlite3_exec(raw, "DROP TABLE replies", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  EXPECT_FALSE(cache->get(entry(1).key));
}

TEST_F(CacheFile, keeps_the_first_reply_to_a_key) {
  auto cache = ReplyCache::open(path());
  CacheEntry second = entry(1);
  second.reply.content = "other";
  EXPECT_TRUE(*cache->put(entry(1)));
  EXPECT_FALSE(*cache->put(second));
  EXPECT_EQ((*cache->get(entry(1).key))->content, entry(1).reply.content);
  EXPECT_TRUE(*cache->remove(entry(1).key));
  EXPECT_FALSE(*cache->remove(entry(1).key));
  EXPECT_FALSE(*cache->get(entry(1).key));
}

TEST_F(CacheFile, survives_closing_and_is_private) {
  { ASSERT_TRUE(ReplyCache::open(path())->put(entry(1))); }
  auto cache = ReplyCache::open(path());
  EXPECT_TRUE(*cache->get(entry(1).key));
  struct stat status {};
  ASSERT_EQ(stat(path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(CacheFile, refuses_files_that_are_no_reply_cache) {
  std::ofstream(path("text")) << "this is a text file and no database at all, is it not?";
  EXPECT_FALSE(ReplyCache::open(path("text")));
  sqlite3* raw = nullptr;
  sqlite3_open(path("other").c_str(), &raw);
  sqlite3_exec(raw, "CREATE TABLE t(x)", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  const auto other = ReplyCache::open(path("other"));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("something else"));
  EXPECT_FALSE(ReplyCache::open(path("no/such/folder")));
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(CacheFile, leaves_a_database_of_something_else_as_it_is) {
  sqlite3* raw = nullptr;
  sqlite3_open(path().c_str(), &raw);
  sqlite3_exec(raw, "CREATE TABLE notes(text TEXT); INSERT INTO notes VALUES('mine')", nullptr,
               nullptr, nullptr);
  sqlite3_close(raw);
  const std::string before = bytes_of(path());
  const auto cache = ReplyCache::open(path());
  ASSERT_FALSE(cache);
  EXPECT_THAT(cache.error().message, HasSubstr("database of something else"));
  EXPECT_EQ(bytes_of(path()), before);
}

TEST_F(CacheFile, a_table_of_other_columns_is_no_reply_cache) {
  { ASSERT_TRUE(ReplyCache::open(path())); }
  sqlite3* raw = nullptr;
  sqlite3_open(path().c_str(), &raw);
  sqlite3_exec(raw, "DROP TABLE replies; CREATE TABLE replies(key TEXT)", nullptr, nullptr,
               nullptr);
  sqlite3_close(raw);
  const auto cache = ReplyCache::open(path());
  ASSERT_FALSE(cache);
  EXPECT_THAT(cache.error().message, HasSubstr("no such column"));
}

// The table as the first version made it, with one reply in it.
TEST_F(CacheFile, a_cache_of_the_first_version_goes_on) {
  sqlite3* raw = nullptr;
  sqlite3_open(path().c_str(), &raw);
  const std::string sql =
      "CREATE TABLE replies(key TEXT PRIMARY KEY NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT "
      "NULL, prompt_version TEXT NOT NULL, schema_name TEXT NOT NULL, repeat_index INTEGER NOT "
      "NULL, side_order INTEGER NOT NULL, created_at INTEGER NOT NULL, content TEXT NOT NULL, json "
      "TEXT NOT NULL, served_model TEXT NOT NULL, finish_reason TEXT NOT NULL, input_tokens "
      "INTEGER, output_tokens INTEGER, rung TEXT NOT NULL) WITHOUT ROWID;"
      "INSERT INTO replies VALUES('" +
      entry(1).key +
      "','http://h/v1','judge','','',0,0,1000,'{\"overall\": 1}','{\"overall\":1}','','stop',1,1,"
      "'text'); PRAGMA application_id=1095060547; PRAGMA user_version=1";
  ASSERT_EQ(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  auto cache = ReplyCache::open(path());
  ASSERT_TRUE(cache) << cache.error().message;
  const auto old = cache->get(entry(1).key);
  ASSERT_TRUE(old && *old);
  EXPECT_EQ((*old)->json, "{\"overall\":1}");
  EXPECT_THAT((*old)->refused_fields, IsEmpty());
  CacheEntry later = entry(2);
  later.reply.refused_fields = {"seed", "temperature"};
  EXPECT_TRUE(*cache->put(later));
  EXPECT_EQ((**cache->get(later.key)).refused_fields, later.reply.refused_fields);
}

TEST_F(CacheFile, a_question_has_one_owner_until_it_is_answered_given_up_or_out_of_time) {
  auto cache = ReplyCache::open(path());
  const std::string key = entry(1).key;
  const std::string ours = claim_owner();
  const std::string other = claim_owner();
  EXPECT_TRUE(*cache->claim(key, ours, 1000, 1060));
  EXPECT_TRUE(*cache->claim(key, ours, 1000, 1060));
  EXPECT_FALSE(*cache->claim(key, other, 1059, 1119));
  ASSERT_TRUE(cache->renew(ours, 1100));
  EXPECT_FALSE(*cache->claim(key, other, 1060, 1120));
  EXPECT_TRUE(*cache->claim(key, other, 1100, 1160));
  EXPECT_FALSE(*cache->claim(key, ours, 1101, 1161));
  ASSERT_TRUE(cache->unclaim(key));
  EXPECT_TRUE(*cache->claim(key, ours, 1102, 1162));
  EXPECT_TRUE(*cache->put(entry(1)));
  EXPECT_TRUE(*cache->claim(key, other, 1103, 1163));
}

TEST_F(CacheFile, a_process_that_is_no_more_holds_no_question) {
  auto cache = ReplyCache::open(path());
  const pid_t child = fork();
  if (child == 0) {
    auto own = ReplyCache::open(path());
    const bool good = own && own->claim(entry(1).key, claim_owner(), 1000, 1060).value_or(false);
    _exit(good ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(*cache->claim(entry(1).key, claim_owner(), 1001, 1061));
}

TEST_F(CacheFile, refuses_a_later_version) {
  { ASSERT_TRUE(ReplyCache::open(path())); }
  sqlite3* raw = nullptr;
  sqlite3_open(path().c_str(), &raw);
  sqlite3_exec(raw, "PRAGMA user_version=99", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  const auto later = ReplyCache::open(path());
  ASSERT_FALSE(later);
  EXPECT_THAT(later.error().message, HasSubstr("later version"));
}

TEST_F(CacheFile, is_pruned_by_age_and_by_size_oldest_first) {
  auto cache = ReplyCache::open(path());
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(cache->put(entry(i, 1000 + i)));
  EXPECT_EQ(cache->stats()->replies, 10);
  EXPECT_EQ(cache->stats()->oldest, 1000);
  EXPECT_EQ(cache->stats()->newest, 1009);
  EXPECT_EQ(*cache->prune({.created_before = 1003, .max_bytes = {}}), 3);
  const std::int64_t each = cache->stats()->bytes / 7;
  EXPECT_EQ(*cache->prune({.created_before = {}, .max_bytes = 2 * each}), 5);
  EXPECT_TRUE(*cache->get(entry(9).key));
  EXPECT_TRUE(*cache->get(entry(8).key));
  EXPECT_FALSE(*cache->get(entry(7).key));
  EXPECT_EQ(*cache->prune({}), 0);
}

TEST_F(CacheFile, what_is_exported_can_be_imported_again) {
  auto cache = ReplyCache::open(path());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(cache->put(entry(i)));
  std::ostringstream out;
  EXPECT_EQ(*cache->export_jsonl(out), 3u);
  auto other = ReplyCache::open(path("other.sqlite"));
  std::istringstream in(out.str() + "\nnot json\n{\"key\":\"abc\"}\n");
  const auto report = other->import_jsonl(in);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->added, 3u);
  EXPECT_THAT(report->problems,
              ::testing::ElementsAre(HasSubstr("line 5: "), HasSubstr("line 6: ")));
  std::ostringstream again;
  ASSERT_TRUE(other->export_jsonl(again));
  EXPECT_EQ(again.str(), out.str());
  std::istringstream twice(out.str());
  EXPECT_EQ(other->import_jsonl(twice)->present, 3u);
}

TEST_F(CacheFile, times_that_no_calendar_has_are_not_imported) {
  auto cache = ReplyCache::open(path());
  const auto line = [](int number, const std::string& time) {
    return R"({"key":")" + entry(number).key + R"(","content":"{}","rung":"text","created_at":)" +
           time + "}\n";
  };
  std::istringstream in(line(0, "0") + line(1, "253402300799") + line(2, "253402300800") +
                        line(3, "-1") + line(4, "9223372036854775807") +
                        line(5, "18446744073709551615"));
  const auto report = cache->import_jsonl(in);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->added, 2u);
  EXPECT_THAT(report->problems,
              ::testing::ElementsAre(HasSubstr("line 3: \"created_at\""), HasSubstr("line 4: "),
                                     HasSubstr("line 5: "), HasSubstr("line 6: ")));
  EXPECT_EQ(cache->stats()->newest, kLatestCreation);
}

// Several times: who meets whom while the file is set up is a matter of luck.
TEST_F(CacheFile, several_processes_may_open_and_fill_it_at_once) {
  constexpr int kRounds = 8;
  constexpr int kProcesses = 6;
  constexpr int kEach = 20;
  for (int round = 0; round < kRounds; ++round) {
    const std::string file = path() + std::to_string(round);
    std::vector<pid_t> children;
    for (int process = 0; process < kProcesses; ++process) {
      const pid_t child = fork();
      if (child == 0) {
        auto cache = ReplyCache::open(file);
        if (!cache) std::cerr << cache.error().message << '\n';
        bool good = cache.has_value();
        // Neighbours overlap by half.
        for (int i = 0; good && i < kEach; ++i) {
          const auto stored = cache->put(entry(process * kEach / 2 + i));
          if (!stored) std::cerr << stored.error().message << '\n';
          good = stored.has_value();
        }
        _exit(good ? 0 : 1);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      waitpid(child, &status, 0);
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    EXPECT_EQ(ReplyCache::open(file)->stats()->replies, (kProcesses + 1) * kEach / 2);
  }
}

// --- batch files

const Endpoint kEndpoint{"http://127.0.0.1:1/v1", Secret("sk-batch-key"), {}};

std::string key_of(std::size_t index) {
  return cache_key(kEndpoint.url, test::score_request(index));
}

std::string answer_line(std::size_t index, const std::string& content, int status = 200) {
  nlohmann::json line = {{"id", "batch_req_1"}, {"custom_id", key_of(index)}, {"error", nullptr}};
  line["response"] = {{"status_code", status},
                      {"request_id", "r"},
                      {"body", nlohmann::json::parse(test::completion_body(content))}};
  return line.dump() + "\n";
}

TEST(Batch, writes_the_openai_format_with_unique_ids) {
  std::ostringstream out;
  // the third request repeats the first
  const auto source = [](std::size_t i) { return test::score_request(i % 2); };
  const auto written = write_batch(out, kEndpoint, 3, source, nullptr);
  ASSERT_TRUE(written);
  EXPECT_EQ(written->written, 2u);
  EXPECT_EQ(written->repeated, 1u);
  EXPECT_EQ(out.str().find("sk-batch-key"), std::string::npos);
  std::istringstream lines(out.str());
  std::string text;
  for (std::size_t i = 0; std::getline(lines, text); ++i) {
    const auto line = nlohmann::json::parse(text);
    EXPECT_EQ(line["custom_id"], key_of(i));
    EXPECT_EQ(line["method"], "POST");
    EXPECT_EQ(line["url"], "/v1/chat/completions");
    EXPECT_EQ(line["body"]["model"], "judge");
    EXPECT_EQ(line["body"]["messages"][0]["content"], "item " + std::to_string(i));
  }
}

TEST(Batch, answers_in_any_order_fill_the_cache_and_leave_nothing_to_write) {
  auto cache = ReplyCache::open(":memory:");
  SystemClock clock;
  std::istringstream in(answer_line(2, R"({"overall":3})") + "\n" +
                        answer_line(0, R"({"overall":1})") + answer_line(1, R"({"overall":2})") +
                        answer_line(1, R"({"overall":5})"));
  const auto read = read_batch(in, kEndpoint, 3, test::score_request, *cache, clock);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->lines, 4u);
  EXPECT_EQ(read->filled, 3u);
  EXPECT_EQ(read->present, 1u);
  EXPECT_EQ(read->missing, 0u);
  EXPECT_THAT(read->problems, IsEmpty());
  EXPECT_EQ((*cache->get(key_of(1)))->json, R"({"overall":2})");
  std::ostringstream out;
  EXPECT_EQ(write_batch(out, kEndpoint, 3, test::score_request, &*cache)->cached, 3u);
  EXPECT_EQ(out.str(), "");
}

TEST(Batch, reads_the_shape_of_older_vllm) {
  auto cache = ReplyCache::open(":memory:");
  SystemClock clock;
  nlohmann::json line = {{"id", "vllm-1"}, {"custom_id", key_of(0)}, {"error", nullptr}};
  line["response"] = nlohmann::json::parse(test::completion_body(R"({"overall":4})"));
  std::istringstream in(line.dump());
  EXPECT_EQ(read_batch(in, kEndpoint, 1, test::score_request, *cache, clock)->filled, 1u);
}

// Its own members beside those of OpenAI; a request that failed has a status and no body.
TEST(Batch, reads_what_vllm_writes_of_answers_and_of_failures) {
  auto cache = ReplyCache::open(":memory:");
  SystemClock clock;
  nlohmann::json answered = nlohmann::json::parse(answer_line(0, R"({"overall":4})"));
  nlohmann::json& body = answered["response"]["body"];
  body["choices"][0]["message"]["reasoning_content"] = nullptr;
  body["choices"][0]["message"]["tool_calls"] = nlohmann::json::array();
  body["choices"][0]["logprobs"] = nullptr;
  body["choices"][0]["stop_reason"] = nullptr;
  body["prompt_logprobs"] = nullptr;
  body["kv_transfer_params"] = nullptr;
  nlohmann::json failed = {{"id", "vllm-2"}, {"custom_id", key_of(1)}};
  failed["response"] = {{"status_code", 400}, {"request_id", "vllm-batch-2"}, {"body", nullptr}};
  failed["error"] = "The context is too long.";
  nlohmann::json told = failed;
  told["custom_id"] = key_of(2);
  told["error"] = {{"message", "no such model"}, {"type", "NotFoundError"}, {"code", 404}};
  std::istringstream in(answered.dump() + "\n" + failed.dump() + "\n" + told.dump() + "\n");
  const auto read = read_batch(in, kEndpoint, 3, test::score_request, *cache, clock);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->filled, 1u);
  ASSERT_EQ(read->problems.size(), 2u);
  EXPECT_EQ(read->problems[0].kind, OutcomeKind::kFailed);
  EXPECT_THAT(read->problems[0].reason, HasSubstr("The context is too long."));
  EXPECT_EQ(read->problems[1].kind, OutcomeKind::kFailed);
  EXPECT_THAT(read->problems[1].reason, HasSubstr("no such model"));
}

TEST(Batch, reports_every_line_that_filled_nothing) {
  auto cache = ReplyCache::open(":memory:");
  SystemClock clock;
  std::string failed = answer_line(1, "x", 500);
  std::istringstream in(
      "not json\n" + answer_line(0, "no number here") + failed + R"({"custom_id":")" + key_of(2) +
      R"(","response":null,"error":{"code":"batch_expired",)" + R"("message":"expired"}})" + "\n" +
      R"({"custom_id":"stranger","response":{}})" + "\n" + R"({"response":{}})" + "\n" +
      R"({"custom_id":")" + key_of(2) + "\"}\n" + answer_line(2, R"({"overall":1,"overall":2})") +
      R"({"custom_id":"a","custom_id":"b"})");
  const auto read = read_batch(in, kEndpoint, 3, test::score_request, *cache, clock);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->lines, 9u);
  EXPECT_EQ(read->filled, 0u);
  EXPECT_EQ(read->unknown, 1u);
  EXPECT_EQ(read->missing, 3u);
  const std::vector<std::pair<std::size_t, OutcomeKind>> expected = {
      {1, OutcomeKind::kUnparseable}, {2, OutcomeKind::kUnparseable},
      {3, OutcomeKind::kFailed},      {4, OutcomeKind::kFailed},
      {6, OutcomeKind::kUnparseable}, {7, OutcomeKind::kUnparseable},
      {8, OutcomeKind::kUnparseable}, {9, OutcomeKind::kUnparseable}};
  ASSERT_EQ(read->problems.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(read->problems[i].line, expected[i].first);
    EXPECT_EQ(read->problems[i].kind, expected[i].second) << read->problems[i].reason;
  }
  EXPECT_THAT(read->problems[3].reason, HasSubstr("expired"));
  EXPECT_EQ(cache->stats()->replies, 0);
}

}  // namespace
}  // namespace agentecho::llm

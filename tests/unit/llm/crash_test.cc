// A process that is killed at any moment loses no reply that was stored: 50 kills, then an end that
// equals an undisturbed run byte for byte; no stored reply is ever asked for again, and no process
// asks for anything twice.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "agentecho/base/random.h"
#include "agentecho/llm/digest.h"
#include "agentecho/llm/reply_cache.h"
#include "support/chat_server.h"
#include "support/llm_requests.h"

namespace agentecho::llm {
namespace {

constexpr int kKills = 50;
constexpr std::size_t kItems = 4000;   // more than 50 lives get answered, also on a busy machine
constexpr std::size_t kInFlight = 16;  // as in tests/support/llm_run.cc

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class Crash : public ::testing::Test {
 protected:
  Crash() : server_([this](const test::Received& received) { return answer(received); }, false) {
    std::string pattern = ::testing::TempDir() + "agentecho_crash_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~Crash() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  test::Behaviour answer(const test::Received& received) {
    const std::string item = nlohmann::json::parse(received.body)["messages"][0]["content"];
    const std::size_t number = std::stoul(item.substr(5));
    {
      const std::lock_guard lock(mutex_);
      asked_.push_back(number);
    }
    test::Behaviour behaviour = test::says("{\"overall\": " + std::to_string(number % 5 + 1) + "}");
    behaviour.delay = std::chrono::milliseconds(1 + number % 4);
    return behaviour;
  }

  pid_t start(const std::string& cache, const std::string& out) {
    std::vector<std::string> words = {AGENTECHO_LLM_RUN, server_.url(), path(cache),
                                      std::to_string(kItems), path(out)};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, AGENTECHO_LLM_RUN, nullptr, nullptr, arguments.data(), environ),
              0);
    return child;
  }

  static bool ended_well(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  std::set<std::size_t> stored(const std::string& cache_name) {
    auto cache = ReplyCache::open(path(cache_name));
    EXPECT_TRUE(cache);
    std::set<std::size_t> numbers;
    for (std::size_t i = 0; i < kItems; ++i) {
      const auto found = cache->get(cache_key(server_.url(), test::score_request(i)));
      EXPECT_TRUE(found);
      if (found && *found) numbers.insert(i);
    }
    return numbers;
  }

  // What a process that is gone had sent may reach the server only now.
  void wait_until_quiet() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!server_.idle()) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }

  // Since the last call.
  std::vector<std::size_t> take_asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

  std::string folder_;
  std::mutex mutex_;
  std::vector<std::size_t> asked_;
  test::ChatServer server_;
};

TEST_F(Crash, killed_fifty_times_nothing_stored_is_asked_again_and_the_end_is_the_same) {
  ASSERT_TRUE(ended_well(start("calm.sqlite", "calm.txt")));
  ASSERT_EQ(take_asked().size(), kItems);

  Rng rng(20240901);
  std::set<std::size_t> before;
  std::size_t asked_in_all = 0;
  const auto check_asked = [&] {
    wait_until_quiet();
    const std::vector<std::size_t> asked = take_asked();
    asked_in_all += asked.size();
    std::set<std::size_t> in_this_life;
    for (const std::size_t number : asked) {
      EXPECT_FALSE(before.contains(number)) << number << " is stored and was asked again";
      EXPECT_TRUE(in_this_life.insert(number).second) << number << " was asked twice";
    }
  };
  for (int kill_number = 0; kill_number < kKills; ++kill_number) {
    const std::size_t answered = server_.answered();
    const pid_t child = start("wild.sqlite", "wild.txt");
    // A random number of answers after the start, none included, and then some microseconds.
    const std::size_t target = answered + rng.below(25);
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (server_.answered() < target && std::chrono::steady_clock::now() < give_up) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(3000)));
    ::kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "ended before it was killed";
    check_asked();
    before = stored("wild.sqlite");
  }
  EXPECT_GT(before.size(), 100u);
  EXPECT_LT(before.size(), kItems);
  ASSERT_TRUE(ended_well(start("wild.sqlite", "wild.txt")));
  check_asked();
  EXPECT_EQ(read_all(path("wild.txt")), read_all(path("calm.txt")));
  // Only what was in flight at a kill is paid for twice: nothing is sent before what came is
  // stored.
  EXPECT_LE(asked_in_all, kItems + kKills * kInFlight);
}

}  // namespace
}  // namespace agentecho::llm

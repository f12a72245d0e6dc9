// The program asks a server with known faults about pairs of runs; `agreement` has to find them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "support/chat_server.h"
#include "support/temp_folder.h"

namespace agentecho {
namespace {

using test::Behaviour;
using test::ChatServer;
using test::Received;
using test::says;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr int kTasks = 8;

struct Ran {
  int code = -1;
  std::string out;
};

Ran run_program(const std::string& arguments) {
  Ran ran;
  const std::string command = std::string(AGENTECHO_PROGRAM) + " " + arguments + " 2>/dev/null";
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer;
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.out.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

// One run of each task; every message names who speaks and the task, so that the server knows.
std::string log_of(const std::string& model, const std::string& voice) {
  std::string lines;
  for (int task = 0; task < kTasks; ++task) {
    const std::string mark = voice + " case " + std::to_string(task) + ": ";
    Json run = {{"model", model},
                {"domain", "desk"},
                {"task_id", std::to_string(task)},
                {"reward", 1},
                {"messages",
                 {{{"role", "user"}, {"content", "please help"}},
                  {{"role", "assistant"},
                   {"content", mark + "What is your email, so that I can verify who you are?"}},
                  {{"role", "user"}, {"content", "me@example.org"}},
                  {{"role", "assistant"},
                   {"content", mark + "Your order has been changed; the refund was processed."}}}}};
    lines += run.dump() + "\n";
  }
  return lines;
}

// The first run is always of model "a", whose voice is "alder", so order 0 shows "alder" first.
int order_of(const std::string& question) {
  return question.find("alder case") < question.find("birch case") ? 0 : 1;
}

int task_of(const std::string& question) {
  return std::stoi(question.substr(question.find("alder case ") + 11, 1));
}

std::string reply(int style, int structure, int alignment, int overall) {
  const Json side = {
      {"reasoning", "linear"}, {"alignment", "consistent"}, {"structure", "free_form"}};
  return Json({{"side_1", side},
               {"side_2", side},
               {"similarity",
                {{"style", style},
                 {"structure", structure},
                 {"alignment", alignment},
                 {"overall", overall}}},
               {"why", "so"}})
      .dump();
}

// Overall is one more when the sides stand as they are; style is one more when the same question
// comes again; structure is 3 more at temperature 0.7; model "contrary" says the opposite and can
// not be read about task 0.
class FaultyJudge {
 public:
  Behaviour operator()(const Received& received) {
    const Json body = Json::parse(received.body);
    const std::string question = body["messages"][1]["content"];
    const int asked_before = times_[received.body]++;
    const int task = task_of(question);
    const int overall = 1 + task % 4 + (order_of(question) == 0 ? 1 : 0);
    if (body["model"] == "contrary") {
      return task == 0 ? says("no idea") : says(reply(3, 2, 3, 6 - overall));
    }
    const bool warm = body["temperature"].get<double>() > 0.5;
    return says(reply(2 + asked_before, warm ? 5 : 2, 3, overall));
  }

 private:
  std::map<std::string, int> times_;
};

class Agreement : public ::testing::Test {
 protected:
  Agreement() : server_(FaultyJudge()) {
    folder_.write("a.jsonl", log_of("a", "alder"));
    folder_.write("b.jsonl", log_of("b", "birch"));
  }

  std::string arguments(const std::string& more) const {
    return "agreement " + folder_.path("a.jsonl") + " " + folder_.path("b.jsonl") +
           " --judge-url " + server_.url() + " --judge-model judge --replicates 200 --quiet " +
           "--reply-cache " + folder_.path("replies.sqlite") + " " + more;
  }

  testing::TempFolder folder_;
  ChatServer server_;
};

const Json& row_of(const Json& table, const std::string& score, std::size_t nth = 0) {
  for (const Json& row : table) {
    if (row["score"] == score && nth-- == 0) return row;
  }
  throw std::runtime_error("no such row");
}

TEST_F(Agreement, FindsPlantedFaults) {
  const Ran ran = run_program(arguments(
      "--temperatures 0,0.7 --second-judge contrary --min-coverage 0.5 --json --repeats 2"));
  ASSERT_EQ(ran.code, 0) << ran.out;
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["schema_version"], 1);
  const Json& tables = json["tables"];
  const auto pairs = tables["coverage"][0]["asked"].get<double>();
  ASSERT_GE(pairs, kTasks);

  const Json& order = row_of(tables["orders"], "overall");
  EXPECT_EQ(order["cases"], 2 * pairs);  // both repeats
  EXPECT_DOUBLE_EQ(order["mean_difference"], 1);
  EXPECT_DOUBLE_EQ(order["mean_difference_interval"][0], 1);
  EXPECT_DOUBLE_EQ(order["exact"], 0);
  EXPECT_DOUBLE_EQ(order["within_one"], 1);
  EXPECT_DOUBLE_EQ(order["spearman"], 1);
  // Tasks 0 to 7 give 1..4 and 2..5, equally often: squared distances of all pairs have the mean
  // 1.25 + 1.25 + 1.
  EXPECT_NEAR(order["quadratic_kappa"], 1 - 1 / 3.5, 1e-12);
  EXPECT_DOUBLE_EQ(row_of(tables["orders"], "style")["mean_difference"], 0);
  EXPECT_TRUE(row_of(tables["orders"], "alignment")["quadratic_kappa"].is_null());
  EXPECT_EQ(row_of(tables["orders"], "alignment")["quadratic_kappa_reason"],
            "all values are the same");

  const Json& again = row_of(tables["repeats"], "style");
  EXPECT_EQ(again["cases"], 2 * pairs);  // both orders
  EXPECT_DOUBLE_EQ(again["mean_difference"], -1);
  EXPECT_DOUBLE_EQ(again["exact"], 0);
  EXPECT_DOUBLE_EQ(row_of(tables["repeats"], "overall")["exact"], 1);
  EXPECT_DOUBLE_EQ(row_of(tables["repeats"], "overall")["quadratic_kappa"], 1);

  const Json& warm = row_of(tables["temperatures"], "structure");
  EXPECT_DOUBLE_EQ(warm["temperature"], 0);
  EXPECT_DOUBLE_EQ(warm["other_temperature"], 0.7);
  EXPECT_EQ(warm["cases"], 4 * pairs);
  EXPECT_DOUBLE_EQ(warm["mean_difference"], -3);
  EXPECT_DOUBLE_EQ(warm["quadratic_kappa"], 0);  // two constants: no better than chance

  const Json& contrary = row_of(tables["judges"], "overall", 0);
  EXPECT_THAT(contrary["other_judge"].get<std::string>(), HasSubstr("contrary"));
  EXPECT_NEAR(contrary["spearman"], -1, 1e-12);
  EXPECT_LT(contrary["quadratic_kappa"], 0);
  const Json& local = row_of(tables["judges"], "overall", 1);
  EXPECT_EQ(local["other_judge"], "local");
  EXPECT_EQ(local["cases"], 4 * pairs);
  EXPECT_EQ(row_of(tables["alpha"], "overall")["units"], 4 * pairs);
  EXPECT_LT(row_of(tables["alpha"], "overall")["alpha_interval"], 0.5);

  double unreadable = 0;
  for (const Json& rating : tables["coverage"]) {
    const bool is_contrary =
        rating["judge"].get<std::string>().find("contrary") != std::string::npos;
    if (is_contrary) {
      EXPECT_LT(rating["coverage"], 1);
      EXPECT_DOUBLE_EQ(rating["coverage"], rating["scored"].get<double>() / pairs);
      unreadable += pairs - rating["scored"].get<double>();
    } else {
      EXPECT_DOUBLE_EQ(rating["coverage"], 1);
    }
  }
  EXPECT_GT(unreadable, 0);
  EXPECT_EQ(json["judging"][0]["questions"]["pairs"]["unparseable"], unreadable);
}

TEST_F(Agreement, TheSameAgainIsAnsweredFromTheCache) {
  const Ran first = run_program(arguments("--pairs 5 --json"));
  ASSERT_EQ(first.code, 0);
  const std::size_t calls = server_.count();
  EXPECT_EQ(calls, 20u);  // 5 pairs, 2 orders, 2 repeats
  const Ran again = run_program(arguments("--pairs 5 --json"));
  EXPECT_EQ(again.out, first.out);
  EXPECT_EQ(server_.count(), calls);
}

TEST_F(Agreement, StopsAtTheBudgetAndGoesOn) {
  const Ran stopped = run_program(arguments("--pairs 5 --max-calls 7 --json"));
  EXPECT_EQ(stopped.code, 5);
  EXPECT_EQ(server_.count(), 7u);
  const Ran resumed = run_program(arguments("--pairs 5 --json"));
  EXPECT_EQ(resumed.code, 0);
  EXPECT_EQ(server_.count(), 20u);
}

TEST_F(Agreement, ADryRunCountsAndAsksNothing) {
  const Ran ran = run_program(arguments("--pairs 5 --repeats 3 --second-judge x --dry-run --json"));
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(server_.count(), 0u);
  const Json json = Json::parse(ran.out);
  ASSERT_EQ(json["purposes"].size(), 1u);
  EXPECT_EQ(json["purposes"][0]["calls"], 5 * 2 * 3 * 2);
}

TEST_F(Agreement, TooFewAnswersAreSaidWithTheExitCode) {
  const Ran ran = run_program(arguments("--second-judge contrary --min-coverage 0.99 --json"));
  EXPECT_EQ(ran.code, 1);
  EXPECT_FALSE(Json::parse(ran.out)["tables"]["judges"].empty());
}

TEST_F(Agreement, AKeyGoesToItsOwnEndpointOnly) {
  ChatServer other{FaultyJudge()};
  setenv("AGENTECHO_JUDGE_KEY", "first-secret", 1);
  const Ran ran = run_program(arguments("--pairs 3 --second-judge there --second-judge-url " +
                                        other.url() + " --judge-header 'X-Project: mine' --json"));
  unsetenv("AGENTECHO_JUDGE_KEY");
  ASSERT_EQ(ran.code, 0);
  ASSERT_EQ(other.count(), 12u);
  for (const Received& received : server_.received()) {
    EXPECT_EQ(received.headers.at("authorization"), "Bearer first-secret");
  }
  for (const Received& received : other.received()) {
    EXPECT_FALSE(received.headers.contains("authorization"));
    EXPECT_FALSE(received.headers.contains("x-project"));
  }
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["judging"].size(), 2u);
  EXPECT_THAT(ran.out, Not(HasSubstr("first-secret")));
}

TEST_F(Agreement, TheSameNameElsewhereIsAnotherJudge) {
  ChatServer other([](const Received&) { return says(reply(1, 1, 1, 1)); });
  const Ran ran = run_program(
      arguments("--pairs 6 --second-judge judge --second-judge-url " + other.url() + " --json"));
  ASSERT_EQ(ran.code, 0);
  const Json tables = Json::parse(ran.out)["tables"];
  const std::string there = "llm:judge@" + other.url().substr(7, other.url().rfind('/') - 7);
  ASSERT_EQ(tables["orders"].size(), 8u);
  EXPECT_DOUBLE_EQ(row_of(tables["orders"], "overall", 0)["mean_difference"], 1);
  EXPECT_EQ(row_of(tables["orders"], "overall", 1)["judge"], there);
  EXPECT_DOUBLE_EQ(row_of(tables["orders"], "overall", 1)["mean_difference"], 0);
  const Json& judges = row_of(tables["judges"], "structure", 0);
  EXPECT_EQ(judges["judge"], "llm:judge");
  EXPECT_EQ(judges["other_judge"], there);
  EXPECT_DOUBLE_EQ(judges["mean_difference"], 1);  // 2 against 1
}

TEST_F(Agreement, ContradictionsAreUsageErrors) {
  EXPECT_EQ(run_program(arguments("--second-judge-url " + server_.url())).code, 2);
  EXPECT_EQ(run_program(arguments("--second-judge judge")).code, 2);
  EXPECT_EQ(
      run_program(arguments("--second-judge judge --second-judge-url " + server_.url() + "/")).code,
      2);
  EXPECT_EQ(run_program(arguments("--second-judge-key-env HOME")).code, 2);
  EXPECT_EQ(
      run_program(arguments("--second-judge x --second-judge-url " + server_.url() + " --dry-run"))
          .code,
      2);
  EXPECT_EQ(run_program(arguments("--format nice")).code, 2);
  EXPECT_EQ(run_program("agreement " + folder_.path("a.jsonl")).code, 2);
  EXPECT_EQ(server_.count(), 0u);
}

TEST_F(Agreement, OneModelWithSingleTrialsHasNothingToCompare) {
  EXPECT_EQ(
      run_program("agreement " + folder_.path("a.jsonl") + " --judge-url " + server_.url() +
                  " --judge-model judge --quiet --reply-cache " + folder_.path("replies.sqlite"))
          .code,
      3);
}

TEST_F(Agreement, IsAnExperimentOfThePaperToo) {
  const Ran ran = run_program("experiment judge-" + arguments("--pairs 5"));
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("(the paper's Tables 11-13)"));
  EXPECT_THAT(ran.out, HasSubstr("Position bias"));
}

TEST_F(Agreement, StagesAgainstWholeTrajectoriesByAJudge) {
  const Ran ran = run_program(
      "experiment stage-ablation " + folder_.path("a.jsonl") + " " + folder_.path("b.jsonl") +
      " --rps llm --annotator local --judge-url " + server_.url() +
      " --judge-model judge --replicates 200 --quiet --json --reply-cache " +
      folder_.path("replies.sqlite"));
  ASSERT_EQ(ran.code, 0) << ran.out;
  const Json json = Json::parse(ran.out);
  const Json& pair = json["tables"]["pairs"][0];
  // Of each task 2..5 in order 0, whatever the block.
  EXPECT_DOUBLE_EQ(pair["aligned"], 3.5);
  EXPECT_DOUBLE_EQ(pair["unaligned"], 3.5);
  EXPECT_DOUBLE_EQ(pair["difference"], 0);
  EXPECT_EQ(pair["n_tasks"], kTasks);
  EXPECT_EQ(json["judging"][0]["questions"]["pairs"]["asked"], server_.count());
}

}  // namespace
}  // namespace agentecho

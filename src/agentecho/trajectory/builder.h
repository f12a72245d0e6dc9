// Trajectories in a few lines, for tests, examples and programs that have runs in memory:
//
//   Trajectory t = TrajectoryBuilder("retail", "task-1")
//                      .model("m").reward(1)
//                      .user("I am Ann Lee")
//                      .call("find_user", {"ann lee"}, "user id: ann_lee_42")
//                      .call("get_user", {"ann_lee_42"}, "{...}")
//                      .assistant("Done.")
//                      .build();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/trajectory/trajectory.h"

namespace agentecho {

// One call of a message: name, argument leaf values (as canonical text) and result.
struct CallSpec {
  std::string name;
  std::vector<std::string> leaves;
  std::string result;
  ErrorFlag error_flag = ErrorFlag::kNotSaid;
};

class TrajectoryBuilder {
 public:
  explicit TrajectoryBuilder(std::string domain = "domain", std::string task_id = "task");

  TrajectoryBuilder& benchmark(std::string name);
  TrajectoryBuilder& model(std::string name);
  TrajectoryBuilder& trial(std::int64_t number);
  TrajectoryBuilder& reward(double value);

  TrajectoryBuilder& system(std::string_view text);
  TrajectoryBuilder& user(std::string_view text);
  TrajectoryBuilder& assistant(std::string_view text, std::string_view reasoning = {});
  // One assistant message without text that issues one call, and its result.
  TrajectoryBuilder& call(std::string_view name, std::vector<std::string> leaves = {},
                          std::string_view result = {});
  // A call whose result the log flags as an error.
  TrajectoryBuilder& failing_call(std::string_view name, std::vector<std::string> leaves = {},
                                  std::string_view result = {});
  // One assistant message that issues several calls, then their results in the same order.
  TrajectoryBuilder& calls(const std::vector<CallSpec>& specs, std::string_view text = {});
  // A call of the simulated user, and its result.
  TrajectoryBuilder& user_call(std::string_view name, std::vector<std::string> leaves = {},
                               std::string_view result = {});

  // The trajectory; the builder is empty afterwards.
  Trajectory build();

 private:
  Message& add_message(Role role, std::string_view text);
  void add_calls(Requestor requestor, const std::vector<CallSpec>& specs, std::string_view text);

  Trajectory trajectory_;
};

}  // namespace agentecho

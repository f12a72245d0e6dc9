// A command's dealings with an LLM: opens what the options name, asks or does instead what they say
// (estimate, write a batch, read a batch), shows progress, and sums up.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agentecho/asking/questioner.h"
#include "agentecho/base/error.h"
#include "agentecho/command.h"
#include "agentecho/options/judge_options.h"

namespace agentecho::cli {

class JudgeSession {
 public:
  // Checks everything before anything is read or asked. Errors: those of to_endpoint() and its
  // like, a cache or batch file that cannot be opened.
  static Result<std::unique_ptr<JudgeSession>> open(const JudgeOptions& options, bool quiet);
  ~JudgeSession();

  judges::Asker& asker();
  const judges::JudgeSettings& settings() const;
  // Whether questions are only counted. What follows from answers that are not known yet is then
  // counted from the local annotator's.
  bool only_counts() const;
  // Whether there are no figures at the end, since questions are only counted or written.
  bool ends_without_figures() const;
  // For another endpoint under the same limits of calls and time, for example of a second judge.
  const JudgeOptions& options() const;
  // Of a dry run: what another endpoint would be asked is shown with what this one would be.
  void add_estimates_of(const JudgeSession& other);
  // Whether every question so far has a verdict.
  bool all_answered() const;

  // After all is asked: says on standard error what was asked and spent. The answer where the
  // command ends here (the estimate of a dry run, or what a batch file holds); nothing where there
  // are figures to compute. Errors: what made asking stop early.
  Result<std::optional<Answer>> conclude(const Output& output);

  // For what the library asks through this session (asking/).
  asking::Questioner questioner();

 private:
  struct State;
  explicit JudgeSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace agentecho::cli

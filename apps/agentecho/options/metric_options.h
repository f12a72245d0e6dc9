// --metrics: what is computed, spelled the same in every command that scores.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agentecho/base/error.h"

namespace agentecho::cli {

class MetricOptions {
 public:
  // `names`: families of metrics (scoring/metric_registry.h) where nothing else is said.
  explicit MetricOptions(std::vector<std::string> names) : names_(std::move(names)) {}

  // --metrics; with `asking` also metrics that an endpoint is asked for, and --rps-judge.
  void add_to(CLI::App& command, bool asking);
  // --rps-judge alone
  void add_rps_judge(CLI::App& command);

  // Spellings of version 0.1, not in the help: they change the names.
  using Change = std::function<void(MetricOptions&, const std::vector<std::string>&)>;
  void add_old_flag(CLI::App& command, const char* name, Change change);
  void add_old_ged(CLI::App& command);
  // Names all that is computed; `always` is in it anyhow.
  void add_old_names(CLI::App& command, const char* name,
                     const std::vector<std::string>& always = {});
  // --baselines, which adds to the names; `local`: also those that ask nobody
  void add_old_baselines(CLI::App& command, bool local);
  // That of distill, which says which of the two there are.
  void add_old_distill_baselines(CLI::App& command);
  // --rps local, off, llm or auto, as far as `choices` has them.
  void add_old_rps(CLI::App& command, std::vector<std::string> choices);

  // To be called once, after parsing. Says in one line what old spellings are now, unless `quiet`.
  // Errors (kUsage): --metrics beside an old spelling.
  Result<void> settle(bool quiet);

  // In the order of the registry.
  const std::vector<std::string>& names() const { return names_; }
  bool has(std::string_view name) const;
  // Is an LLM asked to judge RPS?
  bool asks_for_rps() const { return has("rps") && rps_judge_ == "llm"; }

  void add(std::string_view name);
  void remove(std::string_view name);
  void set(std::vector<std::string> names) { names_ = std::move(names); }

 private:
  void add_old_list(CLI::App& command, const char* name, std::vector<std::string> choices,
                    Change change);

  struct Old {
    std::string name;
    std::vector<std::string> values;
    CLI::Option* option = nullptr;
    Change change;
  };

  std::vector<std::string> names_;
  std::string rps_judge_ = "local";
  CLI::Option* metrics_ = nullptr;
  std::vector<std::shared_ptr<Old>> old_;
};

}  // namespace agentecho::cli
